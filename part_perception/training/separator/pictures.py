"""Pictures of simulated scenes for the separator: depth, each pixel's owner, and the true support."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from part_perception.simulation.capture import GROUND, Camera
from part_perception.simulation.scenes import COUNTER, LAYOUTS, ROOM, draw_scene, photograph
from part_perception.simulation.sensors import MIXED
from part_perception.storage import replacing

CAMERA = Camera(320, 240, 287.5)
VIEWS = 5  # of each scene
NOTHING, BACKGROUND, SKIRT = 255, 254, 253  # what a pixel shows, if not an object; objects are 0, 1, ...
CHANCES = {**dict.fromkeys(LAYOUTS, 0.6 / len(LAYOUTS)), COUNTER: 0.22, ROOM: 0.18}


@dataclass(frozen=True)
class Pictures:
    """N pictures: depth (N, H, W) float16, 0 = nothing; whose (N, H, W) uint8; support plane (N, 4), camera frame."""

    depth: np.ndarray
    whose: np.ndarray
    plane: np.ndarray
    focal: np.ndarray


def make(seed: int) -> Pictures:
    """The pictures of one random scene."""
    rng = np.random.default_rng([4_000_037, seed])
    layout = list(CHANCES)[rng.choice(len(CHANCES), p=list(CHANCES.values()))]
    scene = draw_scene(rng, layout, VIEWS)
    depths, labels, planes, focals = [], [], [], []
    for number, pose in enumerate(scene.poses):
        camera = Camera(CAMERA.width, CAMERA.height, CAMERA.focal * float(rng.uniform(0.75, 1.15)))
        shot = photograph(scene, number, rng, camera)
        label = shot.label
        whose = np.where(label >= GROUND, BACKGROUND, np.where(label >= 0, label, NOTHING))
        whose[label == MIXED] = SKIRT
        depths.append(np.nan_to_num(shot.points[..., 2], nan=0.0, posinf=0.0).astype(np.float16))
        labels.append(whose.astype(np.uint8))
        planes.append(np.append(pose[2, :3], pose[2, 3]))
        focals.append(camera.focal)
    return Pictures(np.stack(depths), np.stack(labels), np.array(planes), np.array(focals))


def keep(folder: Path, scenes: range) -> Iterator[int]:
    """Make and keep the pictures of scenes by number; existing ones are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in scenes:
        path = folder / f"{seed:06d}.npz"
        if not path.exists():
            with replacing(path, durable=False) as draft:
                np.savez_compressed(draft, **vars(make(seed)))
        yield seed


def load(path: Path) -> Pictures:
    with np.load(path, allow_pickle=False) as file:
        return Pictures(*(file[name] for name in ("depth", "whose", "plane", "focal")))
