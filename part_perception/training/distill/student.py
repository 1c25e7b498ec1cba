"""Student: the model itself, whose language head learns the words by a small linear step. All else stays as it is.

The step moves features only along directions that leave the words of the text bank alone as far as these allow, so that
what the model knew it still knows; the part field, and with it decompositions, do not change at all (of a model that
has none, as the published one, language features are the field, and move with the words).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.patches import Patches
from part_perception.encoder.runtimes.base import stack_inputs
from part_perception.encoder.runtimes.torch import TorchRuntime
from part_perception.encoder.store import load_weights
from part_perception.errors import InputError
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.scoring import smoothed
from part_perception.segmenter import PartSegmenter
from part_perception.training.distill.moved_features import Rows, loss_of, quiet_directions
from part_perception.training.distill.rehearsal import rehearsal_rows

WEIGHT, BIAS = "language_head.weight", "language_head.bias"
_INPUTS = ("groups", "centres", "samples", "near", "weight")
_RATE, _DECAY, _DROPOUT = 0.05, 0.01, 0.3
_ROWS = 1536
KEEP = 0.1  # of a logit's squared change on objects that were not recorded


@dataclass(frozen=True)
class Step:
    """What is learned: per word a weighting of hidden features (Q, dim), and an offset (Q,)."""

    weight: np.ndarray
    offset: np.ndarray


class Student:
    """Learns one closed set of words (Q, D) for a model."""

    def __init__(
        self, manifest: Manifest, weights: dict[str, np.ndarray], text: np.ndarray, bank: np.ndarray
    ):
        self.manifest, self.weights, self.bank = manifest, weights, bank
        self.text = text.astype(np.float64)
        self.moves = quiet_directions(text, bank)
        self.network = TorchRuntime(weights, manifest.encoder, "cpu").network
        size = (len(text), manifest.encoder.dim)
        self.step = Step(np.zeros(size), np.zeros(len(text)))

    def of_other_words(self, text: np.ndarray) -> Student:
        """The same model before it learned anything, to learn other words."""
        other = Student(self.manifest, self.weights, text, self.bank)
        other.rehearsed = self.rehearsed
        return other

    @cached_property
    def rehearsed(self) -> np.ndarray:
        """(R, dim) what the head reads on objects of all kinds, on which as little as can be should change."""
        return rehearsal_rows(self._read, self.manifest.patches)

    def learn(
        self, encoded: Sequence[EncodedObject], targets: Sequence[np.ndarray], steps: int, seed: int
    ) -> float:
        """Start again and learn soft targets (S, Q) of each object; samples without any cost nothing. The last loss."""
        wanted = torch.from_numpy(np.concatenate(targets)).float()
        told = wanted.sum(1) > 0
        if not told.any():
            raise InputError(
                "the teacher's masks cover no point of any object: there is nothing to learn from"
            )
        hidden = np.concatenate([self.hidden(e) for e in encoded])[told.numpy()]
        mean, spread = hidden.mean(0), hidden.std(0).clip(1e-3)
        rows, wanted = self._rows(hidden), wanted[told]
        values, old = (torch.from_numpy((h - mean) / spread).float() for h in (hidden, self.rehearsed))
        weight = torch.zeros(len(self.text), values.shape[1], requires_grad=True)
        offset = torch.zeros(len(self.text), requires_grad=True)
        optimiser = torch.optim.AdamW([weight, offset], lr=_RATE, weight_decay=_DECAY)
        torch.manual_seed(seed)
        loss, mean_weight, mean_offset = torch.zeros(()), torch.zeros_like(weight), torch.zeros_like(offset)
        first = steps // 2  # the mean of the later steps is steadier than the last one
        for k in range(steps):
            chosen = torch.randperm(len(values))[:_ROWS]
            some = F.dropout(values[chosen], _DROPOUT)
            moved = some @ weight.T + offset
            loss = loss_of(rows.logits(moved * rows.unit, chosen), wanted[chosen], moved)
            elsewhere = old[torch.randperm(len(old))[:_ROWS]] @ weight.T + offset
            loss = loss + KEEP * (elsewhere**2).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if k >= first:
                with torch.no_grad():
                    mean_weight += (weight - mean_weight) / (k - first + 1)
                    mean_offset += (offset - mean_offset) / (k - first + 1)
        learned = rows.unit * mean_weight.double().numpy() / spread
        self.step = Step(learned, rows.unit * mean_offset.double().numpy() - learned @ mean)
        return float(loss.detach())

    def hidden(self, encoded: EncodedObject) -> np.ndarray:
        """(S, dim) what the language head reads at every sample; made once for an object and kept with it."""
        kept = vars(encoded)
        if "hidden" not in kept:
            kept["hidden"] = self._read(encoded.patches)
        return kept["hidden"]

    def _read(self, patches: Patches) -> np.ndarray:
        inputs = stack_inputs([patches])
        with torch.inference_mode():
            groups, centres, *given = (torch.from_numpy(np.ascontiguousarray(inputs[n])) for n in _INPUTS)
            hidden = self.network.at_samples(self.network.tokens(groups, centres), centres, *given)
            return hidden[0, : patches.count].numpy().copy()

    def _rows(self, hidden: np.ndarray) -> Rows:
        raw = hidden @ self.weights[WEIGHT].T.astype(np.float64) + self.weights[BIAS]
        return Rows.of(raw, self.text, self.moves, self.manifest.confidence)

    def probabilities(self, encoded: EncodedObject) -> np.ndarray:
        """(S, C) which of the words each sample is, evened out over the surface."""
        hidden = self.hidden(encoded)
        move = torch.from_numpy(hidden @ self.step.weight.T + self.step.offset).float()
        logits = self._rows(hidden).logits(move, slice(None))
        return smoothed(encoded, logits.softmax(dim=1).numpy(), self.manifest.confidence)

    def labels(self, encoded: EncodedObject) -> np.ndarray:
        """(N,) the best word of every row; -1 for rows that were not finite."""
        return encoded.to_points(self.probabilities(encoded).argmax(axis=1), -1)

    def learned_weights(self) -> dict[str, np.ndarray]:
        """The model's weights with what was learned in its language head."""
        moved = {WEIGHT: self.moves @ self.step.weight, BIAS: self.moves @ self.step.offset}
        return self.weights | {k: (self.weights[k] + v).astype(np.float32) for k, v in moved.items()}


def student_of(folder: Path, segmenter: PartSegmenter, words: Sequence[str]) -> Student:
    """A student of these words for the model in a folder."""
    weights = load_weights(folder, segmenter.manifest)
    bank = segmenter.language.bank
    if bank is None:
        raise InputError(
            f"the model {segmenter.manifest.name} has no text bank, whose words should stay as they are"
        )
    return Student(segmenter.manifest, weights, segmenter.embed(words), bank.vectors)
