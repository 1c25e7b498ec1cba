"""Shared by encoder tests: small networks with random weights and effective norms, and a model saved from one."""

from dataclasses import replace

import numpy as np
import pytest

from part_perception.encoder.manifest import EncoderConfig, Manifest
from part_perception.encoder.patches import PatchSpec, make_patches
from part_perception.encoder.runtimes.base import stack_inputs
from part_perception.encoder.store import save_model

CONFIG = EncoderConfig(
    dim=48, depth=2, heads=3, patch_widths=(16, 24, 32, 40), position_width=20, language=28, field=12
)
MOVING = replace(CONFIG, motion=12)
PATCHES_ONLY = EncoderConfig(
    dim=48,
    depth=2,
    heads=3,
    patch_widths=(16, 24, 32, 40),
    position_width=20,
    language=28,
    field=0,
    decoder=False,
)
SPEC = PatchSpec(samples=96, patches=12, neighbours=8, blend=3)


def lamp(seed: int = 0, count: int = 900) -> np.ndarray:
    """Points of a foot, a pole and a shade, without a symmetry that could hide swapped axes."""
    rng = np.random.default_rng(seed)
    angle, part = rng.uniform(0, 2 * np.pi, count), rng.integers(3, size=count)
    radius = np.choose(
        part, [0.3 * rng.uniform(size=count), np.full(count, 0.02), 0.25 + 0.1 * rng.uniform(size=count)]
    )
    height = np.choose(part, [np.zeros(count), rng.uniform(0, 1, count), 1 + 0.3 * rng.uniform(size=count)])
    return np.stack([radius * np.cos(angle) + 0.1 * part, radius * np.sin(angle), height], axis=1)


def random_weights(config: EncoderConfig, seed: int = 0) -> dict[str, np.ndarray]:
    """Every tensor far from its initial value: gains, biases, running means and variances too."""
    from part_perception.encoder.architecture import Encoder

    rng = np.random.default_rng(seed)
    weights = {}
    for key, value in Encoder(config).state_dict().items():
        if not value.is_floating_point():
            continue
        drawn = rng.normal(size=tuple(value.shape))
        if "running_var" in key:
            drawn = rng.uniform(0.3, 3.0, size=tuple(value.shape))
        elif value.ndim == 1 and key.endswith("weight"):
            drawn = 1 + 0.3 * drawn
        elif value.ndim == 2:
            drawn = drawn / np.sqrt(value.shape[1])
        weights[key] = drawn.astype(np.float32)
    return weights


def inputs_of(*seeds: int, spec: PatchSpec = SPEC) -> dict[str, np.ndarray]:
    """A batch of lamps."""
    return stack_inputs([make_patches(lamp(seed), spec) for seed in seeds])


@pytest.fixture
def model(tmp_path, monkeypatch):
    """The folder of a small saved model, with an empty cache."""
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "small"
    save_model(folder, Manifest("small", CONFIG, SPEC), random_weights(CONFIG))
    return folder
