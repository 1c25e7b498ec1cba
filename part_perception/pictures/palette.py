"""Colours: one per label, and soft ones for unlabelled points."""

from __future__ import annotations

import numpy as np

PALETTE = np.array(
    [(31, 119, 180), (255, 127, 14), (44, 160, 44), (214, 39, 40), (148, 103, 189), (140, 86, 75), (227, 119, 194),
     (188, 189, 34), (23, 190, 207), (255, 187, 120), (152, 223, 138), (174, 199, 232), (255, 152, 150),
     (197, 176, 213), (219, 219, 141), (158, 218, 229)],
    np.uint8,
)  # fmt: skip
GREY = np.array((190, 190, 190), np.uint8)
# For parts in a scene: vivid, well separated, and unlike a table.
VIVID = np.array(
    [(238, 90, 36), (0, 148, 168), (116, 76, 190), (56, 158, 62), (214, 40, 110), (222, 164, 0), (30, 96, 190),
     (140, 82, 48)],
    np.uint8,
)  # fmt: skip
PLAIN = np.array((216, 217, 221), np.uint8)
TINTS = np.array(
    [(176, 196, 214), (214, 200, 172), (184, 206, 184), (208, 184, 200), (190, 188, 216), (204, 204, 176)],
    np.uint8,
)


def colours_of(labels: np.ndarray) -> np.ndarray:
    """A colour for every label; -1 is grey."""
    return np.where((labels < 0)[:, None], GREY, PALETTE[labels % len(PALETTE)])


def vivid(index: int) -> tuple[int, int, int]:
    """The colour of the n-th query."""
    red, green, blue = VIVID[index % len(VIVID)].tolist()
    return red, green, blue


def muted(colours: np.ndarray) -> np.ndarray:
    """Original colours made paler, so that marked parts stand out."""
    weights = 0.42 * (0.45 * np.eye(3, dtype=np.float32) + np.float32(0.55 / 3))
    return (colours.astype(np.float32) @ weights + np.float32(0.58 * 225)).astype(np.uint8)
