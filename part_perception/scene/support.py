"""Support: the planes that objects stand on. Planes are proposed, measured, and then judged together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from part_perception.geometry.boxes import level_axes, thin
from part_perception.scene import plane_kernels, standing_kernels
from part_perception.scene.decode import View
from part_perception.scene.gravity import CAMERA_UP
from part_perception.scene.grid import Grid, lay_grid

MIN_SHARE = 0.02  # of the cells: smaller planes are not proposed
MAX_PLANES = 8
SEEN_NEAR = 1.5  # metres: farther surfaces count no more area than at this distance
FACE_AREA = 0.08  # square metres: a smaller plane may be the face of a thing that stands on a plane
CUT = 0.06  # of a plane's cells at the border of the image: the plane continues beyond
MIN_AREA = 0.02  # square metres: smaller flat things are objects
CUT_AREA = 0.1  # a plane this large is a support with nothing on it, if half of it is at the border
FLOOR_AREA = 0.25  # a lower level
LOADED_AREA = 0.05  # a higher level that carries things: a board, a small table
BOX_AREA, MAX_SKIRTED = 0.15, 0.2  # the same if sides go down from this share of its rim: it may be a box
BARE_AREA = 0.45  # a higher level with nothing on it
LOW, LOW_AREA = 0.03, 0.1  # metres above another, square metres: a tray's floor, not the bottom of a bowl
MIN_LOAD = 0.006  # of the cells
MIN_LOAD_HEIGHT = 0.03  # metres
MAX_SEEN_THROUGH = 0.25  # of a plane's cells: tops of equally high things are not a board
PARALLEL = np.cos(np.radians(10.0))
PRIOR_CELLS = 0.01  # of the cells: a prior, as if this much more stood on a plane
UNKNOWN = 0.25  # the standing share of what is above a plane, if nothing is above it
STANDING_COUNTS = 1.5  # exponent: what stands on a plane matters more than its size
STEADY = 1.5  # how much better another direction must be than last frame's
KEPT = 0.6  # of the minimum area: enough for a level of the last frame
SAME_LEVEL = 0.03  # metres
MIN_TOLERANCE = 0.004
MAX_TOLERANCE = 0.03
SIGMAS = 3.5
RIDGE = 1e-6  # of the squares: keeps the fit of a narrow strip from failing
FITTED = 400  # cells that a plane is fitted to at most
MAX_BEND = 0.012  # metres, and at one metre: the most that sensors bend planes
MIN_GAIN = 0.85  # of the remaining strays: a bend that leaves more is dropped


@dataclass(frozen=True)
class Support:
    """Planes (K, 4), highest first, with n . p + d = height above; a point within max(least, noise r^2) is on it.

    bends (K, 10) by the sensor: its middle, the six coefficients of a quadratic form, the maximum.
    """

    planes: np.ndarray
    least: float = MIN_TOLERANCE
    noise: float = 0.003
    bends: np.ndarray = field(default_factory=lambda: np.zeros((0, 10)))

    def __bool__(self) -> bool:
        return len(self.planes) > 0


NO_SUPPORT = Support(np.zeros((0, 4)))


def heights(points: np.ndarray, support: Support) -> np.ndarray:
    """Height above the highest support below each point."""
    above = points @ support.planes[:, :3].T + support.planes[:, 3] - bend_at(points, support.bends)
    return np.where(above > -support.least, above, np.inf).min(axis=1)


def bend_at(points: np.ndarray, bends: np.ndarray) -> np.ndarray:
    """(N, K) how much higher each plane is at each point than the flat plane."""
    added = np.zeros((len(points), len(bends)))
    for k, bend in enumerate(bends):
        if bend[9] > 0:
            x, y, z = (points - bend[:3]).T
            form = bend[3] * x * x + bend[4] * y * y + bend[5] * z * z
            form += bend[6] * x * y + bend[7] * x * z + bend[8] * y * z
            added[:, k] = np.clip(form, -bend[9], bend[9])
    return added


@dataclass(frozen=True)
class Candidate:
    """A plane with many cells, and its measures."""

    plane: np.ndarray
    number: int
    middle: np.ndarray
    area: float
    cut: bool
    share: float
    reach: float
    standing: float
    free: float
    over: float
    load: float
    tallest: float
    through: float
    skirted: float

    @property
    def loaded(self) -> bool:
        return self.free > MIN_LOAD and self.tallest > MIN_LOAD_HEIGHT

    @property
    def score(self) -> float:
        """The share of the view on it and standing on it; less if it is far, small, or seen through.

        standing: the share of what is above it that comes down to it; UNKNOWN if nothing is above.
        """
        standing = ((self.standing + PRIOR_CELLS) / (self.over + PRIOR_CELLS / UNKNOWN)) ** STANDING_COUNTS
        size = min(self.area / CUT_AREA, 1.0)
        closeness = 1 / max(self.reach, 0.5)
        fault = max(1 - 2 * self.through, 0.05) * (1 - self.skirted)
        return float(np.sqrt(self.share * size * closeness) * standing * fault)


def find_support(view: View, up: np.ndarray | None, max_tilt_deg: float, previous: Support) -> Support:
    """The planes that carry objects, if any; last frame's are tried first and kept if nearly as good."""
    grid = lay_grid(view)
    known = previous.planes.copy()
    known[:, 3] += known[:, :3] @ grid.viewpoint
    planes, owner = propose(grid, known)
    candidates = measure(grid, planes, owner, lambda plane: up_agrees(plane, up, max_tilt_deg))
    return refine(grid, owner, choose_levels([each for each in candidates if may_be_level(each)], up, known))


