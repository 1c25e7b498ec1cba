"""Motion: samples learn how their part moves: the kind of its joint, the axis, and where the axis runs."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from part_perception.simulation.worlds import MOTIONS

KINDS = len(MOTIONS)
TURNING = torch.tensor([MOTIONS.index(kind) for kind in ("turns", "screws")])
_MOVING = 3.0  # times the weight of what is fixed, which is most of what there is
_SIGN = 0.3  # share of the axis' cost that asks for the way it opens, which is often anybody's guess


def motion_loss(said: Tensor, motion: Tensor, axis: Tensor, arm: Tensor) -> Tensor:
    """Cost of (B, S, KINDS + 6) against the kind (B, S; below 0 unknown), the axis and the way to it (B, S, 3)."""
    known = motion >= 0
    if not known.any():
        return said.sum() * 0.0
    weight = torch.ones(KINDS, device=said.device)
    weight[1:] = _MOVING
    cost = F.cross_entropy(said[..., :KINDS][known], motion[known], weight)
    moving = motion > 0
    if moving.any():
        cosine = F.cosine_similarity(said[..., KINDS : KINDS + 3][moving], axis[moving], dim=-1)
        cost = cost + (1 - cosine.abs() + _SIGN * (1 - cosine) / 2).mean()
    turning = torch.isin(motion, TURNING.to(motion.device))
    if turning.any():
        cost = cost + F.smooth_l1_loss(said[..., KINDS + 3 :][turning], arm[turning], beta=0.1)
    return cost
