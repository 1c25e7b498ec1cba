"""Opening: a runtime by its name, on a model. What is asked for by name is opened or refused, never replaced."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from part_perception.encoder.graph import build_graph
from part_perception.encoder.manifest import Manifest
from part_perception.encoder.probe import Probe
from part_perception.encoder.runtimes.base import Runtime
from part_perception.encoder.store import GRAPH, INT8_GRAPH, PROBE, load_ranges, load_weights, verified

PRECISIONS = {
    "tensorrt": ("fp16", "qdq", "fp32"),
    "cuda": ("fp16", "fp32"),
    "openvino": ("bf16", "fp32"),
    "onnx": ("int8", "fp32"),
    "torch": ("fp32",),
}
_PACKAGES = {"tensorrt": "tensorrt", "openvino": "openvino", "torch": "torch"}


@dataclass(frozen=True)
class StoredModel:
    """A model's folder with its manifest."""

    folder: Path
    manifest: Manifest

    def graph(self, precision: str = "fp32") -> Path | bytes:
        """The graph in a precision: a checked file, or written from the weights."""
        if precision in ("fp32", "int8"):
            return verified(self.folder, self.manifest, GRAPH if precision == "fp32" else INT8_GRAPH)
        return self.written(precision=precision)

    def written(self, opset: int = 17, precision: str = "fp32") -> bytes:
        """The graph written anew from the weights; qdq also from the ranges that were measured."""
        ranges = load_ranges(self.folder, self.manifest) if precision == "qdq" else ()
        weights = load_weights(self.folder, self.manifest)
        return build_graph(weights, self.manifest.encoder, self.manifest.patches, opset, precision, ranges)

    def probe(self) -> Probe:
        return Probe.load(verified(self.folder, self.manifest, PROBE))


def parse(name: str, manifest: Manifest) -> tuple[str, str]:
    """'onnx' or 'onnx:fp32' → runtime and precision; without one, the fastest that the model offers."""
    kind, _, precision = name.partition(":")
    if kind not in PRECISIONS:
        raise ValueError(f"unknown runtime {name!r}: auto, {', '.join(PRECISIONS)}, or one with :precision")
    if not precision:
        precision = next(p for p in PRECISIONS[kind] if manifest.offers(p))
    if precision not in PRECISIONS[kind]:
        raise ValueError(f"the runtime {kind} has no {precision}: {' or '.join(PRECISIONS[kind])}")
    if not manifest.offers(precision):
        lost = manifest.lost.get(precision)
        why = f"it loses {lost:.1f} points of mIoU" if lost is not None else "its accuracy was not measured"
        raise ValueError(f"the model {manifest.name} is not offered in {precision}: {why}")
    return kind, precision


def open_runtime(model: StoredModel, kind: str, precision: str, threads: int = 1) -> Runtime:
    """The runtime, checked with the model's probe."""
    runtime = _open(model, kind, precision, threads)
    try:
        model.probe().check(runtime, precision)
    except ValueError as error:
        raise ValueError(
            f"{kind}:{precision} does not compute the model {model.manifest.name}: {error}"
        ) from error
    return runtime


def _open(model: StoredModel, kind: str, precision: str, threads: int) -> Runtime:
    if kind == "tensorrt":
        from part_perception.encoder.runtimes.tensorrt import open_tensorrt

        return open_tensorrt(model, precision)
    if kind == "openvino":
        from part_perception.encoder.runtimes.openvino import OpenVinoRuntime

        return OpenVinoRuntime(model.graph(), precision, threads)
    if kind == "torch":
        from part_perception.encoder.runtimes.torch import TorchRuntime

        return TorchRuntime(load_weights(model.folder, model.manifest), model.manifest.encoder)
    from part_perception.encoder.runtimes.onnx import OnnxRuntime

    return OnnxRuntime(model.graph(precision), threads, "cuda" if kind == "cuda" else "cpu")


def present(kind: str) -> bool:
    """Whether a runtime's package is installed; whether it works is seen when it is opened."""
    if kind in _PACKAGES:
        return importlib.util.find_spec(_PACKAGES[kind]) is not None
    import onnxruntime

    return kind == "onnx" or "CUDAExecutionProvider" in onnxruntime.get_available_providers()


def versions() -> dict[str, str]:
    """Versions of what models run on here."""
    found = {}
    for package in ("onnxruntime", "onnxruntime-gpu", "openvino", "tensorrt"):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
