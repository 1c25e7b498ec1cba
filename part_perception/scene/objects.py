"""Objects: one object in one frame, the mapping of its known parts to its points, and the objects of earlier frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.boxes import bounds, middle, upright_box
from part_perception.geometry.poses import inverse, moved
from part_perception.grasping.cache import Cover
from part_perception.parts.fusion import SaidPart
from part_perception.parts.naming import SURE, UNSURE, Belief
from part_perception.scene.memory import Observation, Track
from part_perception.types import NO_INDICES, OrientedBox


@dataclass
class SceneObject:
    """indices (M,) into the frame's cloud, the points (M, 3), and the encoded observations, newest last.

    `pushed`: how far the object had been pushed in the world by the time of this frame.
    """

    id: int
    indices: np.ndarray
    points: np.ndarray
    up: np.ndarray
    age: float
    observations: tuple[Observation, ...]
    to_world: np.ndarray
    believe: Callable[[Sequence[Observation]], Belief] = lambda _: UNSURE
    said: Belief = UNSURE  # by a detector
    presence: float = 1.0
    said_parts: tuple[SaidPart, ...] = ()  # by a detector, over its points
    pushed: np.ndarray = field(default_factory=lambda: np.zeros(3))
    _nearest: dict[Observation, np.ndarray] = field(default_factory=dict)

    @property
    def encoded(self) -> Any:
        """The newest encoding; its points may be from an earlier frame."""
        return self.observations[-1].encoded

    @cached_property
    def belief(self) -> Belief:
        """What the object is, by a detector if it says so, else by the model; computed on first use."""
        if self.said.confidence >= SURE:
            return self.said
        return self.believe(self.observations)

    @cached_property
    def centroid(self) -> np.ndarray:
        return middle(self.points)

    @cached_property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper corners along the cloud's axes."""
        return bounds(self.points)

    @cached_property
    def cover(self) -> Cover:
        """Its points in the world, to compare with earlier frames."""
        return Cover(self.points, self.to_world[:3, :3], self.to_world[:3, 3])

    @cached_property
    def box(self) -> OrientedBox:
        """The upright box around the object."""
        return upright_box(self.points, self.up)

    def visible(self, look: Observation, rows: np.ndarray) -> np.ndarray:
        """This frame's points (positions 0..M-1) that correspond to some rows of an observation."""
        if look.indices is self.indices:
            return rows
        # index -1, meaning no known point nearby, reads the False at the end
        mask = np.zeros(len(look.world_points) + 1, bool)
        mask[rows] = True
        return np.flatnonzero(mask[self.rows_of(look)])

    def rows_of(self, look: Observation) -> np.ndarray:
        """(M,) for each of this frame's points the row of an observation that is there, -1 for none."""
        if look.indices is self.indices:
            return np.arange(len(self.points))
        nearest = self._nearest.get(look)
        if nearest is None:
            nearest, _ = look.lookup.nearest(self.points, look.transform(self.to_world, self.pushed))
            self._nearest[look] = nearest
        return nearest

    def place(self, look: Observation, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the frame's cloud and points for some rows of an observation; no rows if out of sight."""
        here = self.visible(look, rows)
        if len(here):
            return self.indices[here].astype(np.int64), self.points[here]
        return NO_INDICES, self.remembered(look, rows)

    def remembered(self, look: Observation, rows: np.ndarray) -> np.ndarray:
        """Rows of an observation, at their place in this frame's cloud."""
        return moved(look.located(rows, self.pushed), inverse(self.to_world))

    def since(self, look: Observation) -> np.ndarray:
        """(4, 4) from the object's place in the world when it was observed to its place in this frame's cloud."""
        return inverse(look.transform(self.to_world, self.pushed))


GATE = 0.6  # of an object's size
MIN_GATE = 0.04
SIZE_WEIGHT = 0.5
MAX_VOTES = 60  # frames that count: about six seconds


@dataclass(frozen=True)
class Sighting:
    """A cluster as tracking sees it: its position in the world and its size."""

    centroid: np.ndarray
    size: np.ndarray


class Tracks:
    """All remembered objects."""

    def __init__(self, remember: float, ids: Iterator[int] | None = None):
        if ids is not None and not isinstance(ids, Iterator):
            raise InputError(
                f"ids are an iterator of numbers, such as itertools.count(), not {type(ids).__name__}"
            )
        self.remember = remember
        self.tracks: list[Track] = []
        self._ids = count() if ids is None else ids

    def update(self, sightings: list[Sighting], stamp: float) -> list[Track]:
        """The track of every sighting, known or new; tracks not seen for too long are forgotten."""
        matched = self.match(sightings)
        result = []
        for k, sighting in enumerate(sightings):
            track = matched.get(k)
            if track is None:
                track = Track(next(self._ids), sighting.centroid, sighting.size, stamp, stamp)
                self.tracks.append(track)
            track.centroid, track.size, track.last_seen = sighting.centroid, sighting.size, stamp
            track.votes = min(track.votes + 1, MAX_VOTES)
            result.append(track)
        self.tracks = [track for track in self.tracks if stamp - track.last_seen <= self.remember]
        return result

    def match(self, sightings: list[Sighting]) -> dict[int, Track]:
        """Pairs of sighting and track, closest first, within an object's largest motion between frames."""
        if not sightings or not self.tracks:
            return {}
        seen, known = np.array([s.centroid for s in sightings]), np.array([t.centroid for t in self.tracks])
        seen_size, known_size = np.array([s.size for s in sightings]), np.array([t.size for t in self.tracks])
        distance = np.linalg.norm(seen[:, None] - known[None], axis=2)
        span = np.minimum(
            np.linalg.norm(seen_size, axis=1)[:, None], np.linalg.norm(known_size, axis=1)[None]
        )
        unlike = np.abs(
            np.log(np.maximum(seen_size, 0.01)[:, None] / np.maximum(known_size, 0.01)[None])
        ).mean(axis=2)
        cost = distance * (1 + SIZE_WEIGHT * unlike)
        allowed = distance < np.maximum(GATE * span, MIN_GATE)
        pairs: dict[int, Track] = {}
        taken: set[int] = set()
        for flat in np.argsort(cost, axis=None):
            s, t = divmod(int(flat), len(self.tracks))
            if allowed[s, t] and s not in pairs and t not in taken:
                pairs[s] = self.tracks[t]
                taken.add(t)
        return pairs

    def clear(self) -> None:
        """Forget everything, but never reuse an id."""
        self.tracks = []
