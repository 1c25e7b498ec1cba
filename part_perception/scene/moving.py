"""Moving: measures a part's motion from two observations that show it at different places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from part_perception.geometry.boxes import principal_box, thin
from part_perception.geometry.motions import Motion

PROBES = 400  # points of a part that are compared at most
MIN_POINTS = 24
STILL = 0.01  # metres between two observations of a part that stayed
MIN_SLIDE, MIN_TURN = 0.015, np.radians(5)
FIT = 0.3  # of the distance moved: the largest error left after registration
UNLIKE = 0.04  # of the part's size: observations farther apart than this show different things
ROUNDS = 12
CERTAIN = 0.95  # the confidence of a measured motion


def measured_motion(
    before: Sequence[np.ndarray],
    after: Sequence[np.ndarray],
    which: int,
    guess: Motion,
    forwards: bool = True,
) -> Motion | None:
    """The motion of the part after[which]; `before` and `after` are its kind's parts in two observations.

    Each part is (N, 3). None if it stayed, or if no rigid motion maps one place to the other. `guess` is the
    motion estimated from shape, which gives the kind and the opening direction; without one, the part opens
    the way it moved since the earlier observation. `forwards`: `before` was seen first.
    """
    old, new = [thin(p, PROBES) for p in before], [thin(p, PROBES) for p in after]
    part = new[which]
    if len(part) < MIN_POINTS or any(apart(each, part) < STILL for each in old):
        return None
    gone = [p for p in old if len(p) >= MIN_POINTS and not any(apart(p, each) < STILL for each in new)]
    if not gone:
        return None
    start = min(gone, key=lambda p: float(np.linalg.norm(p.mean(axis=0) - part.mean(axis=0))))
    pose = registered(start, part, guess)
    left, moved_by = apart(start @ pose[:3, :3].T + pose[:3, 3], part), apart(start, part)
    size = float(np.linalg.norm(np.ptp(part, axis=0)))
    if left > min(FIT * moved_by, max(UNLIKE * size, STILL / 2)):
        return None
    found = motion_between(pose if forwards else np.linalg.inv(pose), part)
    return None if found is None else named(found, guess)


def apart(a: np.ndarray, b: np.ndarray) -> float:
    """The distance between two clouds: the larger mean of both ways, without the farthest tenth."""
    return max(_one_way(a, b), _one_way(b, a))


def _one_way(a: np.ndarray, b: np.ndarray) -> float:
    distance = np.sort(cKDTree(b).query(a)[0])
    return float(distance[: max(int(0.9 * len(distance)), 1)].mean())


def registered(a: np.ndarray, b: np.ndarray, guess: Motion) -> np.ndarray:
    """The rigid (4, 4) that takes cloud a to b: the best of several refined starts; the smallest on a tie."""
    tries = [refined(a, b, start) for start in beginnings(a, b, guess)]
    left = [apart(a @ pose[:3, :3].T + pose[:3, 3], b) for pose in tries]
    good = [k for k in range(len(tries)) if left[k] <= 1.2 * min(left) + 1e-4]
    return tries[min(good, key=lambda k: angle_of(tries[k]))]


def beginnings(a: np.ndarray, b: np.ndarray, guess: Motion) -> list[np.ndarray]:
    """Initial poses: shifts, all turns that align one box with the other, and the guessed motion."""
    box_a, box_b = principal_box(a), principal_box(b)
    poses = []
    for signs in ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)):
        turn = box_b.rotation @ np.diag(signs) @ box_a.rotation.T
        poses.append(_taking(turn, box_a.centre, box_b.centre))
    poses.append(_taking(np.eye(3), box_a.centre, box_b.centre))
    if guess.turning:
        poses += [guess.after(amount) for amount in np.radians((-90, -60, -30, 30, 60, 90))]
    return poses


def _taking(turn: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = turn, end - turn @ start
    return pose


def refined(a: np.ndarray, b: np.ndarray, pose: np.ndarray) -> np.ndarray:
    """Refine a pose by repeatedly aligning nearest points, without the farthest fifth."""
    tree = cKDTree(b)
    for _ in range(ROUNDS):
        at = a @ pose[:3, :3].T + pose[:3, 3]
        distance, near = tree.query(at)
        kept = distance <= np.quantile(distance, 0.8)
        p, q = at[kept], b[near[kept]]
        u, _, vt = np.linalg.svd((p - p.mean(axis=0)).T @ (q - q.mean(axis=0)))
        turn = vt.T @ np.diag((1.0, 1.0, np.sign(np.linalg.det(vt.T @ u.T)))) @ u.T
        pose = _taking(turn, p.mean(axis=0), q.mean(axis=0)) @ pose
    return pose


def angle_of(pose: np.ndarray) -> float:
    return float(np.arccos(np.clip((np.trace(pose[:3, :3]) - 1) / 2, -1, 1)))


def motion_between(pose: np.ndarray, part: np.ndarray) -> Motion | None:
    """A rigid motion as a slide or a turn; None if it is too small to tell."""
    middle, angle = part.mean(axis=0), angle_of(pose)
    if angle < MIN_TURN:
        way = middle - (np.linalg.inv(pose) @ np.append(middle, 1.0))[:3]
        length = float(np.linalg.norm(way))
        return Motion("slides", CERTAIN, way / length, middle, True) if length >= MIN_SLIDE else None
    turn, shift = pose[:3, :3], pose[:3, 3]
    values, vectors = np.linalg.eig(turn)
    axis = np.real(vectors[:, int(np.argmin(np.abs(values - 1)))])
    axis /= np.linalg.norm(axis)
    spin = np.array((turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]))
    axis = axis if spin @ axis >= 0 else -axis
    across = np.eye(3) - np.outer(axis, axis)
    place = np.linalg.lstsq(np.eye(3) - turn, across @ shift, rcond=1e-6)[0]
    return Motion("turns", CERTAIN, axis, place + ((middle - place) @ axis) * axis, True)


def named(found: Motion, guess: Motion) -> Motion:
    """The motion with the guess's kind if that fits, and with its opening direction if that is clear."""
    if guess.turning != found.turning or not guess.moves:
        return found
    agree = float(guess.axis @ found.axis)
    return replace(found, kind=guess.kind, axis=-found.axis if agree < -0.7 else found.axis)
