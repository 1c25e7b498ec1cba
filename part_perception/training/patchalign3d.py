"""PatchAlign3D's own recipe: first match a 2-D model's patch features, then the names of the points.

The loop, checkpoints and signal handling are the same as in any run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from part_perception.encoder.patches import PatchSpec, make_patches
from part_perception.errors import InputError
from part_perception.shapes.names import NameTable
from part_perception.simulation.views import View
from part_perception.training.config import TrainConfig
from part_perception.training.data import OwnData, OwnShape
from part_perception.training.learner import Learner
from part_perception.training.objectives import follow_teacher, patch_word_loss
from part_perception.training.views import of_samples

_TURN = np.radians(20)
_SCALES = (0.9, 1.1)
_SHIFT = 0.02
_JITTER = 0.01


@dataclass(frozen=True)
class PatchRecipe:
    """Everything a batch depends on besides its number. `followed`: only shapes with 2-D patch features."""

    seed: int
    size: int
    spec: PatchSpec
    data: OwnData
    followed: bool


@dataclass(frozen=True)
class PatchBatch:
    """Patches of B shapes; `teacher` (B, P, T) are their 2-D features, zero where there are none.

    In the second stage: the names of each shape, and the share (P, K) of a patch's points with each of them.
    """

    groups: np.ndarray
    centres: np.ndarray
    teacher: np.ndarray | None
    names: list[tuple[str, ...]]
    share: list[np.ndarray]


def make_patch_batch(recipe: PatchRecipe, number: int) -> PatchBatch:
    """Make a batch; each shape appears once per epoch, in an order that depends only on seed and epoch."""
    shapes = recipe.data.numbers(recipe.followed)
    rng = np.random.default_rng([recipe.seed, number])
    groups, centres, teacher, names, share = [], [], [], [], []
    for place in range(number * recipe.size, (number + 1) * recipe.size):
        epoch, at = divmod(place, len(shapes))
        shape = recipe.data.shape(shapes[_order(recipe.seed, epoch, len(shapes))[at]])
        view = _turned(shape, rng)
        patches = make_patches(view.points, recipe.spec)
        part, followed = of_samples(view.part, patches), of_samples(view.primitive, patches)
        scale, shift = rng.uniform(*_SCALES), rng.uniform(-_SHIFT, _SHIFT, 3)
        # After normalisation, which would undo both.
        groups.append((patches.groups * scale).astype(np.float32))
        centres.append((patches.centres * scale + shift).astype(np.float32))
        if recipe.followed:
            teacher.append(shape.teacher_at(followed[patches.rows], recipe.data.teacher))
        said = _names_of(shape)
        names.append(said)
        share.append(_truth(shape, said)[part[patches.group]].mean(axis=1, dtype=np.float32))
    features = np.stack(teacher) if teacher else None
    return PatchBatch(np.stack(groups), np.stack(centres), features, names, share)


@lru_cache(4)
def _order(seed: int, epoch: int, count: int) -> np.ndarray:
    return np.random.default_rng([seed, epoch, count]).permutation(count)


def _turned(shape: OwnShape, rng: np.random.Generator) -> View:
    """Rotate all points about the vertical and jitter them; the primitive field carries the 2-D patches."""
    angle = rng.uniform(-_TURN, _TURN)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    points = (shape.points - shape.points.mean(axis=0)) @ turn.T
    radius = np.linalg.norm(points, axis=1).max()
    return View(points + radius * _JITTER * rng.normal(size=points.shape), shape.part, shape.patch)


def _names_of(shape: OwnShape) -> tuple[str, ...]:
    """Return every name that any point of a shape has, except what the whole shape is called."""
    names = dict.fromkeys(name for c in shape.concepts for name in (*c.names, *c.above))
    whole = {name for c in shape.concepts for name in c.kind}
    return tuple(name for name in names if name not in whole)


def _truth(shape: OwnShape, names: tuple[str, ...]) -> np.ndarray:
    """(parts + 1, K) which names each part has; the last row, reached by part -1, has none."""
    said = [[name in (*c.names, *c.above) for name in names] for c in shape.concepts]
    return np.array([*said, [False] * len(names)], bool)


FIRST, SECOND = "patchalign3d-1", "patchalign3d-2"
EPOCHS = 100
Tensors = dict[str, Tensor]


class _Stage:
    """Common base of both stages."""

    muon = False
    followed = False

    def __init__(self, config: TrainConfig, data: OwnData, device: str):
        self.config, self.data, self.device = config, data, device

    def maker(self) -> Callable[[int], PatchBatch]:
        config = self.config
        recipe = PatchRecipe(config.seed, config.batch, config.patches, self.data, self.followed)
        return partial(make_patch_batch, recipe)

    def figures(self, learner: Learner, average: Tensors) -> dict[str, float]:
        return {}

    def _tensors(self, **arrays: np.ndarray) -> Tensors:
        return {k: torch.from_numpy(v).to(self.device) for k, v in arrays.items()}


class FirstStage(_Stage):
    """1 - cosine between every patch's projected token and the 2-D features of the patch; nothing else."""

    followed = True
    weights: Mapping[str, float] = {"teacher": 1.0}

    def __init__(self, config: TrainConfig, data: OwnData, device: str):
        super().__init__(config, data, device)
        if not data.teacher:
            raise InputError("stage 1 follows a 2-D model: no shape of the data has a patch_features.pt")
        self.teacher = data.teacher

    def prepare(self, learner: Learner) -> None:
        """Train all weights except those of words."""
        for name, weight in learner.named_parameters():
            of_words = name.startswith("encoder.language_head.") or "." not in name
            weight.requires_grad_(not of_words)

    def ready(self, number: int, batch: PatchBatch) -> Tensors:
        assert batch.teacher is not None  # the batch only has shapes with features
        return self._tensors(groups=batch.groups, centres=batch.centres, teacher=batch.teacher)

    def losses(self, learner: Learner, ready: Tensors) -> Tensors:
        assert learner.to_teacher is not None  # the curriculum has a teacher
        tokens = learner.encoder.tokens(ready["groups"], ready["centres"])
        return {"teacher": follow_teacher(learner.to_teacher(tokens).float(), ready["teacher"].float())}


