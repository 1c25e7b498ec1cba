"""Linear layers: how each precision writes a product of rows and weights. Everything else stays in fp32."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from part_perception.graph_nodes import GraphNodes

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
