"""Names of objects: what is asked of fresh views as wholes, and the fit of how surely an object has a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from part_perception.encoder.manifest import OBJECT_EVIDENCE, Confidence
from part_perception.parts.naming import Naming, tails
from part_perception.parts.scoring import sigmoid
from part_perception.shapes.names import Names

_ABSENT = 6
_FIRST_NAME = 0.6


@dataclass(frozen=True)
class AskedNames:
    """What speaks for names of one object (Q, 2), which are true (Q,); and the same of its likeliest name."""

    evidence: np.ndarray
    true: np.ndarray
    likeliest: np.ndarray
    likeliest_true: bool


def ask_names(
    naming: Naming, pooled: np.ndarray, length: float, kind: Names, rng: np.random.Generator
) -> AskedNames | None:
    """One name of the object (D,) and some of its size that mean other things; None if the model knows no name."""
    own = [naming.rows[name] for name in kind if name in naming.rows]
    if not own:
        return None
    lengths = np.array([length])
    foreign = np.all([naming.rivals(naming.names[row], naming.vectors[row]) for row in own], axis=0)
    sized = foreign & np.isfinite(naming.logits(pooled[None], lengths)[0])
    foreign = sized if sized.any() else foreign
    true = own[0] if rng.random() < _FIRST_NAME else own[rng.integers(len(own))]
    asked = [true, *rng.choice(np.flatnonzero(foreign), _ABSENT)]
    evidence = [
        naming.evidence(pooled[None], naming.names[row], naming.vectors[row], lengths)[0] for row in asked
    ]
    best, why = naming.likeliest(pooled, length)
    right = any(best in tails(name) for name in kind)
    return AskedNames(np.array(evidence), np.arange(len(asked)) == 0, why, right)


def fit_names(asked: Sequence[AskedNames], rule: Confidence, absent_rate: float) -> Confidence:
    """Logistic regression of a name being true, and the level at which few names that are not true are found."""
    if not asked:
        return rule
    evidence, true = np.concatenate([a.evidence for a in asked]), np.concatenate([a.true for a in asked])
    likeliest, right = np.stack([a.likeliest for a in asked]), np.array([a.likeliest_true for a in asked])
    weights = _odds_of(evidence, true)
    level = np.quantile(weights[0] + evidence[~true] @ np.array(weights[1:]), 1 - absent_rate)
    return replace(
        rule,
        object_weights=weights,
        name_weights=_odds_of(likeliest, right),
        object_found_at=float(sigmoid(level)),
    )


def _odds_of(evidence: np.ndarray, true: np.ndarray) -> tuple[float, ...]:
    """Bias and slopes of the log-odds; where all are true or none is, only how often that was seen."""
    from sklearn.linear_model import LogisticRegression

    if not 0 < true.sum() < len(true):
        share = (true.sum() + 1) / (len(true) + 2)
        return float(np.log(share / (1 - share))), *([0.0] * OBJECT_EVIDENCE)
    fitted = LogisticRegression(C=10.0, max_iter=2000).fit(evidence, true)
    return float(fitted.intercept_[0]), *(float(slope) for slope in fitted.coef_[0])


def name_figures(
    asked: Sequence[AskedNames], rule: Confidence, half: Sequence[int], absent_rate: float
) -> dict[str, float]:
    """Of objects of one half (0 or 1) of the kinds, judged by a rule fitted to the other half."""
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for side in (0, 1):
        there = [a for a, h in zip(asked, half, strict=True) if h == side]
        other = [a for a, h in zip(asked, half, strict=True) if h != side]
        if there and other:
            fitted = fit_names(other, rule, absent_rate)
            for a in there:
                odds = fitted.object_weights[0] + a.evidence @ np.array(fitted.object_weights[1:])
                found.append((sigmoid(odds) >= fitted.object_found_at, a.true))
    if not found:
        return {}
    was_found, true = (np.concatenate(each) for each in zip(*found, strict=True))
    return {
        "object_found_when_present": float(was_found[true].mean()),
        "object_found_when_absent": float(was_found[~true].mean()),
    }
