"""Graph: turns the encoder's weights into one folded ONNX graph. The batch is the only free axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from part_perception.encoder.manifest import EncoderConfig
from part_perception.encoder.patches import PatchSpec
from part_perception.graphs import GraphNodes

_NARROWEST = 16
_MIN_RANGE = 1e-12


class RowNodes(GraphNodes):
    """Writes linear layers of rows (R, C) with the bias inside the product."""

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None = None) -> str:
        inputs = (x, self.constant(weight.T))
        return self("MatMul", *inputs) if bias is None else self("Gemm", *inputs, self.constant(bias))


class HalfNodes(GraphNodes):
    """Writes linear layers as fp16 products."""

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None = None) -> str:
        from onnx import TensorProto

        half = self("Cast", x, to=TensorProto.FLOAT16)
        product = self(
            "Cast", self("MatMul", half, self.constant(weight.T, np.float16)), to=TensorProto.FLOAT
        )
        return product if bias is None else self("Add", product, self.constant(bias))


class Int8Nodes(RowNodes):
    """Writes linear layers as integer products: weights per column, activations by range at run time."""

    def __init__(self, opset: int = 17):
        super().__init__(opset)
        self._quantised: dict[str, tuple[str, str, str]] = {}

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None = None) -> str:
        if weight.shape[1] < _NARROWEST:  # coordinates: hardly any work, and precision matters here
            return super().linear(x, weight, bias)
        whole, scale, zero = self._activation(x)
        rounded, columns = by_column(weight)
        product = self("MatMulInteger", whole, self.constant(rounded, np.int8), zero)
        product = self("Mul", self("Cast", product, to=1), self("Mul", scale, self.constant(columns)))
        return product if bias is None else self("Add", product, self.constant(bias))

    def _activation(self, x: str) -> tuple[str, str, str]:
        """A value in 8 bits, converted once for all the products that use it."""
        if x not in self._quantised:
            name = f"v{len(self.nodes)}"
            self.add("DynamicQuantizeLinear", [x], [f"{name}_{part}" for part in ("whole", "scale", "zero")])
            self._quantised[x] = tuple(self.nodes[-1].output)
        return self._quantised[x]


class RangeNodes(RowNodes):
    """Writes an fp32 graph with one more output, `ranges`: the largest absolute input of each wide layer."""

    def __init__(self, opset: int = 17):
        super().__init__(opset)
        self._ranges: list[str] = []

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None = None) -> str:
        if weight.shape[1] >= _NARROWEST:
            most = self("ReduceMax", self("Abs", x), keepdims=0)
            self._ranges.append(self("Reshape", most, self.shape(1)))
        return super().linear(x, weight, bias)

    def model(self, graph_name: str, inputs: list, outputs: list) -> bytes:
        from onnx import TensorProto, helper

        self.add("Concat", self._ranges, ["ranges"], axis=0)
        told = helper.make_tensor_value_info("ranges", TensorProto.FLOAT, [len(self._ranges)])
        return super().model(graph_name, inputs, [*outputs, told])


class QdqNodes(RowNodes):
    """Writes wide layers between quantise and dequantise nodes with fixed, symmetric ranges, for TensorRT."""

    def __init__(self, opset: int, ranges: Sequence[float] | np.ndarray):
        super().__init__(opset)
        self._ranges = iter(ranges)
        self._through: dict[str, str] = {}

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None = None) -> str:
        if weight.shape[1] < _NARROWEST:
            return super().linear(x, weight, bias)
        reach = max(float(next(self._ranges)), _MIN_RANGE)
        if x not in self._through:
            step, zero = self.constant(reach / 127), self.constant(0, np.int8)
            self._through[x] = self("DequantizeLinear", self("QuantizeLinear", x, step, zero), step, zero)
        rounded, steps = by_column(weight)
        constants = [self.constant(rounded, np.int8), self.constant(steps), self.constant(0 * steps, np.int8)]
        product = self("MatMul", self._through[x], self("DequantizeLinear", *constants, axis=1))
        return product if bias is None else self("Add", product, self.constant(bias))


def by_column(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights (out, in) as integers (in, out), and the step of each output."""
    steps = np.maximum(np.abs(weight).max(axis=1), _MIN_RANGE) / 127
    return np.rint(weight / steps[:, None]).T, steps


_NORM_EPSILON = 1e-5
_WRITERS = {"fp32": RowNodes, "fp16": HalfNodes, "int8": Int8Nodes, "ranges": RangeNodes}
Weights = Mapping[str, np.ndarray]


