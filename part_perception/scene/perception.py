"""ScenePerception: takes a raw cloud per frame and returns objects that can be queried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Real

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.boxes import bounds, middle, thin
from part_perception.geometry.solids import Solid
from part_perception.grasping.gripper import Gripper
from part_perception.parts.fusion import SaidPart
from part_perception.parts.naming import UNSURE, Belief
from part_perception.scene import clusters, kernels
from part_perception.scene.answer_cache import AnswerCache
from part_perception.scene.config import SceneConfig
from part_perception.scene.decode import NamedRegion, Region, View, decode, given_regions, inside
from part_perception.scene.encoding import Segmenter, due_for_encoding, encode_due, given_segmenter
from part_perception.scene.frame import Frame, Unseen, why_nothing
from part_perception.scene.gravity import CAMERA_UP, given_pose, given_up, steady_up
from part_perception.scene.memory import Observation, Track
from part_perception.scene.objects import SceneObject, Sighting, Tracks
from part_perception.scene.raster import in_cloud, in_image, with_image
from part_perception.scene.separator import Pieces, cells_of, is_precise, shipped_separator
from part_perception.scene.stacks import split_stacks
from part_perception.scene.support import NO_SUPPORT, Support, find_support
from part_perception.scene.votes import keep_apart
from part_perception.settings import given
from part_perception.timing import Stopwatch


@dataclass(frozen=True)
class Ground:
    """What objects stand on, the up direction, and where that comes from."""

    support: Support
    up: np.ndarray
    up_source: str


class ScenePerception:
    """Remembers objects, support and gravity from frame to frame; one instance for one camera."""

    def __init__(
        self,
        segmenter: Segmenter | None = None,
        config: SceneConfig | None = None,
        gripper: Gripper | None = None,
        ids: Iterator[int] | None = None,
    ):
        """ids: the numbers for new objects, where they continue those of another scene."""
        self.segmenter = given_segmenter(segmenter)
        self.config = given(config, SceneConfig)
        self.gripper = given(gripper, Gripper)
        self.separator = shipped_separator() if self.config.separator == "learned" else None
        self.tracks = Tracks(self.config.remember, ids)
        self.answer_cache = AnswerCache()
        self.forget()

    def forget(self) -> None:
        """Start as if no frame had been seen (ids continue)."""
        self.tracks.clear()
        self._support, self._stamp = NO_SUPPORT, -np.inf
        self._up: np.ndarray | None = None

    def process(
        self,
        cloud: np.ndarray,
        stamp: float,
        up=None,
        camera_pose=None,
        regions: Sequence[Region | NamedRegion] | None = None,
        viewpoint=(0.0, 0.0, 0.0),
        unwanted: Sequence[Solid] = (),
    ) -> Frame:
        """Turn a cloud into objects. camera_pose (4, 4): cloud to fixed world; regions: one object in each.

        viewpoint: the camera's position in the cloud; None: it is unknown, and there are no grasps.
        unwanted: solids in the cloud, such as the robot's links, whose points are left out.
        """
        watch = Stopwatch()
        self._start(stamp)
        up, to_world, regions = given_up(up), given_pose(camera_pose), given_regions(regions)

        # Points in metres, with their distance from the camera
        with self._in_time(watch, "decode"):
            view = with_image(decode(cloud, viewpoint, self.config, unwanted))
        # The table or floor, and the up direction
        with self._in_time(watch, "support"):
            ground = self.find_ground(view, up)
        # The things that stand on it, separated
        with self._in_time(watch, "objects"):
            segments, said, parts = self.find_segments(view, ground.support, regions)
        # Which of them are known from earlier frames
        with watch("tracks"):
            if regions is None and not self.config.whole_cloud:
                segments = keep_apart(segments, self.tracks.tracks, view, to_world)
                said = [UNSURE] * len(segments)
            tracks = self.tracks.update([sighting(view.points[thin(s)], to_world) for s in segments], stamp)
        # Features of those that are new or have changed
        with watch("encode"):
            due = due_for_encoding(view, segments, tracks, to_world, stamp)
            encoded = encode_due(self.segmenter, due, view, ground.up, to_world, stamp, self.config)

        # The objects as this frame shows them
        objects = [
            object_of(track, s, view, ground.up, to_world, stamp, self.believed, name, parts_on(s, parts))
            for track, s, name in zip(tracks, segments, said, strict=True)
            if track.observations
        ]
        # How likely each of them is an object at all, unless the caller chose them
        if regions is None and not self.config.whole_cloud:
            for thing in objects:
                thing.presence = clusters.presence_of(view, thing.indices, ground.support)
        # Those whose features must wait for the next frame
        unseen = [Unseen(each.track, each.segment) for each in due if not each.track.observations]
        return self._frame(stamp, cloud, view, ground, regions, objects, unseen, encoded, watch)

    def believed(self, observations: Sequence[Observation]) -> Belief:
        """What an object is believed to be, from the observations of it."""
        return self.answer_cache.belief(self.segmenter, observations)

    def _start(self, stamp: float) -> None:
        """Store the frame's time; if it is before the last one, a bag restarted, so memory is dropped."""
        if not isinstance(stamp, Real) or not abs(stamp) < 1e30:
            raise InputError(f"stamp must be a finite number of seconds, not {str(stamp)[:100]}")
        if stamp < self._stamp:
            self.forget()
        self._stamp = stamp

    @contextmanager
    def _in_time(self, watch: Stopwatch, stage: str) -> Iterator[None]:
        """Time a stage; an InputError if the cloud has taken too long. max_objects bounds the later stages."""
        with watch(stage):
            yield
        if watch.total > 1e3 * self.config.max_seconds:
            slowest = max(watch.milliseconds, key=watch.milliseconds.__getitem__)
            raise InputError(
                f"it takes more than scene.max_seconds, {self.config.max_seconds:g} s, most of it for {slowest}; "
                "crop it, or send fewer points"
            )

    def find_ground(self, view: View, up: np.ndarray | None) -> Ground:
        """The support, and the up direction: as given, from the support, or as it was before."""
        support = NO_SUPPORT
        if self.config.support == "auto" and not self.config.whole_cloud:
            support = find_support(in_image(view), up, self.config.max_support_tilt_deg, self._support)
        self._support = support
        if up is not None:
            return Ground(support, up, "given")
        if support:
            steady = self._up = steady_up(support.planes[0, :3], self._up)
            return Ground(support, steady, "support")
        return Ground(support, CAMERA_UP if self._up is None else self._up, "unknown")

    def find_segments(
        self, view: View, support: Support, regions: Sequence[Region | NamedRegion] | None
    ) -> tuple[list[np.ndarray], list[Belief], list[NamedRegion]]:
        """Indices of the points of every object, what a detector says it is, and the regions that name parts."""
        if self.config.whole_cloud:
            solid = clusters.classify(view, support) == kernels.SOLID
            whole = np.flatnonzero(solid).astype(np.int32)
            return ([whole], [UNSURE], []) if len(whole) >= self.config.min_object_points else ([], [], [])
        pieces = self.separate(view, support)
        if regions is None:
            found = clusters.find_objects(in_image(view), pieces, support, self.config)
            return in_cloud(view, found), [UNSURE] * len(found), []
        pieces = in_cloud(view, pieces)
        segments: list[np.ndarray] = []
        said: list[Belief] = []
        parts: list[NamedRegion] = []
        for region in regions:
            named = region if isinstance(region, NamedRegion) else NamedRegion(region, UNSURE)
            chosen = inside(named.region, view)
            if self.names_part(named.said, chosen, pieces):
                parts.append(NamedRegion(chosen, named.said))
                continue
            within = [piece[chosen[piece]] for piece in pieces]
            found = clusters.find_objects(view, within, support, self.config)[:1]
            segments, said = segments + found, said + [named.said] * len(found)
        if parts and not segments:
            found = clusters.find_objects(view, pieces, support, self.config)
            segments = [segment for segment in found if parts_on(segment, parts)]
            said = [UNSURE] * len(segments)
        return segments, said, parts

    def names_part(self, said: Belief, chosen: np.ndarray, pieces: Sequence[np.ndarray]) -> bool:
        """Whether a region names a part of an object rather than an object.

        A word that may be either, such as "lid", is a part if the region holds less than half of the piece.
        """
        role = self.segmenter.role(said.name) if said.name else ""
        if role != "both":
            return role == "part"
        share = [(int(chosen[piece].sum()), len(piece)) for piece in pieces]
        within, size = max(share, default=(0, 0))
        return 0 < within < _WHOLE * size

    def separate(self, view: View, support: Support) -> list[np.ndarray]:
        """Pieces with one object each, in the image: by gaps in depth, and by the network if it is enabled."""
        view = in_image(view)
        image = cells_of(view) if self.separator else None
        pieces = clusters.cut(view, support, self.config, rules=image is None)
        if self.separator is None or image is None:
            return pieces
        objects = clusters.find_objects(view, pieces, support, self.config)
        kept = {id(piece) for piece in objects}
        walls = [piece for piece in pieces if id(piece) not in kept]
        cut_from: list[int] = []
        if is_precise(support):
            stacked = [split_stacks(view, [piece], support, self.config) for piece in objects]
            cut_from = [k for k, parts in enumerate(stacked) for _ in parts]
            objects = [part for parts in stacked for part in parts]
        return self.separator.separate(view, image, support, Pieces(objects, walls, cut_from))

    def _frame(
        self,
        stamp: float,
        cloud: np.ndarray,
        view: View,
        ground: Ground,
        regions: Sequence[Region | NamedRegion] | None,
        objects: list[SceneObject],
        unseen: list[Unseen],
        encoded: int,
        watch: Stopwatch,
    ) -> Frame:
        counts = {
            "points": len(view.points),
            "measured": int(np.count_nonzero(view.reach)),
            "objects": len(objects),
            "encoded": encoded,
            "unseen": len(unseen),
        }
        return Frame(
            stamp=stamp,
            cloud=cloud,
            view=view,
            objects=objects,
            unseen=unseen,
            reason="" if objects else why_nothing(counts, bool(ground.support), regions),
            timing={**watch.milliseconds, "total": watch.total},
            up=ground.up,
            up_source=ground.up_source,
            support=ground.support.planes[0] if ground.support else None,
            counts=counts,
            segmenter=self.segmenter,
            gripper=self.gripper,
            answer_cache=self.answer_cache,
        )


