"""Matrix products: how many operations a graph's products take, and how fast large ones are on this machine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

SIZES = (512, 1024)
_PRODUCTS = {"MatMul": "real", "Gemm": "real", "MatMulInteger": "whole"}


def product_flop(graph: bytes) -> dict[str, float]:
    """Multiplications and additions of all products for a batch of one: of "real" numbers, and of "whole" ones."""
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
    """A call that makes one square product with constant weights, on the runtime that is best at this precision."""
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

    from part_perception.graph_nodes import GraphNodes

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
