"""Learner: the encoder with its logit scale, and the sum of objectives for one batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from part_perception.encoder.architecture import Encoder
from part_perception.encoder.manifest import EncoderConfig
from part_perception.training.batches import Batch
from part_perception.training.objectives.contrast import triplet_contrast
from part_perception.training.objectives.words import (
    closed_set_loss,
    name_loss,
    presence_loss,
    relaxed_iou_loss,
)
from part_perception.training.questions import Questions


@dataclass(frozen=True)
class Weights:
    """How much each objective counts."""

    names: float = 1.0
    closed: float = 1.0
    presence: float = 0.5
    overlap: float = 0.3
    contrast: float = 0.3


class Learner(nn.Module):
    """What is optimised: the encoder, the scale and bias of word logits, the temperature of the contrast."""

    def __init__(self, config: EncoderConfig):
        super().__init__()
        self.encoder = Encoder(config)
        self.log_scale = nn.Parameter(torch.tensor(np.log(15.0), dtype=torch.float32))
        self.bias = nn.Parameter(torch.tensor(-6.0))
        self.log_temperature = nn.Parameter(torch.tensor(np.log(0.2), dtype=torch.float32))

    def logits(self, language: Tensor, text: Tensor) -> Tensor:
        return self.log_scale.exp() * (language @ text.T) + self.bias

    def losses(self, batch: dict[str, Tensor], asked: dict[str, Tensor]) -> dict[str, Tensor]:
        """Each objective's value for a batch and its questions (see `to_tensors`)."""
        hidden = self.encoder.hidden(*(batch[k] for k in ("groups", "centres", "samples", "near", "weight")))
        logits = self.logits(self.encoder.language(hidden), asked["text"]).float()
        truth = asked["truth"].float()
        closed = asked["closed"][:, None].expand(-1, logits.shape[1], -1)
        level = _one_level(batch["part"], batch["primitive"], asked["kind_of_part"])
        field = self.encoder.field(hidden).float()
        return {
            "names": name_loss(logits, truth),
            "closed": closed_set_loss(logits.gather(2, closed), asked["target"], asked["allowed"]),
            "presence": presence_loss(logits, truth),
            "overlap": relaxed_iou_loss(logits.sigmoid(), truth),
            "contrast": triplet_contrast(field, level, batch["samples"], self.log_temperature.exp()),
        }


def _one_level(part: Tensor, primitive: Tensor, kind_of_part: Tensor) -> Tensor:
    """For each view one granularity at random: part instances, parts of a name together, or primitives."""
    levels = torch.stack([part, kind_of_part, primitive.where(part >= 0, part)])
    choice = torch.multinomial(torch.tensor([0.45, 0.35, 0.2]), len(part), replacement=True).to(part.device)
    return levels[choice, torch.arange(len(part), device=part.device)]


def to_tensors(batch: Batch, questions: Questions, vectors: np.ndarray, device: str) -> tuple[dict, dict]:
    """A batch and its questions as tensors on a device."""
    arrays = {k: torch.from_numpy(np.ascontiguousarray(getattr(batch, k))).to(device)
              for k in ("groups", "centres", "samples", "near", "weight", "part", "primitive")}  # fmt: skip
    same_name = np.full_like(batch.part, -1)
    for b, concepts in enumerate(batch.concepts):
        firsts = [c[1][0] for c in concepts]
        same_name[b] = np.array([firsts.index(f) for f in firsts] + [-1])[batch.part[b]]
    asked = {
        k: torch.from_numpy(getattr(questions, k)).to(device)
        for k in ("truth", "closed", "target", "allowed")
    }
    asked["text"] = torch.from_numpy(vectors[questions.names]).float().to(device)
    asked["kind_of_part"] = torch.from_numpy(same_name).to(device)
    return arrays, asked