def sighting(points: np.ndarray, to_world: np.ndarray) -> Sighting:
    """The position of some points of a cluster in the world, and their extent."""
    some = points.astype(float) @ to_world[:3, :3].T + to_world[:3, 3]
    low, high = bounds(some)
    return Sighting(middle(some), high - low)


_WHOLE = 0.5  # share of an object: a region that holds more of it does not name a part
_ITS_PART = 0.2  # minimum share of a part's region that is on the object, which may be partly hidden


def parts_on(segment: np.ndarray, parts: Sequence[NamedRegion]) -> tuple[SaidPart, ...]:
    """The parts that a detector names on an object: their regions hold enough of its points."""
    found = []
    for each in parts:
        whole = np.asarray(each.region)
        mine = whole[segment]
        if mine.any() and mine.sum() >= _ITS_PART * np.count_nonzero(whole):
            found.append(SaidPart(each.said.name, each.said.confidence, mine))
    return tuple(found)


def object_of(
    track: Track,
    segment: np.ndarray,
    view: View,
    up: np.ndarray,
    to_world: np.ndarray,
    stamp: float,
    believe: Callable[[Sequence], Belief],
    said: Belief,
    said_parts: tuple[SaidPart, ...] = (),
) -> SceneObject:
    """A track as it appears in this frame."""
    age = stamp - track.first_seen
    points, observations = view.points[segment], tuple(track.observations)
    return SceneObject(
        track.id, segment, points, up, age, observations, to_world, believe, said,
        said_parts=said_parts, pushed=track.pushed,
    )  # fmt: skip
