"""Graph nodes: writes an ONNX graph node by node, from arrays. Only building needs the onnx package."""

from __future__ import annotations

import numpy as np


class GraphNodes:
    """Collects nodes and constants under unique names; calling it adds a node and returns its output."""

    def __init__(self, opset: int = 17):
        self.opset = opset
        self.nodes: list = []
        self.constants: list = []

    def constant(self, value, dtype=np.float32) -> str:
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype, order="C"), name))
        return name

    def __call__(self, operator: str, *inputs: str, **attributes) -> str:
        name = f"v{len(self.nodes)}"
        self.add(operator, list(inputs), [name], **attributes)
        return name

    def add(self, operator: str, inputs: list[str], outputs: list[str], **attributes) -> None:
        """Add a node with outputs named by the caller."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, outputs, name=outputs[0], **attributes))

    def shape(self, *sizes: int) -> str:
        return self.constant(sizes, np.int64)

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None = None) -> str:
        product = self("MatMul", x, self.constant(weight.T))
        return product if bias is None else self("Add", product, self.constant(bias))

    def norm(self, x: str, weight: np.ndarray, bias: np.ndarray, epsilon: float) -> str:
        """Layer norm over the last axis; written out if the opset has none."""
        if self.opset >= 17:
            inputs = (x, self.constant(weight), self.constant(bias))
            return self("LayerNormalization", *inputs, axis=-1, epsilon=epsilon)
        centred = self("Sub", x, self("ReduceMean", x, axes=[-1], keepdims=1))
        variance = self("ReduceMean", self("Mul", centred, centred), axes=[-1], keepdims=1)
        deviation = self("Sqrt", self("Add", variance, self.constant(epsilon)))
        scaled = self("Mul", self("Div", centred, deviation), self.constant(weight))
        return self("Add", scaled, self.constant(bias))

    def gelu(self, x: str) -> str:
        """x * (1 + erf(x / sqrt 2)) / 2, in the form that runtimes recognise and fuse."""
        curve = self("Erf", self("Div", x, self.constant(np.sqrt(2))))
        return self("Mul", self("Mul", x, self("Add", curve, self.constant(1.0))), self.constant(0.5))

    def unit(self, x: str) -> str:
        """Rows scaled to length one."""
        square = self("ReduceSum", self("Mul", x, x), self.shape(-1), keepdims=1)
        length = self("Sqrt", self("Add", square, self.constant(1e-24)))
        return self("Mul", x, self("Div", self.constant(1.0), length))

    def name_output(self, produced: str, name: str) -> None:
        """Give the node's output its public name."""
        self.add("Identity", [produced], [name])

    def model(self, graph_name: str, inputs: list, outputs: list) -> bytes:
        """The serialised model."""
        from onnx import helper

        graph = helper.make_graph(self.nodes, graph_name, inputs, outputs, self.constants)
        opset = [helper.make_opsetid("", self.opset)]
        return helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()
