"""Support: the planes that objects stand on, by drawing planes through points and counting the area that agrees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.scene.decode import View
from part_perception.scene.gravity import CAMERA_UP

SAMPLE = 4000  # points that are looked at
JUDGES = 1500  # of these, so many vote on each plane that was drawn
DRAWS = 384
MIN_AREA = 0.02  # square metres: smaller flat things are objects
SECOND_AREA = 0.25  # a second, lower level: the floor under the table
TABLE_AREA = 0.45  # a second, higher level carries things; a chair's seat is a part of the chair
MIN_SHARE = 0.08  # of all area in view
MIN_TOLERANCE = 0.004
MAX_TOLERANCE = 0.03
SIGMAS = 3.5


@dataclass(frozen=True)
class Support:
    """Planes (K, 4), highest first, with n . p + d = height above; a point within max(least, noise r^2) is on it."""

    planes: np.ndarray
    least: float = MIN_TOLERANCE
    noise: float = 0.003

    def __bool__(self) -> bool:
        return len(self.planes) > 0


NO_SUPPORT = Support(np.zeros((0, 4)))


def heights(points: np.ndarray, support: Support) -> np.ndarray:
    """Height above the highest support that is under each point."""
    above = points @ support.planes[:, :3].T + support.planes[:, 3]
    return np.where(above > -support.least, above, np.inf).min(axis=1)


@dataclass(frozen=True)
class Sample:
    """Some of a view's points, and how much surface each stands for."""

    points: np.ndarray
    reach: np.ndarray
    neighbours: np.ndarray
    viewpoint: np.ndarray
    pixel_area: np.ndarray

    def area(self, normal: np.ndarray, chosen: np.ndarray) -> float:
        """Surface that the chosen points cover if they lie across this normal."""
        if not self.pixel_area.any():
            return voxel_area(self.points[chosen])
        ray = (self.points[chosen] - self.viewpoint) / self.reach[chosen, None]
        facing = np.maximum(np.abs(ray @ normal), 0.1)
        return float((self.pixel_area[chosen] / facing).sum())


def voxel_area(points: np.ndarray, side: float = 0.02) -> float:
    """Surface covered by unordered points: occupied cells."""
    return len(np.unique(np.floor(points / side).astype(np.int32), axis=0)) * side * side


def take_sample(view: View, rng: np.random.Generator) -> Sample:
    """Every k-th row and column of an image, else points at random; neighbours lead to planes worth drawing."""
    if view.width:
        stride = max(1, int(np.sqrt(len(view.points) / SAMPLE)))
        grid = np.arange(len(view.points)).reshape(-1, view.width)[::stride, ::stride]
        index = grid.ravel()
        area = (view.pitch * stride * view.reach[index]) ** 2
        step = rng.integers(1, 7, (2, len(index)))
        flat = np.arange(len(index))
        right, down = flat + step[0], flat + step[1] * grid.shape[1]
    else:
        index = (
            rng.integers(0, len(view.points), SAMPLE)
            if len(view.points) > SAMPLE
            else np.arange(len(view.points))
        )
        area = np.zeros(len(index))
        right, down = rng.integers(0, max(len(index), 1), (2, len(index)))
    real = view.reach[index] > 0
    last = max(len(index) - 1, 0)
    neighbours = np.stack([np.arange(len(index)), np.minimum(right, last), np.minimum(down, last)])
    neighbours = neighbours[:, real[neighbours].all(axis=0)] if len(index) else neighbours
    renumbered = np.cumsum(real) - 1
    index = index[real]
    return Sample(
        view.points[index].astype(np.float64),
        view.reach[index].astype(np.float64),
        renumbered[neighbours],
        view.viewpoint,
        area[real],
    )


def find_support(
    view: View, up: np.ndarray | None, max_tilt_deg: float, previous: Support, rng: np.random.Generator
) -> Support:
    """The planes that carry objects, if any; last frame's are tried first."""
    sample = take_sample(view, rng)
    if len(sample.points) < 32:
        return NO_SUPPORT
    main = None
    if previous and up_agrees(previous.planes[0], up, max_tilt_deg):
        main = confirm(previous.planes[0], sample)
    if main is None:
        main = best_plane(sample, np.ones(len(sample.points), bool), up, max_tilt_deg, rng)
    if main is None:
        return NO_SUPPORT
    heights = sample.points @ main[:3] + main[3]
    tolerance, noise = tolerance_of(heights, sample.reach)
    planes = [main]
    rest = np.abs(heights) > np.maximum(tolerance, noise * sample.reach**2)
    second = best_plane(sample, rest, main[:3], 6.0, rng) if rest.sum() > 200 else None
    if second is not None and carries(second, main, sample, rest):
        planes.append(second)
    # highest first, along the main normal
    middle = np.median(sample.points, axis=0)
    planes.sort(key=lambda plane: plane[:3] @ middle + plane[3])
    return Support(np.array(planes), tolerance, noise)


