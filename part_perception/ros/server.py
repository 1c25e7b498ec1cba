"""Server: one cloud in, one perceived frame out. The node runs it on a live topic, `bag` on a recording."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from part_perception.config import Config, unhurried
from part_perception.errors import InputError
from part_perception.geometry.solids import Solid
from part_perception.grasping.cache import GraspCache
from part_perception.grasping.gripper import Workspace
from part_perception.parts.naming import UNSURE, Belief
from part_perception.ros.line_of_sight import LineOfSight, line_of_sight
from part_perception.ros.messages.clouds import Cloud
from part_perception.ros.messages.parts import Placement
from part_perception.ros.perceived import NOTHING, Found, PendingCloud, PerceivedFrame, ask
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.self_filter import SelfFilter
from part_perception.ros.taught_words import TaughtWordStore
from part_perception.ros.transforms import Transforms
from part_perception.scene import Frame, ScenePerception
from part_perception.scene.decode import NamedRegion
from part_perception.scene.encoding import Segmenter
from part_perception.timing import Stopwatch
from part_perception.types import Question

if TYPE_CHECKING:
    from part_perception.segmenter import PartSegmenter

OTHER_FRAME = (
    "objects are not followed from one frame to the other: clouds came in {before} and now come in {now}; set "
    "gravity_frame to a fixed frame that TF knows, or give each camera a node of its own"
)


class Server:
    """Holds the model, the scene's memory and the configuration; processes one cloud at a time."""

    def __init__(
        self,
        config: Config,
        segmenter: PartSegmenter,
        transforms: Transforms,
        book: TaughtWordStore | None = None,
        self_filter: SelfFilter | None = None,
    ):
        self.segmenter, self.transforms, self.self_filter = segmenter, transforms, self_filter
        self.book = book or TaughtWordStore(segmenter)
        self.check_words(config)
        self.config, self._count, self._scenes = config, 0, 0
        self._ids = count()  # a number that a client knows never stands for another object
        self._still = ""  # the frame in which the scene's objects stand still
        self._turn = threading.RLock()  # held while the configuration and what depends on it change
        self.forget()

    def check_words(self, config: Config) -> None:
        """Raise an InputError if a standing query or an object word cannot be asked."""
        for text in (*config.standing_queries, *config.object_words):
            check_question(self.segmenter, text)

    def not_understood(self) -> list[str]:
        """Which of the standing queries are not understood, as a sentence."""
        remarks = []
        for text in (*self.config.standing_queries, *self.config.object_words):
            try:
                question = self.segmenter.read(text)
            except InputError as error:  # it was a taught word and has been forgotten
                remarks.append(str(error))
                continue
            remarks += [] if question.understood else [question.remark]
        return remarks

    def reconfigure(self, config: Config) -> None:
        """Use a new configuration from the next cloud on; the scene is kept unless its own settings changed."""
        with self._turn:
            old, self.config = self.config, config
            if scene_settings(config) != scene_settings(old):
                self.forget()
            elif config.pre_grasp_offset != old.pre_grasp_offset:  # it limits the grasps within reach
                self._kept = GraspCache()

    def forget(self) -> None:
        """Forget the scene: the clock jumped back, or the camera changed."""
        with self._turn:
            self._scene: ScenePerception | None = None
            self._scenes += 1
            self._kept = GraspCache()

    def _current(self, frame_id: str) -> tuple[Config, ScenePerception, int, str]:
        """The configuration, the scene that a cloud of this frame belongs to, its number, and why it is a new one."""
        with self._turn:
            config, remark = self.config, ""
            before, self._still = self._still, config.gravity_frame or config.target_frame or frame_id
            if self._scene is not None and self._still != before:
                self.forget()
                remark = OTHER_FRAME.format(before=before, now=frame_id)
            if self._scene is None:
                self._scene = ScenePerception(self.segmenter, config.scene, config.gripper, self._ids)
            return config, self._scene, self._scenes, remark

    def warm_up(self) -> None:
        """Run everything once, so that the first real cloud is not slow."""
        scene, points = ScenePerception(self.segmenter, self.config.scene, self.config.gripper), small_scene()
        seen = PerceivedFrame(Cloud(points, None, "", 0), scene.process(points, 0.0), arrived=0.0)
        found = ask(seen, self.config.standing_queries or ("handle",), self.config.object_words)
        for part in found.parts:
            len(part.grasps)
        for thing in seen.frame.objects[:1]:
            seen.frame.plan(thing.points, thing)  # even if nothing was found: its loops load once
            self.segmenter.hierarchy(thing.points, up=seen.frame.up)

    def look(self, arrival: PendingCloud) -> PerceivedFrame:
        """Read a cloud, find up, perceive, answer the standing queries. A Refusal says why it failed."""
        watch = Stopwatch()
        # Points, colours and regions of interest
        with watch("read"):
            cloud, regions = arrival.read(), self.named(arrival.regions())
        config, scene, number, apart = self._current(cloud.frame_id)
        # Gravity, the camera and the arm in the cloud's frame
        with watch("transform"):
            up, pose = self.gravity(cloud)
            sight = line_of_sight(cloud, config, self.transforms)
            workspace, out_of_reach = self.workspace(cloud)
            links, unfiltered = self.own_links(cloud)
        # The objects
        with watch("scene"):
            frame = perceived(scene, cloud, up, pose, regions, sight, links)
        frame.workspace = workspace
        # The frame that is asked and published
        self._count += 1
        seen = PerceivedFrame(
            in_metres(cloud, frame, config),
            frame,
            arrival.arrived,
            self._count,
            timing=watch.milliseconds,
            kept=self._kept,
            remark="; ".join(filter(None, (apart, sight.remark, out_of_reach, unfiltered, cloud.remark))),
            scene=number,
        )
        # The answer to the standing queries
        with watch("answer"):
            seen.standing = standing(seen, config)
        return seen

    def named(self, regions: list | None) -> list | None:
        """Regions with the names that objects can be asked by; numbers and unknown words are dropped."""
        if regions is None:
            return None
        return [self._named(each) if isinstance(each, NamedRegion) else each for each in regions]

    def _named(self, region: NamedRegion) -> NamedRegion:
        name = region.said.name[: self.config.max_text_length].replace("_", " ")
        if why_not(self.segmenter, name) is not None:
            return NamedRegion(region.region, UNSURE)
        question = self.segmenter.read(name)
        said = Belief(question.phrase, region.said.confidence) if question.understood else UNSURE
        return NamedRegion(region.region, said)

    def gravity(self, cloud: Cloud) -> tuple[np.ndarray | None, np.ndarray | None]:
        """Up in the cloud's frame, and the cloud's pose in a fixed frame; None where unknown."""
        config = self.config
        still = config.gravity_frame or config.target_frame
        if not still:
            return None, None
        pose = self.transforms.lookup(still, cloud.frame_id, cloud.stamp_ns, config.tf_timeout)
        return (pose[2, :3] if config.gravity_frame else None), pose

    def workspace(self, cloud: Cloud) -> tuple[Workspace | None, str]:
        """The arm's workspace in a cloud's frame, if limited, and the reason if it is unknown."""
        config, pose, remark = self.config, None, ""
        if not config.reach.base_frame:
            return None, ""
        try:
            pose = self.transforms.lookup(
                config.reach.base_frame, cloud.frame_id, cloud.stamp_ns, config.tf_timeout
            )
        except Refusal as refusal:
            remark = f"no grasps are given: {f'{refusal}'.rstrip('.')} (reach.base_frame)"
        return Workspace(config.reach, pose, config.pre_grasp_offset), remark

    def own_links(self, cloud: Cloud) -> tuple[list[Solid], str]:
        """The robot's links in a cloud, if they are to be left out, and which of them are unknown."""
        if not self.config.self_filter.enabled:
            return [], ""
        if self.self_filter is None:
            return [], "the robot itself is left out of a live node's clouds only"
        return self.self_filter.solids(cloud, self.config, self.transforms)

    def look_apart(self, cloud: Cloud) -> PerceivedFrame:
        """Perceive a cloud without regard to those before and after it."""
        scene = ScenePerception(self.segmenter, unhurried(self.config).scene, self.config.gripper)
        sight = line_of_sight(cloud, self.config, self.transforms)
        links, unfiltered = self.own_links(cloud)
        # where it is in target_frame is not asked: TF may have forgotten that
        up = self.gravity(cloud)[0] if self.config.gravity_frame else None
        frame = perceived(scene, cloud, up, None, None, sight, links)
        frame.workspace, out_of_reach = self.workspace(cloud)
        remark = "; ".join(filter(None, (sight.remark, out_of_reach, unfiltered)))
        return PerceivedFrame(cloud, frame, time.monotonic(), remark=remark)

    def place(self, cloud: Cloud, frame_id: str = "", timeout: float | None = None) -> Placement:
        """The frame of a cloud's answers: the given one, the configured one, or the cloud's own."""
        frame_id = frame_id or self.config.target_frame or cloud.frame_id
        wait = self.config.tf_timeout if timeout is None else timeout
        pose = self.transforms.lookup(frame_id, cloud.frame_id, cloud.stamp_ns, wait)
        return Placement(frame_id, cloud.stamp_ns, pose, self.config.pre_grasp_offset)


