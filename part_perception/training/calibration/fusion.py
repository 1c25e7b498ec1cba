"""Calibrate fusion: on fresh views with boxes, learn how to weigh boxes against features.

As in PartSTAD, the weights are learned with the relaxed IoU of the fused answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from part_perception.metrics import iou
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.fusion import CHANCES, FEATURES, HIDDEN, Evidence, Fusion, evidence_of
from part_perception.parts.scoring import best_overlap, membership, top_logit, word_logits
from part_perception.segmenter import PartSegmenter
from part_perception.training.calibration.boxed import Look, fresh_look
from part_perception.training.objectives import relaxed_iou_loss

BOXED_VIEWS = 400
RIGHT = 0.5
_MIN_VIEWS = 40  # views with boxes
# slope and bias of membership; inside, like the core, like the middle; outside
_SHARES = (1.0, 0.0, 0.5, 0.5, 0.2, 0.5)
_STEPS, _RATE, _DECAY, _SPARE = 300, 0.02, 1e-3, 0.05


def fit_fusion(
    segmenter: PartSegmenter, views: int, progress: Callable[[int, int], None] = lambda done, total: None
) -> Fusion | None:
    """Fit the weights of boxes relative to a model's features; None if too few views have boxes."""
    seen = []
    for number in range(views):
        look = fresh_look(segmenter, number)
        seen += [each] if look is not None and (each := weighed(segmenter, look)) is not None else []
        progress(number + 1, views)
    return learn_fusion(seen) if len(seen) >= _MIN_VIEWS else None


@dataclass(frozen=True)
class Weighed:
    """A look prepared for learning: the regions, and for each word its vector (Q, D), membership and truth
    (S, Q), log-odds of being present (Q,), and whether it is present."""

    evidence: Evidence
    text: np.ndarray
    membership: np.ndarray
    present: np.ndarray
    truth: np.ndarray


def weighed(segmenter: PartSegmenter, look: Look) -> Weighed | None:
    """Prepare a look for learning; None if the detector reports nothing."""
    if not look.boxes:
        return None
    rule, encoded = segmenter.manifest.confidence, look.encoded
    text = segmenter.embed(look.words)
    logits = word_logits(encoded, text, rule)
    said = segmenter.embed([box.word for box in look.boxes])
    evidence = evidence_of(encoded, look.boxes, np.arange(encoded.total), said, rule)
    share = np.stack([share_of(encoded, true) for true in look.truth], axis=1)
    return Weighed(
        evidence,
        text,
        membership(encoded, logits, rule),
        rule.weights[0] + rule.weights[1] * top_logit(logits),
        share >= 0.5,
    )


def share_of(encoded: EncodedObject, points: np.ndarray) -> np.ndarray:
    """(S,) the share of each sample's points inside a mask (N,)."""
    return np.bincount(encoded.member, points[encoded.rows], encoded.patches.count) / np.maximum(
        encoded.points_of, 1
    )


class _Learned(nn.Module):
    """Fusion as a differentiable module."""

    def __init__(self, values: np.ndarray):
        super().__init__()
        self.mean = torch.from_numpy(values.mean(axis=0))
        self.spread = torch.from_numpy(values.std(axis=0).clip(0.05))
        self.inner, self.outer = nn.Linear(FEATURES, HIDDEN), nn.Linear(HIDDEN, 1)
        self.shares = nn.Parameter(torch.tensor(_SHARES))

    def forward(self, each: dict[str, Tensor]) -> Tensor:
        """(S, Q) the fused log-odds."""
        slope, bias, inside, core, middle, outside = self.shares
        hidden = torch.relu(self.inner((each["values"] - self.mean) / self.spread))
        weight = nn.functional.softplus(self.outer(hidden))[:, 0]
        covers, same = each["covers"], each["same"]
        worth = weight * covers * (inside + core * each["core"] + middle * each["middle"])
        columns = []
        for q, own in enumerate(same):
            odds = each["membership"][:, q]
            if own.any():
                odds = slope * odds + bias + worth[:, own].amax(dim=1)
                odds = odds - outside * weight[own].amax() * (1 - covers[:, own].amax(dim=1))
            columns.append(odds)
        return torch.stack(columns, dim=1)


def learn_fusion(seen: Sequence[Weighed], steps: int = _STEPS, seed: int = 0) -> Fusion:
    """Learn weights that maximise the overlap of fused answers with the truth, and chances of being right."""
    torch.manual_seed(seed)
    learned = _Learned(np.concatenate([each.evidence.values for each in seen]))
    sets = [_tensors(each) for each in seen]
    truths = [torch.from_numpy(each.truth.astype(np.float32)) for each in seen]
    optimiser = torch.optim.AdamW(learned.parameters(), lr=_RATE, weight_decay=_DECAY)
    rng = np.random.default_rng(seed)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = _RATE * (1 - step / steps)
        losses = []
        for k in rng.integers(len(sets), size=min(len(sets), 24)):
            asked = sets[k]["same"].any(dim=1)  # the others keep their answers
            odds, truth = learned(sets[k])[:, asked], truths[k][:, asked]
            there = truth.any(dim=0)
            if not there.any():
                continue
            cross = nn.functional.binary_cross_entropy_with_logits(odds[:, there], truth[:, there])
            losses.append(relaxed_iou_loss(odds.sigmoid()[None], truth[None]) + _SPARE * cross)
        optimiser.zero_grad()
        torch.stack(losses).mean().backward()
        optimiser.step()
    return _with_chances(_fusion_of(learned), seen)


def _tensors(each: Weighed) -> dict[str, Tensor]:
    evidence = each.evidence
    arrays = {name: getattr(evidence, name) for name in ("values", "covers", "core", "middle")}
    arrays |= {"membership": each.membership, "same": evidence.same(each.text)}
    return {
        k: torch.from_numpy(np.ascontiguousarray(v, bool if v.dtype == bool else np.float32))
        for k, v in arrays.items()
    }


def _fusion_of(learned: _Learned) -> Fusion:
    def array(value: Tensor) -> np.ndarray:
        return np.ascontiguousarray(value.detach().numpy(), np.float32)

    return Fusion(
        array(learned.mean),
        array(learned.spread),
        array(learned.inner.weight.T),
        array(learned.inner.bias),
        array(learned.outer.weight.T),
        array(learned.outer.bias),
        array(learned.shares),
        np.zeros(CHANCES, np.float32),
    )


def _with_chances(fusion: Fusion, seen: Sequence[Weighed]) -> Fusion:
    """Fit the chance that an answer is right, given regions of its word, by logistic regression."""
    from sklearn.linear_model import LogisticRegression

    rows, right = [], []
    for each in seen:
        weight, same = fusion.weights(each.evidence), each.evidence.same(each.text)
        masks = best_overlap(fusion.odds(each.evidence, each.membership, each.text))
        for q in np.flatnonzero(same.any(axis=1)):
            rows.append((each.present[q], weight[same[q]].max()))
            right.append(iou(masks[:, q], each.truth[:, q]) >= RIGHT)
    fitted = LogisticRegression(C=10.0, max_iter=2000).fit(np.array(rows), np.array(right))
    chances = np.append(fitted.intercept_, fitted.coef_[0])
    return replace(fusion, chances=chances.astype(np.float32))
