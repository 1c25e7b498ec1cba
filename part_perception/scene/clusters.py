"""Clusters: the objects that stand on the support, as one set of point indices each, and how likely each is one."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from part_perception.geometry.boxes import bounds, thin
from part_perception.scene import gap_kernels, kernels
from part_perception.scene.config import SceneConfig
from part_perception.scene.decode import View
from part_perception.scene.rejoin import rejoin
from part_perception.scene.stacks import split_stacks
from part_perception.scene.support import Support, heights

CRUMB = 20  # pixels: smaller pieces belong to no object
CELLS_OF_SPACING = 2.0
MIN_CELL = 0.003
MAX_PAIRS = 4_000_000  # pairs of neighbouring cells: they take 16 bytes each
COUNTED = 200  # cells whose neighbours are counted to estimate the number of pairs
MAX_PIECES = 1000  # the largest are kept: it bounds the size of piece-by-piece tables
FLAT_BACKGROUND = 0.6  # metres: a flat thing of this size is a wall
FLAT_NOISE = 0.004
BORDER = 3  # pixels
SAMPLE = 400
STANDS = 0.05  # metres: a piece that reaches down this low stands on the support
# Measured on simulated scenes: pieces that cover less than 100 pixels of a VGA camera are hardly ever objects, three in
# four that cover 1600 or more are, and pieces below all supports almost never are.
VGA_PITCH = 1 / 575  # radians between two pixels of a VGA camera
FRAGMENT, THING = 100, 1600  # pixels
MIN_PRESENCE = 0.1
BELOW = 0.3  # the maximum for a piece below all supports


def classify(view: View, support: Support) -> np.ndarray:
    """What every point shows (see kernels)."""
    state = np.empty(len(view.points), np.uint8)
    kernels.classify(
        view.points, view.reach, view.width, np.ascontiguousarray(support.planes, float), support.bends,
        support.least, support.noise, view.pitch, state,
    )  # fmt: skip
    return state


def cut(view: View, support: Support, config: SceneConfig, rules: bool) -> list[np.ndarray]:
    """Pieces of the solid points, separated by gaps in depth.

    rules: rejoin the pieces of an object that hides parts of itself, and cut one where a thing stands on another.
    They are for views that the network cannot separate; it finds more objects without them.
    """
    state = classify(view, support)
    pieces = largest(connect(view, state, config), MAX_PIECES)
    if rules:
        pieces = rejoin(view, state, pieces, support, config.min_object_points)
    pieces = [piece for piece in pieces if len(piece) >= config.min_object_points]
    if rules:
        pieces = split_stacks(view, pieces, support, config)
    return [piece for piece in pieces if rises(view, piece, support)]


def rises(view: View, piece: np.ndarray, support: Support) -> bool:
    """Whether a piece rises above the support by more than noise."""
    if not support:
        return True
    return float(heights(sample_of(view, piece), support).max()) >= 2 * support.least


def find_objects(
    view: View, pieces: list[np.ndarray], support: Support, config: SceneConfig
) -> list[np.ndarray]:
    """Pieces that could be objects: those that stand on the support first, larger ones first."""
    ranked: list[tuple] = []
    for piece in pieces:
        if len(piece) < config.min_object_points:
            continue
        sample = sample_of(view, piece)
        if has_size_of_object(sample, config) and not is_background(view, piece, sample):
            stands = not support or bool(np.sort(heights(sample, support))[len(sample) // 20] < STANDS)
            ranked.append((not stands, -len(piece), len(ranked), piece))
    return [piece for *_, piece in sorted(ranked, key=lambda each: each[:3])[: config.max_objects]]


def largest(pieces: list[np.ndarray], most: int) -> list[np.ndarray]:
    """The largest pieces, at most this many, in their order; noise gives a piece every few pixels."""
    if len(pieces) <= most:
        return pieces
    kept = np.sort(np.argsort([-len(piece) for piece in pieces], kind="stable")[:most])
    return [pieces[k] for k in kept]


def connect(view: View, state: np.ndarray, config: SceneConfig) -> list[np.ndarray]:
    """Connected pieces, on the image grid if there is one."""
    if view.width:
        starts, indices = gap_kernels.connect(
            view.points,
            view.reach,
            state,
            view.width,
            config.object_gap,
            view.pitch,
            min(CRUMB, config.min_object_points),
        )
        return [indices[a:b] for a, b in zip(starts[:-1], starts[1:], strict=True)]
    return connect_cells(view.points, np.flatnonzero(state == kernels.SOLID), config)


def connect_cells(points: np.ndarray, solid: np.ndarray, config: SceneConfig) -> list[np.ndarray]:
    """Connected pieces of unordered points: occupied cells with points close together."""
    if len(solid) == 0:
        return []
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    cell = max(MIN_CELL, config.object_gap / 2)
    while True:
        first, cell_of, tree = occupied(points[solid], cell)
        # the spacing of a sparse cloud does not count as a gap
        some = tree.data[:: max(1, len(first) // 2000)]
        spacing = float(np.median(tree.query(some, k=2)[0][:, 1])) if len(first) > 1 else 0.0
        reach = max(config.object_gap, CELLS_OF_SPACING * spacing) + cell
        few = some[:: max(1, len(some) // COUNTED)]
        near = tree.query_ball_point(few, reach, return_length=True).mean()
        if near * len(first) / 2 <= MAX_PAIRS:
            break
        cell *= 1.5  # for clouds of mixed density: use coarser cells in the dense part
    pairs = tree.query_pairs(reach, output_type="ndarray")
    graph = coo_matrix((np.ones(len(pairs), bool), pairs.T), shape=(len(first), len(first)))
    label = connected_components(graph, directed=False)[1][cell_of]
    order = np.argsort(label, kind="stable")
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    pieces = np.split(solid[order].astype(np.int32), cuts)
    return [piece for piece in pieces if len(piece) >= CRUMB]


def occupied(points: np.ndarray, cell: float) -> tuple[np.ndarray, np.ndarray, cKDTree]:
    """Occupied cells: the first point of each, the cell of each point, and a tree of the first points."""
    keys = np.floor((points - points.min(axis=0)) / cell).astype(np.int64)
    span = keys.max(axis=0) + 1
    _, first, cell_of = np.unique(
        (keys[:, 0] * span[1] + keys[:, 1]) * span[2] + keys[:, 2], return_index=True, return_inverse=True
    )
    return first, cell_of.ravel(), cKDTree(points[first])


def sample_of(view: View, piece: np.ndarray) -> np.ndarray:
    return view.points[thin(piece, SAMPLE)].astype(float)


def has_size_of_object(sample: np.ndarray, config: SceneConfig) -> bool:
    """Whether a piece is neither a crumb nor the room."""
    ordered = np.sort(sample, axis=0)
    stray = len(ordered) // 100
    size = float(np.linalg.norm(ordered[-1 - stray] - ordered[stray]))
    return config.min_object_size <= size <= config.max_object_size


def is_background(view: View, piece: np.ndarray, sample: np.ndarray) -> bool:
    """Whether a piece is a wall: flat, large, and cut by the image border if there is one."""
    low, high = bounds(sample)
    if np.linalg.norm(high - low) < FLAT_BACKGROUND or not is_flat(sample, float(view.reach[piece[0]])):
        return False
    return (
        not view.width
        or runs_through(piece // view.width, view.height)
        or runs_through(piece % view.width, view.width)
    )


def runs_through(place: np.ndarray, length: int) -> bool:
    """Whether rows (or columns) of pixels reach both borders of the image."""
    return bool(place.min() < BORDER and place.max() >= length - BORDER)


def is_flat(points: np.ndarray, reach: float) -> bool:
    """Whether the points lie in one plane."""
    spread = points - points.mean(axis=0)
    normal = np.linalg.eigh(spread.T @ spread)[1][:, 0]
    return float(np.percentile(np.abs(spread @ normal), 90)) < FLAT_NOISE * max(1.0, reach**2)


def presence_of(view: View, segment: np.ndarray, support: Support) -> float:
    """How likely a piece is an object of its own: by its size in the image and whether it is above a support."""
    presence = 1.0
    if view.pitch:
        pixels = len(segment) * (view.pitch / VGA_PITCH) ** 2
        presence = float(np.clip(np.log(pixels / FRAGMENT) / np.log(THING / FRAGMENT), MIN_PRESENCE, 1.0))
    if support and np.isinf(np.median(heights(view.points[thin(segment)].astype(float), support))):
        return min(presence, BELOW)
    return presence
