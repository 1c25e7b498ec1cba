"""Tracks: matches the clusters of this frame to the objects of earlier frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.scene.memory import Track

GATE = 0.6  # of an object's size
MIN_GATE = 0.04
SIZE_WEIGHT = 0.5


@dataclass(frozen=True)
class Sighting:
    """A cluster as tracking sees it: where it is in the world and how large."""

    centroid: np.ndarray
    size: np.ndarray


class Tracks:
    """All remembered objects."""

    def __init__(self, remember: float):
        self.remember = remember
        self.tracks: list[Track] = []
        self._next_id = 0

    def update(self, sightings: list[Sighting], stamp: float) -> list[Track]:
        """The track of every sighting, known or new; tracks not seen for too long are forgotten."""
        matched = self.match(sightings)
        result = []
        for k, sighting in enumerate(sightings):
            track = matched.get(k)
            if track is None:
                track = Track(self._next_id, sighting.centroid, sighting.size, stamp, stamp)
                self._next_id += 1
                self.tracks.append(track)
            track.centroid, track.size, track.last_seen = sighting.centroid, sighting.size, stamp
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
