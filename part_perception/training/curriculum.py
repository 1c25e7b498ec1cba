"""Curriculum: data and objectives of a run, for generated objects and the user's own shapes.

Validation uses the averaged weights on a few fresh views that are never trained on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from part_perception.encoder.patches import PatchSpec
from part_perception.metrics import auroc, part_ious
from part_perception.shapes.names import NameTable
from part_perception.training.batches import Batch, Questions, Recipe, ask, make_batch
from part_perception.training.config import TrainConfig
from part_perception.training.data import OwnData
from part_perception.training.learner import Learner, of_samples, to_tensors

SEED = 2_000_003
_TOP = 12
_VIEWS_A_BATCH = 32


class Validation:
    """Fixed views and questions, evaluated by `score`."""

    def __init__(self, spec: PatchSpec, table: NameTable, views: int = 128):
        self.table = table
        size = min(views, _VIEWS_A_BATCH)
        recipe = Recipe(SEED, size, spec, spec.samples // 2)
        self.batches = [make_batch(recipe, i) for i in range(max(views // size, 1))]
        self.asked = [ask(b, table, np.random.default_rng([SEED, i])) for i, b in enumerate(self.batches)]

    def score(self, learner: Learner, weights: dict[str, torch.Tensor], device: str) -> dict[str, float]:
        """Return closed-set mIoU over views and AUROC of presence, in inference mode."""
        copy = Learner(learner.encoder.config, learner.to_teacher.out_features if learner.to_teacher else 0)
        copy.load_state_dict(weights)
        copy.to(device).eval()
        mious: list[float] = []
        present: list[np.ndarray] = []
        absent: list[np.ndarray] = []
        for batch, asked in zip(self.batches, self.asked, strict=True):
            _score_batch(copy, batch, asked, self.table.vectors, device, mious, present, absent)
        return {
            "miou": float(np.mean(mious)),
            "auroc": auroc(np.concatenate(present), np.concatenate(absent)),
        }


@torch.no_grad()
def _score_batch(
    learner: Learner,
    batch: Batch,
    asked: Questions,
    vectors: np.ndarray,
    device: str,
    mious: list[float],
    present: list[np.ndarray],
    absent: list[np.ndarray],
) -> None:
    arrays, answers = to_tensors(batch, asked, vectors, device)
    groups, centres, *to_samples = (arrays[k] for k in ("groups", "centres", "samples", "near", "weight"))
    hidden = learner.encoder.at_samples(learner.encoder.tokens(groups, centres), centres, *to_samples)
    logits = learner.logits(learner.encoder.language(hidden), answers["text"])
    truth = of_samples(answers["truth"], arrays["part"])
    best = logits.topk(_TOP, dim=1).values.mean(dim=1).cpu().numpy()
    there = (truth == 1).any(dim=1).cpu().numpy()
    nowhere = (truth == 0).all(dim=1).cpu().numpy()
    present.append(best[there])
    absent.append(best[nowhere])
    closed = answers["closed"][:, None].expand(-1, logits.shape[1], -1)
    rival = answers["rivals"][:, None]
    chosen = logits.gather(2, closed).masked_fill(~rival, -1e4).argmax(dim=2).cpu().numpy()
    target = of_samples(answers["target"], arrays["part"]).cpu().numpy()
    for view in np.flatnonzero((target >= 0).any(axis=1)):
        mious.append(float(np.nanmean(part_ious(chosen[view], target[view], target[view].max() + 1))))


class Curriculum(Protocol):
    """What the training loop needs. `teacher` is the size of the 2-D features to match, 0 for none.

    `weights` are those of the objectives; `muon` says whether matrices are optimised by Muon or all by AdamW.
    """

    teacher: int
    weights: Mapping[str, float]
    muon: bool

    def maker(self) -> Callable[[int], Any]:
        """Return a function that makes a batch by number; it is sent to worker processes."""
        ...

    def ready(self, number: int, batch: Any) -> Any:
        """Return a batch as tensors, with its questions."""
        ...

    def losses(self, learner: Learner, ready: Any) -> dict[str, Tensor]:
        """Return the value of every objective."""
        ...

    def prepare(self, learner: Learner) -> None:
        """Choose which weights to train; the others stay frozen."""
        ...

    def figures(self, learner: Learner, average: dict[str, Tensor]) -> dict[str, float]:
        """Return validation figures of the averaged weights; empty if not measured."""
        ...


class OurCurriculum:
    """Learns names, parts and presence from views as a depth camera sees them."""

    muon = True

    def __init__(self, config: TrainConfig, table: NameTable, data: OwnData | None, device: str):
        self.config, self.table, self.data, self.device = config, table, data, device
        self.teacher = data.teacher if data else 0
        self.weights: Mapping[str, float] = asdict(config.weights)
        self._validation: Validation | None = None

    def maker(self) -> Callable[[int], Batch]:
        config = self.config
        return partial(make_batch, Recipe(config.seed, config.batch, config.patches, config.heard, self.data))

    def ready(self, number: int, batch: Batch) -> tuple[dict, dict]:
        asked = ask(batch, self.table, np.random.default_rng([self.config.seed, number, 1]))
        return to_tensors(batch, asked, self.table.vectors, self.device)

    def losses(self, learner: Learner, ready: tuple[dict, dict]) -> dict[str, Tensor]:
        return learner.losses(*ready)

    def prepare(self, learner: Learner) -> None:
        """Train all weights."""

    def figures(self, learner: Learner, average: dict[str, Tensor]) -> dict[str, float]:
        if self._validation is None:
            self._validation = Validation(self.config.patches, self.table, self.config.validation_views)
        return self._validation.score(learner, average, self.device)
