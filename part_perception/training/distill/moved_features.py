"""Moved features: how word logits change when features take a step, at the price of a few numbers a row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from part_perception.encoder.manifest import Confidence

_RIDGE = 0.01
_PRESENCE = 0.5
_CARE = 0.02


def quiet_directions(text: np.ndarray, bank: np.ndarray) -> np.ndarray:
    """(D, Q): moving along column q changes word q by 1, the other words by 0, and the bank as little as can be."""
    spread = bank.T.astype(np.float64) @ bank / len(bank)
    spread += _RIDGE * np.trace(spread) / len(spread) * np.eye(len(spread))
    toward = np.linalg.solve(spread, text.T.astype(np.float64))
    return toward @ np.linalg.pinv(text @ toward)


@dataclass(frozen=True)
class Rows:
    """Word logits of moved features, from products that are made once: a move (R, Q) costs Q numbers a row, not D."""

    dots: Tensor
    along: Tensor
    square: Tensor
    across: Tensor
    scale: float
    bias: float

    @classmethod
    def of(cls, raw: np.ndarray, text: np.ndarray, moves: np.ndarray, rule: Confidence) -> Rows:
        """Rows of features (R, D) before they are normalised, words (Q, D), and where a move leads (D, Q)."""
        arrays = (raw @ text.T, raw @ moves, (raw**2).sum(1), moves.T @ moves)
        dots, along, square, across = (torch.from_numpy(a).float() for a in arrays)
        return cls(dots, along, square, across, rule.scale, rule.bias)

    @property
    def unit(self) -> float:
        """The move that changes a logit by about 1."""
        return float(self.square.sqrt().mean()) / self.scale

    def logits(self, move: Tensor, chosen) -> Tensor:
        """scale · cosine + bias after the features of the chosen rows were moved."""
        square = (
            self.square[chosen]
            + 2 * (self.along[chosen] * move).sum(1)
            + ((move @ self.across) * move).sum(1)
        )
        return self.scale * (self.dots[chosen] + move) / square.clamp(min=1e-6).sqrt()[:, None] + self.bias


def loss_of(logits: Tensor, wanted: Tensor, moved: Tensor) -> Tensor:
    """Which word it is, as sure as the masks are; that it is there, for open questions; and no longer way than needed.

    `moved` is by how much the logits were changed: what the model knew of a word speaks against what masks say.
    """
    sure = wanted.sum()
    which = -(wanted * logits.log_softmax(dim=1)).sum() / sure
    share = wanted / wanted.sum(1, keepdim=True)
    there = F.binary_cross_entropy_with_logits(
        logits, share, weight=wanted.sum(1, keepdim=True), reduction="sum"
    )
    return which + _PRESENCE * there / sure + _CARE * (moved**2).mean()
