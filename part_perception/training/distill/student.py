"""Student: the model, whose language head learns the words by a small linear step; the rest is frozen.

The step moves features only along directions that affect the words of the text bank as little as possible, so
that the model keeps what it knew. The part field, and with it decompositions, does not change at all. (A
model without one, such as the published one, uses language features as the field, and these move with the
words.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from part_perception.encoder.manifest import Confidence, Manifest
from part_perception.encoder.patches import Patches, PatchSpec
from part_perception.encoder.runtimes.base import stack_inputs
from part_perception.encoder.runtimes.torch import TorchRuntime
from part_perception.encoder.store import load_weights
from part_perception.errors import InputError
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.scoring import smoothed
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.kinds import KINDS
from part_perception.simulation.worlds import make_world
from part_perception.training.views import make_view, view_patches

_RIDGE = 0.01
_PRESENCE = 0.5
_CARE = 0.02


def quiet_directions(text: np.ndarray, bank: np.ndarray) -> np.ndarray:
    """(D, Q): moving along column q changes word q by 1, the other words by 0, and the bank as little as possible."""
    spread = bank.T.astype(np.float64) @ bank / len(bank)
    spread += _RIDGE * np.trace(spread) / len(spread) * np.eye(len(spread))
    toward = np.linalg.solve(spread, text.T.astype(np.float64))
    return toward @ np.linalg.pinv(text @ toward)


@dataclass(frozen=True)
class Rows:
    """Word logits of moved features, from precomputed products: a move (R, Q) costs Q numbers per row."""

    dots: Tensor
    along: Tensor
    square: Tensor
    across: Tensor
    scale: float
    bias: float

    @classmethod
    def of(cls, raw: np.ndarray, text: np.ndarray, moves: np.ndarray, rule: Confidence) -> Rows:
        """Rows of features (R, D) before they are normalised, words (Q, D), and where a move leads (D, Q)."""
        arrays = (raw @ text.T, raw @ moves, (raw**2).sum(1), moves.T @ moves)
        dots, along, square, across = (torch.from_numpy(a).float() for a in arrays)
        return cls(dots, along, square, across, rule.scale, rule.bias)

    @property
    def unit(self) -> float:
        """The move that changes a logit by about 1."""
        return float(self.square.sqrt().mean()) / self.scale

    def logits(self, move: Tensor, chosen) -> Tensor:
        """scale · cosine + bias after the features of the chosen rows were moved."""
        square = (
            self.square[chosen]
            + 2 * (self.along[chosen] * move).sum(1)
            + ((move @ self.across) * move).sum(1)
        )
        return self.scale * (self.dots[chosen] + move) / square.clamp(min=1e-6).sqrt()[:, None] + self.bias


def loss_of(logits: Tensor, wanted: Tensor, moved: Tensor) -> Tensor:
    """Loss of word choice, weighted by mask confidence, of presence, and of the size of the move.

    `moved` is the change of the logits; penalising it weighs the model's prior knowledge against the masks.
    """
    sure = wanted.sum()
    which = -(wanted * logits.log_softmax(dim=1)).sum() / sure
    share = wanted / wanted.sum(1, keepdim=True)
    there = F.binary_cross_entropy_with_logits(
        logits, share, weight=wanted.sum(1, keepdim=True), reduction="sum"
    )
    return which + _PRESENCE * there / sure + _CARE * (moved**2).mean()


VIEWS = 256
_SAMPLES = 48
_SEED = 3_000_017


def rehearsal_rows(hidden: Callable[[Patches], np.ndarray], spec: PatchSpec) -> np.ndarray:
    """(R, dim) hidden features at some samples of views of each kind in turn."""
    kinds, rows = list(KINDS.values()), []
    for number in range(VIEWS):
        rng = np.random.default_rng([_SEED, number])
        _, world = make_world(kinds[number * len(kinds) // VIEWS], rng)
        seen = hidden(view_patches(make_view(world, rng), spec))
        rows.append(seen[rng.permutation(len(seen))[:_SAMPLES]])
    return np.concatenate(rows)


WEIGHT, BIAS = "language_head.weight", "language_head.bias"
_INPUTS = ("groups", "centres", "samples", "near", "weight")
_RATE, _DECAY, _DROPOUT = 0.05, 0.01, 0.3
_ROWS = 1536
KEEP = 0.1  # of a logit's squared change on objects that were not recorded


@dataclass(frozen=True)
class Step:
    """The learned step: for each word, a weighting of hidden features (Q, dim) and an offset (Q,)."""

    weight: np.ndarray
    offset: np.ndarray

    def times(self, share: float) -> Step:
        """Return a fraction of the step."""
        return Step(share * self.weight, share * self.offset)


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
        """Return a fresh student of the same model, to learn other words."""
        other = Student(self.manifest, self.weights, text, self.bank)
        other.rehearsed = self.rehearsed
        return other

    @cached_property
    def rehearsed(self) -> np.ndarray:
        """(R, dim) inputs of the head on objects of all kinds, where as little as possible should change."""
        return rehearsal_rows(self._read, self.manifest.patches)

    def learn(
        self, encoded: Sequence[EncodedObject], targets: Sequence[np.ndarray], steps: int, seed: int
    ) -> float:
        """Learn soft targets (S, Q) from scratch, skipping samples without any; returns the loss."""
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
        """(S, dim) input of the language head at every sample, cached with the object."""
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
        """(S, C) probability of each word at every sample, smoothed over the surface."""
        hidden = self.hidden(encoded)
        move = torch.from_numpy(hidden @ self.step.weight.T + self.step.offset).float()
        logits = self._rows(hidden).logits(move, slice(None))
        return smoothed(encoded, logits.softmax(dim=1).numpy(), self.manifest.confidence)

    def labels(self, encoded: EncodedObject) -> np.ndarray:
        """(N,) the best word of every row; -1 for rows that were not finite."""
        return encoded.to_points(self.probabilities(encoded).argmax(axis=1), -1)

    def learned_weights(self) -> dict[str, np.ndarray]:
        """The model's weights with the learned language head."""
        moved = {WEIGHT: self.moves @ self.step.weight, BIAS: self.moves @ self.step.offset}
        return self.weights | {k: (self.weights[k] + v).astype(np.float32) for k, v in moved.items()}


def student_of(folder: Path, segmenter: PartSegmenter, words: Sequence[str]) -> Student:
    """Make a student that learns these words for the model in a folder."""
    weights = load_weights(folder, segmenter.manifest)
    bank = segmenter.language.bank
    if bank is None:
        raise InputError(
            f"the model {segmenter.manifest.name} has no text bank, whose words should stay as they are"
        )
    return Student(segmenter.manifest, weights, segmenter.embed(words), bank.vectors)
