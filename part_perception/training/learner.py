"""Learner: the encoder with its logit scale, and the objectives for one batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from part_perception.encoder.architecture import Encoder
from part_perception.encoder.manifest import EncoderConfig
from part_perception.errors import InputError
from part_perception.training.batches import Batch, Questions
from part_perception.training.objectives import (
    closed_set_loss,
    follow_teacher,
    motion_loss,
    name_loss,
    object_name_loss,
    pooled_name_loss,
    presence_loss,
    relaxed_iou_loss,
    triplet_contrast,
)

_OF_BATCH = ("groups", "centres", "samples", "near", "weight", "part", "primitive", "motion", "axis", "arm")
_OF_QUESTIONS = ("truth", "closed", "target", "rivals", "same", "weight", "own", "kind_truth")
_INPUTS = _OF_BATCH[:5]


@dataclass(frozen=True)
class Weights:
    """Weights of the objectives. Stage "parts" learns without words, "words" with them, "joint" does both.

    `pooled` applies only to the user's own shapes.
    """

    names: float = 1.0
    closed: float = 1.0
    presence: float = 0.5
    overlap: float = 0.3
    contrast: float = 0.3
    motion: float = 0.4
    teacher: float = 1.0
    pooled: float = 0.3
    kinds: float = 0.3

    @classmethod
    def of_stage(cls, stage: str) -> Weights:
        stages = {
            "parts": cls(names=0, closed=0, presence=0, overlap=0, motion=0, contrast=1.0, pooled=0, kinds=0),
            "words": cls(contrast=0, motion=0, teacher=0),
            "joint": cls(),
        }
        if stage not in stages:
            raise InputError(f"a stage is one of {', '.join(stages)}, not {stage!r}")
        return stages[stage]


class Learner(nn.Module):
    """Trained modules: encoder, scale and bias of word logits, temperature, projection to teacher features."""

    def __init__(self, config: EncoderConfig, teacher: int = 0):
        super().__init__()
        self.encoder = Encoder(config)
        self.log_scale = nn.Parameter(torch.tensor(np.log(15.0), dtype=torch.float32))
        self.bias = nn.Parameter(torch.tensor(-6.0))
        self.log_temperature = nn.Parameter(torch.tensor(np.log(0.2), dtype=torch.float32))
        self.to_teacher = nn.Linear(config.dim, teacher) if teacher else None

    def logits(self, language: Tensor, text: Tensor) -> Tensor:
        return self.log_scale.exp() * (language @ text.T) + self.bias

    def losses(self, batch: dict[str, Tensor], asked: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return each objective's value for a batch and its questions (see `to_tensors`)."""
        groups, centres, *to_samples = (batch[k] for k in _INPUTS)
        tokens = self.encoder.tokens(groups, centres)
        hidden = self.encoder.at_samples(tokens, centres, *to_samples)
        language = self.encoder.language(hidden)
        logits = self.logits(language, asked["text"]).float()
        truth = of_samples(asked["truth"], batch["part"]).float()
        closed = asked["closed"][:, None].expand(-1, logits.shape[1], -1)
        target = of_samples(asked["target"], batch["part"])
        level = _one_level(batch["part"], batch["primitive"], of_samples(asked["same"], batch["part"]))
        field = self.encoder.field(hidden).float() if self.encoder.field_head else language.float()
        sure = of_samples(asked["weight"], batch["part"]).float()
        of_names = torch.where(truth > 0.5, sure, 0.0).amax(dim=1)
        losses = {
            "names": name_loss(logits, truth, sure),
            "closed": closed_set_loss(logits.gather(2, closed), target, asked["rivals"]),
            "presence": presence_loss(logits, truth, sure=of_names),
            "overlap": relaxed_iou_loss(logits.sigmoid(), truth, of_names),
            "contrast": triplet_contrast(field, level, batch["samples"], self.log_temperature.exp()),
        }
        if (asked["kind_truth"] == 1).any():
            pooled = language[:, : language.shape[1] // 2].float().mean(dim=1)  # the samples drawn uniformly
            scores = self.log_scale.exp() * pooled @ asked["kinds"].T
            losses["kinds"] = object_name_loss(scores, asked["kind_truth"])
        if asked["own"].any():
            of_own = of_names * asked["own"][:, None]
            scale = self.log_scale.exp()
            losses["pooled"] = pooled_name_loss(language.float(), asked["text"], truth, of_own, scale)
        if self.encoder.motion_head is not None:
            moves = self.encoder.motion(hidden).float()
            losses["motion"] = motion_loss(
                moves, batch["motion"], batch["axis"].float(), batch["arm"].float()
            )
        if self.to_teacher is not None and "teacher" in batch:
            losses["teacher"] = follow_teacher(self.to_teacher(tokens).float(), batch["teacher"].float())
        return losses


def of_samples(of_parts: Tensor, part: Tensor) -> Tensor:
    """Gather rows of parts (B, P + 1, …) for samples with parts (B, S); part -1 takes the last row."""
    rows = torch.where(part < 0, of_parts.shape[1] - 1, part)
    return of_parts[torch.arange(len(part), device=part.device)[:, None], rows]


def _one_level(part: Tensor, primitive: Tensor, same_name: Tensor) -> Tensor:
    """Pick a random granularity per view: part instances, all parts with the same name, or primitives."""
    levels = torch.stack([part, same_name, primitive.where(part >= 0, part)])
    choice = torch.multinomial(torch.tensor([0.45, 0.35, 0.2]), len(part), replacement=True).to(part.device)
    return levels[choice, torch.arange(len(part), device=part.device)]


def to_tensors(batch: Batch, questions: Questions, vectors: np.ndarray, device: str) -> tuple[dict, dict]:
    """Convert a batch and its questions to tensors on a device."""
    arrays = {name: _tensor(getattr(batch, name), device) for name in _OF_BATCH}
    if batch.teacher is not None:
        arrays["teacher"] = _tensor(batch.teacher, device)
    asked = {name: _tensor(getattr(questions, name), device) for name in _OF_QUESTIONS}
    for name, rows in (("text", questions.names), ("kinds", questions.kinds)):
        asked[name] = _tensor(vectors[rows].astype(np.float32), device)
    return arrays, asked


def _tensor(array: np.ndarray, device: str) -> Tensor:
    tensor = torch.from_numpy(np.ascontiguousarray(array))
    return tensor.pin_memory().to(device, non_blocking=True) if device.startswith("cuda") else tensor
