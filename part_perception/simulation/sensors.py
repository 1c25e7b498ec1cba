"""Sensors: error models of depth cameras, shared by training views and simulated scenes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from part_perception.jit import compiled

MIXED = -2  # the label of a pixel that measured something between two surfaces: it belongs to neither
FAR = 12.0  # metres: how far away "nothing" is when depth is blurred across an edge
# Metres, growing with the square of distance beyond one metre; pixels with larger errors are MIXED.
TRUE_WITHIN = 0.008
VGA_FOCAL = 575.0  # pixels: the focal length at which lengths in pixels are given


@dataclass(frozen=True)
class Sensor:
    """A type of depth camera. Errors are in metres at a distance of one metre and grow with distance squared.

    Depth is blurred across edges (`blur_px`) after the nearer surface has grown (`grow_px`). The error of a
    pixel is the sum of grain, lumps and waves: noise that varies over `grain_px`, `lump_px` and `wave_px`
    pixels. `floor` is grain that does not depend on distance. `step` is the disparity step. A second
    viewpoint `baseline` metres to the side casts shadows; the share `filled` of them is interpolated.
    `edge_loss` is the share of blurred edges that is lost, `holes` the share of the image lost in blotches of
    `hole_px`. Surfaces seen at angles steeper than `grazing_deg` are lost as well.
    """

    blur_px: float
    grow_px: int
    grain: float
    grain_px: float
    lumps: float
    lump_px: float
    waves: float
    wave_px: float
    floor: float
    step: float
    baseline: float
    filled: float
    edge_loss: float
    holes: float
    hole_px: float
    grazing_deg: float
    max_range: float

    def at_focal(self, focal: float) -> Sensor:
        """Return the same camera at another resolution: lengths in pixels scale with the focal length."""
        k = focal / VGA_FOCAL
        return replace(
            self, blur_px=self.blur_px * k, grow_px=round(self.grow_px * k), grain_px=self.grain_px * k,
            lump_px=self.lump_px * k, wave_px=self.wave_px * k, hole_px=self.hole_px * k,
        )  # fmt: skip


def _sensor(blur, grow, grain, lumps, waves, step, baseline, filled, loss, holes, hole_px=9.0, grain_px=0.7,
            floor=0.0, grazing=82.0, reach=4.0, lump_px=7.0, wave_px=36.0) -> Sensor:  # fmt: skip
    """Build a sensor from errors in millimetres, as in the table of measured sensors."""
    mm = 1e-3
    return Sensor(
        blur, grow, grain * mm, grain_px, lumps * mm, lump_px, waves * mm, wave_px, floor * mm, step * mm,
        baseline, filled, loss, holes, hole_px, grazing, reach,
    )  # fmt: skip


# Fitted so that relief, noise, shadows and holes in `eval --sensors` match real captures of each type.
SENSORS = {
    "perfect": _sensor(0.0, 0, 0, 0, 0, 0, 0.0, 1, 0, 0, grazing=90),
    "primesense": _sensor(1.0, 0, 0.06, 0.35, 0.43, 0.0, 0.0, 1.0, 0.0, 0.0),
    "xtion": _sensor(1.6, 1, 0.6, 1.6, 1.6, 1.2, 0.075, 0.15, 0.35, 0.10),
    "kinect v1": _sensor(1.2, 1, 1.2, 1.3, 2.6, 3.0, 0.075, 0.3, 0.35, 0.15),
    "structure": _sensor(1.5, 1, 0.8, 1.4, 2.0, 3.0, 0.065, 0.2, 0.3, 0.12),
    "realsense": _sensor(2.2, 1, 1.2, 4.0, 4.2, 1.6, 0.055, 0.1, 0.4, 0.12, grain_px=1.0),
    "realsense filtered": _sensor(2.6, 1, 0.5, 2.2, 3.2, 0.8, 0.055, 0.5, 0.2, 0.06, grain_px=1.2),
    "realsense small": _sensor(2.0, 0, 2.2, 5.0, 4.8, 2.0, 0.055, 0.8, 0.1, 0.02, grain_px=1.0),
    "sr300": _sensor(1.8, 0, 0.9, 3.4, 6.0, 0.8, 0.03, 0.4, 0.3, 0.06, grain_px=1.0, reach=2.0),
    "time of flight": _sensor(1.4, 0, 1.8, 3.6, 8.0, 0.0, 0.0, 1.0, 0.45, 0.04, floor=1.0),
    "structured light scanner": _sensor(1.0, 0, 0.2, 1.8, 2.8, 0.0, 0.12, 0.0, 0.5, 0.10, grazing=70),
}
SENSORS |= {"stereo": SENSORS["realsense filtered"], "structured light": SENSORS["kinect v1"]}
_DRAWN = [name for name in SENSORS if name not in ("perfect", "stereo", "structured light")]
_PERFECT_SHARE = 0.15


def random_sensor(rng: np.random.Generator) -> Sensor:
    """Draw a sensor similar to a known type, with every property varied; some measure without error."""
    if rng.random() < _PERFECT_SHARE:
        return SENSORS["perfect"]
    known = SENSORS[_DRAWN[rng.integers(len(_DRAWN))]]

    def vary(value: float, spread: float = 0.4) -> float:
        return float(value * np.exp(rng.normal(0, spread)))

    return replace(
        known,
        blur_px=float(np.clip(vary(known.blur_px), 0.5, 3.5)),
        grow_px=int(rng.integers(0, known.grow_px + 2)),
        grain=vary(known.grain), lumps=vary(known.lumps), waves=vary(known.waves), step=vary(known.step),
        lump_px=rng.uniform(4, 12), wave_px=rng.uniform(20, 70), grain_px=vary(known.grain_px, 0.3),
        floor=vary(known.floor), filled=float(rng.random() if rng.random() < 0.5 else known.filled),
        edge_loss=float(rng.uniform(0, 0.7)), holes=float(known.holes * rng.choice([0.1, rng.uniform(0, 1.5)])),
        hole_px=rng.uniform(4, 20), grazing_deg=float(rng.uniform(68, 88)),
    )  # fmt: skip


def measured(
    depth: np.ndarray, label: np.ndarray, sensor: Sensor, rng: np.random.Generator, focal: float = VGA_FOCAL
) -> tuple[np.ndarray, np.ndarray]:
    """Turn true depth and label (H, W) into what the sensor reports; infinite depth means nothing there."""
    sensor = sensor.at_focal(focal)
    nearness = 1.0 / np.minimum(depth, FAR)
    seen = blurred(nearness, sensor)
    off = np.abs(1.0 / seen - 1.0 / nearness)
    mixed = off > TRUE_WITHIN * np.maximum(1.0, 1.0 / nearness**2)
    seen = _with_errors(seen, sensor, rng)
    lost = _lost(nearness, mixed, sensor, rng, focal) | (seen * sensor.max_range < 1.0)
    if sensor.max_range >= FAR / 2:  # without a range limit, empty pixels stay empty
        lost |= ~np.isfinite(depth) & ~mixed
    return np.where(lost, np.inf, 1.0 / seen), np.where(mixed, MIXED, label)


def blurred(nearness: np.ndarray, sensor: Sensor) -> np.ndarray:
    """Blur edges as window matching does: the nearer surface grows, then the two blend into each other."""
    from scipy.ndimage import gaussian_filter, maximum_filter

    if sensor.grow_px:
        nearness = maximum_filter(nearness, 2 * sensor.grow_px + 1)
    return gaussian_filter(nearness, sensor.blur_px, truncate=2.5) if sensor.blur_px > 0.1 else nearness


def _with_errors(nearness: np.ndarray, sensor: Sensor, rng: np.random.Generator) -> np.ndarray:
    """Add three scales of noise and disparity steps to 1 / z; as in triangulation, errors grow with z²."""
    shape = nearness.shape
    error = np.zeros(shape)
    for size, pitch in ((sensor.lumps, sensor.lump_px), (sensor.waves, sensor.wave_px)):
        if size:
            error += size * smooth_noise(shape, pitch, rng)
    if sensor.step:
        error = np.round((nearness + error) / sensor.step) * sensor.step - nearness
    if sensor.grain or sensor.floor:
        grain = smooth_noise(shape, sensor.grain_px, rng) if sensor.grain_px > 1 else rng.normal(size=shape)
        error += (sensor.grain + sensor.floor * nearness**2) * grain
    return np.maximum(nearness + error, 1e-3)


def _lost(
    nearness: np.ndarray, mixed: np.ndarray, sensor: Sensor, rng: np.random.Generator, focal: float
) -> np.ndarray:
    """Return which pixels have no measurement: shadows, edges, blotches, and surfaces seen edge-on."""
    shape = nearness.shape
    blotches = smooth_noise(shape, max(sensor.hole_px, 1.0), rng)
    lost = np.zeros(shape, bool)
    if sensor.holes:
        lost |= blotches > np.quantile(blotches, 1 - min(sensor.holes, 0.9))
    patchy = smooth_noise(shape, 4.0, rng)
    if sensor.edge_loss:
        lost |= mixed & (patchy > _above(1 - sensor.edge_loss))
    if sensor.baseline and sensor.filled < 1:
        hidden = shadows(np.ascontiguousarray(nearness), focal * sensor.baseline)
        lost |= hidden & (patchy > _above(sensor.filled))
    if sensor.grazing_deg < 90:
        depth = 1.0 / nearness
        rows, columns = np.gradient(depth)
        slope = np.hypot(rows, columns) * focal / depth
        lost |= ~mixed & (slope > np.tan(np.radians(sensor.grazing_deg))) & (blotches > -0.5)
    return lost


def _above(share: float) -> float:
    """Return the value below which the given share of smooth noise lies."""
    from scipy.special import ndtri

    return float(ndtri(np.clip(share, 1e-6, 1 - 1e-6)))


def smooth_noise(shape: tuple[int, int], pitch: float, rng: np.random.Generator) -> np.ndarray:
    """(H, W) noise with a standard deviation of about 1, linear between knots `pitch` pixels apart."""
    pitch = max(pitch, 1.0)
    rows, columns = int(shape[0] / pitch) + 3, int(shape[1] / pitch) + 3
    out = np.empty(shape)
    interpolate(rng.normal(0, 1.5, (rows, columns)), 1.0 / pitch, rng.random(), rng.random(), out)
    return out


@compiled("void(f8[:,::1], f8, f8, f8, f8[:,::1])")
def interpolate(knots, per_pixel, row_shift, column_shift, out):
    """Interpolate linearly along rows and columns from knots to every pixel."""
    for row in range(out.shape[0]):
        y = row * per_pixel + row_shift
        i = int(y)
        v = y - i
        for column in range(out.shape[1]):
            x = column * per_pixel + column_shift
            j = int(x)
            u = x - j
            top = knots[i, j] * (1 - u) + knots[i, j + 1] * u
            out[row, column] = top * (1 - v) + (knots[i + 1, j] * (1 - u) + knots[i + 1, j + 1] * u) * v


@compiled("b1[:,::1](f8[:,::1], f8)")
def shadows(nearness, focal_baseline):
    """Return which pixels are occluded by something nearer when seen from a second viewpoint to the right."""
    height, width = nearness.shape
    hidden = np.zeros((height, width), np.bool_)
    for row in range(height):
        covered = np.inf  # the leftmost column of the second image that is already taken
        for column in range(width - 1, -1, -1):
            there = column - focal_baseline * nearness[row, column]
            if there >= covered - 0.5:
                hidden[row, column] = there > covered + 0.5
            covered = min(covered, there)
    return hidden
