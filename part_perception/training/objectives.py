"""Objectives: losses for the encoder, each a function of features and truth."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from part_perception.simulation.worlds import MOTIONS

_NEGATIVES_A_POSITIVE = 20.0


def name_loss(logits: Tensor, truth: Tensor, sure: Tensor | float = 1.0) -> Tensor:
    """Sigmoid loss of (B, S, Q) logits. Truth is 1, 0 or a fraction; below 0 a pair is open and ignored.

    `sure`, of the same shape, weighs true names.
    """
    known, target = truth >= 0, truth.clamp(min=0)
    cost = F.binary_cross_entropy_with_logits(logits, target, reduction="none") * known
    positive = (cost * target * sure).sum(-1) / target.sum(-1).clamp(min=1)
    negative = (cost * (1 - target)).sum(-1) / _NEGATIVES_A_POSITIVE
    return (positive + negative).mean()


def presence_loss(logits: Tensor, truth: Tensor, top: int = 12, sure: Tensor | float = 1.0) -> Tensor:
    """Loss of whether the named part is present, from each name's top samples; `sure` (B, Q) weighs names."""
    present = (truth > 0.5).any(dim=1)
    open_ = (truth < 0).any(dim=1) & ~present
    best = logits.topk(top, dim=1).values.mean(dim=1)
    cost = F.binary_cross_entropy_with_logits(best, present.float(), reduction="none") * ~open_
    positive = (cost * present * sure).sum(1) / present.sum(1).clamp(min=1)
    negative = (cost * ~present).sum(1) / _NEGATIVES_A_POSITIVE
    return (positive + negative).mean()


def closed_set_loss(logits: Tensor, target: Tensor, rivals: Tensor) -> Tensor:
    """Softmax of (B, S, C) logits over one name per part of the shape; `rivals` (B, C) are those that compete."""
    masked = logits.masked_fill(~rivals[:, None], -1e4)
    labelled = target >= 0
    if not labelled.any():
        return logits.sum() * 0.0
    return F.cross_entropy(masked[labelled], target[labelled])


def relaxed_iou_loss(probability: Tensor, truth: Tensor, sure: Tensor | float = 1.0) -> Tensor:
    """1 - relaxed IoU of soft masks (B, S, Q) against 0/1 truth, over names on the shape, weighed by `sure` (B, Q)."""
    known = (truth >= 0).float()
    target = truth.clamp(min=0)
    both = (probability * target * known).sum(1)
    either = ((probability + target - probability * target) * known).sum(1)
    present = (target > 0.5).any(1)
    cost = sure * (1 - both / either.clamp(min=1e-6))
    return cost[present].mean() if present.any() else torch.zeros(())


def object_name_loss(logits: Tensor, truth: Tensor) -> Tensor:
    """Softmax of (B, K) logits of whole objects' names: 1 is true, 0 a rival; open names and views do not count."""
    true = truth == 1
    named = true.any(dim=1)
    rivals = logits.masked_fill(truth < 0, -1e4)[named]
    return (rivals.logsumexp(dim=1) - rivals.masked_fill(~true[named], -1e4).logsumexp(dim=1)).mean()


_ALIKE = 0.8  # cosine of two names' vectors above which they are no negatives of each other


def pooled_name_loss(language: Tensor, text: Tensor, truth: Tensor, sure: Tensor, scale: Tensor) -> Tensor:
    """Find3D's objective: contrast the mean feature of each named mask with all names of the batch.

    Features (B, S, D), names (Q, D), truth (B, S, Q), and the confidence of each name (B, Q). A name that is
    true for some of a mask, or nearly equal to its name, is not used as a negative.
    """
    inside = (truth > 0.5).float()
    view, name = torch.nonzero(inside.any(dim=1) & (sure > 0), as_tuple=True)
    if len(view) < 2:
        return language.sum() * 0.0
    pooled = F.normalize(torch.einsum("bsq,bsd->bqd", inside, language)[view, name], dim=-1)
    logits = scale * pooled @ text[name].T
    together = torch.einsum("bsq,bsr->bqr", inside, (truth != 0).float())[view, name][:, name] > 0
    alike = together | together.T | (text[name] @ text[name].T > _ALIKE)
    alike.fill_diagonal_(False)
    logits = logits.masked_fill(alike, -1e4)
    itself, weight = torch.arange(len(view), device=logits.device), sure[view, name]
    cost = F.cross_entropy(logits, itself, reduction="none")
    cost = cost + F.cross_entropy(logits.T, itself, reduction="none")
    return (cost * weight).sum() / (2 * weight.sum())


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

    An anchor's negatives are all samples of other parts (uniform), weighted `near_weight` times if they are
    close in space (3-D hard), plus its `hard` most similar ones again (feature hard).
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


KINDS = len(MOTIONS)
TURNING = torch.tensor([MOTIONS.index(kind) for kind in ("turns", "screws")])
_MOVING = 3.0  # times the weight of fixed samples, which are the majority
_SIGN = 0.3  # share of the axis' cost for the opening direction, which is often ambiguous


def motion_loss(said: Tensor, motion: Tensor, axis: Tensor, arm: Tensor) -> Tensor:
    """Loss of (B, S, KINDS + 6) against kind (B, S; < 0 unknown), axis and offset to the axis (B, S, 3)."""
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


def follow_teacher(projected: Tensor, teacher: Tensor) -> Tensor:
    """Mean of 1 - cosine between projected tokens (B, P, T) and teacher features; zero rows are missing."""
    known = teacher.abs().amax(dim=-1) > 0
    if not known.any():
        return projected.sum() * 0.0
    return (1 - F.cosine_similarity(projected, teacher, dim=-1))[known].mean()


def patch_word_loss(logits: Tensor, share: Tensor, asked: Tensor) -> Tensor:
    """Sigmoid loss of (B, P, C) logits against the share of a patch's points that have each name.

    `asked` (B, C) marks the K names of each shape; only these compete. A positive counts max(1, K - 1) times,
    as much as all the other names of its patch. Every shape with names counts the same, however many it has.
    """
    positive = (asked.sum(dim=1) - 1).clamp(min=1)[:, None, None].to(logits.dtype)
    cost = F.binary_cross_entropy_with_logits(logits, share, reduction="none", pos_weight=positive)
    count = asked.sum(dim=1)
    of_shapes = (cost * asked[:, None]).sum(dim=(1, 2)) / (count * logits.shape[1]).clamp(min=1)
    return of_shapes.sum() / (count > 0).sum().clamp(min=1)
