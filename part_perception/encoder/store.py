"""Store: a model's folder: manifest.json, weights.safetensors, model.onnx. Read strictly, written as one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from part_perception.encoder.graph import build_graph
from part_perception.encoder.manifest import Manifest
from part_perception.storage import file_hash

MANIFEST, WEIGHTS, GRAPH = "manifest.json", "weights.safetensors", "model.onnx"


def save_model(folder: Path, manifest: Manifest, weights: dict[str, np.ndarray]) -> Manifest:
    """Write weights and graph, then the manifest that names their hashes."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: np.ascontiguousarray(v) for k, v in weights.items()}, folder / WEIGHTS)
    (folder / GRAPH).write_bytes(build_graph(weights, manifest.encoder, manifest.patches))
    manifest = replace(manifest, files={name: file_hash(folder / name) for name in (WEIGHTS, GRAPH)})
    manifest.save(folder / MANIFEST)
    return manifest


def load_manifest(folder: Path) -> Manifest:
    """The manifest of a model's folder."""
    if not folder.is_dir():
        raise ValueError(f"there is no model folder {folder}")
    return Manifest.load(folder / MANIFEST)


def verified(folder: Path, manifest: Manifest, name: str) -> Path:
    """A model's file, when it is the one the manifest names."""
    path = folder / name
    if name not in manifest.files:
        raise ValueError(f"the manifest of {manifest.name} names no {name}")
    if not path.is_file():
        raise ValueError(f"the model {manifest.name} lacks its file {path}")
    if file_hash(path) != manifest.files[name]:
        raise ValueError(f"{path} is damaged or of another model: its hash is not the one in the manifest")
    return path