def scene_settings(config: Config) -> tuple:
    """The settings that a scene's memory depends on, among them the frame in which objects stand still."""
    return config.scene, config.gripper, config.reach, config.gravity_frame or config.target_frame


def perceived(
    scene: ScenePerception,
    cloud: Cloud,
    up,
    pose,
    regions: list | None,
    sight: LineOfSight,
    links: Sequence[Solid],
) -> Frame:
    """The perceived frame of a cloud; a Refusal if the cloud cannot be used."""
    try:
        return scene.process(
            cloud.points,
            cloud.stamp,
            up=up,
            camera_pose=pose,
            regions=regions,
            viewpoint=sight.viewpoint,
            unwanted=links,
        )
    except InputError as error:
        raise Refusal(Status.BAD_CLOUD, f"The cloud cannot be used: {error}.") from None


def standing(seen: PerceivedFrame, config: Config) -> Found:
    """The answer to the standing queries that can still be asked."""
    try:
        return ask(seen, config.standing_queries, config.object_words)
    except InputError:
        # a taught word was forgotten, or the text model's files are gone: answer the others
        model = seen.frame.segmenter
        queries = askable_among(model, config.standing_queries)
        words = askable_among(model, config.object_words)
        return ask(seen, queries, words) if words or not config.object_words else NOTHING


