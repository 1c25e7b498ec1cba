"""Sensors: compare the depth errors of simulated sensors with each other and with those of real captures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.evaluation.depth_errors import LAGS, FlatNoise, Rim, flat_noise, rim_of
from part_perception.simulation.capture import GROUND, VGA, Capture, capture
from part_perception.simulation.scenes import Scene, draw_scene
from part_perception.simulation.sensors import SENSORS
from part_perception.terminal import counted

STANDARD_SCENES = 6
MIN_OBJECT_PIXELS = 300  # per object
SAME_AS = ("stereo", "structured light")  # aliases of other presets


@dataclass(frozen=True)
class Look:
    """Measurements of a sensor from one depth image."""

    sensor: str
    noise: FlatNoise | None
    holes: float
    rims: tuple[Rim, ...]


def compare_sensors(folder: Path | None, seed: int = 0) -> dict:
    """One row of medians per simulated preset, and per sensor in a folder of captures."""
    presets = [name for name in SENSORS if name not in SAME_AS]
    rows = {f"simulated {name}": row(looks_of(name, seed)) for name in counted(presets, "sensors")}
    if folder:
        by_sensor: dict[str, list[Look]] = {}
        for look in map(captured_look, captures_in(folder)):
            by_sensor.setdefault(look.sensor, []).append(look)
        rows |= {name: row(looks) for name, looks in sorted(by_sensor.items())}
    return rows


def looks_of(sensor: str, seed: int) -> Iterator[Look]:
    """Yield the standard scenes as seen by a preset."""
    for number in range(STANDARD_SCENES):
        scene, true = standard_scene(seed + number)
        rng = np.random.default_rng([seed, number])
        shot = capture(scene.things, scene.poses[0], rng, scene.stage, VGA, SENSORS[sensor])
        masks = [true.label == k for k in range(len(scene.things))]
        yield look_at_image(sensor, depth_of(shot.points), VGA.focal, masks, true.label < GROUND)


@lru_cache(STANDARD_SCENES)
def standard_scene(seed: int) -> tuple[Scene, Capture]:
    """Scattered things, and the view of a perfect camera."""
    scene = draw_scene(np.random.default_rng(seed), "scattered")
    return scene, capture(scene.things, scene.poses[0], None, scene.stage)


def captures_in(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.npz"))
    if not files:
        raise InputError(f"there is no .npz file in {folder}")
    return files


def captured_look(path: Path) -> Look:
    """Read a capture file: points (H, W, 3), the sensor's name if known, and object masks."""
    with np.load(path, allow_pickle=False) as file:
        points = np.asarray(file["points"], float)
        if points.ndim != 3:
            raise InputError(f"{path} is not an image of points (H, W, 3), so its sensor cannot be examined")
        entries = json.loads(str(file["queries"])) if "queries" in file.files else {}
        masks = [file[name] > 0 for name in {e["mask"]: e for e in entries.values() if not e["is_part"]}]
        sensor = str(file["sensor"]) if "sensor" in file.files else "of unknown sensor"
    known = np.any(masks, axis=0) if masks else np.zeros(points.shape[:2], bool)
    depth = depth_of(points)
    return look_at_image(sensor.split(",")[0], depth, focal_of(points, depth), masks, known)


def look_at_image(
    sensor: str, depth: np.ndarray, focal: float, masks: Iterable[np.ndarray], not_flat: np.ndarray
) -> Look:
    whole = [filled(mask) for mask in masks if np.count_nonzero(mask) >= MIN_OBJECT_PIXELS]
    rims = tuple(rim_of(depth, mask, focal) for mask in whole)
    return Look(sensor, flat_noise(depth, not_flat), float(1 - np.isfinite(depth).mean()), rims)


def filled(mask: np.ndarray) -> np.ndarray:
    """The mask with its holes from missing depth filled."""
    from scipy.ndimage import binary_closing, binary_fill_holes

    return binary_fill_holes(binary_closing(np.pad(mask, 4), iterations=3))[4:-4, 4:-4]


def depth_of(points: np.ndarray) -> np.ndarray:
    """(H, W) depth, infinite where not measured."""
    depth = np.asarray(points[..., 2], float)
    return np.where(np.isfinite(depth) & (depth > 0), depth, np.inf)


def focal_of(points: np.ndarray, depth: np.ndarray) -> float:
    """The focal length in pixels, from the angle between neighbouring pixels."""
    with np.errstate(invalid="ignore"):
        aside = np.where(np.isfinite(depth), points[..., 0] / depth, np.nan)
        apart = np.diff(aside, axis=1)
    return float(1 / np.median(apart[np.isfinite(apart)])) if np.isfinite(apart).any() else VGA.focal


def row(looks: Iterable[Look]) -> dict[str, float]:
    """Medians over images for noise and holes, and over objects for the rest."""
    looks = list(looks)
    noise = [look.noise for look in looks if look.noise]
    rims = [rim for look in looks for rim in look.rims]
    figures: dict[str, float] = {"images": len(looks), "objects": len(rims)}
    figures |= {
        f"{name}_mm": 1e3 * median(getattr(n, name) for n in noise) for name in ("grain", "lumps", "waves")
    }
    figures |= {f"alike_{lag}_px": median(n.alike[k] for n in noise) for k, lag in enumerate(LAGS)}
    figures |= {"step_mm": 1e3 * median(n.step for n in noise), "holes": median(look.holes for look in looks)}
    figures |= {"holes_at_objects": median(rim.holes for rim in rims)}
    figures |= {"shadow_px": median(rim.shadow for rim in rims), "points": median(rim.points for rim in rims)}
    return figures | {"skirts": float(np.nanmean([r.skirt for r in rims])) if rims else float("nan")}


def median(values: Iterable[float]) -> float:
    known = np.array(list(values), float)
    known = known[np.isfinite(known)]
    return float(np.median(known)) if len(known) else float("nan")
