"""Painting: a session as coloured points, lines and labels, ready for any renderer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from part_perception.geometry.boxes import thin
from part_perception.pictures.palette import PALETTE, PLAIN, TINTS, muted, vivid
from part_perception.pictures.thinning import MOST, worth_drawing
from part_perception.types import Grasp, OrientedBox, Part
from part_perception.view.session import Session
from part_perception.view.shown import Shown

LABEL_POINTS = 500  # of an object tell where its label belongs
MARKED = np.array((255, 214, 10), np.uint8)
SOFT = np.array((120, 124, 132), np.uint8)
PICKED = np.array((20, 20, 20), np.uint8)
FINGER, PALM = 0.045, 0.03  # metres
AXIS = 0.12
SAME_PLACE = 0.25  # of a part's longest side
_CORNERS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) / 2
_EDGES = np.array([(a, b) for a in range(8) for b in range(a) if (_CORNERS[a] != _CORNERS[b]).sum() == 1])
FIRST_PART = 1 + len(TINTS)  # shades: 0 is the rest, then come the tints of objects, then the parts
MAX_PARTS = 256 - FIRST_PART


@dataclass(frozen=True)
class Label:
    """A text at a position; the anchor is where on the text that is."""

    text: str
    place: np.ndarray
    anchor: Literal["top-left", "bottom-center"] = "top-left"


@dataclass(frozen=True)
class Picture:
    """points (N, 3) and colours (N, 3) uint8; `over` the same, drawn larger; lines and their colours (M, 2, 3)."""

    points: np.ndarray
    colours: np.ndarray
    over: np.ndarray
    over_colours: np.ndarray
    lines: np.ndarray
    line_colours: np.ndarray
    labels: tuple[Label, ...]


NO_POINTS, NO_COLOURS = np.zeros((0, 3), np.float32), np.zeros((0, 3), np.uint8)
NO_LINES, NO_LINE_COLOURS = np.zeros((0, 2, 3), np.float32), np.zeros((0, 2, 3), np.uint8)
NOTHING = Picture(NO_POINTS, NO_COLOURS, NO_POINTS, NO_COLOURS, NO_LINES, NO_LINE_COLOURS, ())


def paint(session: Session, most: int = MOST) -> Picture:
    """The picture of the session now."""
    shown = session.shown
    if shown is None:
        return NOTHING
    parts = session.parts
    shades, tints = shades_of(session, shown, parts)
    rows = thinned(shown, shades, most)
    lines = [line for part in parts for line in part_lines(part, colour_of(session, part))]
    if session.grasp is not None:
        lines.append((gripper(session.grasp), PICKED))
    over, over_colours = marks(session)
    ends = np.concatenate([NO_LINES, *(each for each, _ in lines)])
    colours = np.concatenate([NO_LINE_COLOURS, *(np.broadcast_to(tint, each.shape) for each, tint in lines)])
    return Picture(
        shown.points[rows].astype(np.float32, copy=False),
        point_colours(shown, rows, shades[rows], tints),
        over,
        over_colours,
        ends.astype(np.float32),
        colours.astype(np.uint8),
        (*object_labels(shown), *part_labels(parts)),
    )


def shades_of(session: Session, shown: Shown, parts: Sequence[Part]) -> tuple[np.ndarray, np.ndarray]:
    """(N,) what each point belongs to: 0 = nothing, then objects, then parts; and the colour (M, 3) of each."""
    drawn = sorted(parts, key=lambda part: part.confidence)[-MAX_PARTS:]
    tints = np.array([PLAIN, *TINTS, *(colour_of(session, part) for part in drawn)], np.uint8)
    shades = np.zeros(len(shown.points), np.uint8)
    for thing in shown.objects:
        shades[thing.indices] = 1 + thing.id % len(TINTS)
    for shade, part in enumerate(drawn, FIRST_PART):
        shades[part.indices] = shade
    return shades, tints


def thinned(shown: Shown, shades: np.ndarray, most: int) -> np.ndarray:
    """Rows to draw: parts first, then objects, then the rest."""
    taken = np.flatnonzero(shades != 0)  # three times as fast as of the numbers
    in_part = shades[taken] >= FIRST_PART
    return worth_drawing(shown.points, (taken[in_part], taken[~in_part]), shades == 0, most)


def point_colours(shown: Shown, rows: np.ndarray, shades: np.ndarray, tints: np.ndarray) -> np.ndarray:
    """(N, 3) colours of thinned rows: parts in their query's colour, other points as seen, but paler."""
    colours = tints.take(shades, axis=0)
    if shown.colours is not None:
        first = np.count_nonzero(shades >= FIRST_PART)  # parts come first
        colours[first:] = muted(shown.colours[rows[first:]])
    return colours


