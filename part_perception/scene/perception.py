"""ScenePerception: a raw cloud in, objects that can be asked out, frame after frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from part_perception.geometry.boxes import thin
from part_perception.grasping.planner import Gripper
from part_perception.scene import clusters, kernels
from part_perception.scene.answer_cache import AnswerCache
from part_perception.scene.config import SceneConfig
from part_perception.scene.decode import View, decode
from part_perception.scene.frame import Frame
from part_perception.scene.gravity import CAMERA_UP, given_pose, given_up, steady_up
from part_perception.scene.memory import Observation, Track
from part_perception.scene.objects import SceneObject
from part_perception.scene.regions import Region, inside
from part_perception.scene.support import NO_SUPPORT, Support, find_support
from part_perception.scene.timing import Stopwatch
from part_perception.scene.tracks import Sighting, Tracks

MIN_TOLERANCE = 0.006  # two views of one point differ by less


class ScenePerception:
    """Remembers objects, support and gravity from frame to frame; one instance for one camera."""

    def __init__(
        self, segmenter: Any = None, config: SceneConfig | None = None, gripper: Gripper | None = None
    ):
        if segmenter is None:
            from part_perception.segmenter import PartSegmenter

            segmenter = PartSegmenter.load()
        self.segmenter = segmenter
        self.config = config or SceneConfig()
        self.gripper = gripper or Gripper()
        self.tracks = Tracks(self.config.remember)
        self.asked = AnswerCache()
        self._rng = np.random.default_rng(0)
        self.forget()

    def forget(self) -> None:
        """Start anew: as if no frame had been seen (ids go on counting)."""
        self.tracks.clear()
        self._support, self._up, self._stamp = NO_SUPPORT, None, -np.inf

    def process(
        self,
        cloud: np.ndarray,
        stamp: float,
        up=None,
        camera_pose=None,
        regions: Sequence[Region] | None = None,
        viewpoint=(0.0, 0.0, 0.0),
    ) -> Frame:
        """One cloud → its objects. camera_pose (4, 4) takes the cloud to a fixed world; regions: one object in each."""
        watch = Stopwatch()
        up, pose = given_up(up), given_pose(camera_pose)
        if not np.isfinite(stamp):
            raise ValueError("stamp must be a finite number of seconds")
        if stamp < self._stamp:  # a bag that started over: what is remembered is from the future
            self.forget()
        self._stamp = stamp
        view = decode(cloud, np.asarray(viewpoint, float), self.config)
        counts = {"points": len(view.points), "measured": int(np.count_nonzero(view.reach))}
        watch.lap("decode")
        support, up, up_source = self.level(view, up)
        watch.lap("support")
        pieces = self.find_pieces(view, support, regions)
        counts["objects"] = len(pieces)
        watch.lap("objects")
        to_world = np.eye(4) if pose is None else pose
        sightings = [sight(view.points[piece], to_world) for piece in pieces]
        tracks = self.tracks.update(sightings, stamp)
        watch.lap("tracks")
        counts["encoded"] = self.look(view, pieces, tracks, to_world, up, stamp)
        watch.lap("encode")
        objects = [
            SceneObject(
                track.id,
                piece,
                view.points[piece],
                up,
                stamp - track.first_seen,
                tuple(track.observations),
                to_world,
            )
            for track, piece in zip(tracks, pieces, strict=True)
        ]
        return Frame(
            stamp=stamp,
            cloud=cloud,
            view=view,
            objects=objects,
            reason="" if objects else why_nothing(view, support, counts),
            timing=watch.milliseconds(),
            up=up,
            up_source=up_source,
            support=support.planes[0] if support else None,
            counts=counts,
            segmenter=self.segmenter,
            gripper=self.gripper,
            asked=self.asked,
        )

    def level(self, view: View, up: np.ndarray | None) -> tuple[Support, np.ndarray, str]:
        """The support, which way is up, and who says so."""
        support = NO_SUPPORT
        if self.config.support == "auto" and not self.config.whole_cloud:
            support = find_support(view, up, self.config.max_support_tilt_deg, self._support, self._rng)
        self._support = support
        if up is not None:
            return support, up, "given"
        if support:
            self._up = steady_up(support.planes[0, :3], self._up)
            return support, self._up, "support"
        return support, CAMERA_UP if self._up is None else self._up, "unknown"

    def find_pieces(self, view: View, support: Support, regions: Sequence[Region] | None) -> list[np.ndarray]:
        """Indices of every object's points."""
        state = clusters.classify(view, support)
        if self.config.whole_cloud:
            whole = np.flatnonzero(state == kernels.SOLID).astype(np.int32)
            return [whole] if len(whole) >= self.config.min_object_points else []
        if regions is None:
            return clusters.find_clusters(view, state, support, self.config)
        pieces = []
        for region in regions:
            chosen = np.where(inside(region, view), state, np.uint8(kernels.NOTHING))
            pieces += clusters.find_clusters(view, chosen, support, self.config)[:1]
        return pieces

    def look(
        self,
        view: View,
        pieces: list[np.ndarray],
        tracks: list[Track],
        to_world: np.ndarray,
        up: np.ndarray,
        stamp,
    ) -> int:
        """Encode what is new or has changed, all in one batch."""
        due = []
        for piece, track in zip(pieces, tracks, strict=True):
            tolerance = max(MIN_TOLERANCE, 3 * view.pitch * float(view.reach[piece[0]]))
            sight = sight_line(track, view, to_world)
            if track.needs_encoding(view.points[piece], to_world, sight, tolerance, stamp):
                due.append((piece, track, sight))
        if not due:
            return 0
        chosen = [thin(piece, self.config.max_object_samples) for piece, _, _ in due]
        encoded = self.segmenter.encode([view.points[some] for some in chosen], up)
        for (piece, track, sight), some, code in zip(due, chosen, encoded, strict=True):
            world = view.points[some] @ to_world[:3, :3].T + to_world[:3, 3]
            whole = piece if len(some) == len(piece) else some
            track.observations.append(Observation(code, world, len(piece), stamp, whole, sight))
            del track.observations[: -self.config.views]
        return len(due)


def sight(points: np.ndarray, to_world: np.ndarray) -> Sighting:
    """A cluster's place and size in the world."""
    some = thin(points).astype(float) @ to_world[:3, :3].T + to_world[:3, 3]
    return Sighting(some.mean(axis=0), np.ptp(some, axis=0))


def sight_line(track: Track, view: View, to_world: np.ndarray) -> np.ndarray:
    """From the camera to an object, in the world."""
    line = track.centroid - (to_world[:3, :3] @ view.viewpoint + to_world[:3, 3])
    return line / max(float(np.linalg.norm(line)), 1e-9)


def why_nothing(view: View, support: Support, counts: dict[str, int]) -> str:
    """In words, where the objects went."""
    if counts["points"] == 0:
        return "the cloud is empty"
    if counts["measured"] == 0:
        return "no point of the cloud is finite and within range and limits"
    if counts["measured"] < 32:
        return f"too few points of the cloud ({counts['measured']}) are finite and within range and limits"
    if support:
        return "nothing stands on the support"
    return "no support was found, and nothing in the cloud is a separate object"
