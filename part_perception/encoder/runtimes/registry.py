"""Registry: lists the runtimes and opens one by name. A runtime requested by name is never replaced.

A new runtime is one module beside this one, with a function that opens it, and one line in RUNTIMES.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.metadata
import importlib.util
import json
import logging
import platform
import time
from dataclasses import dataclass
from pathlib import Path

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.runtimes.base import Arrays, AtSamples, Runtime
from part_perception.encoder.store import StoredModel
from part_perception.errors import InputError
from part_perception.graphs import onnx_runtime
from part_perception.storage import cache_dir, write_atomic


@dataclass(frozen=True)
class RuntimeKind:
    """Its opener, as module:function(model, precision, threads), and its precisions, fastest first."""

    opener: str
    precisions: tuple[str, ...]
    package: str = "onnxruntime"
    provider: str = ""  # ONNX Runtime provider, if the package alone does not determine it


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
    kind, _, precision = str(name).partition(":")
    if kind not in RUNTIMES:
        raise InputError(
            f"unknown runtime {str(name)[:50]!r}: auto, {', '.join(RUNTIMES)}, or one with :precision"
        )
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


_ONLY_BY_NAME = ("torch",)
_LAST_RESORT = "onnx:fp32"
_ROUNDS = 7
_log = logging.getLogger("part_perception")


@dataclass(frozen=True)
class Chosen:
    """The chosen runtime. `name` is runtime:precision, `why` is a sentence."""

    runtime: Runtime
    name: str
    why: str

    @property
    def alone(self) -> bool:
        return self.runtime.alone

    def run(self, inputs: Arrays) -> Arrays:
        return self.runtime.run(inputs)


def choose_runtime(folder: Path, manifest: Manifest, name: str = "auto", threads: int = 1) -> Chosen:
    """The named runtime, or the best one for "auto". Features are always at samples."""
    model = StoredModel(folder, manifest)
    if name == "auto":
        chosen = _remembered(model, threads) or _measured(model, threads)
    else:
        kind, precision = parse(name, manifest)
        runtime = open_runtime(model, kind, precision, threads)
        chosen = Chosen(runtime, f"{kind}:{precision}", "requested by name")
    _log.info("%s runs on %s: %s", manifest.name, chosen.name, chosen.why)
    if manifest.encoder.decoder:
        return chosen
    return Chosen(AtSamples(chosen.runtime), chosen.name, chosen.why)


def candidates(manifest: Manifest) -> list[str]:
    """The runtimes that could be tried here, likeliest winner first."""
    return [
        f"{kind}:{precision}"
        for kind in RUNTIMES
        if kind not in _ONLY_BY_NAME and present(kind)
        for precision in RUNTIMES[kind].precisions
        if manifest.offers(precision)
    ]


def _measured(model: StoredModel, threads: int) -> Chosen:
    """Try all candidates; those that fail are reported and left out."""
    opened: dict[str, Runtime] = {}
    failed: dict[str, str] = {}
    for name in candidates(model.manifest):
        kind, _, precision = name.partition(":")
        try:
            opened[name] = open_runtime(model, kind, precision, threads)
        except Exception as error:  # third-party libraries: whatever they raise, the next one is tried
            if name == _LAST_RESORT and not opened:
                raise
            failed[name] = " ".join(str(error).split()) or type(error).__name__
            _log.warning("%s is not used: %s", name, failed[name])
    taken = best_seconds(opened, model.probe().inputs)
    name = min(opened, key=lambda n: taken[n])
    others = [f"{n} {1e3 * taken[n]:.1f}" for n in opened if n != name]
    why = f"{1e3 * taken[name]:.1f} ms an object" + (f", against {', '.join(others)}" if others else "")
    why += "".join(f"; {n} failed: {reason}" for n, reason in failed.items())
    _remember(model, threads, name, why)
    return Chosen(opened[name], name, why)


def best_seconds(runtimes: dict[str, Runtime], inputs: Arrays, rounds: int = _ROUNDS) -> dict[str, float]:
    """The best of a few runs of each, interleaved, so that other load affects all of them alike."""
    taken = dict.fromkeys(runtimes, float("inf"))
    for _ in range(rounds):
        for name, runtime in runtimes.items():
            start = time.perf_counter()
            runtime.run(inputs)
            taken[name] = min(taken[name], time.perf_counter() - start)
    return taken


def _remembered(model: StoredModel, threads: int) -> Chosen | None:
    """The earlier choice for this model on this machine, if it is still valid."""
    path = _note_path(model, threads)
    try:
        note = json.loads(path.read_text())
        name, why = note["runtime"], note["why"]
        kind, precision = parse(name, model.manifest)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    try:
        return Chosen(open_runtime(model, kind, precision, threads), name, why)
    except Exception as error:  # as above
        _log.warning("%s was chosen earlier but fails now: %s", name, error)
        return None


def _remember(model: StoredModel, threads: int, name: str, why: str) -> None:
    content = json.dumps({"runtime": name, "why": why, "model": model.manifest.name, **_machine()}, indent=1)
    with contextlib.suppress(OSError):  # if it cannot be stored, it is measured again next time
        write_atomic(_note_path(model, threads), content.encode())


def _note_path(model: StoredModel, threads: int) -> Path:
    """One note per model, machine, set of candidates and number of threads."""
    facts = [model.manifest.files, candidates(model.manifest), _machine(), threads]
    key = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]
    return cache_dir() / "runtimes" / f"{model.manifest.name}-{key}.json"


def _machine() -> dict[str, object]:
    return {"processor": processor(), "versions": versions()}


def processor() -> str:
    """The processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
