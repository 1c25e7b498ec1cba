"""Metrics: small functions that compare answers with ground truth. Nothing is skipped silently."""

from __future__ import annotations

import numpy as np


def iou(a: np.ndarray, b: np.ndarray) -> float:
    """IoU of two masks; 1 if both are empty."""
    either = int((a | b).sum())
    return float((a & b).sum() / either) if either else 1.0


def part_ious(predicted: np.ndarray, truth: np.ndarray, parts: int) -> np.ndarray:
    """(parts,) IoU of each part over the labelled points; NaN for parts absent from the ground truth."""
    labelled = truth >= 0
    predicted, truth = predicted[labelled], truth[labelled]
    return np.array(
        [iou(predicted == i, truth == i) if (truth == i).any() else np.nan for i in range(parts)], float
    )


def auroc(present: np.ndarray, absent: np.ndarray) -> float:
    """The chance that a present part scores above an absent one; ties count half. NaN if a side is empty."""
    if len(present) == 0 or len(absent) == 0:
        return float("nan")
    scores = np.concatenate([present, absent])
    _, group, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    rank = (last - (counts - 1) / 2)[group]
    n = len(present)
    return float((rank[:n].sum() - n * (n + 1) / 2) / (n * len(absent)))


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error: the gap between confidence and share of right answers, over equal bins."""
    if len(confidence) == 0:
        return float("nan")
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    total = np.bincount(index, minlength=bins)
    sure = np.bincount(index, confidence, bins)
    true = np.bincount(index, right.astype(float), bins)
    return float(np.abs(sure - true).sum() / total.sum())