def up_agrees(plane: np.ndarray, up: np.ndarray | None, max_tilt_deg: float) -> bool:
    return up is None or bool(plane[:3] @ up > np.cos(np.radians(max_tilt_deg)))


def propose(grid: Grid, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Planes (K, 4) relative to the viewpoint, those with most cells first, and each cell's plane."""
    planes = np.zeros((MAX_PLANES, 4))
    owner = np.empty(grid.reach.shape, np.int32)
    least = max(int(MIN_SHARE * np.count_nonzero(grid.reach)), 12)
    found = plane_kernels.propose(grid.cells, grid.reach, grid.local, known, least, planes, owner)
    return planes[:found], owner


def measure(
    grid: Grid, planes: np.ndarray, owner: np.ndarray, allowed: Callable[[np.ndarray], bool]
) -> list[Candidate]:
    """Measure each plane that is allowed and large enough: its surface, and what is above and below it."""
    area, cut = np.empty((2, len(planes)))
    standing_kernels.areas(grid.cells, grid.reach, owner, planes, grid.spacing, SEEN_NEAR, area, cut)
    broad = (area > FACE_AREA) | ((area > MIN_AREA) & (cut > CUT))
    found = []
    for number, plane in enumerate(planes):
        if area[number] < MIN_AREA or not allowed(plane):
            continue
        seen = np.empty(standing_kernels.MEASURES)
        standing_kernels.measure(
            grid.cells, grid.reach, owner, broad, plane, number,
            plane_kernels.NEAR, plane_kernels.NEAR_Z2, grid.spacing, seen,
        )  # fmt: skip
        middle = seen[standing_kernels.MIDDLE :]
        found.append(
            Candidate(
                plane,
                number,
                middle,
                float(area[number]),
                bool(cut[number] > CUT),
                *seen[: standing_kernels.MIDDLE].tolist(),
            )
        )
    return found


def may_be_level(one: Candidate) -> bool:
    """Whether a plane continues, is large, or carries things; otherwise it is an object's face."""
    return one.area > (0.5 * CUT_AREA if one.cut else CUT_AREA) or is_board(one)


def choose_levels(candidates: list[Candidate], up: np.ndarray | None, known: np.ndarray) -> list[Candidate]:
    """Choose the direction with the highest score over its levels, and the levels that carry things."""
    if not candidates:
        return []
    normals = np.array([each.plane[:3] for each in candidates])
    score = np.array([each.score for each in candidates])
    together = normals @ normals.T > PARALLEL
    worth = together @ score * (1.0 if up is not None else likely_up(normals))
    if len(known):
        worth *= np.where(normals @ known[0, :3] > PARALLEL, STEADY, 1.0)
    group = together[int(np.argmax(worth * (score > 0)))]
    levels = [each for each, member in zip(candidates, group, strict=True) if member]
    main = max(levels, key=lambda each: (each.area > BOX_AREA or each.skirted < MAX_SKIRTED, each.score))
    return [main, *(each for each in levels if each is not main and carries(each, main, known))]


def likely_up(normals: np.ndarray) -> np.ndarray:
    """The prior that each normal is up: most cameras are level and look ahead or down."""
    ahead = normals @ CAMERA_UP
    aside = np.abs(normals[:, 0])
    return np.where(ahead > -0.1, 0.7 + 0.3 * np.clip(ahead / 0.3, 0, 1), 0.3) * (1 - 0.5 * aside)


def carries(one: Candidate, main: Candidate, known: np.ndarray) -> bool:
    """Whether a second level is a support of its own: a floor below, or a loaded board above."""
    ratio = KEPT if was_level(one, known) else 1.0
    if one.through > MAX_SEEN_THROUGH:
        return False
    higher = height_above(one, main)
    if higher > 0:
        if one.area > ratio * BARE_AREA:
            return True
        if higher < LOW:
            return one.loaded and one.area > ratio * LOW_AREA
        return is_board(one, ratio)
    return one.area > ratio * FLOOR_AREA


def is_board(one: Candidate, ratio: float = 1.0) -> bool:
    """Whether a plane, with what hides it, is large enough to carry the things that stand on it."""
    least = BOX_AREA if one.skirted > MAX_SKIRTED else LOADED_AREA
    return one.loaded and one.area + min(one.load, one.area) > ratio * least


def height_above(one: Candidate, main: Candidate) -> float:
    return float(main.plane[:3] @ one.middle + main.plane[3])


def was_level(one: Candidate, known: np.ndarray) -> bool:
    """Whether the last frame had this level."""
    near = np.abs(known[:, :3] @ one.middle + known[:, 3]) < SAME_LEVEL
    return bool((near & (known[:, :3] @ one.plane[:3] > PARALLEL)).any())


def refine(grid: Grid, owner: np.ndarray, levels: list[Candidate]) -> Support:
    """Fit each level to all of its cells, bend it as the sensor does, and measure the main one's strays."""
    if not levels:
        return NO_SUPPORT
    fits = [fit(grid, owner == level.number, level.plane) for level in levels]
    planes = np.array([each.plane for each in fits])
    planes[:, 3] -= planes[:, :3] @ grid.viewpoint
    bends = np.array([each.bend for each in fits])
    bends[:, :3] += grid.viewpoint
    # highest first, along the main normal
    order = np.argsort([-(fits[0].plane[:3] @ level.middle) for level in levels])
    noise = min(SIGMAS * fits[0].stray, MAX_TOLERANCE)
    return Support(planes[order], MIN_TOLERANCE, noise, bends[order])


def stray(left: np.ndarray) -> float:
    """The standard deviation from cells that lie too low; those that lie too high may be things."""
    return 1.48 * float(np.median(-left[left < 0])) if (left < 0).any() else 0.0


@dataclass(frozen=True)
class Fit:
    """A plane, its bend, and the standard deviation of its cells at a distance of one metre."""

    plane: np.ndarray
    bend: np.ndarray
    stray: float


def fit(grid: Grid, chosen: np.ndarray, plane: np.ndarray) -> Fit:
    """Robust least squares through a plane's cells: flat, or bent if that explains much."""
    points, square = thin(grid.cells[chosen], FITTED), thin(grid.reach[chosen], FITTED) ** 2
    axes = level_axes(plane[:3])
    middle = points.mean(axis=0)
    along, across, rise = (axes.T @ (points - middle).T)[:3]
    terms = np.stack([np.ones(len(rise)), along, across, along * along, along * across, across * across])
    best = np.zeros(3), np.zeros(0)
    for count in (3, 6):
        some, weight = terms[:count], 1 / square**2
        left = rise
        for _ in range(2):
            used = some * weight
            squares = used @ some.T
            solved = np.linalg.solve(squares + np.trace(squares) * RIDGE * np.eye(count), used @ rise)
            left = (rise - solved @ some) / square
            limit = 3 * 1.48 * np.median(np.abs(left)) + 1e-6
            weight = (np.abs(left) < limit) / square**2
        if not len(best[1]) or stray(left) < MIN_GAIN * stray(best[1]):
            best = solved, left
    solved, left = best
    normal = axes @ np.array((-solved[1], -solved[2], 1.0))
    normal /= np.linalg.norm(normal)
    middle = middle + solved[0] * axes[:, 2]
    bend = np.zeros(10)
    if len(solved) == 6:
        a, b = axes[:, 0], axes[:, 1]
        form = solved[3] * np.outer(a, a) + solved[4] * np.outer(a, b) + solved[5] * np.outer(b, b)
        most = min(float(np.abs(solved[3:] @ terms[3:]).max()), MAX_BEND * max(1.0, float(square.max())))
        bend = np.array((*middle, form[0, 0], form[1, 1], form[2, 2], form[0, 1] + form[1, 0],
                         form[0, 2] + form[2, 0], form[1, 2] + form[2, 1], most))  # fmt: skip
    return Fit(np.append(normal, -normal @ middle), bend, stray(left))
