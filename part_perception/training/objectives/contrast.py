"""Contrast: PartField's relative triplets. Samples of one part are nearer in feature than a third outside it."""

from __future__ import annotations

import torch
from torch import Tensor

_HARD_RADIUS = 0.25


def triplet_contrast(
    features: Tensor,
    part: Tensor,
    places: Tensor,
    temperature: Tensor | float,
    near_weight: float = 4.0,
    hard: int = 16,
) -> Tensor:
    """Mean relative contrast over anchors of normalised features (B, S, F) with parts (B, S), -1 = none.

    The negatives of an anchor are all samples of other parts (uniform), counted `near_weight` times where they are
    close in space (3-D hard), and its `hard` most similar ones once more (feature hard).
    """
    similar = features @ features.transpose(1, 2) / temperature
    known = part >= 0
    pair = known[:, :, None] & known[:, None]
    same = (part[:, :, None] == part[:, None]) & pair
    same = same & ~torch.eye(part.shape[1], dtype=torch.bool, device=part.device)
    other = (part[:, :, None] != part[:, None]) & pair
    usable = same.any(-1) & other.any(-1)
    if not usable.any():
        return features.sum() * 0.0
    partner = (torch.rand_like(similar) * same).argmax(-1, keepdim=True)
    toward = similar.gather(-1, partner)
    close = torch.cdist(places, places) < _HARD_RADIUS
    weight = other * (1.0 + (near_weight - 1.0) * close)
    weight = weight / weight.sum(-1, keepdim=True).clamp(min=1.0)
    ratio = (similar - toward).clamp(max=30).exp()
    uniform = (ratio * weight).sum(-1) * hard
    hardest = (ratio * other).topk(min(hard, ratio.shape[-1]), dim=-1).values.mean(-1)
    return torch.log1p(uniform + hardest)[usable].mean()
