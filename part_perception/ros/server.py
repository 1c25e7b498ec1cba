"""Server: one cloud in, what is seen out. The node runs it on a live topic, `bag` on a recording: the same code."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from part_perception.config import Config
from part_perception.grasping.cache import GraspCache
from part_perception.ros.messages.clouds import Cloud
from part_perception.ros.messages.parts import Placement
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.taught_words import TaughtWordStore
from part_perception.ros.transforms import Transforms
from part_perception.scene import Frame, ScenePerception
from part_perception.types import Part


@dataclass(frozen=True)
class PendingCloud:
    """A cloud that came: how to read it, when it came (monotonic), and the regions to look in, if any were given."""

    read: Callable[[], Cloud]
    stamp_ns: int
    arrived: float
    regions: Callable[[], list] | None = None


@dataclass(frozen=True)
class Found:
    """The answer to some queries: for each whether it was found and how surely, and the parts with their owners."""

    queries: tuple[str, ...]
    found: list[bool]
    confidence: list[float]
    parts: list[Part]
    owners: list[str]


NOTHING = Found((), [], [], [], [])


@dataclass
class PerceivedFrame:
    """One cloud after perception, the answer to the standing queries, and what else was asked of it."""

    cloud: Cloud
    frame: Frame
    arrived: float
    number: int = 0
    standing: Found = NOTHING
    timing: dict[str, float] = field(default_factory=dict)
    answers: dict[tuple[str, str | None], list[Part]] = field(default_factory=dict)
    kept: GraspCache | None = None

    def with_kept_grasps(self, part: Part) -> Part:
        """A part that can be seen now; of one that is only remembered nothing is kept."""
        if self.kept is None or not part.found or len(part.indices) == 0:
            return part
        thing = next(thing for thing in self.frame.objects if thing.id == part.object_id)
        return self.kept.held(part, self.frame.view.points[part.indices], thing)


class Server:
    """Holds the model, the scene's memory and the configuration; one cloud at a time."""

    def __init__(
        self, config: Config, segmenter, transforms: Transforms, book: TaughtWordStore | None = None
    ):
        self.segmenter, self.transforms = segmenter, transforms
        self.book = book or TaughtWordStore(segmenter)
        self.config, self._count = config, 0
        self.forget()

    def reconfigure(self, config: Config) -> None:
        """Takes effect with the next cloud; the scene is remembered unless its own settings changed."""
        changed = (config.scene, config.gripper) != (self.config.scene, self.config.gripper)
        self.config = config
        if changed:
            self.forget()

    def forget(self) -> None:
        """Forget the scene: the clock jumped back, or the camera is another one."""
        self._scene: ScenePerception | None = None
        self._kept = GraspCache()
        self._newest: PerceivedFrame | None = None

    def ask_anew(self) -> None:
        """Words have another meaning now: what the newest frame answered counts no more."""
        if self._newest is not None:
            self._newest.answers.clear()

    def warm_up(self) -> None:
        """Once through everything, so that the first real cloud is not the slow one."""
        scene, points = ScenePerception(self.segmenter, self.config.scene, self.config.gripper), small_scene()
        seen = PerceivedFrame(Cloud(points, None, "", 0), scene.process(points, 0.0), arrived=0.0)
        found = ask(seen, self.config.standing_queries or ("handle",), self.config.object_words)
        for part in found.parts:
            len(part.grasps)
        for thing in seen.frame.objects[:1]:
            self.segmenter.hierarchy(thing.points, up=seen.frame.up)

    def look(self, arrival: PendingCloud) -> PerceivedFrame:
        """Read, find up, see, answer the standing queries. A Refusal says why not."""
        config, watch = self.config, Stopwatch()
        cloud = arrival.read()
        watch.lap("read")
        up, pose = self.gravity(cloud)
        watch.lap("transform")
        scene = self._scene = self._scene or ScenePerception(self.segmenter, config.scene, config.gripper)
        try:
            regions = None if arrival.regions is None else arrival.regions()
            frame = scene.process(cloud.points, cloud.stamp, up=up, camera_pose=pose, regions=regions)
        except ValueError as error:
            raise Refusal(Status.BAD_CLOUD, f"The cloud cannot be used: {error}.") from None
        watch.lap("scene")
        self._count += 1
        if config.scene.units == "millimetres":  # what goes out is in metres
            cloud = replace(cloud, points=frame.view.points.reshape(cloud.points.shape))
        seen = self._newest = PerceivedFrame(
            cloud, frame, arrival.arrived, self._count, timing=watch.milliseconds, kept=self._kept
        )
        seen.standing = ask(seen, config.standing_queries, config.object_words)
        watch.lap("answer")
        return seen

    def gravity(self, cloud: Cloud) -> tuple[np.ndarray | None, np.ndarray | None]:
        """Up in the cloud's frame, and the cloud's pose in a frame that stands still; None where nobody knows."""
        config = self.config
        still = config.gravity_frame or config.target_frame
        if not still:
            return None, None
        pose = self.transforms.lookup(still, cloud.frame_id, cloud.stamp_ns, config.tf_timeout)
        return (pose[2, :3] if config.gravity_frame else None), pose

    def look_apart(self, cloud: Cloud) -> PerceivedFrame:
        """A cloud that has nothing to do with those before and after it."""
        scene = ScenePerception(self.segmenter, self.config.scene, self.config.gripper)
        frame = scene.process(cloud.points, cloud.stamp, up=self.gravity(cloud)[0])
        return PerceivedFrame(cloud, frame, time.monotonic())

    def place(self, cloud: Cloud, frame_id: str = "", timeout: float | None = None) -> Placement:
        """Where answers about a cloud are given: a frame, or the configured one, or the cloud's own."""
        frame_id = frame_id or self.config.target_frame or cloud.frame_id
        wait = self.config.tf_timeout if timeout is None else timeout
        pose = self.transforms.lookup(frame_id, cloud.frame_id, cloud.stamp_ns, wait)
        return Placement(frame_id, cloud.stamp_ns, pose)


