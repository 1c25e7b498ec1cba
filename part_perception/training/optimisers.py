"""Optimisers: Muon with AdamW, in the precision that the processor multiplies fastest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

_INNER = ("blocks.", "patch_net.", "decoder.")
ITERATIONS = 5
QUINTIC = (3.4445, -4.7750, 2.0315)  # coefficients that bring singular values near 1 in few iterations


def has_bfloat16(device: str) -> bool:
    """Whether a device multiplies bfloat16 itself; emulating it takes several times as long as float32."""
    return not device.startswith("cpu") or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


class Muon(torch.optim.Optimizer):
    """Momentum whose matrices are made orthogonal before each step, scaled to the rates of AdamW.

    As torch.optim.Muon with adjust_lr_fn="match_rms_adamw", and its state; but that one always computes in
    bfloat16, which takes most of a step's time where it is emulated.
    """

    def __init__(self, matrices: Iterable[Tensor], lr: float, weight_decay: float, momentum: float = 0.95):
        super().__init__(matrices, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Update the matrices that have a gradient."""
        for group in self.param_groups:
            for matrix in (each for each in group["params"] if each.grad is not None):
                state, momentum = self.state[matrix], group["momentum"]
                past = state.setdefault("momentum_buffer", torch.zeros_like(matrix.grad))
                past.lerp_(matrix.grad, 1 - momentum)
                way = orthogonal(matrix.grad.lerp(past, momentum))
                matrix.mul_(1 - group["lr"] * group["weight_decay"])
                matrix.add_(way, alpha=-0.2 * group["lr"] * max(matrix.shape) ** 0.5)


def orthogonal(matrix: Tensor) -> Tensor:
    """A matrix with the same singular vectors and singular values near 1, by Newton-Schulz iteration."""
    a, b, c = QUINTIC
    x = matrix.bfloat16() if has_bfloat16(matrix.device.type) else matrix.float()
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(ITERATIONS):
        square = x @ x.T
        x = torch.addmm(x, torch.addmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return x.T if tall else x


class Optimisers:
    """Several optimisers of one network, in step."""

    def __init__(self, every: list[torch.optim.Optimizer]):
        self._all = every

    def step(self, rate: float) -> None:
        """Update all weights and clear the gradients."""
        for optimiser in self._all:
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)

    def state_dict(self) -> list[dict]:
        return [optimiser.state_dict() for optimiser in self._all]

    def load_state_dict(self, state: list[dict]) -> None:
        for optimiser, own in zip(self._all, state, strict=True):
            optimiser.load_state_dict(own)


class Optimiser(Optimisers):
    """Muon with AdamW, which learns more per view than AdamW alone; Muon's steps are scaled to AdamW's rates.

    Weights without gradients are not changed.
    """

    def __init__(self, learner: nn.Module, rate: float, decay: float, muon: bool = True):
        inner: list[nn.Parameter] = []
        outer: list[nn.Parameter] = []
        rest: list[nn.Parameter] = []
        for name, weight in learner.named_parameters():
            if not weight.requires_grad:
                continue
            wide = muon and weight.ndim == 2 and min(weight.shape) >= 16
            turned = wide and name.removeprefix("encoder.").startswith(_INNER)
            (inner if turned else outer if weight.ndim >= 2 else rest).append(weight)
        groups: list[dict[str, Any]] = [
            {"params": outer, "weight_decay": decay},
            {"params": rest, "weight_decay": 0.0},
        ]
        every: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))]
        if inner:
            every.insert(0, Muon(inner, rate, decay))
        super().__init__(every)
