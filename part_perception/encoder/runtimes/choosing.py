"""Choosing: picks the fastest runtime that computes the model correctly here, and remembers the reason."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import platform
import time
from dataclasses import dataclass
from pathlib import Path

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.runtimes.base import Arrays, AtSamples, Runtime
from part_perception.encoder.runtimes.registry import RUNTIMES, open_runtime, parse, present, versions
from part_perception.encoder.store import StoredModel
from part_perception.storage import cache_dir, write_atomic

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
        chosen = Chosen(runtime, f"{kind}:{precision}", "asked for by name")
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
        _log.warning("%s was chosen earlier and fails now: %s", name, error)
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
