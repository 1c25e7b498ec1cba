"""Rims: what a depth image lacks at objects and beside them, and what it hangs on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

STEEP_DEG = 72.0
BESIDE = 2  # pixels: as far off its object's mask a shadow may begin
LONGEST = 60  # pixels: what is wider is no shadow


@dataclass(frozen=True)
class Rim:
    """Of one object: measured points, the share of its pixels without any, steep ones, and its shadow in pixels."""

    points: int
    holes: float
    skirt: float
    shadow: float


def rim_of(depth: np.ndarray, mask: np.ndarray, focal: float) -> Rim:
    """How a depth image (H, W; not finite = nothing) shows the object of a mask."""
    seen = np.isfinite(depth) & mask
    points = int(np.count_nonzero(seen))
    steep = slope(np.where(mask, depth, np.inf), focal) > np.tan(np.radians(STEEP_DEG))
    return Rim(
        points,
        1.0 - points / max(int(np.count_nonzero(mask)), 1),
        float(steep[seen].mean()) if points else np.nan,
        float(np.fmax(shadow_width(depth, mask), shadow_width(depth[:, ::-1], mask[:, ::-1]))),
    )


def slope(depth: np.ndarray, focal: float) -> np.ndarray:
    """(H, W) how steeply depth runs on from pixel to pixel: the tangent to a surface that faces the camera."""
    steepest = np.zeros(depth.shape)
    with np.errstate(invalid="ignore"):
        for axis in (0, 1):
            step = np.diff(np.where(np.isfinite(depth), depth, np.nan), axis=axis)
            before = np.insert(step, 0, np.nan, axis=axis)
            after = np.insert(step, step.shape[axis], np.nan, axis=axis)
            both = np.where(np.isnan(before), after, np.where(np.isnan(after), before, (before + after) / 2))
            steepest = np.fmax(steepest, np.abs(both) * focal / depth)
    return steepest


def shadow_width(depth: np.ndarray, mask: np.ndarray) -> float:
    """Pixels without depth to the left of a mask, in the middle of its rows' widths."""
    widths = []
    for row in np.flatnonzero(mask.any(axis=1)):
        first = int(np.argmax(mask[row]))
        lost = ~np.isfinite(depth[row, max(first - LONGEST, 0) : first + BESIDE])[::-1]
        begin = int(np.argmax(lost[: 2 * BESIDE])) if lost[: 2 * BESIDE].any() else len(lost)
        run = lost[begin:]
        width = len(run) if run.all() else int(np.argmin(run))
        if width < min(first, LONGEST - BESIDE):  # else it runs into the image's border
            widths.append(width)
    return float(np.median(widths)) if widths else np.nan
