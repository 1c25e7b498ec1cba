"""Reduced nodes: linear layers in 16 or 8 bits; norms, softmax and everything else stay in fp32."""

from __future__ import annotations

import numpy as np

from part_perception.graph_nodes import GraphNodes

_NARROWEST = 16


class HalfNodes(GraphNodes):
    """Writes linear layers as fp16 products."""

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None = None) -> str:
        from onnx import TensorProto

        half = self("Cast", x, to=TensorProto.FLOAT16)
        product = self(
            "Cast", self("MatMul", half, self.constant(weight.T, np.float16)), to=TensorProto.FLOAT
        )
        return product if bias is None else self("Add", product, self.constant(bias))


class Int8Nodes(GraphNodes):
    """Writes linear layers as integer products: weights by column, activations by their range at run time."""

    def __init__(self, opset: int = 17):
        super().__init__(opset)
        self._quantised: dict[str, tuple[str, str, str]] = {}

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None = None) -> str:
        if weight.shape[1] < _NARROWEST:  # coordinates: hardly any work, and the place where precision counts
            return super().linear(x, weight, bias)
        whole, scale, zero = self._activation(x)
        columns = np.maximum(np.abs(weight).max(axis=1), 1e-12) / 127
        rounded = np.rint(weight / columns[:, None]).T
        product = self("MatMulInteger", whole, self.constant(rounded, np.int8), zero)
        scales = self("Mul", scale, self.constant(columns))
        product = self("Mul", self("Cast", product, to=1), scales)
        return product if bias is None else self("Add", product, self.constant(bias))

    def _activation(self, x: str) -> tuple[str, str, str]:
        """A value in 8 bits, made once however many products it enters."""
        if x not in self._quantised:
            name = f"v{len(self.nodes)}"
            self.add("DynamicQuantizeLinear", [x], [f"{name}_{part}" for part in ("whole", "scale", "zero")])
            self._quantised[x] = tuple(self.nodes[-1].output)
        return self._quantised[x]
