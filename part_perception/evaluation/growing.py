"""Growing: what 1, 2 and 3 clicks on a part of a shape grow to, against the piece of the part that was clicked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from part_perception.encoder.pieces import connected
from part_perception.errors import InputError
from part_perception.evaluation.taught_shapes import Seen, parts_to_teach, see
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.metrics import iou
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.hierarchy import build_hierarchy
from part_perception.parts.teaching.examples import of_samples
from part_perception.segmenter import PartSegmenter

CLICKS = (1, 2, 3)


def score_clicks(seen: Seen, name: str, seed: int = 0) -> list[float]:
    """IoU after each number of clicks; refused clicks count as nothing."""
    rng = np.random.default_rng(seed)
    tree = build_hierarchy(seen.encoded)
    whole = seen.mask(name)
    rows = seen.encoded.own_rows[whole[seen.encoded.own_rows]]
    piece = whole & _piece_of(seen.encoded, whole, int(rng.choice(rows)))
    clicks = rng.permutation(np.flatnonzero(piece))[: max(CLICKS)]
    labelled = seen.shape.labels >= 0
    scores = []
    for count in CLICKS:
        try:
            grown = tree.region(clicks[:count])
        except InputError:
            grown = np.zeros(len(whole), bool)
        scores.append(max(iou(grown[labelled], wanted[labelled]) for wanted in (piece, whole)))
    return scores


def _piece_of(encoded: EncodedObject, mask: np.ndarray, row: int) -> np.ndarray:
    """(N,) the rows of a mask that hang together with one of them: one leg of four."""
    _, chosen = of_samples(encoded, mask, 1)
    member = encoded.member[np.searchsorted(encoded.rows, row)]
    chosen[member] = True
    samples = np.flatnonzero(chosen)
    place = np.full(len(chosen), -1)
    place[samples] = np.arange(len(samples))
    near = place[encoded.neighbours[samples]]
    group = connected(near, encoded.linked[samples] & (near >= 0))
    chosen[samples] = group == group[place[member]]
    return encoded.mask_of(chosen)


def evaluate_growing(segmenter: PartSegmenter, shapes: Sequence[LabelledShape]) -> dict:
    """Mean IoU by number of clicks, over all parts of all shapes."""
    seen = see(segmenter, shapes)
    scores = [score_clicks(s, name, number) for number, s in enumerate(seen) for name in parts_to_teach([s])]
    if not scores:
        raise InputError("no shape here has a part that can be clicked")
    return {"parts": len(scores), "iou": dict(zip(CLICKS, map(float, np.mean(scores, axis=0)), strict=True))}
