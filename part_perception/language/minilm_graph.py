"""The MiniLM encoder as an ONNX graph: six BERT layers, mean over the words, length one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

WIDTH, HEADS, LAYERS, EPSILON = 384, 12, 6, 1e-12

Tensors = Callable[[str], np.ndarray]


class _Nodes:
    """Collects nodes and constants under fresh names."""

    def __init__(self):
        self.nodes: list = []
        self.constants: list = []

    def constant(self, value, dtype=np.float32) -> str:
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value, dtype), name))
        return name

    def __call__(self, operator: str, *inputs: str, **attributes) -> str:
        from onnx import helper

        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        return self("Add", self("MatMul", x, self.constant(weight.T)), self.constant(bias))

    def norm(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        return self(
            "LayerNormalization", x, self.constant(weight), self.constant(bias), axis=-1, epsilon=EPSILON
        )


def build_graph(tensor: Tensors) -> bytes:
    """The serialised graph. In: embedded (n, L, 384) word vectors, mask (n, L), 1 = word. Out: vectors (n, 384)."""
    from onnx import TensorProto, helper

    node = _Nodes()
    hidden = node("Add", "embedded", _positions(node, tensor))
    hidden = node.norm(hidden, *_pair(tensor, "embeddings.LayerNorm"))
    far = node("Mul", node("Sub", node.constant(1.0), "mask"), node.constant(-1e9))
    ignored = node("Unsqueeze", far, node.constant([1, 2], np.int64))
    for i in range(LAYERS):
        hidden = _layer(node, tensor, f"encoder.layer.{i}.", hidden, ignored)
    _pool(node, hidden)
    make = helper.make_tensor_value_info
    graph = helper.make_graph(
        node.nodes,
        "minilm",
        [make("embedded", TensorProto.FLOAT, ["n", "L", WIDTH]), make("mask", TensorProto.FLOAT, ["n", "L"])],
        [make("vectors", TensorProto.FLOAT, ["n", WIDTH])],
        node.constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString()


def _pair(tensor: Tensors, name: str) -> tuple[np.ndarray, np.ndarray]:
    return tensor(f"{name}.weight"), tensor(f"{name}.bias")


def _positions(node: _Nodes, tensor: Tensors) -> str:
    """Position vectors of the first L places, with the one token type folded in."""
    table = tensor("embeddings.position_embeddings.weight")
    table = node.constant(table + tensor("embeddings.token_type_embeddings.weight")[0])
    length = node("Slice", node("Shape", "mask"), node.constant([1], np.int64), node.constant([2], np.int64))
    return node("Slice", table, node.constant([0], np.int64), length, node.constant([0], np.int64))


def _layer(node: _Nodes, tensor: Tensors, prefix: str, hidden: str, ignored: str) -> str:
    """One BERT layer: attention and a two-layer network, each added and then normalised."""
    mixed = _attention(node, tensor, prefix + "attention.self.", hidden, ignored)
    mixed = node.linear(mixed, *_pair(tensor, prefix + "attention.output.dense"))
    hidden = node.norm(node("Add", mixed, hidden), *_pair(tensor, prefix + "attention.output.LayerNorm"))
    wide = _gelu(node, node.linear(hidden, *_pair(tensor, prefix + "intermediate.dense")))
    back = node.linear(wide, *_pair(tensor, prefix + "output.dense"))
    return node.norm(node("Add", back, hidden), *_pair(tensor, prefix + "output.LayerNorm"))


def _attention(node: _Nodes, tensor: Tensors, prefix: str, hidden: str, ignored: str) -> str:
    """Multi-head attention over the words that are not ignored; the scale is folded into the query."""
    scale = (WIDTH // HEADS) ** -0.5
    heads = {}
    orders = {"query": (0, 2, 1, 3), "key": (0, 2, 3, 1), "value": (0, 2, 1, 3)}
    for role, order in orders.items():
        factor = scale if role == "query" else 1
        weight, bias = _pair(tensor, prefix + role)
        flat = node.linear(hidden, weight * np.float32(factor), bias * np.float32(factor))
        split = node("Reshape", flat, node.constant([0, 0, HEADS, WIDTH // HEADS], np.int64))
        heads[role] = node("Transpose", split, perm=order)
    scores = node("Add", node("MatMul", heads["query"], heads["key"]), ignored)
    mixed = node("MatMul", node("Softmax", scores, axis=-1), heads["value"])
    return node(
        "Reshape", node("Transpose", mixed, perm=(0, 2, 1, 3)), node.constant([0, 0, WIDTH], np.int64)
    )


def _gelu(node: _Nodes, x: str) -> str:
    """x / 2 * (1 + erf(x / sqrt 2)), in the form that the runtime recognises and fuses."""
    curve = node("Erf", node("Div", x, node.constant(np.sqrt(2))))
    return node("Mul", node("Mul", x, node("Add", curve, node.constant(1.0))), node.constant(0.5))


def _pool(node: _Nodes, hidden: str) -> None:
    """Mean over the words, then length one (the sum already has the mean's direction)."""
    places = node("Unsqueeze", "mask", node.constant([2], np.int64))
    total = node("ReduceSum", node("Mul", hidden, places), node.constant([1], np.int64), keepdims=0)
    node("LpNormalization", total, axis=-1, p=2)
    node.nodes[-1].output[0] = "vectors"
