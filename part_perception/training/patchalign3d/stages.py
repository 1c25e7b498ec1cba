"""Stages: the two curricula of the published recipe. The loop, checkpoints and signals are those of every run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from part_perception.errors import InputError
from part_perception.shapes.names import NameTable
from part_perception.training.config import TrainConfig
from part_perception.training.data import OwnData
from part_perception.training.learner import Learner
from part_perception.training.objectives.features2d import follow_teacher
from part_perception.training.objectives.patch_words import patch_word_loss
from part_perception.training.patchalign3d.batches import PatchBatch, PatchRecipe, make_patch_batch

FIRST, SECOND = "patchalign3d-1", "patchalign3d-2"
EPOCHS = 100
Tensors = dict[str, Tensor]


class _Stage:
    """What both stages have alike."""

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
        """Words come later."""
        for name, weight in learner.named_parameters():
            of_words = name.startswith("encoder.language_head.") or "." not in name
            weight.requires_grad_(not of_words)

    def ready(self, number: int, batch: PatchBatch) -> Tensors:
        assert batch.teacher is not None  # only shapes that have features are in the batch
        return self._tensors(groups=batch.groups, centres=batch.centres, teacher=batch.teacher)

    def losses(self, learner: Learner, ready: Tensors) -> Tensors:
        assert learner.to_teacher is not None  # the curriculum has a teacher
        tokens = learner.encoder.tokens(ready["groups"], ready["centres"])
        return {"teacher": follow_teacher(learner.to_teacher(tokens).float(), ready["teacher"].float())}


class SecondStage(_Stage):
    """Patches agree with the names of their points. Only the ends of the network are learned, the rest is frozen."""

    teacher = 0
    weights: Mapping[str, float] = {"patch_words": 1.0}

    def __init__(self, config: TrainConfig, table: NameTable, data: OwnData, device: str):
        super().__init__(config, data, device)
        self.table = table

    def prepare(self, learner: Learner) -> None:
        """Learned are the last block and norm, the token projection, the class token, the head and the temperature."""
        last = f"blocks.{len(learner.encoder.blocks) - 1}."
        learned = (last, "norm.", "patch_net.reduce.", "class_token", "language_head.")
        for name, weight in learner.named_parameters():
            inside = name.removeprefix("encoder.")
            weight.requires_grad_(inside.startswith(learned) or name == "log_scale")
        learner.encoder.patch_net.eval()  # its norms, too, stay as the first stage left them
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
