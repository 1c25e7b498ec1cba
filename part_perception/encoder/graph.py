"""Graph: the encoder's weights → one ONNX graph, with what can be folded folded. The batch is the only free axis."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from part_perception.encoder.manifest import EncoderConfig
from part_perception.encoder.patches import PatchSpec
from part_perception.encoder.reduced_nodes import HalfNodes, Int8Nodes
from part_perception.graph_nodes import GraphNodes

_NORM_EPSILON = 1e-5
_WRITERS = {"fp32": GraphNodes, "fp16": HalfNodes, "int8": Int8Nodes}
Weights = Mapping[str, np.ndarray]


def build_graph(
    weights: Weights, config: EncoderConfig, patches: PatchSpec, opset: int = 17, precision: str = "fp32"
) -> bytes:
    """The serialised graph. In: groups, centres (and samples, near, weight). Out: language (and field)."""
    from onnx import TensorProto, helper

    node = _WRITERS[precision](opset)
    tokens = _tokens(node, weights, config, patches)
    rows = patches.patches
    info, real, whole = helper.make_tensor_value_info, TensorProto.FLOAT, TensorProto.INT64
    inputs = [
        info("groups", real, ["batch", patches.patches, patches.neighbours, 3]),
        info("centres", real, ["batch", patches.patches, 3]),
    ]
    hidden = tokens
    if config.decoder:
        rows = patches.samples
        hidden = _decode(node, weights, config, tokens)
        inputs += [
            info("samples", real, ["batch", rows, 3]),
            info("near", whole, ["batch", rows, patches.blend]),
            info("weight", real, ["batch", rows, patches.blend]),
        ]
    outputs = []
    for name, size in (("language", config.language), ("field", config.field)):
        if size:
            head = node.linear(
                hidden, *_after(weights, f"{name}_head", "decoder.out" if config.decoder else None)
            )
            node.name_output(node.unit(head), name)
            outputs.append(info(name, real, ["batch", rows, size]))
    return node.model("part_encoder", inputs, outputs)


def _folded(weights: Weights, linear: str, norm: str) -> tuple[np.ndarray, np.ndarray]:
    """A linear layer with the batch norm that follows it folded in."""
    gain = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + 1e-5)
    weight = weights[f"{linear}.weight"] * gain[:, None]
    bias = (weights[f"{linear}.bias"] - weights[f"{norm}.running_mean"]) * gain + weights[f"{norm}.bias"]
    return weight, bias


def _after(weights: Weights, layer: str, before: str | None) -> tuple[np.ndarray, np.ndarray]:
    """A linear layer; with one before it and nothing non-linear between them, both as one."""
    weight, bias = weights[f"{layer}.weight"], weights[f"{layer}.bias"]
    if before is None:
        return weight, bias
    return weight @ weights[f"{before}.weight"], weight @ weights[f"{before}.bias"] + bias


def _patch_net(node: GraphNodes, weights: Weights, patches: PatchSpec) -> str:
    """One token a patch. The second and third layers have nothing non-linear between them and become one product."""
    enter = _folded(weights, "patch_net.first.0", "patch_net.first.1")
    leave_w, leave_b = weights["patch_net.first.2.weight"], weights["patch_net.first.2.bias"]
    mix_w, mix_b = _folded(weights, "patch_net.second.0", "patch_net.second.1")
    half = len(leave_b)
    pooled_w, local_w = mix_w[:, :half], mix_w[:, half:]
    first = node("Relu", node.linear("groups", *enter))
    both = node.linear(first, np.concatenate([leave_w, local_w @ leave_w]))
    local, straight = _split(node, both, half, half + len(local_w))
    pooled = node("Add", _top(node, local), node.constant(leave_b))
    around = node.linear(pooled, pooled_w, mix_b + local_w @ leave_b)
    mixed = node("Relu", node("Add", straight, node("Unsqueeze", around, node.shape(2))))
    # The bias after the last product is the same for all points of a patch, so it can wait until after the maximum.
    out = _top(node, node.linear(mixed, weights["patch_net.second.2.weight"]))
    reduce_w, reduce_b = weights["patch_net.reduce.weight"], weights["patch_net.reduce.bias"]
    return node.linear(out, reduce_w, reduce_b + reduce_w @ weights["patch_net.second.2.bias"])


def _split(node: GraphNodes, x: str, at: int, end: int) -> tuple[str, str]:
    def cut(low, high):
        return node("Slice", x, node.shape(low), node.shape(high), node.shape(3))

    return cut(0, at), cut(at, end)


def _top(node: GraphNodes, x: str) -> str:
    """The maximum over a patch's points."""
    return node("ReduceMax", x, axes=[2], keepdims=0)


