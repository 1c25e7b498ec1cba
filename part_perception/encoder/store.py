"""Store: a model's folder: manifest.json, weights.safetensors, probe.safetensors, perhaps ranges.safetensors.

Read strictly. Graphs derive from the weights and are not stored there.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from part_perception.encoder.graph import build_graph
from part_perception.encoder.manifest import Manifest
from part_perception.encoder.probe import EXPORT_TOLERANCE, Probe
from part_perception.encoder.runtimes.onnx import OnnxRuntime
from part_perception.errors import InputError
from part_perception.graphs.kept import kept_graph
from part_perception.storage import file_hash, write_atomic

MANIFEST, WEIGHTS, PROBE = "manifest.json", "weights.safetensors", "probe.safetensors"
RANGES = "ranges.safetensors"


def save_model(folder: Path, manifest: Manifest, weights: dict[str, np.ndarray]) -> Manifest:
    """Write a model whose graph reproduces torch; the manifest comes last, with the hashes of all files."""
    from safetensors.numpy import save

    probe = Probe.make(weights, manifest.encoder, manifest.patches)
    graph = build_graph(weights, manifest.encoder, manifest.patches)
    probe.check(OnnxRuntime(graph), "fp32", EXPORT_TOLERANCE)
    write_atomic(folder / WEIGHTS, save({k: np.ascontiguousarray(v) for k, v in weights.items()}))
    probe.save(folder / PROBE)
    (folder / RANGES).unlink(missing_ok=True)  # they are those of other weights
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


def load_weights(folder: Path, manifest: Manifest) -> dict[str, np.ndarray]:
    """All tensors of a model."""
    return _load_tensors(verified(folder, manifest, WEIGHTS), "weights")


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
    """A model's file, if it is the one that the manifest names."""
    path = folder / name
    if name not in manifest.files:
        raise InputError(f"the manifest of {manifest.name} names no {name}: export the model again")
    if not path.is_file():
        raise InputError(f"the model {manifest.name} lacks its file {path}")
    if file_hash(path) != manifest.files[name]:
        raise InputError(f"{path} is damaged or of another model: its hash is not the one in the manifest")
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
