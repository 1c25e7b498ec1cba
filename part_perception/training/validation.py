"""Validation: how well the averaged weights answer on a few fresh views that training never uses."""

from __future__ import annotations

import numpy as np
import torch

from part_perception.encoder.patches import PatchSpec
from part_perception.metrics import auroc, part_ious
from part_perception.shapes.names import NameTable
from part_perception.training.batches import Batch, Recipe, make_batch
from part_perception.training.learner import Learner, of_samples, to_tensors
from part_perception.training.questions import Questions, ask

SEED = 2_000_003
_TOP = 12
_VIEWS_A_BATCH = 32


class Validation:
    """Fixed views and questions; `score` answers them."""

    def __init__(self, spec: PatchSpec, table: NameTable, views: int = 128):
        self.table = table
        size = min(views, _VIEWS_A_BATCH)
        recipe = Recipe(SEED, size, spec, spec.samples // 2)
        self.batches = [make_batch(recipe, i) for i in range(max(views // size, 1))]
        self.asked = [ask(b, table, np.random.default_rng([SEED, i])) for i, b in enumerate(self.batches)]

    def score(self, learner: Learner, weights: dict[str, torch.Tensor], device: str) -> dict[str, float]:
        """Closed-set mIoU over views and AUROC of presence, in the mode in which the model is used."""
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
    rival = answers["allowed"].any(dim=1)[:, None]
    chosen = logits.gather(2, closed).masked_fill(~rival, -1e4).argmax(dim=2).cpu().numpy()
    target = of_samples(answers["target"], arrays["part"]).cpu().numpy()
    for view in np.flatnonzero((target >= 0).any(axis=1)):
        mious.append(float(np.nanmean(part_ious(chosen[view], target[view], target[view].max() + 1))))
