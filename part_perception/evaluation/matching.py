"""Matching: on pairs of generated objects of a kind, is a point's place on the other one in the part of that name?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from part_perception.evaluation.taught_shapes import TAUGHT_KINDS, generated
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.metrics import auroc
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.matching import correspond
from part_perception.segmenter import PartSegmenter

PAIRS = {"whole to whole": (False, False), "view to view": (True, True), "whole to view": (False, True)}
SURER_HALF = 0.5
_SEED = 91
_MIN_POINTS = 64


def evaluate_matching(segmenter: PartSegmenter, kinds: Sequence[str] = TAUGHT_KINDS, count: int = 2) -> dict:
    """For whole objects and single views: hits by features alone, by all, of the surer half; presence of confidence."""
    return {name: _score(segmenter, kinds, count, *views) for name, views in PAIRS.items()}


def _score(segmenter: PartSegmenter, kinds: Sequence[str], count: int, view_a: bool, view_b: bool) -> dict:
    by_features, by_all, surer, hits, sure = [], [], [], [], []
    for kind in kinds:
        for number in range(count):
            a = generated(kind, _SEED, 4 * number + view_a, view_a)
            b = generated(kind, _SEED, 4 * number + 2 + view_b, view_b)
            if min(len(a.points), len(b.points)) < _MIN_POINTS:
                continue
            encoded = [segmenter.encode([shape.points], shape.up)[0] for shape in (a, b)]
            here, there = (_names(shape, e) for shape, e in zip((a, b), encoded, strict=True))
            shared = np.isin(here, there[there != ""])
            if not shared.any():
                continue
            found = correspond(*encoded)
            alone = (encoded[0].features @ encoded[1].features.T).argmax(axis=1)
            hit, confidence = (there[found.there] == here)[shared], found.confidence[shared]
            by_features.append((there[alone] == here)[shared].mean())
            by_all.append(hit.mean())
            surer.append(hit[confidence >= np.quantile(confidence, SURER_HALF)].mean())
            hits.append(hit)
            sure.append(confidence)
    hit, confidence = np.concatenate(hits), np.concatenate(sure)
    return {
        "pairs": len(by_all),
        "features_alone": float(np.mean(by_features)),
        "match": float(np.mean(by_all)),
        "surer_half": float(np.mean(surer)),
        "confidence_auroc": auroc(confidence[hit], confidence[~hit]),
        "mean_confidence": float(confidence.mean()),
    }


def _names(shape: LabelledShape, encoded: EncodedObject) -> np.ndarray:
    """(S,) the name of the part that most of each sample's points are of; "" for none."""
    counts = np.zeros((encoded.patches.count, len(shape.names) + 1), int)
    np.add.at(counts, (encoded.member, shape.labels[encoded.rows]), 1)
    return np.array([*shape.names, ""])[counts.argmax(axis=1)]
