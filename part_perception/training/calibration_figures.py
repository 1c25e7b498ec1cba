"""Calibration figures: how well a rule answers fresh views of kinds that it was not fitted to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.evaluation.metrics import auroc, calibration_error, iou
from part_perception.training.calibrate import RIGHT, Asked, fit, overlaps

_ABSENT_RATES = (0.01, 0.02, 0.03, 0.05)


def held_out_figures(asked: Sequence[Asked], rule: Confidence, absent_rate: float) -> dict[str, float]:
    """Every view is answered by a rule that was fitted to the views of the other half of the kinds."""
    half = {kind: i % 2 for i, kind in enumerate(sorted({a.kind for a in asked}))}
    top, there, overlap, sure, found, best = [], [], [], [], [], []
    for side in (0, 1):
        fitted = fit([a for a in asked if half[a.kind] != side], rule, absent_rate)
        for a in (a for a in asked if half[a.kind] == side):
            odds = fitted.weights[0] + fitted.weights[1] * a.top
            top.append(a.top)
            there.append(a.present)
            overlap.append(overlaps(a, fitted))
            sure.append(1 / (1 + np.exp(-odds)))
            found.append(sure[-1] >= fitted.found_at)
            odds = a.evidence @ np.asarray(fitted.sample_weights, np.float32)
            best += [_best_cut(o, t) for o, t in zip(odds.T, a.truth.T, strict=True)]
    top, there, overlap, sure, found = map(np.concatenate, (top, there, overlap, sure, found))
    figures = {"questions": len(there), "auroc": auroc(top[there], top[~there])}
    for rate in _ABSENT_RATES:
        level = np.quantile(top[~there], 1 - rate)
        figures[f"found_at_{rate:.0%}_absent"] = float((top[there] >= level).mean())
    return figures | {
        "found_when_present": float(found[there].mean()),
        "found_when_absent": float(found[~there].mean()),
        "mask_iou": float(overlap[there].mean()),
        "best_cut_iou": float(np.mean(best)),
        "right_when_present": float((overlap[there] >= RIGHT).mean()),
        "calibration_error": calibration_error(sure, overlap >= RIGHT),
    }


def _best_cut(odds: np.ndarray, truth: np.ndarray) -> float:
    """The highest IoU that any cut of these odds has."""
    levels = np.quantile(odds, np.linspace(0, 1, 101))
    return max(iou(odds >= level, truth) for level in levels)