def askable_among(segmenter: Segmenter, texts: Sequence[str]) -> list[str]:
    """The queries that can be asked."""
    return [text for text in texts if why_not(segmenter, text) is None]


def why_not(segmenter: Segmenter, text: str) -> str | None:
    """Why a text cannot be asked; None if it can."""
    try:
        check_question(segmenter, text)
    except InputError as error:
        return str(error)
    return None


def check_question(segmenter: Segmenter, text: str) -> None:
    """Raise an InputError if a text cannot be asked, by reading and embedding it without any object."""
    question = segmenter.read(text)
    if question.understood:
        names = [question.phrase, *([question.owner] if question.owner else [])]
        segmenter.answer_read([], [Question(name, name) for name in names])


def in_metres(cloud: Cloud, frame: Frame, config: Config) -> Cloud:
    """The labelled cloud of a frame."""
    if config.scene.units != "millimetres":
        return cloud
    return replace(cloud, points=frame.view.points.reshape(cloud.points.shape))


def small_scene() -> np.ndarray:
    """A box on a table as an organised cloud (120, 160, 3), seen from a metre above it at a slant."""
    column, row = np.meshgrid(np.linspace(-0.4, 0.4, 160), np.linspace(-0.3, 0.3, 120))
    rays = np.stack([column, row, np.ones_like(row)], axis=-1)
    normal = np.array((0.0, -0.6, -0.8))
    table = -0.8 / (rays @ normal)
    top = -0.7 / (rays @ normal)
    on_box = (np.abs(column) < 0.08) & (np.abs(row) < 0.08)
    return (rays * np.where(on_box, top, table)[..., None]).astype(np.float32)
