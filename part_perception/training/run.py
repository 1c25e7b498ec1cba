"""Run: the training loop. A run folder holds config, log, curves and a checkpoint from which it goes on exactly."""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch

from part_perception.encoder.manifest import EncoderConfig
from part_perception.encoder.patches import PatchSpec
from part_perception.training.batches import stream_batches
from part_perception.training.learner import Learner, Weights, to_tensors
from part_perception.training.names import NameTable
from part_perception.training.questions import ask


@dataclass(frozen=True)
class TrainConfig:
    """Everything a run depends on beside the code."""

    steps: int = 7500
    batch: int = 32
    heard: int = 256
    rate: float = 1e-3
    decay: float = 0.05
    warmup: int = 300
    average: float = 0.999
    seed: int = 0
    workers: int = 1
    save_every: int = 200
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    patches: PatchSpec = field(default_factory=PatchSpec)
    weights: Weights = field(default_factory=Weights)


def rate_at(step: int, config: TrainConfig) -> float:
    """Warm-up, then a cosine to one hundredth."""
    if step < config.warmup:
        return config.rate * (step + 1) / config.warmup
    progress = min((step - config.warmup) / max(config.steps - config.warmup, 1), 1.0)
    return config.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))


class Run:
    """One training run in a folder."""

    def __init__(self, folder: Path, config: TrainConfig, table: NameTable, device: str = "cpu"):
        self.folder, self.config, self.table, self.device = folder, config, table, device
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps(asdict(config), indent=1))
        torch.manual_seed(config.seed)
        self.learner = Learner(config.encoder).to(device)
        self.average = {k: v.detach().clone() for k, v in self.learner.state_dict().items()}
        matrices = [p for p in self.learner.parameters() if p.ndim >= 2]
        rest = [p for p in self.learner.parameters() if p.ndim < 2]
        groups = [{"params": matrices, "weight_decay": config.decay}, {"params": rest, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=config.rate, betas=(0.9, 0.98))
        self.step = 0
        if self.checkpoint.exists():
            self._resume()

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def _resume(self) -> None:
        saved = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        self.learner.load_state_dict(saved["learner"])
        self.average = saved["average"]
        self.optimiser.load_state_dict(saved["optimiser"])
        self.step = saved["step"]

    def save(self) -> None:
        """Write the checkpoint whole or not at all."""
        saved = {"learner": self.learner.state_dict(), "average": self.average,
                 "optimiser": self.optimiser.state_dict(), "step": self.step}  # fmt: skip
        part = self.checkpoint.with_suffix(".part")
        torch.save(saved, part)
        part.replace(self.checkpoint)

    def train(self, until: int | None = None) -> None:
        """Go on to the last step, or to `until`."""
        config, last = self.config, min(until or self.config.steps, self.config.steps)
        batches = stream_batches(
            config.seed, self.step, last, config.batch, config.patches, config.heard, config.workers
        )
        began, sums, counted = time.monotonic(), {}, 0
        for batch in batches:
            rng = np.random.default_rng([config.seed, self.step, 1])
            torch.manual_seed(config.seed * 1_000_003 + self.step)
            arrays, asked = to_tensors(batch, ask(batch, self.table, rng), self.table.vectors, self.device)
            losses = self._update(arrays, asked)
            self.step += 1
            counted += 1
            for k, v in losses.items():
                sums[k] = sums.get(k, 0.0) + v
            if self.step % 50 == 0 or self.step == last:
                record = {"step": self.step, "rate": rate_at(self.step, config),
                          **{k: round(v / counted, 4) for k, v in sums.items()},
                          "views_per_s": round(counted * config.batch / (time.monotonic() - began), 1)}  # fmt: skip
                self._log(record)
                began, sums, counted = time.monotonic(), {}, 0
            if self.step % config.save_every == 0 or self.step == last:
                self.save()

    def _update(self, arrays: dict, asked: dict) -> dict[str, float]:
        for group in self.optimiser.param_groups:
            group["lr"] = rate_at(self.step, self.config)
        with torch.autocast(self.device.split(":")[0], torch.bfloat16):
            losses = self.learner.losses(arrays, asked)
        total = sum(getattr(self.config.weights, k) * v for k, v in losses.items())
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.learner.parameters(), 1.0)
        self.optimiser.step()
        keep = min(self.config.average, (1 + self.step) / (10 + self.step))
        for k, v in self.learner.state_dict().items():
            if v.dtype.is_floating_point:
                self.average[k].lerp_(v, 1 - keep)
            else:
                self.average[k].copy_(v)
        return {"loss": total.item(), **{k: v.item() for k, v in losses.items()}}

    def _log(self, record: dict) -> None:
        line = json.dumps(record)
        print(line, flush=True)
        with (self.folder / "log.jsonl").open("a") as log:
            log.write(line + "\n")
