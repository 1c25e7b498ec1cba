"""Shared by parts tests: lamps with known parts, and a segmenter whose features are a smooth function of shape."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.encoder.manifest import Manifest
from part_perception.language import Language
from part_perception.segmenter import PartSegmenter

FOOT, POLE, SHADE = 0, 1, 2


class SmoothRuntime:
    """Stands in for a network: samples of similar height and distance from the axis have similar features."""

    name, alone = "smooth", True

    def run(self, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        samples = inputs["samples"].astype(np.float64)
        radius = np.hypot(samples[..., 0], samples[..., 1])
        place = np.stack([samples[..., 2], np.tanh(8 * (radius - 0.15))], axis=-1)
        return {"language": waves(place, 384, 1), "field": waves(place, 48, 2)}


def waves(place: np.ndarray, width: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = np.cos(place @ rng.normal(0, 1.6, (2, width)) + rng.uniform(0, 2 * np.pi, width))
    return (values / np.linalg.norm(values, axis=-1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="session")
def make_segmenter():
    """Segmenters with nothing taught yet, on an encoder of a given hash."""

    def make(encoder: str = "abc") -> PartSegmenter:
        manifest = Manifest("stand-in", files={"weights.safetensors": encoder})
        return PartSegmenter(manifest, SmoothRuntime(), Language.shipped())

    return make


@pytest.fixture
def segmenter(make_segmenter) -> PartSegmenter:
    return make_segmenter()


@pytest.fixture(scope="session")
def lamp():
    """lamp(seed) → points (1500, 3) of a foot, a pole and a shade in random proportions, and the part of each."""

    def make(seed: int = 0, size: float = 0.4) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(seed)
        labels = rng.choice([FOOT, POLE, SHADE], 1500, p=[0.3, 0.25, 0.45])
        angle, t = rng.uniform(0, 2 * np.pi, 1500), rng.uniform(size=1500)
        wide, tall = rng.uniform(0.26, 0.34), rng.uniform(0.28, 0.36)
        radius = np.choose(labels, [wide * np.sqrt(t), np.full(1500, 0.03), wide * (1.1 - 0.4 * t)])
        height = np.choose(labels, [np.zeros(1500), 0.7 * t, 0.7 + tall * t])
        points = np.stack([radius * np.cos(angle), radius * np.sin(angle), height], axis=1)
        return points * size, labels

    return make
