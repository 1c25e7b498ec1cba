"""Words: samples align with the names that are true of them (sigmoid), and parts of one shape tell each other apart."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

_NEGATIVES_A_POSITIVE = 20.0


def name_loss(logits: Tensor, truth: Tensor) -> Tensor:
    """Sigmoid loss of (B, S, Q) logits. Truth is 1, 0 or a fraction; below 0 a pair is open and costs nothing."""
    known, target = truth >= 0, truth.clamp(min=0)
    cost = F.binary_cross_entropy_with_logits(logits, target, reduction="none") * known
    positive = (cost * target).sum(-1) / target.sum(-1).clamp(min=1)
    negative = (cost * (1 - target)).sum(-1) / _NEGATIVES_A_POSITIVE
    return (positive + negative).mean()


def presence_loss(logits: Tensor, truth: Tensor, top: int = 12) -> Tensor:
    """Is the named part on the shape at all? Judged by the highest samples of each name."""
    present = (truth > 0.5).any(dim=1)
    open_ = (truth < 0).any(dim=1) & ~present
    best = logits.topk(top, dim=1).values.mean(dim=1)
    cost = F.binary_cross_entropy_with_logits(best, present.float(), reduction="none") * ~open_
    positive = (cost * present).sum(1) / present.sum(1).clamp(min=1)
    negative = (cost * ~present).sum(1) / _NEGATIVES_A_POSITIVE
    return (positive + negative).mean()


def closed_set_loss(logits: Tensor, target: Tensor, allowed: Tensor) -> Tensor:
    """Softmax over one name for each part of the shape. `allowed` (B, S, C) leaves out names above or absent."""
    masked = logits.masked_fill(~allowed, -1e4)
    labelled = target >= 0
    if not labelled.any():
        return logits.sum() * 0.0
    return F.cross_entropy(masked[labelled], target[labelled])


def relaxed_iou_loss(probability: Tensor, truth: Tensor) -> Tensor:
    """1 - relaxed IoU of soft masks (B, S, Q) against 0/1 truth, over names that are on the shape."""
    known = (truth >= 0).float()
    target = truth.clamp(min=0)
    both = (probability * target * known).sum(1)
    either = ((probability + target - probability * target) * known).sum(1)
    present = (target > 0.5).any(1)
    return (1 - both / either.clamp(min=1e-6))[present].mean() if present.any() else torch.zeros(())
