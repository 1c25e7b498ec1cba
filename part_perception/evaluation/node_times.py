"""Node times: where a graph's time goes on ONNX Runtime, by kind of work."""

from __future__ import annotations

import collections
import json
import tempfile
from pathlib import Path

from part_perception.encoder.runtimes.base import Arrays
from part_perception.onnx_runtime import onnx_runtime

_KINDS = (
    ("products", ("MatMul", "Gemm", "DynamicQuantize")),
    ("gelu", ("Gelu", "Erf")),
    ("norms and softmax", ("LayerNorm", "Softmax")),
    ("neighbours: gather and reduce", ("Gather", "Reduce")),
    ("copies", ("Transpose", "Reshape", "Slice", "Concat", "Split", "Unsqueeze", "Squeeze", "Identity")),
)
_OTHERS = "sums, ReLU, lengths"
_ROUNDS = 20


def node_times(graph: bytes, inputs: Arrays) -> dict[str, float]:
    """Milliseconds of each kind of work, the most first; a node counts with its least over some runs."""
    onnxruntime = onnx_runtime()

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_profiling = True
    with tempfile.TemporaryDirectory() as folder:
        options.profile_file_prefix = str(Path(folder) / "run")
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        given = {i.name: inputs[i.name] for i in session.get_inputs()}
        for _ in range(_ROUNDS):
            session.run(None, given)
        events = json.loads(Path(session.end_profiling()).read_text())
    taken: dict[tuple[str, str], list[float]] = collections.defaultdict(list)
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
            taken[event["args"]["op_name"], event["name"]].append(event["dur"])
    total: dict[str, float] = collections.defaultdict(float)
    for (operator, _), micros in taken.items():
        total[_kind(operator)] += 1e-3 * min(micros)
    return dict(sorted(total.items(), key=lambda item: -item[1]))


def _kind(operator: str) -> str:
    """What sort of work an operator does, fused ones included."""
    return next((kind for kind, parts in _KINDS if any(p in operator for p in parts)), _OTHERS)
