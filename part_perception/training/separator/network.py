"""Network: a small U-net that classifies cells and links pairs of cells, and its weights as a robot loads them."""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn
from torch.nn import functional as F

from part_perception.scene.cell_image import CHANNELS
from part_perception.scene.joining import CLASSES, OFFSETS

WIDTHS = (16, 32, 48, 64)
OUTPUTS = CLASSES + len(OFFSETS)


class Conv(nn.Sequential):
    """Convolution, batch norm, ReLU."""

    def __init__(self, enter: int, leave: int, size: int = 3, stride: int = 1):
        super().__init__(
            nn.Conv2d(enter, leave, size, stride, size // 2, bias=False), nn.BatchNorm2d(leave), nn.ReLU()
        )


class Residual(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.first = Conv(width, width)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.second(self.first(x)))


class Separator(nn.Module):
    """(B, CHANNELS, H, W) → (B, OUTPUTS, H, W) scores: the class of every cell, and its affinity over every offset."""

    def __init__(self):
        super().__init__()
        a, b, c, d = WIDTHS
        self.enter = nn.Sequential(nn.PixelUnshuffle(2), Conv(4 * CHANNELS, a, 1), Conv(a, a))
        self.down1 = nn.Sequential(Conv(a, b, 3, 2), Residual(b))
        self.down2 = nn.Sequential(Conv(b, c, 3, 2), Residual(c), Residual(c))
        self.down3 = nn.Sequential(Conv(c, d, 3, 2), Residual(d), Residual(d))
        self.up3 = Conv(d, c, 1)
        self.join2 = Residual(c)
        self.up2 = Conv(c, b, 1)
        self.join1 = Conv(b, b)
        self.up1 = Conv(b, a, 1)
        self.join0 = Conv(a, a)
        self.leave = nn.Sequential(nn.Conv2d(a, 4 * OUTPUTS, 1), nn.PixelShuffle(2))

    def forward(self, x: Tensor) -> Tensor:
        x0 = self.enter(x)
        x1 = self.down1(x0)
        x2 = self.down2(x1)
        x3 = self.down3(x2)
        x2 = self.join2(x2 + F.interpolate(self.up3(x3), scale_factor=2.0, mode="nearest"))
        x1 = self.join1(x1 + F.interpolate(self.up2(x2), scale_factor=2.0, mode="nearest"))
        x0 = self.join0(x0 + F.interpolate(self.up1(x1), scale_factor=2.0, mode="nearest"))
        return self.leave(x0)


def folded(state: dict) -> dict[str, np.ndarray]:
    """Convolutions without the batch norms that follow them; the first one reads channels as ONNX unfolds them."""
    out = {}
    for name in state:
        if not name.endswith(".weight") or state[name].ndim != 4:
            continue
        layer = name.removesuffix(".weight")
        kernel = state[name].float().numpy()
        block, number = layer.rsplit(".", 1) if "." in layer else (layer, "")
        norm = f"{block}.{int(number) + 1}" if number.isdigit() else ""
        if f"{norm}.running_var" in state:
            gain, shift, mean, var = (
                state[f"{norm}.{k}"].float().numpy()
                for k in ("weight", "bias", "running_mean", "running_var")
            )
            gain = gain / np.sqrt(var + 1e-5)
            out[f"{block}.weight"], out[f"{block}.bias"] = (
                kernel * gain[:, None, None, None],
                shift - mean * gain,
            )
        else:
            out[f"{layer}.weight"], out[f"{layer}.bias"] = kernel, state[f"{layer}.bias"].float().numpy()
    enter = out["enter.1.weight"]  # torch unfolds channel by channel, ONNX position by position
    out["enter.1.weight"] = enter.reshape(len(enter), -1, 4, 1, 1).swapaxes(1, 2).reshape(enter.shape)
    return {k: np.ascontiguousarray(v, np.float32) for k, v in out.items()}
