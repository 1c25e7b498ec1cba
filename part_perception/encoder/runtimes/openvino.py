"""OpenVINO: the fastest runtime on processors with 16-bit floats. An optional package."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import numpy as np

from part_perception.encoder.runtimes.base import Source, one_by_one
from part_perception.errors import InputError
from part_perception.storage import cache_dir

_HINTS = {"fp32": "f32", "bf16": "bf16"}
_log = logging.getLogger("part_perception")


def open_openvino(model: Source, precision: str, threads: int) -> OpenVinoRuntime:
    return OpenVinoRuntime(model.graph(), precision, threads)


class OpenVinoRuntime:
    """A graph on OpenVINO's CPU plug-in; every thread has its own request."""

    alone = True

    def __init__(self, graph: Path | bytes, precision: str = "fp32", threads: int = 1):
        try:
            import openvino
        except ImportError as error:
            raise InputError("OpenVINO is not installed here: pip install openvino") from error
        core = openvino.Core()
        if precision == "bf16" and "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            raise InputError("this processor has no bf16")
        options = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            "INFERENCE_PRECISION_HINT": _HINTS[precision],
            **_kept(),
        }
        try:
            network = core.read_model(graph if isinstance(graph, bytes) else str(graph))
            self._compiled = core.compile_model(network, "CPU", options)
        except RuntimeError as error:
            raise InputError(
                f"the model's graph cannot be loaded by OpenVINO: {_last_line(error)}"
            ) from error
        self._wanted = [i.any_name for i in self._compiled.inputs]
        self._given = [o.any_name for o in self._compiled.outputs]
        self._of_thread = threading.local()
        self.name = "openvino-cpu"

    def run(self, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return one_by_one(self._run, inputs)

    def _run(self, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        if not hasattr(self._of_thread, "request"):
            self._of_thread.request = self._compiled.create_infer_request()
        out = self._of_thread.request.infer({name: inputs[name] for name in self._wanted})
        return {name: out[i].copy() for i, name in enumerate(self._given)}


def _kept() -> dict[str, str]:
    """The cache folder for compiled graphs; none if no folder can be made."""
    folder = cache_dir() / "openvino"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _log.warning(
            "the compiled graph cannot be stored in %s (%s): it is compiled at every start", folder, error
        )
        return {}
    return {"CACHE_DIR": str(folder)}


def _last_line(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
