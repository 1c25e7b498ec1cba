"""Patch words: PatchAlign3D's second stage. Every patch agrees with the names of its points, by how many they are."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F


def patch_word_loss(logits: Tensor, share: Tensor, asked: Tensor) -> Tensor:
    """Sigmoid loss of (B, P, C) logits against the share of a patch's points that have each name.

    `asked` (B, C) are the K names of each shape: only these are told apart. A positive counts max(1, K - 1) times, as
    much as all the others of its patch.
    """
    positive = (asked.sum(dim=1) - 1).clamp(min=1)[:, None, None].to(logits.dtype)
    cost = F.binary_cross_entropy_with_logits(logits, share, reduction="none", pos_weight=positive)
    return (cost * asked[:, None]).sum() / (asked.sum() * logits.shape[1])
