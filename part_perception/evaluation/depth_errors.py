"""Depth errors: noise of a depth image on its largest flat surface, and missing depth at and beside objects.

Across the pixels of a plane, 1 / z is linear at any tilt, so the residual of a linear fit is the error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FLAT_WITHIN = 0.02  # 1 / metres: pixels farther off are not on the plane
TRIES = 300
MIN_FLAT_PIXELS = 3000
GRAIN_SIGMA, WAVE_SIGMA = 1.7, 10.6  # pixels: Gaussians that bracket relief 3 to 15 pixels wide
WINDOW = 48  # pixels: window in which neighbouring errors are compared
LAGS = (1, 3, 6)
STEP_WINDOW = 16  # pixels: in larger windows, 1 / z spans too many steps to measure them
STEPS = np.geomspace(0.0003, 0.006, 600)  # 1 / metres: candidate disparity steps
CLEAR = 0.6  # resultant length (0 to 1) of values as phases of a step: 1 = all at multiples


@dataclass(frozen=True)
class FlatNoise:
    """Error sizes in metres at one metre, correlation of errors at LAGS pixels, and the disparity step."""

    grain: float
    lumps: float
    waves: float
    alike: tuple[float, ...]
    step: float


def flat_noise(depth: np.ndarray, skip: np.ndarray) -> FlatNoise | None:
    """Noise of a depth image (H, W; not finite = no depth) outside `skip`; None without a large plane."""
    usable = np.isfinite(depth) & ~skip
    nearness = np.where(usable, 1.0 / np.where(usable, depth, 1.0), np.nan)
    flat, error = largest_plane(nearness)
    if np.count_nonzero(flat) < MIN_FLAT_PIXELS:
        return None
    grain, lumps, waves = bands(error, flat)
    windows = list(flat_windows(flat))
    alike = [likeness(error[w], flat[w]) for w in windows]
    steps = [disparity_step(nearness[w][:STEP_WINDOW, :STEP_WINDOW]) for w in windows]
    return FlatNoise(
        grain, lumps, waves,
        tuple(float(np.median(each)) for each in zip(*alike, strict=True)) if alike else (np.nan,) * len(LAGS),
        float(np.median(steps)) if steps else np.nan,
    )  # fmt: skip


def largest_plane(nearness: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(H, W) mask of the pixels on the largest plane, and the error of each."""
    from scipy.ndimage import binary_opening

    rng = np.random.default_rng(0)
    rows, columns = np.nonzero(np.isfinite(nearness))
    if len(rows) < MIN_FLAT_PIXELS:
        return np.zeros(nearness.shape, bool), np.zeros(nearness.shape)
    some = rng.integers(len(rows), size=4000)
    at, value = straight(rows[some], columns[some]), nearness[rows[some], columns[some]]
    best, most = np.zeros(3), -1
    for _ in range(TRIES):
        three = rng.integers(len(some), size=3)
        if np.linalg.matrix_rank(at[three]) < 3:
            continue
        plane = np.linalg.solve(at[three], value[three])
        near = int((np.abs(at @ plane - value) < FLAT_WITHIN).sum())
        if near > most:
            best, most = plane, near
    everywhere = straight(*np.indices(nearness.shape).reshape(2, -1))
    for _ in range(3):
        error = nearness - (everywhere @ best).reshape(nearness.shape)
        flat = np.abs(error) < FLAT_WITHIN
        chosen = flat.ravel()
        best = np.linalg.lstsq(everywhere[chosen], nearness.ravel()[chosen], rcond=None)[0]
    return binary_opening(flat, iterations=2), error


def straight(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """(N, 3) basis of a plane's 1 / z: row, column and 1."""
    return np.stack([rows, columns, np.ones(len(rows))], axis=1)


def bands(error: np.ndarray, flat: np.ndarray) -> tuple[float, float, float]:
    """Error sizes by scale: grain, lumps and waves."""
    finer, coarser = (smoothed(error, flat, sigma) for sigma in (GRAIN_SIGMA, WAVE_SIGMA))
    return spread((error - finer)[flat]), spread((finer - coarser)[flat]), spread(coarser[flat])


def smoothed(values: np.ndarray, where: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian mean around each pixel over the pixels in `where`."""
    from scipy.ndimage import gaussian_filter

    total = gaussian_filter(np.where(where, values, 0.0), sigma)
    return total / np.maximum(gaussian_filter(where.astype(float), sigma), 1e-6)


def spread(values: np.ndarray) -> float:
    """Standard deviation, robust to a few outliers."""
    return float(np.ptp(np.quantile(values, (0.16, 0.84))) / 2)


def flat_windows(flat: np.ndarray):
    """Yield the slices of windows that lie on the plane."""
    for row in range(0, flat.shape[0] - WINDOW + 1, WINDOW):
        for column in range(0, flat.shape[1] - WINDOW + 1, WINDOW):
            window = slice(row, row + WINDOW), slice(column, column + WINDOW)
            if flat[window].mean() > 0.9:
                yield window


def likeness(error: np.ndarray, flat: np.ndarray) -> tuple[float, ...]:
    """Correlation of errors LAGS pixels apart in a row, after a linear fit over the window."""
    at = straight(*np.nonzero(flat))
    values = np.full(error.shape, np.nan)
    values[flat] = error[flat] - at @ np.linalg.lstsq(at, error[flat], rcond=None)[0]
    variance = max(float(np.nanmean(values**2)), 1e-18)
    return tuple(float(np.nanmean(values[:, lag:] * values[:, :-lag])) / variance for lag in LAGS)


def disparity_step(values: np.ndarray) -> float:
    """Quantisation step of the values; 0 if there is none."""
    values = values[np.isfinite(values)] - np.nanmin(values)
    held = np.abs(np.exp(2j * np.pi * values / STEPS[:, None]).mean(axis=1))
    held[np.ptp(values) < 4 * STEPS] = 0
    clear = held > max(CLEAR, 0.85 * held.max())  # at the step and its fractions
    if not clear.any():
        return 0.0
    last = int(np.flatnonzero(clear)[-1])
    first = last - int(np.argmin(clear[last::-1])) + 1 if not clear[: last + 1].all() else 0
    return float(STEPS[first + int(np.argmax(held[first : last + 1]))])


STEEP_DEG = 72.0
BESIDE = 2  # pixels: greatest distance between a mask and its shadow
MAX_SHADOW = 60  # pixels: anything wider is not a shadow


@dataclass(frozen=True)
class Rim:
    """One object: measured points, shares of holes and of steep points, and shadow width in pixels."""

    points: int
    holes: float
    skirt: float
    shadow: float


def rim_of(depth: np.ndarray, mask: np.ndarray, focal: float) -> Rim:
    """Rim of a mask's object in a depth image (H, W; not finite = no depth)."""
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
    """(H, W) slope of depth from pixel to pixel: the tangent of the angle to a surface facing the camera."""
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
    """Median width over rows of the missing depth to the left of a mask, in pixels."""
    widths = []
    for row in np.flatnonzero(mask.any(axis=1)):
        first = int(np.argmax(mask[row]))
        lost = ~np.isfinite(depth[row, max(first - MAX_SHADOW, 0) : first + BESIDE])[::-1]
        begin = int(np.argmax(lost[: 2 * BESIDE])) if lost[: 2 * BESIDE].any() else len(lost)
        run = lost[begin:]
        width = len(run) if run.all() else int(np.argmin(run))
        if width < min(first, MAX_SHADOW - BESIDE):  # otherwise it reaches the image border
            widths.append(width)
    return float(np.median(widths)) if widths else np.nan
