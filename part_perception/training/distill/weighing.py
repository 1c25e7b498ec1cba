"""Weighing: learn every mask's weight from a few labelled objects, as PartSTAD does, with the relaxed IoU
of the votes on their points.

A small network sees each mask together with all others of its object. It does not depend on words, so what it
learns about a teacher's faults holds for all words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from part_perception.geometry.normals import surface_normals
from part_perception.metrics import iou
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.hierarchy import Hierarchy, build_hierarchy
from part_perception.training.distill.directions import agreement
from part_perception.training.distill.lessons import Knowledge, Lesson
from part_perception.training.objectives import relaxed_iou_loss

LEVELS = (2, 3, 4, 6, 9, 13)  # of the part tree, with whose pieces masks are compared
FEATURES = 9
_HIDDEN = 16
_POSITIVE = 10.0  # PartSTAD's: weights begin positive
_NOTHING = 3.0  # the vote for no part, to begin with
_STEPS, _RATE, _DECAY = 300, 0.01, 0.01
_POINTS = 1500  # of an object, on which votes are counted
_NEIGHBOURS = 12

Belief = Callable[[EncodedObject], np.ndarray]  # (C, N) which of the words each point is


def features(lesson: Lesson, belief: Belief) -> np.ndarray:
    """(K, FEATURES) of every mask of an object: how sure, how large, and what other views, our parts and words say."""
    knowledge = lesson.knowledge
    masks = np.stack([k.points for k in knowledge])
    label, score, view = (np.array([getattr(k, n) for k in knowledge]) for n in ("label", "score", "view"))
    believed = belief(lesson.encoded)
    others, against = _support(masks, label, view)
    pieces = _pieces(build_hierarchy(lesson.encoded))
    squarely = facing(lesson.encoded.points, knowledge)
    rows = []
    for k, mask in enumerate(masks):
        of_view = score[view == view[k]].mean()
        overlap = max(iou(piece & _seen(masks, view, view[k]), mask) for piece in pieces)
        size = float(mask.mean())
        rows.append([score[k], score[k] - of_view, np.log(max(size, 1e-3)), others[k], against[k], overlap,
                     agreement(mask, believed[label[k]]), squarely[k], float(size > 0.5)])  # fmt: skip
    return np.array(rows, np.float32)


def _support(masks: np.ndarray, label: np.ndarray, view: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how much of each mask other views give the same word, and how much a different one."""
    views = max(len(np.unique(view)) - 1, 1)
    same, other = np.zeros(len(masks)), np.zeros(len(masks))
    for k, mask in enumerate(masks):
        agreeing = (label == label[k]) & (view != view[k])
        contrary = (label != label[k]) & (view != view[k])
        same[k] = masks[agreeing][:, mask].sum(axis=0).mean() / views if agreeing.any() else 0.0
        other[k] = masks[contrary][:, mask].sum(axis=0).mean() / views if contrary.any() else 0.0
    return same, other


def _pieces(tree: Hierarchy) -> list[np.ndarray]:
    found: dict[bytes, np.ndarray] = {}
    for level in LEVELS:
        labels = tree.cut(min(level, tree.leaves))
        for number in range(labels.max() + 1):
            found.setdefault(np.packbits(labels == number).tobytes(), labels == number)
    return list(found.values())


def _seen(masks: np.ndarray, view: np.ndarray, here: int) -> np.ndarray:
    """The points that any mask of a view covers: a mask is not blamed for points that the view does not show."""
    return masks[view == here].any(axis=0)


def facing(points: np.ndarray, knowledge: Sequence[Knowledge]) -> np.ndarray:
    """(K,) how squarely the camera looks at what a mask covers: the mean cosine; 0.5 if the camera is unknown."""
    normal = surface_normals(points, _NEIGHBOURS)
    out = np.full(len(knowledge), 0.5)
    for k, known in enumerate(knowledge):
        if known.eye is not None and np.isfinite(known.eye).all():
            away = known.eye - points[known.points]
            away = away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
            out[k] = np.abs((away * normal[known.points]).sum(axis=1)).mean()
    return out


