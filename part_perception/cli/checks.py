"""What `doctor` looks at on any machine. Each check gives lines: a state, what was found, and what to do."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

from part_perception import __version__
from part_perception.errors import InputError
from part_perception.graphs import onnx_runtime
from part_perception.model_folders import model_facts, model_folders

OK, WARN, ERROR = "OK", "WARN", "ERROR"
SUPPORTED = ((3, 10), (3, 12))
ENOUGH_MEMORY = 1.5e9


@dataclass(frozen=True)
class Finding:
    """One line of the report; `advice` is empty if nothing is wrong."""

    topic: str
    state: str
    found: str
    advice: str = ""


def machine() -> str:
    """System, processor and number of cores."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def python() -> Finding:
    found = f"part_perception {__version__}, Python {platform.python_version()}, {machine()}"
    if not SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        return Finding("Python", WARN, found, "3.10, 3.11 and 3.12 are tested; use one of them")
    return Finding("Python", OK, found)


def packages() -> Finding:
    """Everything the package declares is installed."""
    try:
        declared = importlib.metadata.requires("part_perception") or []
    except importlib.metadata.PackageNotFoundError:
        return Finding(
            "packages",
            WARN,
            "part_perception runs from its folder and is not installed",
            "pip install .",
        )
    names = [line.split(";")[0] for line in declared if "extra ==" not in line]
    bare = ["".join(c if c.isalnum() or c in "-_" else " " for c in name).split()[0] for name in names]
    missing = [name for name in bare if not version(name)]
    if missing:
        return Finding(
            "packages", ERROR, f"missing: {', '.join(missing)}", f"pip install {' '.join(missing)}"
        )
    return Finding("packages", OK, f"all {len(bare)} required packages are installed")


def gpu() -> Finding:
    tool = shutil.which("nvidia-smi")
    if not tool:
        return Finding("GPU", OK, "no NVIDIA GPU; the CPU is used")
    query = [tool, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(
            "GPU",
            WARN,
            f"nvidia-smi does not answer: {error}",
            "check the driver; until then the CPU is used",
        )
    if answer.returncode:
        return Finding("GPU", WARN, "nvidia-smi fails", "check the driver; until then the CPU is used")
    return Finding("GPU", OK, "; ".join(answer.stdout.strip().splitlines()))


def runtimes() -> Finding:
    """What the model could run on."""
    found = [f"{name} {v}" for name in ("tensorrt", "openvino", "torch") if (v := version(name))]
    try:
        onnxruntime = onnx_runtime()
    except ImportError as error:
        return Finding(
            "runtimes", ERROR, f"ONNX Runtime cannot be loaded: {error}", "pip install onnxruntime"
        )
    kinds = [p.removesuffix("ExecutionProvider") for p in onnxruntime.get_available_providers()]
    found.insert(0, f"onnxruntime {onnxruntime.__version__} ({', '.join(kinds)})")
    return Finding("runtimes", OK, ", ".join(found))


def models() -> list[Finding]:
    """Every model's files have the hashes that its manifest names."""
    out = []
    for folder in model_folders():
        try:
            facts = model_facts(folder)
        except InputError as error:
            out.append(Finding("model", ERROR, str(error), "download the folder again"))
            continue
        good = facts["state"] == "good"
        found = f"{facts['name']}, {facts['megabytes']:.1f} MB, hashes {'agree' if good else 'DIFFER'}"
        out.append(Finding("model", OK if good else ERROR, found, "" if good else facts["state"]))
    return out or [Finding("model", ERROR, "no model was found", "get the repository's models/ folder")]


def text_model() -> list[Finding]:
    """The shipped words, and the model for all others."""
    from part_perception.language.bank import TextBank
    from part_perception.language.language import shipped_bank_path
    from part_perception.language.minilm import find_files

    out = []
    try:
        bank = TextBank.load(shipped_bank_path())
        out.append(Finding("words", OK, f"{len(bank.words)} known words need no text model"))
    except InputError as error:
        out.append(Finding("words", ERROR, str(error), "get the repository's models/ folder again"))
    try:
        find_files()
        out.append(Finding("text model", OK, "all-MiniLM-L6-v2, the published files"))
    except InputError as error:
        out.append(Finding("text model", WARN, "only known words can be asked", str(error)))
    return out


def memory() -> Finding:
    import psutil

    state = psutil.virtual_memory()
    found = f"{state.available / 1e9:.1f} GB free of {state.total / 1e9:.1f} GB"
    if state.available < ENOUGH_MEMORY:
        return Finding("memory", WARN, found, "the node needs about 1 GB: close other programs")
    return Finding("memory", OK, found)


def cache() -> Finding:
    from part_perception.storage import cache_dir

    folder = cache_dir()
    probe = folder / f".doctor.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        advice = "set PART_PERCEPTION_CACHE to a writable folder; until then every start is slower"
        return Finding("cache", WARN, f"{folder} is not writable: {error.strerror}", advice)
    return Finding("cache", OK, f"{folder} is writable")


def answering() -> list[Finding]:
    """One complete answer: load on the runtime chosen for this machine, and ask a simple shape."""
    import numpy as np

    from part_perception import PartSegmenter

    start = time.perf_counter()
    try:
        segmenter = PartSegmenter.load()
        points = np.random.default_rng(0).normal(size=(2048, 3))
        segmenter.ask(points, ["handle"])
        loaded = time.perf_counter()
        segmenter.ask(points, ["handle"])
    except Exception as error:
        return [Finding("answering", ERROR, f"{type(error).__name__}: {error}", "see the lines above")]
    again = 1e3 * (time.perf_counter() - loaded)
    chosen = segmenter.runtime
    why = getattr(chosen, "why", "as given")
    return [
        Finding("chosen", OK, f"{segmenter.manifest.name} runs on {chosen.name}: {why}"),
        Finding("answering", OK, f"first answer after {loaded - start:.1f} s, the next in {again:.0f} ms"),
    ]


def version(distribution: str) -> str:
    """The installed version, or nothing."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
