"""Student: a small head on frozen features that learns from scored masks; points that no mask covers cost nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from part_perception.parts.encoded import EncodedObject
from part_perception.parts.scores import even_out
from part_perception.parts.teaching_features import described
from part_perception.training.distill.backprojection import Knowledge

LABELLED_SCORE = 2.0
_HIDDEN = 96
_RATE, _DECAY = 3e-3, 0.02


@dataclass(frozen=True)
class Shape:
    """One recorded object: its encoding, what the teacher says of it, and its labels (N,) where a person gave them."""

    encoded: EncodedObject
    knowledge: tuple[Knowledge, ...]
    labels: np.ndarray | None = None


class Student:
    """Learns one closed set of words on frozen features."""

    def __init__(self, shapes: Sequence[Shape], classes: int, seed: int = 0):
        torch.manual_seed(seed)
        self.classes = classes
        self.values = [torch.from_numpy(described(s.encoded)) for s in shapes]
        rows = torch.cat(self.values)
        self.mean, self.spread = rows.mean(0), rows.std(0).clamp(min=1e-3)
        self.head = nn.Sequential(
            nn.Linear(rows.shape[1], _HIDDEN), nn.GELU(), nn.Dropout(0.3), nn.Linear(_HIDDEN, classes)
        )
        self.optimiser = torch.optim.AdamW(self.head.parameters(), lr=_RATE, weight_decay=_DECAY)

    def learn(self, targets: Sequence[np.ndarray], steps: int) -> float:
        """Steps of forward distillation on soft targets (S, C) of each shape; gives the last loss."""
        rows, wanted = torch.cat(self.values), torch.from_numpy(np.concatenate(targets)).float()
        told = wanted.sum(1) > 0
        rows, wanted = (rows[told] - self.mean) / self.spread, wanted[told]
        if not len(rows):
            raise ValueError(
                "the teacher's masks cover no point of any object: there is nothing to learn from"
            )
        self.head.train()
        loss = torch.zeros(())
        for _ in range(steps):
            chosen = torch.randperm(len(rows))[:2048]
            logs = F.log_softmax(self.head(rows[chosen]), dim=1)
            loss = -(wanted[chosen] * logs).sum() / wanted[chosen].sum()
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
        return float(loss.detach())

    @torch.no_grad()
    def probabilities(self, encoded: EncodedObject) -> np.ndarray:
        """(S, C), evened out over the surface."""
        self.head.eval()
        values = (torch.from_numpy(described(encoded)) - self.mean) / self.spread
        return even_out(encoded, F.softmax(self.head(values), dim=1).numpy())

    def labels(self, encoded: EncodedObject) -> np.ndarray:
        """(N,) the best class of every row; -1 for rows that were not finite."""
        return encoded.to_points(self.probabilities(encoded).argmax(axis=1), -1)


def soft_targets(shape: Shape, scores: Sequence[float], classes: int) -> np.ndarray:
    """(S, C) how strongly each sample is told each class: by masks with their scores, by labels with a score above."""
    encoded = shape.encoded
    targets = np.zeros((encoded.patches.count, classes))
    share = 1.0 / np.maximum(encoded.points_of, 1)
    for known, score in zip(shape.knowledge, scores, strict=True):
        covered = np.bincount(encoded.member, known.points[encoded.rows], encoded.patches.count)
        targets[:, known.label] += score * covered * share
    if shape.labels is not None:
        labels = shape.labels[encoded.rows]
        for c in range(classes):
            told = np.bincount(encoded.member, labels == c, encoded.patches.count)
            targets[:, c] += LABELLED_SCORE * told * share
    return targets