def build_graph(
    weights: Weights,
    config: EncoderConfig,
    patches: PatchSpec,
    opset: int = 17,
    precision: str = "fp32",
    ranges: Sequence[float] | np.ndarray = (),
) -> bytes:
    """The serialised graph. In: groups, centres (samples, near, weight). Out: language (field, motion).

    Precision "ranges" is fp32 plus an output that measures what "qdq" needs; qdq takes it as `ranges`.
    """
    from onnx import TensorProto, helper

    node = QdqNodes(opset, ranges) if precision == "qdq" else _WRITERS[precision](opset)
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
        hidden = _decode(node, weights, config, patches, tokens)
        inputs += [
            info("samples", real, ["batch", rows, 3]),
            info("near", whole, ["batch", rows, patches.blend]),
            info("weight", real, ["batch", rows, patches.blend]),
        ]
    outputs = []
    for name, size in (("language", config.language), ("field", config.field), ("motion", config.motion)):
        if size:
            head = node.linear(
                hidden, *_after(weights, f"{name}_head", "decoder.out" if config.decoder else None)
            )
            head = node("Reshape", head, node.shape(-1, rows, size))
            node.name_output(head if name == "motion" else node.unit(head), name)
            outputs.append(info(name, real, ["batch", rows, size]))
    return node.model("part_encoder", inputs, outputs)


def _folded(weights: Weights, linear: str, norm: str) -> tuple[np.ndarray, np.ndarray]:
    """A linear layer with the batch norm that follows it folded in."""
    gain = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + 1e-5)
    weight = weights[f"{linear}.weight"] * gain[:, None]
    bias = (weights[f"{linear}.bias"] - weights[f"{norm}.running_mean"]) * gain + weights[f"{norm}.bias"]
    return weight, bias


def _after(weights: Weights, layer: str, before: str | None) -> tuple[np.ndarray, np.ndarray]:
    """A linear layer, merged with the linear layer directly before it, if any."""
    weight, bias = weights[f"{layer}.weight"], weights[f"{layer}.bias"]
    if before is None:
        return weight, bias
    return weight @ weights[f"{before}.weight"], weight @ weights[f"{before}.bias"] + bias


def _patch_net(node: GraphNodes, weights: Weights, patches: PatchSpec) -> str:
    """Rows of tokens, patch by patch. Layers two and three are one product: both are linear."""
    enter = _folded(weights, "patch_net.first.0", "patch_net.first.1")
    leave_w, leave_b = weights["patch_net.first.2.weight"], weights["patch_net.first.2.bias"]
    mix_w, mix_b = _folded(weights, "patch_net.second.0", "patch_net.second.1")
    half = len(leave_b)
    pooled_w, local_w = mix_w[:, :half], mix_w[:, half:]

    def by_patch(rows: str, width: int) -> str:
        return node("Reshape", rows, node.shape(-1, patches.neighbours, width))

    def top(rows: str, width: int) -> str:
        return node("ReduceMax", by_patch(rows, width), axes=[1], keepdims=0)

    points = node("Reshape", node("Transpose", "groups", perm=(1, 0, 2, 3)), node.shape(-1, 3))
    first = node("Relu", node.linear(points, *enter))
    pooled = top(node.linear(first, leave_w), half)
    # Biases shared by all points of a patch are added after the maximum.
    around = node.linear(pooled, pooled_w, mix_b + mix_w @ np.concatenate([leave_b, leave_b]))
    straight = by_patch(node.linear(first, local_w @ leave_w), len(mix_w))
    mixed = node("Relu", node("Add", straight, node("Unsqueeze", around, node.shape(1))))
    last_w, last_b = weights["patch_net.second.2.weight"], weights["patch_net.second.2.bias"]
    out = top(node.linear(node("Reshape", mixed, node.shape(-1, len(mix_w))), last_w), len(last_w))
    reduce_w, reduce_b = weights["patch_net.reduce.weight"], weights["patch_net.reduce.bias"]
    return node.linear(out, reduce_w, reduce_b + reduce_w @ last_b)