def colour_of(session: Session, part: Part) -> np.ndarray:
    """The colour of a part's query, which stays the same when later queries come and go."""
    queries = session.queries
    return np.array(vivid(queries.index(part.query) if part.query in queries else len(queries)), np.uint8)


def marks(session: Session) -> tuple[np.ndarray, np.ndarray]:
    """The decomposition and the marks, over the cloud."""
    points, colours = [NO_POINTS], [NO_COLOURS]
    for cloud, labels in session.taken_apart:
        points.append(cloud[labels >= 0])
        colours.append(PALETTE[labels[labels >= 0] % len(PALETTE)])
    if session.marked is not None:
        region = session.marked.points[session.marked.mask]
        points.append(region)
        colours.append(np.broadcast_to(MARKED, region.shape))
    return np.concatenate(points).astype(np.float32), np.concatenate(colours).astype(np.uint8)


def part_lines(part: Part, colour: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Box, gripper and axis of motion as line segments (M, 2, 3), each with its colour."""
    lines = []
    if part.box is not None:
        lines.append((box_edges(part.box), SOFT))
    if part.grasp is not None:
        lines.append((gripper(part.grasp), colour))
    motion = getattr(part, "motion", None)
    if motion is not None and motion.moves:
        lines.append((arrow(motion.origin, motion.axis), colour))
    return lines


def box_edges(box: OrientedBox) -> np.ndarray:
    """(12, 2, 3)"""
    corners = box.centre + (_CORNERS * box.size) @ box.rotation.T
    return corners[_EDGES]


def gripper(grasp: Grasp) -> np.ndarray:
    """(4, 2, 3) a gripper: two fingers, the bar between them, and the wrist."""
    side, back = grasp.width / 2 * grasp.rotation[:, 0], -grasp.rotation[:, 2]
    left, right = grasp.position - side, grasp.position + side
    wrist = grasp.position + FINGER * back
    palm = (left + FINGER * back, right + FINGER * back)
    return np.array([(left, palm[0]), (right, palm[1]), palm, (wrist, wrist + PALM * back)])


def arrow(origin: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """(3, 2, 3) an axis with an arrow head."""
    tip = origin + AXIS * axis
    aside = np.cross(axis, np.eye(3)[np.abs(axis).argmin()])
    aside *= 0.15 * AXIS / np.linalg.norm(aside)
    back = tip - 0.2 * AXIS * axis
    return np.array([(origin - AXIS * axis, tip), (tip, back + aside), (tip, back - aside)])


def object_labels(shown: Shown) -> list[Label]:
    """The number of every object above it, with its name if known; those of its parts stand below their place."""
    labels = []
    for thing in shown.objects:
        points = shown.points[thin(thing.indices, LABEL_POINTS)].astype(float)
        height = points @ shown.up
        middle = points.mean(axis=0)
        top = middle + (height.max() - middle @ shown.up + 0.01) * shown.up
        labels.append(Label(thing.title, top, "bottom-center"))
    return labels


def part_labels(parts: Sequence[Part]) -> list[Label]:
    """One label for all parts at one place: two words for a handle would be written over each other."""
    labels: list[Label] = []
    for part in parts:
        motion = getattr(part, "motion", None)
        moves = f", {motion.kind}" if motion is not None and motion.moves else ""
        text = f"{part.query} {part.confidence:.2f}{moves}"
        near = SAME_PLACE * float(np.max(part.box.size)) if part.box is not None else 0.0
        same = [k for k, label in enumerate(labels) if np.linalg.norm(label.place - part.centroid) < near]
        if same:
            labels[same[0]] = replace(labels[same[0]], text=f"{labels[same[0]].text} · {text}")
        else:
            labels.append(Label(text, part.centroid))
    return labels
