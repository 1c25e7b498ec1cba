"""Taught words that should find nothing: is what they find there, and how sure are they of it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from part_perception.evaluation.taught_shapes import TAUGHT_KINDS
from part_perception.metrics import auroc, calibration_error
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.scoring import sigmoid
from part_perception.parts.teaching.word import FOUND_AT, TaughtWord
from part_perception.shapes.kinds import KINDS

RIGHT_AT = 0.5
_EVERY = 26
_REGULAR = 1e-3


@dataclass(frozen=True)
class Asked:
    """One answer of a taught word: what speaks for it, how sure it was, and its IoU; None where the part is absent."""

    evidence: np.ndarray
    confidence: float
    iou: float | None

    @classmethod
    def of(cls, word: TaughtWord, encoded: EncodedObject, odds: Sequence[float], iou: float | None) -> Asked:
        logits = word.logits(encoded)
        return cls(word.evidence(encoded, logits), word.confidence(encoded, logits, odds), iou)

    def by(self, odds: Sequence[float]) -> Asked:
        """The same answer, as sure as other odds make it."""
        return replace(self, confidence=float(sigmoid(self.evidence @ np.asarray(odds))))

    @property
    def right(self) -> bool:
        return self.iou is not None and self.iou >= RIGHT_AT


def figures_of_finding(asked: Sequence[Asked]) -> dict:
    """Found when there and when absent, how well confidence tells these apart, and whether it means what it says."""
    sure, right = np.array([a.confidence for a in asked]), np.array([a.right for a in asked])
    there = np.array([a.iou is not None for a in asked])
    return {
        "found_when_there": float((sure[there] >= FOUND_AT).mean()) if there.any() else float("nan"),
        "found_when_absent": float((sure[~there] >= FOUND_AT).mean()) if (~there).any() else float("nan"),
        "right_when_found": float(right[sure >= FOUND_AT].mean())
        if (sure >= FOUND_AT).any()
        else float("nan"),
        "auroc": auroc(sure[there], sure[~there]),
        "calibration_error": calibration_error(sure, right),
    }


def fit_odds(asked: Sequence[Asked]) -> np.ndarray:
    """What each piece of evidence is worth: right answers against wrong ones and absent parts."""
    from scipy.optimize import minimize

    evidence, right = np.stack([a.evidence for a in asked]), np.array([a.right for a in asked], float)

    def cost(odds: np.ndarray) -> tuple[float, np.ndarray]:
        z = evidence @ odds
        slope = (sigmoid(z) - right) / len(right)
        value = (np.logaddexp(0, z) - right * z).mean() + _REGULAR * odds[1:] @ odds[1:]
        return value, evidence.T @ slope + 2 * _REGULAR * np.append(0, odds[1:])

    return minimize(cost, np.zeros(evidence.shape[1]), jac=True, method="L-BFGS-B").x


def kinds_to_fit() -> list[str]:
    """Kinds by which odds are fitted: spread over all, and none that the figures are reported on."""
    return [kind for kind in list(KINDS)[::_EVERY] if kind not in TAUGHT_KINDS]
