"""Overlap: score predicted objects by UOIS-Net's measures, and by purity and completeness.

Predicted and true objects are paired to maximise the sum of F-measures. Overlap counts all pixels of paired
objects, boundary only their outlines. Both are summed over all scenes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from part_perception.scene.frame import Frame
from part_perception.simulation.capture import GROUND, Capture
from part_perception.simulation.sensors import MIXED

OUTLINE = 2  # pixels at 640 x 480: tolerance within which outlines agree
GOOD_F = 0.75


@dataclass(frozen=True)
class Counts:
    """Pixel counts of predictions, truth and agreement; true objects, and those with F >= 0.75."""

    predicted: int = 0
    true: int = 0
    agree: int = 0
    outline_predicted: int = 0
    outline_true: int = 0
    outline_predicted_agree: int = 0
    outline_true_agree: int = 0
    objects: int = 0
    good: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True)))


def count(predicted: np.ndarray, true: np.ndarray) -> Counts:
    """Counts of one image; both (H, W) int, -1 = no object."""
    numbers, names = np.unique(predicted[predicted >= 0]), np.unique(true[true >= 0])
    sizes = np.array([np.count_nonzero(predicted == p) for p in numbers], int)
    true_sizes = np.array([np.count_nonzero(true == t) for t in names], int)
    shared = np.array([[np.count_nonzero((predicted == p) & (true == t)) for t in names] for p in numbers])
    shared = shared.reshape(len(numbers), len(names))
    f = 2 * shared / np.maximum(sizes[:, None] + true_sizes[None], 1)
    pairs = paired(f)
    outlines = {p: outline(predicted == p) for p in numbers}
    true_outlines = {t: outline(true == t) for t in names}
    here = there = 0
    for i, j in pairs:
        mine, theirs = outlines[numbers[i]], true_outlines[names[j]]
        here += int(np.count_nonzero(mine & widened(theirs)))
        there += int(np.count_nonzero(theirs & widened(mine)))
    return Counts(
        predicted=int(sizes.sum()),
        true=int(true_sizes.sum()),
        agree=int(sum(shared[i, j] for i, j in pairs)),
        outline_predicted=int(sum(np.count_nonzero(each) for each in outlines.values())),
        outline_true=int(sum(np.count_nonzero(each) for each in true_outlines.values())),
        outline_predicted_agree=here,
        outline_true_agree=there,
        objects=len(names),
        good=int(sum(f[i, j] >= GOOD_F for i, j in pairs)),
    )


def paired(f: np.ndarray) -> list[tuple[int, int]]:
    """Row and column pairs that maximise the sum of F-measures; pairs without overlap are dropped."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-f)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if f[i, j] > 0]


def outline(mask: np.ndarray) -> np.ndarray:
    """Pixels of a mask with a neighbour outside it."""
    from scipy.ndimage import binary_erosion

    return mask & ~binary_erosion(mask, border_value=0)


def widened(mask: np.ndarray) -> np.ndarray:
    from scipy.ndimage import binary_dilation

    pixels = max(1, round(OUTLINE * mask.shape[1] / 640))
    return binary_dilation(mask, iterations=pixels)


def figures(counts: Iterable[Counts]) -> dict[str, float]:
    """Overlap and boundary precision, recall and F, and the share of true objects with F >= 0.75."""
    total = sum(counts, Counts())
    report: dict[str, float] = {}
    for name, precision, recall in (
        ("overlap", share(total.agree, total.predicted), share(total.agree, total.true)),
        (
            "boundary",
            share(total.outline_predicted_agree, total.outline_predicted),
            share(total.outline_true_agree, total.outline_true),
        ),
    ):
        f = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        report |= {f"{name}_precision": precision, f"{name}_recall": recall, f"{name}_f": f}
    return report | {"good": share(total.good, total.objects)}


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def agreement(one: np.ndarray, other: np.ndarray, pixels: int = 1, least: float = 0.75) -> tuple[int, int]:
    """Objects in two labellings of the same pixels: number with a partner (IoU >= `least`), and total number.

    Objects with fewer than `pixels` pixels do not count.
    """
    one, other = (without_small(each, pixels) for each in (one, other))
    numbers, names = np.unique(one[one >= 0]), np.unique(other[other >= 0])
    partners = 0
    for p in numbers:
        mine = one == p
        theirs, counts = np.unique(other[mine & (other >= 0)], return_counts=True)
        if len(theirs):
            best = int(counts.argmax())
            joint = np.count_nonzero(mine | (other == theirs[best]))
            partners += counts[best] / joint >= least
    return 2 * int(partners), len(numbers) + len(names)


def without_small(labels: np.ndarray, pixels: int) -> np.ndarray:
    sizes = np.bincount(labels[labels >= 0], minlength=1)
    return np.where((labels >= 0) & (sizes[labels] >= pixels), labels, -1)


MIN_PIXELS = 200
ABOVE_GROUND = 0.006  # metres: anything lower is lost in the noise of its support
GOOD = 0.9
FOUND = 0.5


@dataclass(frozen=True)
class Isolation:
    """Match of one thing with the object that holds most of its pixels.

    Completeness is the share of the thing in that object, purity the share of that object in the thing.
    """

    thing: int
    pixels: int
    purity: float
    completeness: float

    @property
    def found(self) -> bool:
        return self.purity >= FOUND and self.completeness >= FOUND

    @property
    def good(self) -> bool:
        return self.purity >= GOOD and self.completeness >= GOOD


def isolation(frame: Frame, capture: Capture, ground: float | None = 0.0) -> list[Isolation]:
    """Score every thing with enough visible pixels above the ground (None: all pixels count)."""
    object_id = frame.labels([])[2]
    label = capture.label.ravel()
    height = frame.view.points @ capture.pose[2, :3] + capture.pose[2, 3]
    measured = (frame.view.reach > 0) & (label != MIXED)
    above = measured if ground is None else measured & (height > ground + ABOVE_GROUND)
    results = []
    for number in range(int(label.max(initial=-1, where=label < GROUND)) + 1):
        mine = above & (label == number)
        pixels = int(mine.sum())
        if pixels < MIN_PIXELS:
            continue
        ids = object_id[mine]
        if not (ids >= 0).any():
            results.append(Isolation(number, pixels, 0.0, 0.0))
            continue
        theirs = measured & (object_id == int(np.bincount(ids[ids >= 0]).argmax()))
        purity = (theirs & (label == number)).sum() / theirs.sum()
        results.append(Isolation(number, pixels, float(purity), float((mine & theirs).sum() / pixels)))
    return results
