"""Pictures of answers: a softly lit cloud with each part in its colour, with name, box and gripper.

A legend beside the picture explains the colours and shows confidences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.pictures.camera import Camera
from part_perception.pictures.overlay import (
    INK,
    SOFT,
    Colour,
    Overlay,
    box_corners,
    gripper_strokes,
    motion_strokes,
    shortened,
)
from part_perception.pictures.palette import PLAIN, TINTS, muted, vivid
from part_perception.pictures.rendering import natural, render
from part_perception.types import Answer, Part

WIDTH = 260
_TITLE, _NAME, _DETAIL = 21, 18, 14


@dataclass(frozen=True)
class Row:
    """One entry of the legend; no colour means not found."""

    name: str
    detail: str
    colour: Colour | None


def with_legend(picture: np.ndarray, title: str, rows: list[Row]) -> np.ndarray:
    """The picture with a legend on its right."""
    overlay = Overlay(np.pad(picture, ((0, 0), (0, WIDTH), (0, 0)), constant_values=255))
    left, y = overlay.picture.width - WIDTH + 10, 44.0
    overlay.text(left, y, shortened(title, _TITLE, WIDTH - 30), _TITLE, INK)
    y += 44
    shown = rows if len(rows) <= 12 else rows[:11]
    for row in shown:
        overlay.disc(left + 8, y, 8, row.colour, rim=SOFT)
        name = shortened(row.name, _NAME, WIDTH - 60)
        overlay.text(left + 28, y, name, _NAME, SOFT if row.colour is None else INK)
        overlay.text(left + 28, y + 21, shortened(row.detail, _DETAIL, WIDTH - 50), _DETAIL, SOFT)
        y += 52
    if len(shown) < len(rows):
        overlay.text(left + 28, y, f"and {len(rows) - len(shown)} more", _DETAIL, SOFT)
    return overlay.finished()


SIZE = (1200, 720)
UP = (0.0, 0.0, 1.0)


def picture_of_answer(
    points: np.ndarray, answer: Answer, up=UP, colours: np.ndarray | None = None, size: tuple[int, int] = SIZE
) -> np.ndarray:
    """Draw one object and the answers to its queries."""
    parts = [p for group in (answer.instances or [[p] for p in answer.parts]) for p in group if p.found]
    missing = [p for p in answer.parts if not p.found]
    points = _flat(points)
    labels = np.full(len(points), -1)
    for part in parts:
        labels[part.indices] = answer.queries.index(part.query)
    camera = _whole_view(points, labels, up, size, _drawn(parts))
    return _picture(points, _base(points, colours), [*parts, *missing], answer.queries, camera)


def picture_of_frame(
    frame, parts: Sequence[Part], colours: np.ndarray | None = None, size: tuple[int, int] = SIZE
) -> np.ndarray:
    """Draw a whole scene: objects tinted, parts in full colour, seen from the sensor."""
    points = _flat(frame.cloud)
    base = _base(points, colours)
    if colours is None:
        for k, thing in enumerate(frame.objects):
            base[thing.indices] = TINTS[k % len(TINTS)]
    objects = [_there(thing.points) for thing in frame.objects] or [_there(points)]
    focus = np.concatenate([*objects, _drawn(parts)])
    low, high = focus.min(axis=0), focus.max(axis=0)
    room = 0.15 * (high - low).max()
    around = points[((points > low - room) & (points < high + room)).all(axis=1)]
    up = UP if frame.up is None else frame.up
    camera = natural(focus, (size[0] - WIDTH, size[1]), up).framing(np.concatenate([focus, around]))
    queries = tuple(dict.fromkeys(p.query for p in parts))
    return _picture(points, base, list(parts), queries, camera)


def picture_of_labels(
    points: np.ndarray, labels: np.ndarray, names: Sequence[str], up=UP, title: str = "parts", size=SIZE
) -> np.ndarray:
    """Draw a cloud with a label per point; -1 = none."""
    points, base = _flat(points), _base(_flat(points), None)
    rows = []
    for k, name in enumerate(names):
        mask = labels == k
        base[mask] = vivid(k)
        if mask.any():
            rows.append(Row(name, f"{mask.sum()} points", vivid(k)))
    camera = _whole_view(points, labels, up, size)
    return with_legend(_render(points, base, camera), title, rows)


def picture_of_cloud(points: np.ndarray, colours: np.ndarray | None = None, up=UP, size=SIZE) -> np.ndarray:
    """Draw the cloud as it is."""
    points = _flat(points)
    colours = _base(points, None) if colours is None else colours.reshape(-1, 3)
    return _render(points, colours, natural(_there(points), size, up))


def _picture(points, base, parts: list[Part], queries: Sequence[str], camera: Camera) -> np.ndarray:
    found = [p for p in parts if p.found]
    colour_of = {query: vivid(k) for k, query in enumerate(queries)}
    for part in sorted(found, key=lambda p: p.confidence):
        base[part.indices] = colour_of[part.query]
    overlay = Overlay(_render(points, base, camera), camera)
    for part in found:
        if part.box is not None and len(found) <= 6:
            overlay.box(part.box, colour_of[part.query])
    for part in found:
        if part.grasp is not None:
            overlay.gripper(part.grasp, colour_of[part.query])
    for part in found:
        if part.motion.moves and part.box is not None:
            overlay.motion(part.motion, part.box, colour_of[part.query])
    for part in sorted(found, key=lambda p: -p.confidence)[:10]:
        overlay.tag(
            np.asarray(part.centroid), f"{part.query[:24]} {part.confidence:.2f}", colour_of[part.query]
        )
    rows = [_row(query, parts, colour_of[query]) for query in queries]
    return with_legend(overlay.finished(), "where is the …", rows)


def _row(query: str, parts: list[Part], colour) -> Row:
    of_query = [p for p in parts if p.query == query]
    found = [p for p in of_query if p.found]
    best = max(found or of_query, key=lambda p: p.confidence, default=None)
    if not found or best is None:
        return Row(query, "not there" if best is None else f"not there ({best.confidence:.2f})", None)
    facts = [f"{best.confidence:.2f}"]
    if len(found) > 1:
        facts.append(f"{len(found)} found")
    facts.append(f"opens {1000 * best.grasp.width:.0f} mm" if best.grasp else f"{len(best.indices)} points")
    if best.motion.moves:
        facts.append(best.motion.kind)
    return Row(query, " · ".join(facts), colour)


def _flat(cloud: np.ndarray) -> np.ndarray:
    return np.asarray(cloud)[..., :3].reshape(-1, 3)


def _present(points: np.ndarray) -> np.ndarray:
    """Rows with a measured point: finite, and not the zeros that some cameras give for no return."""
    return np.isfinite(points).all(axis=1) & (points != 0).any(axis=1)


def _base(points: np.ndarray, colours: np.ndarray | None) -> np.ndarray:
    return np.tile(PLAIN, (len(points), 1)) if colours is None else muted(np.asarray(colours).reshape(-1, 3))


def _there(points: np.ndarray) -> np.ndarray:
    return points[_present(points)]


def _drawn(parts: Sequence[Part]) -> np.ndarray:
    """Points of everything drawn around parts, so that none of it is cut off."""
    boxes = [box_corners(p.box) for p in parts if p.found and p.box is not None]
    grippers = [np.concatenate(gripper_strokes(p.grasp)) for p in parts if p.found and p.grasp is not None]
    ways = [
        np.concatenate(motion_strokes(p.motion, p.box))
        for p in parts
        if p.found and p.box is not None and p.motion.moves
    ]
    return np.concatenate([np.zeros((0, 3)), *boxes, *grippers, *ways])


def _whole_view(points: np.ndarray, labels: np.ndarray, up, size: tuple[int, int], drawn=()) -> Camera:
    """A view of everything, from where the labels are best visible."""
    present = _present(points)
    camera = natural(points[present], (size[0] - WIDTH, size[1]), up, labels[present])
    return camera.framing(np.concatenate([points[present], np.reshape(drawn, (-1, 3))]))


def _render(points: np.ndarray, colours: np.ndarray, camera: Camera) -> np.ndarray:
    present = _present(points)
    return render(points[present], colours[present], camera)