class Weigher(nn.Module):
    """Masks of one object (K, FEATURES) → their weights (K,), never below 0."""

    def __init__(self, mean: np.ndarray, spread: np.ndarray):
        super().__init__()
        self.mean, self.spread = torch.from_numpy(mean), torch.from_numpy(spread)
        self.inner = nn.Linear(FEATURES, _HIDDEN)
        self.outer = nn.Linear(2 * _HIDDEN, 1)
        self.nothing = nn.Parameter(torch.tensor(_NOTHING))

    def forward(self, values: Tensor) -> Tensor:
        hidden = torch.relu(self.inner((values - self.mean) / self.spread))
        centred = hidden - hidden.mean(dim=0)
        # each mask beside the others of its object
        context = centred / (hidden.std(dim=0, correction=0) + 0.1)
        return torch.relu(_POSITIVE + self.outer(torch.cat([hidden, context], dim=1))[:, 0] * _POSITIVE)


def votes(weight: Tensor, covers: Tensor, label: Tensor, classes: int) -> Tensor:
    """(N, C) the mean weight of masks (K, N) on each point, by class."""
    total = torch.zeros(classes, covers.shape[1]).index_add(0, label, weight[:, None] * covers)
    return (total / covers.sum(dim=0).clamp(min=1)).T


def learn_weights(lessons: Sequence[Lesson], classes: int, belief: Belief, seed: int = 0) -> Weigher:
    """Learn from the objects that have masks and labels."""
    taught = [x for x in lessons if x.labels is not None and x.knowledge]
    values = [features(x, belief) for x in taught]
    every = np.concatenate(values)
    torch.manual_seed(seed)
    weigher = Weigher(every.mean(axis=0), every.std(axis=0).clip(0.05))
    sets = [_tensors(x, v, classes, np.random.default_rng(seed)) for x, v in zip(taught, values, strict=True)]
    optimiser = torch.optim.AdamW(weigher.parameters(), lr=_RATE, weight_decay=_DECAY)
    for _ in range(_STEPS):
        losses = [_loss(weigher, *each) for each in sets]
        optimiser.zero_grad()
        torch.stack(losses).mean().backward()
        optimiser.step()
    return weigher


def _tensors(
    lesson: Lesson, values: np.ndarray, classes: int, rng: np.random.Generator
) -> tuple[Tensor, ...]:
    assert lesson.labels is not None
    covers = np.stack([k.points for k in lesson.knowledge])
    known = np.flatnonzero((lesson.labels >= 0) & covers.any(axis=0))
    known = rng.permutation(known)[:_POINTS]
    truth = lesson.labels[known][:, None] == np.arange(classes)
    label = np.array([k.label for k in lesson.knowledge])
    arrays = (values, covers[:, known].astype(np.float32), label, truth.astype(np.float32))
    return tuple(torch.from_numpy(np.ascontiguousarray(a)) for a in arrays)


def _loss(weigher: Weigher, values: Tensor, covers: Tensor, label: Tensor, truth: Tensor) -> Tensor:
    of_classes = votes(weigher(values), covers, label, truth.shape[1])
    nothing = weigher.nothing.expand(len(of_classes), 1)
    probability = torch.cat([of_classes, nothing], dim=1).softmax(dim=1)[:, :-1]
    return relaxed_iou_loss(probability[None], truth[None])


def weighed(weigher: Weigher, lessons: Sequence[Lesson], belief: Belief) -> list[list[float]]:
    """Return every mask's weight, scaled so that their total equals that of the teacher's scores."""
    with torch.inference_mode():
        given = [
            weigher(torch.from_numpy(features(x, belief))).numpy() if x.knowledge else np.zeros(0)
            for x in lessons
        ]
    said = sum(k.score for x in lessons for k in x.knowledge)
    scale = said / max(float(sum(w.sum() for w in given)), 1e-9)
    return [(scale * w).tolist() for w in given]
