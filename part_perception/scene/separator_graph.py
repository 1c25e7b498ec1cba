"""Separator graph: the separator's folded weights → an ONNX graph for the runtimes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from part_perception.graphs.nodes import GraphNodes
from part_perception.scene.features import CHANNELS
from part_perception.scene.joining import CLASSES, OFFSETS

OUTPUTS = CLASSES + len(OFFSETS)
Weights = Mapping[str, np.ndarray]


def build_separator(weights: Weights, opset: int = 17) -> bytes:
    """In: cells (1, CHANNELS, H, W). Out: scores (1, OUTPUTS, H, W). H and W are free multiples of 16."""
    from onnx import TensorProto, helper

    node = GraphNodes(opset)

    def conv(x: str, name: str, stride: int = 1, relu: bool = True) -> str:
        kernel = weights[f"{name}.weight"]
        edge = kernel.shape[2] // 2
        out = node(
            "Conv", x, node.constant(kernel), node.constant(weights[f"{name}.bias"]),
            strides=[stride, stride], pads=[edge] * 4, kernel_shape=list(kernel.shape[2:]),
        )  # fmt: skip
        return node("Relu", out) if relu else out

    def residual(x: str, name: str) -> str:
        inner = conv(conv(x, f"{name}.first"), f"{name}.second", relu=False)
        return node("Relu", node("Add", x, inner))

    def twice(x: str) -> str:
        scales = node.constant([1.0, 1.0, 2.0, 2.0])
        return node("Resize", x, "", scales, mode="nearest", coordinate_transformation_mode="asymmetric",
                    nearest_mode="floor")  # fmt: skip

    x0 = conv(conv(node("SpaceToDepth", "cells", blocksize=2), "enter.1"), "enter.2")
    x1 = residual(conv(x0, "down1.0", 2), "down1.1")
    x2 = residual(residual(conv(x1, "down2.0", 2), "down2.1"), "down2.2")
    x3 = residual(residual(conv(x2, "down3.0", 2), "down3.1"), "down3.2")
    x2 = residual(node("Add", x2, twice(conv(x3, "up3"))), "join2")
    x1 = conv(node("Add", x1, twice(conv(x2, "up2"))), "join1")
    x0 = conv(node("Add", x0, twice(conv(x1, "up1"))), "join0")
    leave = conv(x0, "leave.0", relu=False)
    node.name_output(node("DepthToSpace", leave, blocksize=2, mode="CRD"), "scores")
    info, real = helper.make_tensor_value_info, TensorProto.FLOAT
    given = [info("cells", real, [1, CHANNELS, "height", "width"])]
    return node.model("separator", given, [info("scores", real, [1, OUTPUTS, "height", "width"])])
