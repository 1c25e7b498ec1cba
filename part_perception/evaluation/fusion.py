"""Fusion: the gain from labelled boxes over features alone, on generated views boxed by a faulty detector.

Three methods are compared: features alone, plain voting (every point takes the word with the highest total
box score), and both fused by learned weights.
"""

from __future__ import annotations

import numpy as np

from part_perception.metrics import iou
from part_perception.segmenter import PartSegmenter
from part_perception.terminal import counted
from part_perception.training.calibration.boxed import Look, fresh_look

VIEWS = 200
_SEED = 71_003
_RIGHT = 0.5
_WAYS = ("features", "votes", "fused")


def evaluate_fusion(segmenter: PartSegmenter, views: int = VIEWS) -> dict[str, dict[str, float]]:
    """Figures of each method: mask IoU of boxed and all words, found rates, and found with the right mask."""
    looks = [fresh_look(segmenter, number, _SEED) for number in counted(range(views), "views")]
    rows = np.concatenate([_scored(segmenter, look) for look in looks if look is not None])
    there, boxed = rows[:, 0] > 0, rows[:, 1] > 0
    return {
        way: _figures(there, boxed, rows[:, 2 + 2 * k], rows[:, 3 + 2 * k] > 0) for k, way in enumerate(_WAYS)
    }


def _scored(segmenter: PartSegmenter, look: Look) -> np.ndarray:
    """One row per word: present, has a box, then mask IoU and found flag for each of the three methods."""
    alone = segmenter.answer(look.encoded, look.words)
    fused = segmenter.fused(alone, look.boxes)
    label = votes(look)
    out = []
    for q, (word, true) in enumerate(zip(look.words, look.truth, strict=True)):
        said = label == q
        row = [true.any(), any(box.word == word for box in look.boxes)]
        for mask, found in (
            (alone.masks[q], alone.found[q]),
            (said, said.any()),
            (fused.masks[q], fused.found[q]),
        ):
            row += [iou(mask, true), found]
        out.append(row)
    return np.array(out, float)


def votes(look: Look) -> np.ndarray:
    """(N,) the word with the highest total score at each point; -1 outside all boxes."""
    total = np.zeros(look.truth.shape)
    for box in look.boxes:
        total[look.words.index(box.word), box.inside] += box.score
    return np.where(total.any(axis=0), total.argmax(axis=0), -1)


def _figures(
    there: np.ndarray, boxed: np.ndarray, overlap: np.ndarray, found: np.ndarray
) -> dict[str, float]:
    right = found & (overlap >= _RIGHT)
    return {
        "words": int(there.sum()),
        "boxed_words": int((there & boxed).sum()),
        "boxed_mask_iou": float(overlap[there & boxed].mean()),
        "mask_iou": float(overlap[there].mean()),
        "found_when_present": float(found[there].mean()),
        "found_when_absent": float(found[~there].mean()),
        "found_and_right": float(right[there].mean()),
    }
