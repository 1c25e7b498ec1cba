"""Views: pictures of an object, rendered from all sides or taken by a camera, and the points behind the pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.errors import InputError
from part_perception.metrics import iou
from part_perception.pictures.camera import orbit
from part_perception.pictures.rendering import disc_radius, render, splat
from part_perception.recordings.shots import Shot
from part_perception.segmenter import PartSegmenter
from part_perception.training.distill.lessons import pixels_of
from part_perception.training.plugins import plugin

SIDE = 384
_ELEVATIONS = (0.35, 0.9, -0.3)
_GREY = (178, 178, 184)
_BEHIND = 0.02  # of the object's size: what lies this far behind what a pixel shows is hidden
_SPREAD = 2  # pixels between the points of a recording that belong to the surface
_ROOM = 0.25  # of the object's width, around it


@dataclass(frozen=True)
class Thing:
    """One object: points (N, 3), the direction against gravity, and, where known, its category and colours (N, 3)."""

    name: str
    points: np.ndarray
    up: np.ndarray
    category: str = "object"
    colours: np.ndarray | None = None


@dataclass(frozen=True)
class View:
    """A picture (H, W, 3) uint8 of an object.

    `owner` (H, W) is the point that a pixel shows, -1 for none; `pixel` (N,) where a point lies (row · width + column),
    and `visible` (N,) whether it is seen there; `eye` is where the camera was.
    """

    name: str
    thing: Thing
    image: np.ndarray
    owner: np.ndarray
    pixel: np.ndarray
    visible: np.ndarray
    eye: np.ndarray

    def shows(self, points: np.ndarray) -> np.ndarray:
        """(H, W) the pixels that show some of these points (N,)."""
        return (self.owner >= 0) & points[self.owner]

    def covered(self, mask: np.ndarray) -> np.ndarray:
        """(N,) the points that are seen within a mask (H, W)."""
        return self.visible & mask.ravel()[self.pixel]


def rendered_views(thing: Thing, count: int) -> list[View]:
    """The object from `count` sides, evenly around it and from several heights."""
    return [
        _rendered(thing, k, 0.5 + 2 * np.pi * k / count, _ELEVATIONS[k % len(_ELEVATIONS)])
        for k in range(count)
    ]


def _rendered(thing: Thing, number: int, azimuth: float, elevation: float) -> View:
    points = thing.points
    camera = orbit(points, (SIDE, SIDE), azimuth, elevation, tuple(thing.up))
    colours = np.full((len(points), 3), _GREY, np.uint8) if thing.colours is None else thing.colours
    pixels, depth = camera.project(points)
    radius = np.clip(disc_radius(points, depth, camera), 1.0, 20.0)
    owner = splat(pixels, depth, radius, (SIDE, SIDE))
    column, row = np.clip(np.round(pixels), 0, SIDE - 1).astype(int).T
    front = owner[row, column]
    size = float(np.ptp(points, axis=0).max())
    visible = (front >= 0) & (depth <= depth[front] + _BEHIND * size)
    image = render(points, colours, camera)
    return View(
        f"{thing.name} from side {number}", thing, image, owner, row * SIDE + column, visible, camera.position
    )


def recorded_view(thing: Thing, shot: Shot) -> View | None:
    """The object in a camera's image, cropped with a margin; None if the image, narrower than depth, lacks it."""
    from scipy.ndimage import distance_transform_edt

    assert shot.image is not None
    camera = shot.camera
    pixel, visible = pixels_of(thing.points, camera)
    behind = np.full(camera.height * camera.width, -1)
    behind[pixel[visible]] = np.flatnonzero(visible)
    owner = behind.reshape(camera.height, camera.width)
    away, nearest = distance_transform_edt(owner < 0, return_indices=True)
    owner = np.where(away <= _SPREAD, owner[tuple(nearest)], -1)
    rows, columns = np.nonzero(owner >= 0)
    if not len(rows):
        return None
    room = int(_ROOM * max(np.ptp(rows), np.ptp(columns))) + 2
    top, left = max(rows.min() - room, 0), max(columns.min() - room, 0)
    bottom, right = rows.max() + room + 1, columns.max() + room + 1
    owner, image = owner[top:bottom, left:right], shot.image[top:bottom, left:right]
    row, column = pixel // camera.width - top, pixel % camera.width - left
    inside = (row >= 0) & (row < owner.shape[0]) & (column >= 0) & (column < owner.shape[1])
    pixel = np.where(inside, row * owner.shape[1] + column, 0)
    return View(
        thing.name,
        thing,
        np.ascontiguousarray(image),
        owner,
        pixel,
        visible & inside,
        np.asarray(camera.position),
    )


PARTS = "parts"
LEVELS = (1, 2, 3, 4, 6, 9, 13)  # parts that the tree is cut into
MOST = 64  # of a view
_MIN_PIXELS = 30
_SAME = 0.9  # IoU

Proposal = tuple[np.ndarray, float]
Proposer = Callable[[View], Sequence[Proposal]]


class PartTree:
    """Proposes an object and the pieces of its part tree at several levels; uses only our own weights."""

    def __init__(self, segmenter: PartSegmenter):
        self.segmenter = segmenter
        self._thing: Thing | None = None
        self._pieces: list[np.ndarray] = []

    def __call__(self, view: View) -> list[Proposal]:
        return [(view.shows(piece), 1.0) for piece in self.pieces(view.thing)]

    def pieces(self, thing: Thing) -> list[np.ndarray]:
        """The points (N,) of every piece; those of one object are found once."""
        if self._thing is not thing:
            tree = self.segmenter.hierarchy(thing.points, thing.up)
            found: dict[bytes, np.ndarray] = {}
            for level in LEVELS:
                labels = tree.cut(min(level, tree.leaves))
                for label in range(labels.max() + 1):
                    piece = labels == label
                    found.setdefault(np.packbits(piece).tobytes(), piece)
            self._thing, self._pieces = thing, list(found.values())
        return self._pieces


def proposer_named(name: str, segmenter: PartSegmenter) -> Proposer:
    """`parts`, or "module:function"."""
    return PartTree(segmenter) if name == PARTS else plugin(name, "proposer", repr(PARTS))


def proposals(view: View, proposer: Proposer) -> list[Proposal]:
    """Return checked proposals for a view: most confident first, without tiny ones or duplicates."""
    kept: list[Proposal] = []
    for mask, score in sorted(_checked(view, proposer(view)), key=lambda each: -each[1]):
        if mask.sum() >= _MIN_PIXELS and all(iou(mask, other) < _SAME for other, _ in kept):
            kept.append((mask, score))
        if len(kept) == MOST:
            break
    return kept


def _checked(view: View, given: Iterable) -> list[Proposal]:
    out, shape = [], view.owner.shape
    for each in given:
        try:
            mask, score = each
            mask, score = np.asarray(mask), float(score)
        except (TypeError, ValueError) as error:
            raise InputError(
                f"a proposer must give (mask, score) for each answer; for {view.name} it did not: {error}"
            ) from None
        if mask.shape != shape or mask.dtype.kind not in "bui":
            raise InputError(
                f"a proposer's mask of {view.name} is {mask.dtype} {mask.shape}, the picture {shape}"
            )
        if not 0 <= score <= 1:
            raise InputError(f"a proposer's score of {view.name} is {score}, not from 0 to 1")
        out.append((mask.astype(bool), score))
    return out
