"""Registry: lists the runtimes and opens one by name. A runtime requested by name is never replaced.

A new runtime is one module beside this one, with a function that opens it, and one line in RUNTIMES.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
from dataclasses import dataclass

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.runtimes.base import Runtime
from part_perception.encoder.store import StoredModel
from part_perception.errors import InputError
from part_perception.graphs.onnx_runtime import onnx_runtime


@dataclass(frozen=True)
class RuntimeKind:
    """The function that opens it, as module:function(model, precision, threads); its precisions, fastest first."""

    opener: str
    precisions: tuple[str, ...]
    package: str = "onnxruntime"
    provider: str = ""  # of ONNX Runtime, where the package alone does not determine it


RUNTIMES = {  # "auto" tries them in this order
    "tensorrt": RuntimeKind("tensorrt:open_tensorrt", ("fp16", "qdq", "fp32"), "tensorrt"),
    "cuda": RuntimeKind("onnx:open_cuda", ("fp16", "fp32"), provider="CUDAExecutionProvider"),
    "openvino": RuntimeKind("openvino:open_openvino", ("bf16", "fp32"), "openvino"),
    "onnx": RuntimeKind("onnx:open_cpu", ("int8", "fp32")),
    "torch": RuntimeKind("torch:open_torch", ("fp32",), "torch"),
}
_VERSIONED = ("onnxruntime", "onnxruntime-gpu", "openvino", "tensorrt")


def parse(name: str, manifest: Manifest) -> tuple[str, str]:
    """'onnx' or 'onnx:fp32' → runtime and precision; by default the fastest that the model offers."""
    kind, _, precision = name.partition(":")
    if kind not in RUNTIMES:
        raise InputError(f"unknown runtime {name!r}: auto, {', '.join(RUNTIMES)}, or one with :precision")
    precisions = RUNTIMES[kind].precisions
    if not precision:
        precision = next(p for p in precisions if manifest.offers(p))
    if precision not in precisions:
        raise InputError(f"the runtime {kind} has no {precision}: {' or '.join(precisions)}")
    if not manifest.offers(precision):
        lost = manifest.lost.get(precision)
        why = f"it loses {lost:.1f} points of mIoU" if lost is not None else "its accuracy was not measured"
        raise InputError(f"the model {manifest.name} is not offered in {precision}: {why}")
    return kind, precision


def open_runtime(model: StoredModel, kind: str, precision: str, threads: int = 1) -> Runtime:
    """Open a runtime and check it with the model's probe."""
    runtime = _open(model, kind, precision, threads)
    try:
        model.probe().check(runtime, precision)
    except InputError as error:
        raise InputError(
            f"{kind}:{precision} does not compute the model {model.manifest.name}: {error}"
        ) from error
    return runtime


def _open(model: StoredModel, kind: str, precision: str, threads: int) -> Runtime:
    """Import only the module of the runtime that is opened."""
    module, _, function = RUNTIMES[kind].opener.partition(":")
    opener = getattr(importlib.import_module(f"part_perception.encoder.runtimes.{module}"), function)
    return opener(model, precision, threads)


def present(kind: str) -> bool:
    """Whether a runtime's package is installed; opening it shows whether it works."""
    wanted = RUNTIMES[kind]
    if importlib.util.find_spec(wanted.package) is None:
        return False
    if not wanted.provider:
        return True
    onnxruntime = onnx_runtime()

    return wanted.provider in onnxruntime.get_available_providers()


def versions() -> dict[str, str]:
    """Versions of the libraries that models run on here."""
    found = {}
    for package in _VERSIONED:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
