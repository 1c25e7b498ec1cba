"""ONNX Runtime on the CPU: one thread that does not spin, so that it does not take a robot's other work its time."""

from __future__ import annotations

from pathlib import Path

import numpy as np


class OnnxRuntime:
    """A graph on ONNX Runtime."""

    def __init__(self, graph: Path | bytes, threads: int = 1):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        source = graph if isinstance(graph, bytes) else str(graph)
        try:
            self._session = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            reason = str(error).splitlines()[0]
            raise ValueError(f"the model's graph cannot be loaded by ONNX Runtime: {reason}") from error
        self._wanted = [i.name for i in self._session.get_inputs()]
        self._given = [o.name for o in self._session.get_outputs()]
        self.name = "onnxruntime-cpu"

    def run(self, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        out = self._session.run(self._given, {name: inputs[name] for name in self._wanted})
        return dict(zip(self._given, out, strict=True))