def _tokens(node: GraphNodes, weights: Weights, config: EncoderConfig, patches: PatchSpec) -> str:
    tokens = _patch_net(node, weights, patches)
    place = node.gelu(node.linear("centres", weights["position.0.weight"], weights["position.0.bias"]))
    place = node.linear(place, weights["position.2.weight"], weights["position.2.bias"])
    zero = node("Mul", node("Slice", tokens, node.shape(0), node.shape(1), node.shape(1)), node.constant(0.0))
    x = node("Concat", node("Add", zero, node.constant(weights["class_token"])), tokens, axis=1)
    place = node("Concat", node("Add", zero, node.constant(weights["class_position"])), place, axis=1)
    for i in range(config.depth):
        x = _block(node, weights, f"blocks.{i}.", node("Add", x, place), config)
    x = node.norm(x, weights["norm.weight"], weights["norm.bias"], _NORM_EPSILON)
    return node("Slice", x, node.shape(1), node.shape(patches.patches + 1), node.shape(1))


def _block(node: GraphNodes, weights: Weights, name: str, x: str, config: EncoderConfig) -> str:
    def norm(i, y):
        return node.norm(y, weights[f"{name}norm{i}.weight"], weights[f"{name}norm{i}.bias"], _NORM_EPSILON)

    def linear(layer, y):
        return node.linear(y, weights[f"{name}{layer}.weight"], weights[f"{name}{layer}.bias"])

    x = node("Add", x, linear("proj", _attend(node, weights[f"{name}qkv.weight"], norm(1, x), config)))
    return node("Add", x, linear("fc2", node.gelu(linear("fc1", norm(2, x)))))


def _attend(node: GraphNodes, qkv: np.ndarray, x: str, config: EncoderConfig) -> str:
    """Attention over all tokens; the scale is folded into the query's weights."""
    size = config.dim // config.heads
    weight = qkv.copy()
    weight[: config.dim] *= size**-0.5
    roles = []
    for i, order in enumerate(((0, 2, 1, 3), (0, 2, 3, 1), (0, 2, 1, 3))):
        flat = node.linear(x, weight[i * config.dim : (i + 1) * config.dim])
        split = node("Reshape", flat, node.shape(0, 0, config.heads, size))
        roles.append(node("Transpose", split, perm=order))
    look = node("Softmax", node("MatMul", roles[0], roles[1]), axis=-1)
    mixed = node("Transpose", node("MatMul", look, roles[2]), perm=(0, 2, 1, 3))
    return node("Reshape", mixed, node.shape(0, 0, config.dim))


def _decode(node: GraphNodes, weights: Weights, config: EncoderConfig, tokens: str) -> str:
    """Samples before the decoder's last layer. Offsets split into a sample's share and a centre's, each made once."""
    place = weights["decoder.place.weight"]
    near, here = 4.0 * place[:, :3], place[:, 3:]
    seen = node.linear(tokens, weights["decoder.token.weight"])
    seen = node("Sub", seen, node.linear("centres", near))
    flat = node("Reshape", seen, node.shape(-1, config.dim))
    own = node.linear("samples", near + here, weights["decoder.place.bias"] + weights["decoder.token.bias"])
    each = node("Add", node("Gather", flat, "near", axis=0), node("Unsqueeze", own, node.shape(2)))
    weighted = node("Mul", node("Relu", each), node("Unsqueeze", "weight", node.shape(3)))
    blended = node("ReduceSum", weighted, node.shape(2), keepdims=0)
    return node("Relu", node.linear(blended, weights["decoder.mix.weight"], weights["decoder.mix.bias"]))
