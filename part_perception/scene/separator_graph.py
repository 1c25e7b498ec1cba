"""Separator graph: the network as ONNX, in 8-bit integers where the ranges of its values are known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from part_perception.errors import InputError
from part_perception.graphs import GraphNodes
from part_perception.scene.cell_image import CHANNELS
from part_perception.scene.joining import CLASSES, OFFSETS

OUTPUTS = CLASSES + len(OFFSETS)
RANGE = "range."  # prefix of a layer's name: the layer's largest output, stored beside the weights
SHARE = 0.9999  # share of a picture's values within the range: rare larger ones are clamped
# Of kernels in integers. Two products of 255 * 127 exceed 16 bits, in which processors without VNNI add them.
LARGEST = 63
Weights = Mapping[str, np.ndarray]


class FloatLayers(GraphNodes):
    """Layers of the network; values are named after the layer that outputs them."""

    def __init__(self, weights: Weights, opset: int):
        super().__init__(opset)
        self.weights = weights
        self.values: dict[str, str] = {}

    def value(self, x: str, name: str, positive: bool = True) -> str:
        """A layer's output in the form that the next layer takes."""
        out = self("Relu", x) if positive else x
        self.values[name] = out
        return out

    def kernel(self, name: str, x: str) -> tuple[str, str]:
        return self.constant(self.weights[f"{name}.weight"]), self.constant(self.weights[f"{name}.bias"])

    def conv(self, x: str, name: str, stride: int = 1, positive: bool = True) -> str:
        kernel, bias = self.kernel(name, x)
        size = self.weights[f"{name}.weight"].shape[2:]
        out = self("Conv", x, kernel, bias, strides=[stride, stride], pads=[size[0] // 2] * 4,
                   kernel_shape=list(size))  # fmt: skip
        return self.value(out, name, positive)

    def add_values(self, x: str, y: str, name: str, positive: bool = False) -> str:
        return self.value(self("Add", x, y), name, positive)

    def residual(self, x: str, name: str) -> str:
        inner = self.conv(self.conv(x, f"{name}.first"), f"{name}.second", positive=False)
        return self.add_values(x, inner, name, positive=True)

    def twice(self, x: str, name: str) -> str:
        scales = self.constant([1.0, 1.0, 2.0, 2.0])
        out = self("Resize", x, "", scales, mode="nearest", coordinate_transformation_mode="asymmetric",
                   nearest_mode="floor")  # fmt: skip
        return self.value(out, name)  # in the same steps as x, so that runtimes enlarge integers


class IntegerLayers(FloatLayers):
    """The same layers with 8-bit values in between: runtimes fuse the quantize-dequantize pairs into them."""

    def __init__(self, weights: Weights, opset: int):
        super().__init__(weights, opset)
        self.steps: dict[str, float] = {}

    def value(self, x: str, name: str, positive: bool = True) -> str:
        """Round to 256 steps; if positive, there is no step below zero, which acts as the Relu."""
        most = max(float(self.weights[RANGE + name.removesuffix(".twice")]), 1e-6)
        step, zero = (most / 255, 0) if positive else (most / 127, 128)
        scale, offset = self.constant(step), self.constant(zero, np.uint8)
        out = self("DequantizeLinear", self("QuantizeLinear", x, scale, offset), scale, offset)
        self.steps[out], self.values[name] = step, out
        return out

    def kernel(self, name: str, x: str) -> tuple[str, str]:
        kernel = self.weights[f"{name}.weight"]
        steps = np.maximum(np.abs(kernel).max(axis=(1, 2, 3)), 1e-9) / LARGEST
        rounded = np.rint(kernel / steps[:, None, None, None])
        of_bias = steps * self.steps[x]
        bias = np.clip(np.rint(self.weights[f"{name}.bias"] / of_bias), -(2**31) + 1, 2**31 - 1)
        scaled = [
            self(
                "DequantizeLinear",
                self.constant(whole, kind),
                self.constant(by),
                self.constant(0 * by, kind),
                axis=0,
            )
            for whole, kind, by in ((rounded, np.int8, steps), (bias, np.int32, of_bias))
        ]
        return scaled[0], scaled[1]


def build_separator(weights: Weights, opset: int = 17, measured: bool = False) -> bytes:
    """In: cells (1, CHANNELS, H, W). Out: scores (1, 4 OUTPUTS, H/2, W/2), those of two by two cells each.

    H and W are free multiples of 16. The scores are not spread here, because runtimes take long for it.
    measured: in floats, with the output of every layer, named after it, so that its range can be measured.
    """
    from onnx import TensorProto, helper

    if (scores := len(weights["leave.0.weight"]) // 4) != OUTPUTS:
        raise InputError(
            f"the separator belongs to another version: it gives {scores} scores a cell, not {OUTPUTS}"
        )
    whole = RANGE + "enter" in weights and not measured
    node = (IntegerLayers if whole else FloatLayers)(weights, opset)
    x = node.value(node("SpaceToDepth", "cells", blocksize=2), "enter", positive=False)
    x0 = node.conv(node.conv(x, "enter.1"), "enter.2")
    x1 = node.residual(node.conv(x0, "down1.0", 2), "down1.1")
    x2 = node.residual(node.residual(node.conv(x1, "down2.0", 2), "down2.1"), "down2.2")
    x3 = node.conv(x2, "down3.0", 2)
    for block in ("down3.1", "down3.2", "down3.3"):
        x3 = node.residual(x3, block)

    def joined(level: str, fine: str, coarse: str) -> str:
        wide = node.conv(coarse, f"up{level}")
        return node.add_values(fine, node.twice(wide, f"up{level}.twice"), f"sum{level}", positive=True)

    x2 = node.residual(node.residual(joined("3", x2, x3), "join2.0"), "join2.1")
    x1 = node.residual(node.conv(joined("2", x1, x2), "join1.0"), "join1.1")
    x0 = node.conv(joined("1", x0, x1), "join0")
    node.name_output(node.conv(x0, "leave.0", positive=False), "scores")
    info, real = helper.make_tensor_value_info, TensorProto.FLOAT
    outputs = [info("scores", real, [1, 4 * OUTPUTS, None, None])]
    if measured:
        for name, value in node.values.items():
            node.name_output(value, RANGE + name)
            outputs.append(info(RANGE + name, real, None))
    return node.model("separator", [info("cells", real, [1, CHANNELS, "height", "width"])], outputs)


def ranges(weights: Weights, pictures: list[np.ndarray]) -> dict[str, np.ndarray]:
    """The largest output of each layer for the features (CHANNELS, H, W) of pictures, by its stored name."""
    from part_perception.graphs import onnx_runtime

    session = onnx_runtime().InferenceSession(
        build_separator(weights, measured=True), providers=["CPUExecutionProvider"]
    )
    names = [each.name for each in session.get_outputs() if each.name.startswith(RANGE)]
    most = np.zeros(len(names), np.float32)
    for given in pictures:
        values = session.run(names, {"cells": given[None]})
        most = np.maximum(most, [np.quantile(np.abs(value), SHARE) for value in values])
    kept = zip(names, most, strict=True)
    return {name: np.array(value) for name, value in kept if not name.endswith(".twice")}