def _tokens(node: GraphNodes, weights: Weights, config: EncoderConfig, patches: PatchSpec) -> str:
    """Rows of tokens, object by object. Before that they lie patch by patch, so attention needs no copies."""
    dim, count = config.dim, patches.patches
    centres = node("Reshape", node("Transpose", "centres", perm=(1, 0, 2)), node.shape(-1, 3))
    place = node.gelu(node.linear(centres, weights["position.0.weight"], weights["position.0.bias"]))
    place = node.linear(place, weights["position.2.weight"], weights["position.2.bias"])
    x = _patch_net(node, weights, patches)
    by_patch = node("Reshape", x, node.shape(count, -1, dim))
    zero = node("Slice", by_patch, node.shape(0), node.shape(1), node.shape(0))
    zero = node("Mul", node("Reshape", zero, node.shape(-1, dim)), node.constant(0.0))
    x = node("Concat", node("Add", zero, node.constant(weights["class_token"][0])), x, axis=0)
    place = node("Concat", node("Add", zero, node.constant(weights["class_position"][0])), place, axis=0)
    for i in range(config.depth):
        x = _block(node, weights, f"blocks.{i}.", node("Add", x, place), config, count + 1)
    x = node("Reshape", x, node.shape(count + 1, -1, dim))
    x = node("Slice", x, node.shape(1), node.shape(count + 1), node.shape(0))
    x = node("Reshape", node("Transpose", x, perm=(1, 0, 2)), node.shape(-1, dim))
    return node.norm(x, weights["norm.weight"], weights["norm.bias"], _NORM_EPSILON)


def _block(node: GraphNodes, weights: Weights, name: str, x: str, config: EncoderConfig, tokens: int) -> str:
    def norm(i, y):
        return node.norm(y, weights[f"{name}norm{i}.weight"], weights[f"{name}norm{i}.bias"], _NORM_EPSILON)

    def linear(layer, y):
        return node.linear(y, weights[f"{name}{layer}.weight"], weights[f"{name}{layer}.bias"])

    mixed = _attend(node, weights[f"{name}qkv.weight"], norm(1, x), config, tokens)
    x = node("Add", x, linear("proj", mixed))
    return node("Add", x, linear("fc2", node.gelu(linear("fc1", norm(2, x)))))


def _attend(node: GraphNodes, qkv: np.ndarray, x: str, config: EncoderConfig, tokens: int) -> str:
    """Attention over all tokens, with the scale folded into the query's weights.

    Rows lie token by token, so moving the heads to the front only changes strides, which runtimes pass to the
    product instead of copying.
    """
    dim, heads = config.dim, config.heads
    weight = qkv.copy()
    weight[:dim] *= (dim // heads) ** -0.5
    roles = []
    for i in range(3):
        role = node.linear(x, weight[i * dim : (i + 1) * dim])
        role = node("Reshape", role, node.shape(tokens, -1, heads, dim // heads))
        roles.append(node("Transpose", role, perm=(1, 2, 0, 3)))
    query, key, value = roles
    look = node("Softmax", node("MatMul", query, node("Transpose", key, perm=(0, 1, 3, 2))), axis=-1)
    mixed = node("Transpose", node("MatMul", look, value), perm=(2, 0, 1, 3))
    return node("Reshape", mixed, node.shape(-1, dim))


def _decode(
    node: GraphNodes, weights: Weights, config: EncoderConfig, patches: PatchSpec, tokens: str
) -> str:
    """Rows of samples before the decoder's last layer. An offset splits into sample and centre shares."""
    dim, count = config.dim, patches.samples
    place = weights["decoder.place.weight"]
    near, here = 4.0 * place[:, :3], place[:, 3:]
    centres, samples = (node("Reshape", name, node.shape(-1, 3)) for name in ("centres", "samples"))
    bias = weights["decoder.place.bias"] + weights["decoder.token.bias"]
    seen = node.linear(tokens, weights["decoder.token.weight"], bias)
    seen = node("Gather", node("Sub", seen, node.linear(centres, near)), "near", axis=0)
    # One row for all patches that a sample sees: its own share is added in the product, without another pass.
    own = node.constant(np.tile((near + here).T, patches.blend))
    seen = node("Reshape", seen, node.shape(-1, patches.blend * dim))
    each = node(
        "Reshape", node("Relu", node("Gemm", samples, own, seen)), node.shape(-1, count, patches.blend, dim)
    )
    blended = node("MatMul", node("Unsqueeze", "weight", node.shape(2)), each)
    blended = node("Reshape", blended, node.shape(-1, dim))
    return node("Relu", node.linear(blended, weights["decoder.mix.weight"], weights["decoder.mix.bias"]))
