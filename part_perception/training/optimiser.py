"""Optimiser: Muon turns the transformer's matrices, AdamW moves all the rest, or everything; one rate for both."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

_INNER = ("blocks.", "patch_net.", "decoder.")


class Optimiser:
    """Muon learns more from every view than AdamW alone; its steps are scaled so that AdamW's rates fit both.

    Weights that need no gradient are none of its business.
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
        self._all: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))]
        if inner:
            turning = torch.optim.Muon(inner, lr=rate, weight_decay=decay, adjust_lr_fn="match_rms_adamw")
            self._all.insert(0, turning)

    def step(self, rate: float) -> None:
        """Move all weights along their gradients and forget these."""
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
