"""Reference points of the encoder benchmark: machine floor, time per operator, published network."""

from __future__ import annotations

import collections
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from part_perception.encoder.importing import PUBLISHED_CONFIG, PUBLISHED_PATCHES
from part_perception.encoder.patches import make_patches
from part_perception.encoder.runtimes.base import Arrays, stack_inputs
from part_perception.graphs import onnx_runtime

SIZES = (512, 1024)
_PRODUCTS = {"MatMul": "real", "Gemm": "real", "MatMulInteger": "whole"}


def product_flop(graph: bytes) -> dict[str, float]:
    """FLOPs (multiply and add) of all products for a batch of one: "real" (float), "whole" (integer)."""
    import onnx

    model = onnx.load_from_string(graph)
    for value in model.graph.input:
        value.type.tensor_type.shape.dim[0].dim_value = 1
    model = onnx.shape_inference.infer_shapes(model, data_prop=True)
    values = [*model.graph.value_info, *model.graph.input, *model.graph.output]
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in values}
    shapes |= {c.name: list(c.dims) for c in model.graph.initializer}
    total = {"real": 0.0, "whole": 0.0}
    for node in model.graph.node:
        if kind := _PRODUCTS.get(node.op_type):
            a, b = (shapes[name] for name in node.input[:2])
            total[kind] += 2.0 * float(np.prod(a)) * b[-1]
    return total


def large_product(precision: str, size: int) -> Callable[[], object]:
    """A call of one square product with constant weights, on the fastest runtime for this precision."""
    from part_perception.encoder.runtimes.onnx import OnnxRuntime
    from part_perception.encoder.runtimes.openvino import OpenVinoRuntime

    whole = precision == "int8"
    given = np.random.default_rng(0).normal(size=(1, size, size)).astype(np.float32)
    if whole:
        given = np.clip(given * 40 + 128, 0, 255).astype(np.uint8)
    inputs = {"x": given, "centres": given}
    graph = _graph(whole, size)
    runtime = OpenVinoRuntime(graph, "bf16") if precision == "bf16" else OnnxRuntime(graph)
    return lambda: runtime.run(inputs)


def _graph(whole: bool, size: int) -> bytes:
    from onnx import TensorProto, helper

    from part_perception.graphs import GraphNodes

    node = GraphNodes()
    weight = np.random.default_rng(1).normal(size=(size, size)) * 40
    shape = [1, size, size]
    info = helper.make_tensor_value_info
    if whole:
        product = node(
            "MatMulInteger",
            "x",
            node.constant(np.clip(weight, -127, 127), np.int8),
            node.constant(128, np.uint8),
        )
        given, made = TensorProto.UINT8, TensorProto.INT32
    else:
        product = node("MatMul", "x", node.constant(weight))
        given = made = TensorProto.FLOAT
    node.name_output(product, "y")
    return node.model("product", [info("x", given, shape)], [info("y", made, shape)])


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
    """Milliseconds for each kind of work, largest first; each node counts with its minimum over the runs."""
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
    """The kind of work an operator does; fused operators are included."""
    return next((kind for kind, parts in _KINDS if any(p in operator for p in parts)), _OTHERS)


def published_weights() -> dict[str, np.ndarray]:
    """Random weights with the published sizes."""
    import torch

    from part_perception.encoder.architecture import Encoder

    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = Encoder(PUBLISHED_CONFIG)
    return {k: v.numpy() for k, v in network.state_dict().items() if v.is_floating_point()}


def published_inputs() -> dict[str, np.ndarray]:
    """Inputs of one object for the published network."""
    points = np.random.default_rng(0).normal(size=(6000, 3))
    points *= (1.0, 0.7, 0.4) / np.linalg.norm(points, axis=1, keepdims=True)
    return stack_inputs([make_patches(points, PUBLISHED_PATCHES)])


def eager_network(weights: dict[str, np.ndarray]) -> Callable[[], object]:
    """A call of the network in eager torch on one thread, without our per-patch optimisation."""
    import torch
    from torch.nn import functional as F

    from part_perception.encoder.architecture import PatchNet
    from part_perception.encoder.runtimes.torch import TorchRuntime

    class AsReleased(PatchNet):
        """The published form: the pooled half is repeated for every point and multiplied there."""

        def forward(self, groups: torch.Tensor) -> torch.Tensor:
            batch, patches, neighbours, _ = groups.shape
            enter, norm, leave = self.first
            local = leave(F.relu(norm(enter(groups.reshape(-1, 3))))).view(batch * patches, neighbours, -1)
            pooled = local.amax(dim=1, keepdim=True).expand_as(local)
            enter, norm, leave = self.second
            mixed = F.relu(norm(enter(torch.cat([pooled, local], dim=-1).flatten(0, 1))))
            out = leave(mixed).view(batch * patches, neighbours, -1).amax(dim=1)
            return self.reduce(out).view(batch, patches, -1)

    runtime = TorchRuntime(weights, PUBLISHED_CONFIG, "cpu")
    runtime.network.patch_net.__class__ = AsReleased
    inputs = published_inputs()

    def run() -> object:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return runtime.run(inputs)
        finally:
            torch.set_num_threads(threads)

    return run
