"""Legend: a column beside the picture that explains the colours and shows confidences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.pictures.overlay import INK, SOFT, Colour, Overlay, shortened

WIDTH = 260
_TITLE, _NAME, _DETAIL = 21, 18, 14


@dataclass(frozen=True)
class Row:
    """One entry; without a colour, it was not found."""

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
