"""Votes: keeps two objects separate in a frame that joins them if they were separate in most frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from part_perception.geometry.boxes import bounds, thin
from part_perception.scene.decode import View
from part_perception.scene.encoding import tolerance_at
from part_perception.scene.memory import Track

PROBES = 400  # points of a segment that are looked up
MIN_SHARE = 0.1  # of a segment that lies where a track was
MIN_OF_TRACK = 0.5  # of a track's points that a segment must hold
FAR = 1.0  # metres: more than the distance to any point that is looked up


def keep_apart(
    segments: Sequence[np.ndarray], tracks: Sequence[Track], view: View, to_world: np.ndarray
) -> list[np.ndarray]:
    """The segments; those that join objects which were separate in more frames than joined are split."""
    known = [track for track in tracks if track.observations]
    middles = (np.reshape([track.centroid for track in known], (-1, 3)) - to_world[:3, 3]) @ to_world[:3, :3]
    out: list[np.ndarray] = []
    for segment in segments:
        low, high = bounds(view.points[thin(segment, PROBES)])
        within = ((low < middles) & (middles < high)).all(axis=1)
        inside = [known[k] for k in np.flatnonzero(within) if known[k].votes > 0]
        joined = joined_tracks(inside, segment, view, to_world) if len(inside) > 1 else []
        if len(joined) < 2:
            out.append(segment)
            continue
        for track in joined:
            track.votes -= 1 + 1  # the second cancels the vote that it gains for its own piece here
        nearest = nearest_track(joined, view.points[segment], to_world)[0]
        out += [segment[nearest == k] for k in range(len(joined))]
    return [segment for segment in out if len(segment)]


def joined_tracks(
    tracks: Sequence[Track], segment: np.ndarray, view: View, to_world: np.ndarray
) -> list[Track]:
    """The tracks whose place a segment takes: it holds most of each, and each explains much of it."""
    probes = view.points[thin(segment, PROBES)]
    nearest, distance = nearest_track(tracks, probes, to_world)
    near = distance < tolerance_at(view, segment)
    share = np.bincount(nearest[near], minlength=len(tracks)) / len(probes)
    whole = np.array([MIN_OF_TRACK * track.observations[-1].pixels / len(segment) for track in tracks])
    held = [
        each for each, part, least in zip(tracks, share, whole, strict=True) if part > max(MIN_SHARE, least)
    ]
    votes = [track.votes for track in held]
    # a newer track was part of the other one before
    return held if len(held) > 1 and min(votes) > max(votes) / 2 else []


def nearest_track(
    tracks: Sequence[Track], points: np.ndarray, to_world: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """For each point, the track with the nearest known point, and the distance; by middles if far away."""
    distance = np.empty((len(tracks), len(points)), np.float32)
    for k, track in enumerate(tracks):
        look = track.observations[-1]
        found, away = look.lookup.nearest(points, look.transform(to_world, track.pushed))
        far = FAR + np.linalg.norm(points - (track.centroid - to_world[:3, 3]) @ to_world[:3, :3], axis=1)
        distance[k] = np.where(found >= 0, away, far)
    return distance.argmin(axis=0), distance.min(axis=0)
