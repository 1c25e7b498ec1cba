"""ONNX Runtime: on a GPU, or on one CPU thread that does not spin while other work needs its core."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from part_perception.encoder.runtimes.base import Source, one_by_one
from part_perception.errors import InputError
from part_perception.graphs import onnx_runtime

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}


def open_cpu(model: Source, precision: str, threads: int) -> OnnxRuntime:
    return OnnxRuntime(model.graph(precision), threads, "cpu")


def open_cuda(model: Source, precision: str, threads: int) -> OnnxRuntime:
    return OnnxRuntime(model.graph(precision), threads, "cuda")


class OnnxRuntime:
    """A graph on ONNX Runtime."""

    def __init__(self, graph: Path | bytes, threads: int = 1, device: str = "cpu"):
        onnxruntime = onnx_runtime()

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        source = graph if isinstance(graph, bytes) else str(graph)
        provider = PROVIDERS[device]
        if provider not in onnxruntime.get_available_providers():
            raise InputError(f"this ONNX Runtime has no {provider}")
        try:
            self._session = onnxruntime.InferenceSession(source, options, providers=[provider])
        except Exception as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise InputError(f"the model's graph cannot be loaded by ONNX Runtime: {reason}") from error
        if self._session.get_providers()[0] != provider:  # it falls back to the CPU without an error
            raise InputError(f"ONNX Runtime could not start its {provider}")
        self._wanted = [i.name for i in self._session.get_inputs()]
        self._given = [o.name for o in self._session.get_outputs()]
        self.alone = device == "cpu"
        self.name = f"onnxruntime-{device}"

    def run(self, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return one_by_one(self._run, inputs) if self.alone else self._run(inputs)

    def _run(self, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        out = self._session.run(self._given, {name: inputs[name] for name in self._wanted})
        return dict(zip(self._given, out, strict=True))
