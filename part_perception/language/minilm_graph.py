"""The MiniLM encoder as an ONNX graph: six BERT layers, mean over the words, unit length."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from part_perception.graph_nodes import GraphNodes

WIDTH, HEADS, LAYERS, EPSILON = 384, 12, 6, 1e-12

Tensors = Callable[[str], np.ndarray]


def build_graph(tensor: Tensors) -> bytes:
    """The serialised graph. In: embedded (n, L, 384) word vectors, mask (n, L), 1 = word. Out: vectors (n, 384)."""
    from onnx import TensorProto, helper

    node = GraphNodes()
    hidden = node("Add", "embedded", _positions(node, tensor))
    hidden = node.norm(hidden, *_pair(tensor, "embeddings.LayerNorm"), EPSILON)
    far = node("Mul", node("Sub", node.constant(1.0), "mask"), node.constant(-1e9))
    ignored = node("Unsqueeze", far, node.shape(1, 2))
    for i in range(LAYERS):
        hidden = _layer(node, tensor, f"encoder.layer.{i}.", hidden, ignored)
    node.name_output(_pool(node, hidden), "vectors")
    make = helper.make_tensor_value_info
    return node.model(
        "minilm",
        [make("embedded", TensorProto.FLOAT, ["n", "L", WIDTH]), make("mask", TensorProto.FLOAT, ["n", "L"])],
        [make("vectors", TensorProto.FLOAT, ["n", WIDTH])],
    )


def _pair(tensor: Tensors, name: str) -> tuple[np.ndarray, np.ndarray]:
    return tensor(f"{name}.weight"), tensor(f"{name}.bias")


def _positions(node: GraphNodes, tensor: Tensors) -> str:
    """Position vectors of the first L places, with the single token type folded in."""
    places = tensor("embeddings.position_embeddings.weight")
    table = node.constant(places + tensor("embeddings.token_type_embeddings.weight")[0])
    length = node("Slice", node("Shape", "mask"), node.shape(1), node.shape(2))
    return node("Slice", table, node.shape(0), length, node.shape(0))


def _layer(node: GraphNodes, tensor: Tensors, prefix: str, hidden: str, ignored: str) -> str:
    """One BERT layer: attention and a two-layer network, each with a residual and a norm."""
    mixed = _attention(node, tensor, prefix + "attention.self.", hidden, ignored)
    mixed = node.linear(mixed, *_pair(tensor, prefix + "attention.output.dense"))
    hidden = node.norm(
        node("Add", mixed, hidden), *_pair(tensor, prefix + "attention.output.LayerNorm"), EPSILON
    )
    wide = node.gelu(node.linear(hidden, *_pair(tensor, prefix + "intermediate.dense")))
    back = node.linear(wide, *_pair(tensor, prefix + "output.dense"))
    return node.norm(node("Add", back, hidden), *_pair(tensor, prefix + "output.LayerNorm"), EPSILON)


def _attention(node: GraphNodes, tensor: Tensors, prefix: str, hidden: str, ignored: str) -> str:
    """Multi-head attention over the words that are not ignored; the scale is folded into the query."""
    scale = (WIDTH // HEADS) ** -0.5
    heads = {}
    orders = {"query": (0, 2, 1, 3), "key": (0, 2, 3, 1), "value": (0, 2, 1, 3)}
    for role, order in orders.items():
        factor = scale if role == "query" else 1
        weight, bias = _pair(tensor, prefix + role)
        flat = node.linear(hidden, weight * np.float32(factor), bias * np.float32(factor))
        split = node("Reshape", flat, node.shape(0, 0, HEADS, WIDTH // HEADS))
        heads[role] = node("Transpose", split, perm=order)
    scores = node("Add", node("MatMul", heads["query"], heads["key"]), ignored)
    mixed = node("MatMul", node("Softmax", scores, axis=-1), heads["value"])
    return node("Reshape", node("Transpose", mixed, perm=(0, 2, 1, 3)), node.shape(0, 0, WIDTH))


def _pool(node: GraphNodes, hidden: str) -> str:
    """Mean over the words, scaled to length one (the sum already has the mean's direction)."""
    places = node("Unsqueeze", "mask", node.shape(2))
    return node.unit(node("ReduceSum", node("Mul", hidden, places), node.shape(1), keepdims=0))
