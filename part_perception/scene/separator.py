"""Separator: a small network, trained on simulated scenes, groups points into objects, which then grow to gaps."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.graphs import kept_graph, onnx_runtime
from part_perception.jit import compiled
from part_perception.scene.cell_image import CellImage, features, make_cells
from part_perception.scene.decode import View
from part_perception.scene.fragments import EVIDENCE, Fragments, join_fragments
from part_perception.scene.joining import JOINED, SURELY_JOINED, Gaps, join
from part_perception.scene.separator_graph import build_separator
from part_perception.scene.support import Support
from part_perception.scene.trees import Trees
from part_perception.storage import checksum, models_dir, read_file, write_atomic

FILE, CHECKSUM = "separator.safetensors", "part_perception.sha256"
SAME_SURFACE = 4.0  # cells: a point farther than this from its cell's depth is on another surface
MIN_GAP = 0.006  # metres
MAX_PITCH = 0.006  # radians between cells: learned from 0.003 to 0.0047; coarser ones lose thin parts
USUAL_NOISE = 0.01  # metres at 1 m, on the support: trust in gaps in depth is this over the actual noise
MIN_TRUST, MAX_TRUST = 0.5, 6.0
PRECISE = 3.0  # above it, depth shows what stands on what
TRUSTED = 1.0  # above it, gaps decide the border of an object to the pixel
# The network sees the border between touching things, but leaves out rims and crumbs. Gaps in depth cut out everything
# that stands on the support, and some of the support with it, but do not separate things that touch. So objects grow
# where the network does not surely see background:
SURELY = 1.0  # by how much its score exceeds that of an object: real cameras differ from those that the network knows
GROWTH = 0.02  # metres at 1 m: how far an object grows into its piece
MIN_CELLS = 20  # the fewest cells of an object in a piece from which it grows, and
MIN_SHARE = 0.1  # the smallest share of the piece's cells: less is a spill


@dataclass(frozen=True)
class Pieces:
    """What gaps in depth cut out, as indices of points: possible objects, into which objects grow, and all else.

    cut_from: see Fragments.
    """

    objects: Sequence[np.ndarray] = ()
    walls: Sequence[np.ndarray] = ()
    cut_from: Sequence[int] = ()


NO_PIECES = Pieces()


class Separator:
    """Groups a frame's points by object. One instance serves any number of cameras."""

    def __init__(self, weights: Path):
        onnxruntime = onnx_runtime()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        made_from, known = hashlib.sha256(read_file(weights)).hexdigest(), load_weights(weights)
        graph = kept_graph("separator", made_from, build_separator, lambda: build_separator(known))
        self.trees = Trees.restored(known)  # that join fragments; None before they have been learned
        if self.trees and not self.trees.fits(len(EVIDENCE)):
            raise InputError(f"the separator {weights} belongs to another version: its trees do not fit")
        self.joined = SURELY_JOINED if self.trees else JOINED
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def scores(self, given: np.ndarray) -> np.ndarray:
        """The scores (OUTPUTS, H, W) of all cells, from their features (CHANNELS, H, W)."""
        (blocks,) = self._session.run(["scores"], {"cells": given[None]})
        scores = np.empty((blocks.shape[1] // 4, *given.shape[1:]), np.float32)
        spread_blocks(blocks[0], scores)
        return scores

    def separate(
        self, view: View, image: CellImage, support: Support, pieces: Pieces = NO_PIECES
    ) -> list[np.ndarray]:
        """Indices of the points of every object, largest first. image: the view's cells."""
        trust = trust_in_gaps(support)
        fragments = self.fragments(image, support, pieces)
        number = join_fragments(fragments, self.trees) if self.trees else fragments.number
        piece = fragments.piece.ravel()
        background = (fragments.margin > SURELY) & (number < 0)
        into = np.where(background.ravel(), np.int32(-1), piece)
        number = grown(number, image, into, GROWTH * trust**2)
        of_points = np.full(len(view.points), -1, np.int32)
        spread(
            view.reach,
            image.cell,
            image.reach.ravel(),
            number.ravel(),
            image.shape[1],
            image.pitch,
            of_points,
        )
        if trust > TRUSTED:
            inside = np.zeros(len(of_points), bool)
            for points in pieces.objects:
                inside[points] = True
            drop_rims(of_points, image.cell, piece, inside)
        starts, order = sorted_by_object(of_points, int(number.max(initial=-1)) + 1)
        found = [order[a:b] for a, b in zip(starts[:-1], starts[1:], strict=True) if b > a]
        return sorted(found, key=len, reverse=True)

    def fragments(self, image: CellImage, support: Support, pieces: Pieces) -> Fragments:
        """The groups of cells that the network holds together."""
        plane = support.planes[0] if support else None
        scores = self.scores(features(image.points, image.reach, image.pitch, plane))
        piece = piece_of_cells(image, [*pieces.objects, *pieces.walls]).reshape(image.shape)
        gaps = Gaps(piece, len(pieces.objects), trust_in_gaps(support))
        number = join(scores, image.reach > 0, gaps, self.joined)
        of_object = np.where(piece < len(pieces.objects), piece, np.int32(-1))
        return Fragments(number, scores, image, plane, of_object, pieces.cut_from)


def cells_of(view: View) -> CellImage | None:
    """The cells of a view; None if the network cannot separate them: it needs the camera's own view, not too coarse."""
    image = make_cells(view) if view.sight_known else None
    return image if image is not None and image.pitch <= MAX_PITCH else None


@compiled("Tuple((i8[::1], i4[::1]))(i4[::1], i8)")
def sorted_by_object(number, objects):
    """Where each object starts in the order, and the point indices sorted by object; -1 is left out."""
    starts = np.zeros(objects + 1, np.int64)
    for i in range(number.shape[0]):
        if number[i] >= 0:
            starts[number[i] + 1] += 1
    for k in range(objects):
        starts[k + 1] += starts[k]
    order, place = np.empty(starts[objects], np.int32), starts.copy()
    for i in range(number.shape[0]):
        k = number[i]
        if k >= 0:
            order[place[k]] = i
            place[k] += 1
    return starts, order


def trust_in_gaps(support: Support) -> float:
    """How far to trust gaps in depth: less where there is more noise on the support."""
    return float(np.clip(USUAL_NOISE / max(support.noise, 1e-6), MIN_TRUST, MAX_TRUST))


def is_precise(support: Support) -> bool:
    """Whether depth is precise enough to see what stands on what."""
    return trust_in_gaps(support) > PRECISE


@compiled("void(i4[::1], i4[::1], i4[::1], b1[::1])")
def drop_rims(of_points, cell, piece, inside):
    """Drop points from objects that share a cell with a piece but lie outside it: they belong to what is behind it."""
    for i in range(of_points.shape[0]):
        if of_points[i] >= 0 and piece[cell[i]] >= 0 and not inside[i]:
            of_points[i] = -1


def save_weights(path: Path, weights: Mapping[str, np.ndarray]) -> None:
    """Write the weights with their checksum."""
    from safetensors.numpy import save

    write_atomic(path, save(dict(weights), {CHECKSUM: checksum({}, weights)}))


def halved(weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Kernels as float16: they become 8-bit integers anyway."""
    return {k: v.astype(np.float16 if v.ndim == 4 else np.float32) for k, v in weights.items()}


def load_weights(path: Path) -> dict[str, np.ndarray]:
    """Read the weights, as float32; an InputError if they are damaged anywhere."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as content:
            stored = (content.metadata() or {}).get(CHECKSUM)
            weights = {name: content.get_tensor(name) for name in content.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise InputError(f"the separator {path} cannot be read: {error}") from None
    if stored is not None and stored != checksum({}, weights):
        raise InputError(f"the separator {path} is damaged: its checksum differs")
    return {name: value.astype(np.float32) for name, value in weights.items()}


@lru_cache(maxsize=1)
def shipped_separator() -> Separator | None:
    """The separator that ships with the package; None if it cannot run and geometry alone is used."""
    path = models_dir() / FILE
    return Separator(path) if path.is_file() else None


@compiled("void(f4[:,:,::1], f4[:,:,::1])")
def spread_blocks(blocks, out):
    """Spread four values of two by two cells to these cells."""
    for k in range(out.shape[0]):
        for row in range(out.shape[1]):
            for column in range(out.shape[2]):
                which = 4 * k + row % 2 * 2 + column % 2
                out[k, row, column] = blocks[which, row // 2, column // 2]


@compiled("void(f4[::1], i4[::1], f4[::1], i4[::1], i8, f8, i4[::1])")
def spread(reach, cell, reach_of_cell, number, width, pitch, out):
    """Give each point the object of its cell, or of a neighbouring cell if it lies on that cell's surface."""
    cells = number.shape[0]
    for i in range(reach.shape[0]):
        k = cell[i]
        r = reach[i]
        if k < 0 or r <= 0:
            continue
        gap = max(SAME_SURFACE * pitch * r, MIN_GAP)
        if abs(r - reach_of_cell[k]) <= gap:
            out[i] = number[k]
            continue
        nearest = gap
        column = k % width
        for step in (-1, 1, -width, width):
            if (step == -1 and column == 0) or (step == 1 and column == width - 1):
                continue
            j = k + step
            if 0 <= j < cells and reach_of_cell[j] > 0 and abs(r - reach_of_cell[j]) <= nearest:
                nearest = abs(r - reach_of_cell[j])
                out[i] = number[j]


def piece_of_cells(image: CellImage, pieces: Sequence[np.ndarray]) -> np.ndarray:
    """(H * W,) the piece that each cell lies in, -1 = none; each piece holds indices of points."""
    piece = np.full(image.reach.size, -1, np.int32)
    for k, points in enumerate(pieces):
        cells = image.cell[points]
        piece[cells[cells >= 0]] = k
    return piece


def grown(number: np.ndarray, image: CellImage, piece: np.ndarray, growth: float = GROWTH) -> np.ndarray:
    """(H, W) object numbers of cells (-1 = none), grown into their pieces by up to `growth` metres at 1 m."""
    number = number.ravel().copy()
    objects = int(number.max(initial=-1)) + 1
    of_piece = np.bincount(piece[piece >= 0])
    both = (piece >= 0) & (number >= 0)
    shared = np.zeros((len(of_piece), objects), np.int64)
    np.add.at(shared, (piece[both], number[both]), 1)
    least = np.maximum(MIN_CELLS, MIN_SHARE * of_piece)
    seeds = np.zeros(number.shape, bool)
    seeds[both] = (shared >= least[:, None])[piece[both], number[both]]
    grow(number, piece, seeds, image.reach.ravel(), image.shape[1], image.pitch, growth)
    return number.reshape(image.shape)


@compiled("void(i4[::1], i4[::1], b1[::1], f4[::1], i8, f8, f8)")
def grow(number, piece, seeds, reach, width, pitch, growth):
    """Spread seeds' numbers to free cells of the same piece, nearest first, as far as `growth` allows."""
    cells = number.shape[0]
    queue, away = np.empty(cells, np.int32), np.zeros(cells, np.float32)
    last = 0
    for i in range(cells):
        if seeds[i]:
            queue[last] = i
            last += 1
    first = 0
    while first < last:
        i = queue[first]
        first += 1
        column = i % width
        for way in range(4):
            if (way == 0 and column == 0) or (way == 1 and column == width - 1):
                continue
            j = i + (-1 if way == 0 else 1 if way == 1 else -width if way == 2 else width)
            if j < 0 or j >= cells or number[j] >= 0 or piece[j] != piece[i] or reach[j] <= 0:
                continue
            step = away[i] + pitch * reach[j]
            if step > growth * max(reach[j], np.float32(0.5)):
                continue
            number[j] = number[i]
            away[j] = step
            queue[last] = j
            last += 1
