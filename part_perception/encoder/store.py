"""Probe: one object and its features in torch, stored beside a model to check whether a runtime is right."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from part_perception.encoder.graph import build_graph
from part_perception.encoder.manifest import EncoderConfig, Manifest
from part_perception.encoder.patches import PatchSpec, make_patches
from part_perception.encoder.runtimes.base import Runtime, stack_inputs
from part_perception.encoder.runtimes.onnx import OnnxRuntime
from part_perception.errors import InputError
from part_perception.graphs import kept_graph
from part_perception.storage import file_hash, write_atomic

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
                raise InputError(f"the runtime returns no {name!r} of the right shape: it runs another model")
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


MANIFEST, WEIGHTS, PROBE = "manifest.json", "weights.safetensors", "probe.safetensors"
RANGES = "ranges.safetensors"


def save_model(folder: Path, manifest: Manifest, weights: Arrays) -> Manifest:
    """Write a model whose graph reproduces torch; the manifest comes last, with the hashes of all files.

    Weights are stored as they are given, as float16 or float32, and are always used as float32.
    """
    from safetensors.numpy import save

    used = as_float32(weights)
    probe = Probe.make(used, manifest.encoder, manifest.patches)
    graph = build_graph(used, manifest.encoder, manifest.patches)
    probe.check(OnnxRuntime(graph), "fp32", EXPORT_TOLERANCE)
    write_atomic(folder / WEIGHTS, save({k: np.ascontiguousarray(v) for k, v in weights.items()}))
    probe.save(folder / PROBE)
    (folder / RANGES).unlink(missing_ok=True)  # they belong to other weights
    return sign(folder, replace(manifest, lost={}), (WEIGHTS, PROBE))


def sign(folder: Path, manifest: Manifest, names: tuple[str, ...]) -> Manifest:
    """Write the manifest with the hashes of the named files."""
    manifest = replace(manifest, files={name: file_hash(folder / name) for name in names})
    manifest.save(folder / MANIFEST)
    return manifest


def load_manifest(folder: Path) -> Manifest:
    """The manifest of a model's folder."""
    if not folder.is_dir():
        raise InputError(f"there is no model folder {folder}")
    return Manifest.load(folder / MANIFEST)


def load_weights(folder: Path, manifest: Manifest) -> Arrays:
    """All tensors of a model, as float32."""
    return as_float32(_load_tensors(verified(folder, manifest, WEIGHTS), "weights"))


def halved(weights: Arrays) -> Arrays:
    """Matrices as float16, which halves their file; the few biases and norms keep their precision."""
    return {k: v.astype(np.float16) if v.ndim > 1 else v for k, v in weights.items()}


def as_float32(weights: Arrays) -> Arrays:
    return {k: v.astype(np.float32, copy=False) for k, v in weights.items()}


def save_ranges(folder: Path, ranges: np.ndarray) -> None:
    """Store the largest absolute input of each layer."""
    from safetensors.numpy import save

    write_atomic(folder / RANGES, save({"ranges": np.ascontiguousarray(ranges, np.float32)}))


def load_ranges(folder: Path, manifest: Manifest) -> np.ndarray:
    """The largest absolute input of each layer, as measured."""
    return _load_tensors(verified(folder, manifest, RANGES), "ranges")["ranges"]


def _load_tensors(path: Path, what: str) -> dict[str, np.ndarray]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise InputError(f"the {what} {path} cannot be read: {error}") from error


def verified(folder: Path, manifest: Manifest, name: str) -> Path:
    """A model's file, verified against its hash in the manifest."""
    path = folder / name
    if name not in manifest.files:
        raise InputError(f"the manifest of {manifest.name} names no {name}: export the model again")
    if not path.is_file():
        raise InputError(f"the model {manifest.name} lacks its file {path}")
    if file_hash(path) != manifest.files[name]:
        raise InputError(
            f"{path} is damaged or belongs to another model: its hash differs from the manifest's"
        )
    return path


@dataclass(frozen=True)
class StoredModel:
    """A model's folder with its manifest."""

    folder: Path
    manifest: Manifest

    def graph(self, precision: str = "fp32", opset: int = 17) -> Path | bytes:
        """The graph in a precision: from the cache, or built from the weights."""
        files = self.manifest.files
        made_from = [
            files.get(WEIGHTS), asdict(self.manifest.encoder), asdict(self.manifest.patches), precision, opset,
            files.get(RANGES) if precision == "qdq" else None,
        ]  # fmt: skip
        name = f"{self.manifest.name}-{precision}"
        return kept_graph(name, made_from, build_graph, lambda: self.written(opset, precision))

    def written(self, opset: int = 17, precision: str = "fp32") -> bytes:
        """The graph built from the weights; qdq also needs the measured ranges."""
        ranges = load_ranges(self.folder, self.manifest) if precision == "qdq" else ()
        return build_graph(
            self.weights(), self.manifest.encoder, self.manifest.patches, opset, precision, ranges
        )

    def weights(self) -> dict[str, np.ndarray]:
        return load_weights(self.folder, self.manifest)

    def probe(self) -> Probe:
        return Probe.load(verified(self.folder, self.manifest, PROBE))