def up_agrees(plane: np.ndarray, up: np.ndarray | None, max_tilt_deg: float) -> bool:
    return up is None or bool(plane[:3] @ up > np.cos(np.radians(max_tilt_deg)))


def near(heights: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Which points a plane may claim before the noise is known."""
    return np.abs(heights) < np.maximum(0.006, 0.006 * reach**2)


def confirm(plane: np.ndarray, sample: Sample) -> np.ndarray | None:
    """Last frame's plane, refitted, if it still carries much."""
    chosen = near(sample.points @ plane[:3] + plane[3], sample.reach)
    if chosen.mean() < 0.3:
        return None
    return refit(plane, sample, np.ones(len(sample.points), bool))


def best_plane(
    sample: Sample, allowed: np.ndarray, up: np.ndarray | None, max_tilt_deg: float, rng: np.random.Generator
) -> np.ndarray | None:
    """The plane, facing the camera, that covers most area: about level if up is known, else likely to be."""
    triples = sample.neighbours[:, allowed[sample.neighbours].all(axis=0)]
    if triples.shape[1] == 0:
        return None
    drawn = triples[:, rng.integers(0, triples.shape[1], DRAWS)]
    a, b, c = sample.points[drawn]
    normals = cross(b - a, c - a)
    lengths = np.linalg.norm(normals, axis=1)
    normals = normals / np.maximum(lengths, 1e-12)[:, None]
    flip = np.einsum("ij,ij->i", normals, sample.viewpoint - a) < 0
    normals[flip] *= -1
    prior = level_prior(normals, up, max_tilt_deg) * (lengths > 1e-9)
    keep = prior > 0
    if not keep.any():
        return None
    normals, a, prior = normals[keep], a[keep], prior[keep]
    offsets = -np.einsum("ij,ij->i", normals, a)
    judges = np.flatnonzero(allowed)
    judges = judges[rng.integers(0, len(judges), min(JUDGES, len(judges)))]
    heights = normals @ sample.points[judges].T + offsets[:, None]
    weight = sample.pixel_area[judges] if sample.pixel_area.any() else np.ones(len(judges))
    agree = np.abs(heights) < np.maximum(0.006, 0.006 * sample.reach[judges] ** 2)
    score = (agree @ weight) * prior
    best = int(np.argmax(score))
    plane = refit(np.append(normals[best], offsets[best]), sample, allowed)
    if plane is None or not up_agrees(plane, up, max_tilt_deg):
        return None
    chosen = allowed & near(sample.points @ plane[:3] + plane[3], sample.reach)
    share = chosen.sum() / len(sample.points)
    if sample.area(plane[:3], chosen) < MIN_AREA or share < MIN_SHARE:
        return None
    return plane


def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Row by row; numpy's own takes five times as long on few rows."""
    (ax, ay, az), (bx, by, bz) = a.T, b.T
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=1)


def level_prior(normals: np.ndarray, up: np.ndarray | None, max_tilt_deg: float) -> np.ndarray:
    """How likely these normals are to be up. Without gravity: cameras are seldom rolled and never hang upside down."""
    if up is not None:
        return (normals @ up > np.cos(np.radians(max_tilt_deg))).astype(float)
    tilt = normals @ CAMERA_UP
    return np.where(tilt > -0.2, 0.25 + 0.75 * np.maximum(tilt, 0), 0.05)


def refit(plane: np.ndarray, sample: Sample, allowed: np.ndarray) -> np.ndarray | None:
    """Least squares through the points near the plane, three times."""
    for _ in range(3):
        chosen = allowed & near(sample.points @ plane[:3] + plane[3], sample.reach)
        if chosen.sum() < 12:
            return None
        points = sample.points[chosen]
        # farther points are noisier
        weight = 1 / np.maximum(sample.reach[chosen], 0.2) ** 4
        middle = weight @ points / weight.sum()
        spread = (points - middle) * np.sqrt(weight)[:, None]
        normal = np.linalg.eigh(spread.T @ spread)[1][:, 0]
        if normal @ plane[:3] < 0:
            normal = -normal
        plane = np.append(normal, -normal @ middle)
    return plane


def tolerance_of(heights: np.ndarray, reach: np.ndarray) -> tuple[float, float]:
    """How far points of the plane stray from it: at least, and in proportion to the square of the distance."""
    chosen = near(heights, reach)
    if not chosen.any():
        return MIN_TOLERANCE, 0.003
    spread = 1.48 * float(np.median(np.abs(heights[chosen]) / reach[chosen] ** 2))
    return MIN_TOLERANCE, min(SIGMAS * spread, MAX_TOLERANCE)


def carries(plane: np.ndarray, main: np.ndarray, sample: Sample, allowed: np.ndarray) -> bool:
    """Whether a second level is a support of its own: a floor, or as large as a table."""
    chosen = allowed & near(sample.points @ plane[:3] + plane[3], sample.reach)
    higher = bool(chosen.any()) and (sample.points[chosen] @ main[:3] + main[3]).mean() > 0
    return sample.area(plane[:3], chosen) > (TABLE_AREA if higher else SECOND_AREA)
