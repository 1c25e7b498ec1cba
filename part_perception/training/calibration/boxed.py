"""Boxed views: fresh views of objects with part boxes from a simulated, imperfect 2-D detector.

No detector runs: the boxes are those of the true parts, some of them missed, misnamed, spurious or loose, at
rates that differ from view to view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.parts.encoded import EncodedObject
from part_perception.parts.fusion import SaidPart
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.kinds import KINDS
from part_perception.simulation.views import MIN_POINTS, camera_view
from part_perception.simulation.worlds import make_world

SEED = 2_000_081
_ABSENT, _FOREIGN, _MIN_PART_POINTS = 2, 0.5, 30


@dataclass(frozen=True)
class Faults:
    """Rates of missed, misnamed and spurious parts, box looseness relative to size, and score spread."""

    missed: float
    wrong: float
    imagined: float
    loose: float
    noise: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Faults:
        """Draw the faults of one detector; some are good, some are not."""
        return cls(*rng.uniform((0.1, 0.0, 0.0, 0.0, 0.1), (0.5, 0.4, 0.3, 0.3, 0.3)))


def boxes_said(
    points: np.ndarray,
    viewpoint: np.ndarray,
    shown: Mapping[str, np.ndarray],
    words: Sequence[str],
    faults: Faults,
    rng: np.random.Generator,
) -> list[SaidPart]:
    """Return the boxes that an imperfect detector gives the instances (G, N) of every visible word."""
    image = in_image(points, viewpoint)
    low, high = image.min(axis=0), image.max(axis=0)
    said: list[SaidPart] = []

    def box(word: str, middle: np.ndarray, half: np.ndarray, score: float) -> None:
        inside = (np.abs(image - middle) <= half).all(axis=1)
        if inside.any():
            sure = float(np.clip(score + rng.normal(0, faults.noise), 0.05, 1.0))
            said.append(SaidPart(word, sure, inside))

    for word, instances in shown.items():
        for instance in instances:
            if rng.random() < faults.missed:
                continue
            others = [w for w in words if w != word]
            wrong = rng.random() < faults.wrong and bool(others)
            least, most = np.quantile(image[instance], (0.01, 0.99), axis=0)
            half = (most - least) / 2
            middle = (least + most) / 2 + rng.normal(0, faults.loose / 2, 2) * half
            half = half * np.exp(rng.normal(faults.loose / 2, faults.loose / 2, 2))
            box(str(rng.choice(others)) if wrong else word, middle, half, 0.55 if wrong else 0.65)
    if rng.random() < faults.imagined:
        middle = rng.uniform(low, high)
        box(str(rng.choice(list(words))), middle, (high - low) * rng.uniform(0.05, 0.3, 2), 0.5)
    return said


def in_image(points: np.ndarray, viewpoint: np.ndarray) -> np.ndarray:
    """(N, 2) image positions of the points for a camera that looks at their middle."""
    ahead = points.mean(axis=0) - viewpoint
    ahead = ahead / np.linalg.norm(ahead)
    aside = np.array((ahead[1], -ahead[0], 1e-9))
    aside = aside / np.linalg.norm(aside)
    local = (points - viewpoint) @ np.stack([aside, np.cross(ahead, aside), ahead], axis=1)
    return local[:, :2] / local[:, 2:]


@dataclass(frozen=True)
class Look:
    """One view of an object: the queries, the truth (Q, N) of the points, and a detector's answer."""

    encoded: EncodedObject
    words: tuple[str, ...]
    truth: np.ndarray
    boxes: tuple[SaidPart, ...]


def fresh_look(segmenter: PartSegmenter, number: int, seed: int = SEED) -> Look | None:
    """Make a view never used in training; None if the camera sees too little."""
    rng = np.random.default_rng([seed, number])
    kinds = list(KINDS.values())
    shape, world = make_world(kinds[int(rng.integers(len(kinds)))], rng)
    view = camera_view(world, rng)
    if len(view.points) < MIN_POINTS or view.viewpoint is None:
        return None
    names = [part.names[0] for part in shape.parts]
    masks = [view.part == k for k in range(len(names))]
    shown = {
        word: np.stack(
            [m for n, m in zip(names, masks, strict=True) if n == word and m.sum() >= _MIN_PART_POINTS]
        )
        for word, mask in zip(names, masks, strict=True)
        if mask.sum() >= _MIN_PART_POINTS and segmenter.known(word)
    }
    if not shown:
        return None
    absent = absent_words(segmenter, list(dict.fromkeys(names)), rng)
    words = (*shown, *absent)
    truth = [shown[w].any(axis=0) if w in shown else np.zeros(len(view.points), bool) for w in words]
    boxes = boxes_said(view.points, view.viewpoint, shown, words, Faults.drawn(rng), rng)
    encoded = segmenter.encode([view.points], viewpoint=view.viewpoint)[0]
    return Look(encoded, words, np.stack(truth), tuple(boxes))


def absent_words(segmenter: PartSegmenter, own: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Pick part names of other kinds with meanings different from this object's own."""
    kinds = list(KINDS.values())
    found: list[str] = []
    while len(found) < _ABSENT:
        parts = kinds[int(rng.integers(len(kinds)))].make(rng).parts
        word = parts[int(rng.integers(len(parts)))].names[0]
        if word not in found and segmenter.known(word):
            like = segmenter.embed([*own, *found]) @ segmenter.embed([word])[0]
            found += [word] if like.max() < _FOREIGN else []
    return found