class SecondStage(_Stage):
    """Matches patches with the names of their points; only the ends of the network are trained."""

    teacher = 0
    weights: Mapping[str, float] = {"patch_words": 1.0}

    def __init__(self, config: TrainConfig, table: NameTable, data: OwnData, device: str):
        super().__init__(config, data, device)
        self.table = table

    def prepare(self, learner: Learner) -> None:
        """Train the last block and norm, token projection, class token and its place, head and temperature."""
        last = f"blocks.{len(learner.encoder.blocks) - 1}."
        learned = (last, "norm.", "patch_net.reduce.", "class_", "language_head.")
        for name, weight in learner.named_parameters():
            inside = name.removeprefix("encoder.")
            weight.requires_grad_(inside.startswith(learned) or name == "log_scale")
        learner.encoder.patch_net.eval()  # its norms, too, stay as after the first stage
        with torch.no_grad():
            learner.bias.zero_()

    def ready(self, number: int, batch: PatchBatch) -> Tensors:
        most = max(map(len, batch.names))
        place = np.zeros((len(batch.names), most), np.int64)
        asked = np.zeros(place.shape, bool)
        share = np.zeros((*batch.centres.shape[:2], most), np.float32)
        for b, names in enumerate(batch.names):
            place[b, : len(names)] = [self.table.index[name] for name in names]
            asked[b, : len(names)] = True
            share[b, :, : len(names)] = batch.share[b]
        text = self.table.vectors[place].astype(np.float32)
        return self._tensors(
            groups=batch.groups, centres=batch.centres, text=text, asked=asked, share=share
        )  # fmt: skip

    def losses(self, learner: Learner, ready: Tensors) -> Tensors:
        language = learner.encoder.language(learner.encoder.tokens(ready["groups"], ready["centres"]))
        logits = learner.log_scale.exp() * torch.einsum(
            "bpd,bcd->bpc", language.float(), F.normalize(ready["text"], dim=-1)
        )
        return {"patch_words": patch_word_loss(logits.float(), ready["share"], ready["asked"])}
