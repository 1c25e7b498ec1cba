"""Probe: one object and its features in torch, stored beside a model to check whether a runtime is right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import EncoderConfig
from part_perception.encoder.patches import PatchSpec, make_patches
from part_perception.encoder.runtimes.base import Runtime, stack_inputs
from part_perception.errors import InputError
from part_perception.storage import write_atomic

Arrays = dict[str, np.ndarray]

EXPORT_TOLERANCE = 1e-5
_TOLERANCE = 1e-4
_MIN_COSINE = 0.98
_EVERY = 8


@dataclass(frozen=True)
class Probe:
    """Inputs of one object and some rows of its outputs."""

    inputs: Arrays
    outputs: Arrays

    @classmethod
    def make(cls, weights: Arrays, config: EncoderConfig, patches: PatchSpec) -> Probe:
        """Reference outputs from the network as it is trained."""
        inputs = stack_inputs([make_patches(_object(), patches)])
        outputs = torch_outputs(weights, config, inputs)
        return cls(inputs, {name: value[:, ::_EVERY] for name, value in outputs.items()})

    def save(self, path: Path) -> None:
        from safetensors.numpy import save

        named = {f"in.{k}": v for k, v in self.inputs.items()} | {
            f"out.{k}": v for k, v in self.outputs.items()
        }
        write_atomic(path, save({k: np.ascontiguousarray(v) for k, v in named.items()}))

    @classmethod
    def load(cls, path: Path) -> Probe:
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            stored = load(path.read_bytes())
        except (OSError, SafetensorError) as error:
            raise InputError(f"the probe {path} cannot be read: {error}") from error
        inside, outside = (
            {k.removeprefix(f"{side}."): v for k, v in stored.items() if k.startswith(f"{side}.")}
            for side in ("in", "out")
        )
        return cls(inside, outside)

    def gap(self, runtime: Runtime) -> tuple[float, float]:
        """The largest difference from the reference, and the smallest mean cosine with it."""
        given = runtime.run(self.inputs)
        differences, cosines = [], []
        for name, truth in self.outputs.items():
            if name not in given or given[name][:, ::_EVERY].shape != truth.shape:
                raise InputError(f"the runtime gives no {name!r} of the right shape: it is of another model")
            rows = given[name][:, ::_EVERY]
            differences.append(float(np.abs(rows - truth).max()))
            lengths = np.linalg.norm(rows, axis=-1) * np.linalg.norm(truth, axis=-1)
            cosines.append(float(((rows * truth).sum(axis=-1) / np.maximum(lengths, 1e-12)).mean()))
        return float(np.max(differences)), float(np.min(cosines))  # NaN stays NaN and fails every check

    def check(self, runtime: Runtime, precision: str, tolerance: float = _TOLERANCE) -> None:
        """Raise an InputError if the runtime's features are not those of the model."""
        difference, cosine = self.gap(runtime)
        if precision == "fp32" and not difference <= tolerance:
            raise InputError(
                f"its features differ from the model's by {difference:.1e}, more than {tolerance:.0e}"
            )
        if not cosine >= _MIN_COSINE:
            raise InputError(f"its features are not the model's: their cosine is {cosine:.3f}")


def torch_outputs(weights: Arrays, config: EncoderConfig, inputs: Arrays) -> Arrays:
    """The network's outputs in torch."""
    import torch

    from part_perception.encoder.runtimes.torch import TorchRuntime

    with torch.random.fork_rng():
        return TorchRuntime(weights, config, "cpu").run(inputs)


def _object() -> np.ndarray:
    """Points on an asymmetric cylinder with a handle at its side."""
    rng = np.random.default_rng(0)
    angle, height = rng.uniform(0, 2 * np.pi, 3000), rng.uniform(0, 1.3, 3000)
    body = np.stack([np.cos(angle), np.sin(angle), height], axis=1)
    turn = rng.uniform(-1.3, 1.3, 1000)
    bow = np.stack([1 + 0.5 * np.cos(turn), 0.08 * rng.normal(size=1000), 0.65 + 0.4 * np.sin(turn)], axis=1)
    return np.concatenate([body, bow])
