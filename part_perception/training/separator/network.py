"""Network: a small U-net that classifies cells and links pairs of cells, its losses, and its weights for a robot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from part_perception.jit import compiled
from part_perception.scene.cell_image import CHANNELS
from part_perception.scene.joining import BACKGROUND as BACKGROUND_CLASS
from part_perception.scene.joining import CLASSES, OBJECT, OFFSETS
from part_perception.scene.joining import SKIRT as SKIRT_CLASS
from part_perception.training.separator.pictures import BACKGROUND, NOTHING, SKIRT

WIDTHS = (32, 48, 64, 128)
OUTPUTS = CLASSES + len(OFFSETS)
EPSILON = 1e-5  # of the batch norms
IGNORED = 255
APART = 1.3  # relative cost of merging two objects, against splitting one
# An object counts by the square root of its size: small ones would hardly count by cells, and too much as objects.
USUAL_SIZE = 1000  # cells: an object whose cells weigh 1
LEAST, MOST = 1.0, 4.0  # the weight of a cell of any object


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
        self.down3 = nn.Sequential(Conv(c, d, 3, 2), Residual(d), Residual(d), Residual(d))
        self.up3 = Conv(d, c, 1)
        self.join2 = nn.Sequential(Residual(c), Residual(c))
        self.up2 = Conv(c, b, 1)
        self.join1 = nn.Sequential(Conv(b, b), Residual(b))
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
            gain = gain / np.sqrt(var + EPSILON)
            out[f"{block}.weight"], out[f"{block}.bias"] = (
                kernel * gain[:, None, None, None],
                shift - mean * gain,
            )
        else:
            out[f"{layer}.weight"], out[f"{layer}.bias"] = kernel, state[f"{layer}.bias"].float().numpy()
    enter = out["enter.1.weight"]  # torch unfolds channel by channel, ONNX position by position
    out["enter.1.weight"] = enter.reshape(len(enter), -1, 4, 1, 1).swapaxes(1, 2).reshape(enter.shape)
    return {k: np.ascontiguousarray(v, np.float32) for k, v in out.items()}


def unfold(network: Separator, weights: Mapping[str, np.ndarray], cells: Tensor) -> None:
    """Load weights as a robot loads them; the batch norms, which these lack, are set so that they change nothing.

    cells (B, CHANNELS, H, W): pictures on which the mean and variance of every layer are measured.
    """
    kernels = {k: torch.from_numpy(np.array(v, np.float32)) for k, v in weights.items()}
    enter = kernels["enter.1.weight"]
    kernels["enter.1.weight"] = enter.reshape(len(enter), 4, -1, 1, 1).swapaxes(1, 2).reshape(enter.shape)

    def pass_through(norm: nn.BatchNorm2d, inputs: tuple[Tensor], bias: Tensor) -> None:
        mean, var = inputs[0].mean((0, 2, 3)), inputs[0].var((0, 2, 3), unbiased=False)
        spread = (var + EPSILON).sqrt()
        state = {"running_mean": mean, "running_var": var, "weight": spread, "bias": mean + bias}
        norm.load_state_dict(state, strict=False)

    hooks = []
    with torch.no_grad():
        network.leave[0].weight.copy_(kernels["leave.0.weight"])
        network.leave[0].bias.copy_(kernels["leave.0.bias"])
        for block, conv, norm in _normed(network):
            conv.weight.copy_(kernels[f"{block}.weight"])
            hooks.append(norm.register_forward_pre_hook(partial(pass_through, bias=kernels[f"{block}.bias"])))
        training = network.training
        network.eval()(cells)
        network.train(training)
    for hook in hooks:
        hook.remove()


def _normed(network: Separator) -> Iterator[tuple[str, nn.Conv2d, nn.BatchNorm2d]]:
    """Every convolution that a batch norm follows, with the name that its weights have without it."""
    for name, block in network.named_modules():
        layers = list(block.children()) if isinstance(block, nn.Sequential) else []
        for conv, norm in zip(layers, layers[1:], strict=False):
            if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                yield name, conv, norm


def losses(scores: Tensor, whose: Tensor) -> dict[str, Tensor]:
    """The cost of the classes, and that of the pairs of cells that are not skirts."""
    classes = torch.full_like(whose, OBJECT)
    classes[whose == BACKGROUND] = BACKGROUND_CLASS
    classes[whose == SKIRT] = SKIRT_CLASS
    classes[whose == NOTHING] = IGNORED
    weights = weights_of_cells(whose)
    cost = F.cross_entropy(scores[:, :CLASSES], classes.long(), ignore_index=IGNORED, reduction="none")
    known = weights * (classes != IGNORED)
    classes_cost = (cost * known).sum() / known.sum().clamp(min=1.0)
    return {"classes": classes_cost, "pairs": _Pairs.apply(scores[:, CLASSES:], whose, weights)}


def weights_of_cells(whose: Tensor) -> Tensor:
    """(B, H, W) how much each cell counts: more in a small object, 1 outside of objects."""
    weights = torch.ones(whose.shape)
    for picture, weight in zip(whose, weights, strict=True):
        sizes = torch.bincount(picture.flatten(), minlength=NOTHING + 1)
        of_object = (USUAL_SIZE / sizes.clamp(min=1)).sqrt().clamp(LEAST, MOST)
        of_object[SKIRT:] = 1.0
        weight.copy_(of_object[picture])
    return weights


class _Pairs(torch.autograd.Function):
    """Cross-entropy of every pair's link, averaged over an offset's pairs and then over offsets.

    A pair weighs as much as the weightier of its cells that are objects. Cost and gradient come from one pass
    over the cells: as tensors they take half the time of a step.
    """

    @staticmethod
    def forward(ctx: Any, links: Tensor, whose: Tensor, weights: Tensor) -> Tensor:
        said = np.ascontiguousarray(links.detach().numpy(), np.float32)
        slopes = np.zeros_like(said)
        of_cells = np.where(whose.numpy() < SKIRT, weights.numpy(), np.float32(0))
        owners = np.ascontiguousarray(whose.numpy().astype(np.uint8))
        cost = pair_costs(said, owners, of_cells, np.array(OFFSETS), slopes)
        ctx.save_for_backward(torch.from_numpy(slopes))
        return torch.tensor(cost, dtype=links.dtype)

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor, None, None]:
        (slopes,) = ctx.saved_tensors
        return slopes * upstream[0], None, None


@compiled("f8(f4[:,:,:,::1], u1[:,:,::1], f4[:,:,::1], i8[:,::1], f4[:,:,:,::1])", reorder_sums=True)
def pair_costs(said, whose, weights, offsets, slopes):
    """The mean cost of all links, and its slope by each of them."""
    batch, ways, height, width = said.shape
    total = 0.0
    for k in range(ways):
        down, right = offsets[k]
        cost, known = 0.0, 0.0
        for b in range(batch):
            for row in range(height - down):
                for column in range(max(-right, 0), width - max(right, 0)):
                    here, there = whose[b, row, column], whose[b, row + down, column + right]
                    # one of them is an object, and neither is a skirt or nothing
                    if (
                        (here >= SKIRT and there >= SKIRT)
                        or here in (SKIRT, NOTHING)
                        or there in (SKIRT, NOTHING)
                    ):
                        continue
                    weight = max(weights[b, row, column], weights[b, row + down, column + right])
                    known += weight
                    x = said[b, k, row, column]
                    small = np.exp(-abs(x))
                    sure = (1.0 if x >= 0 else small) / (1.0 + small)
                    if here == there:
                        cost += weight * (np.log1p(small) + max(-x, 0.0))
                        slopes[b, k, row, column] = weight * (sure - 1.0)
                    else:
                        cost += weight * APART * (np.log1p(small) + max(x, 0.0))
                        slopes[b, k, row, column] = weight * APART * sure
        known = max(known, 1.0)
        slopes[:, k] /= known * ways
        total += cost / known / ways
    return total