def ask(
    seen: PerceivedFrame, queries: Sequence[str], object_words: Sequence[str] = (), region=None, most: int = 0
) -> Found:
    """Ask a frame; several object words are asked one by one, and the best of them owns the part."""
    found, confidence, parts, owners = [], [], [], []
    answers = [(word, _by_query(seen, queries, word, region)) for word in (object_words or [None])]
    for query in queries:
        best: dict[tuple[int, int], tuple[Part, str]] = {}
        for word, answer in answers:
            for part in answer[query]:
                key = (part.object_id, part.instance)
                if part.found and (key not in best or part.confidence > best[key][0].confidence):
                    best[key] = part, word or ""
        ranked = sorted(best.values(), key=lambda pair: -pair[0].confidence)[: most or None]
        found.append(bool(ranked))
        confidence.append(max((p.confidence for _, answer in answers for p in answer[query]), default=0.0))
        parts += [part for part, _ in ranked]
        owners += [owner for _, owner in ranked]
    return Found(tuple(queries), found, [float(c) for c in confidence], parts, owners)


def _by_query(
    seen: PerceivedFrame, queries: Sequence[str], word: str | None, region
) -> dict[str, list[Part]]:
    """What was asked of this frame before is not asked again: its grasps, too, are planned once."""
    known = seen.answers if region is None else {}
    new = [query for query in dict.fromkeys(queries) if (query, word) not in known]
    grouped: dict[str, list[Part]] = {query: [] for query in new}
    for part in seen.frame.ask(new, word, region) if new and seen.frame.objects else ():
        grouped[part.query].append(seen.with_kept_grasps(part))
    known.update({(query, word): parts for query, parts in grouped.items()})
    return {query: known[query, word] for query in queries}


def small_scene() -> np.ndarray:
    """A box on a table as an organised cloud (120, 160, 3), seen from a metre above it at a slant."""
    column, row = np.meshgrid(np.linspace(-0.4, 0.4, 160), np.linspace(-0.3, 0.3, 120))
    rays = np.stack([column, row, np.ones_like(row)], axis=-1)
    normal = np.array((0.0, -0.6, -0.8))
    table = -0.8 / (rays @ normal)
    top = -0.7 / (rays @ normal)
    on_box = (np.abs(column) < 0.08) & (np.abs(row) < 0.08)
    return (rays * np.where(on_box, top, table)[..., None]).astype(np.float32)


class Stopwatch:
    """Milliseconds by stage."""

    def __init__(self):
        self.milliseconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.milliseconds[stage] = (now - self._last) * 1e3
        self._last = now
