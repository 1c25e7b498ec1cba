"""Run: the training loop. A run folder holds config, log, curves and a checkpoint to resume from exactly."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import torch

from part_perception.errors import InputError
from part_perception.shapes.names import NameTable
from part_perception.storage import replacing
from part_perception.training.batches import Stream, stream_batches
from part_perception.training.config import TrainConfig, save_config
from part_perception.training.curriculum import Curriculum, OurCurriculum
from part_perception.training.data import OwnData
from part_perception.training.learner import Learner
from part_perception.training.optimisers import Optimiser, has_bfloat16
from part_perception.training.patchalign3d import FIRST, SECOND, FirstStage, SecondStage
from part_perception.training.progress import Interruption
from part_perception.training.ranks import Ranks

_LOG_EVERY = 50
_HEADS = ("encoder.language_head.", "to_teacher.")  # as wide as words and 2-D features, which may be others
Record = dict[str, float]


def rate_at(step: int, config: TrainConfig) -> float:
    """Warm-up, then a cosine to one hundredth."""
    if step < config.warmup:
        return config.rate * (step + 1) / config.warmup
    progress = min((step - config.warmup) / max(config.steps - config.warmup, 1), 1.0)
    return config.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))


def weights_of_model(folder: Path, device: str) -> dict[str, torch.Tensor]:
    """A model's weights and its word logits' scale and bias, named as a learner names them."""
    from part_perception.encoder.store import load_manifest, load_weights

    manifest = load_manifest(folder)
    rule = {"log_scale": math.log(manifest.confidence.scale), "bias": manifest.confidence.bias}
    known = {k: torch.tensor(v, dtype=torch.float32, device=device) for k, v in rule.items()}
    weights = load_weights(folder, manifest)
    return known | {f"encoder.{k}": torch.from_numpy(v).to(device) for k, v in weights.items()}


def curriculum_of(
    config: TrainConfig, table: NameTable | None, data: OwnData | None, device: str
) -> Curriculum:
    """Return the curriculum of a run."""
    if config.recipe == FIRST:
        assert data is not None  # neither stage is planned without data
        return FirstStage(config, data, device)
    assert table is not None  # all but the first stage learn words
    if config.recipe == SECOND:
        assert data is not None
        return SecondStage(config, table, data, device)
    return OurCurriculum(config, table, data, device)


class Interval:
    """The steps since the last line of the log."""

    def __init__(self):
        self._sums: dict[str, torch.Tensor] = {}
        self._steps, self._began = 0, time.monotonic()

    def add(self, losses: dict[str, torch.Tensor]) -> None:
        self._steps += 1
        for k, v in losses.items():
            self._sums[k] = self._sums.get(k, 0.0) + v.detach()

    def figures(self, views_a_step: int) -> Record:
        """Mean losses, and how many views were learned from in a second."""
        means = {k: round(float(v) / self._steps, 4) for k, v in self._sums.items()}
        rate = views_a_step * self._steps / (time.monotonic() - self._began)
        return means | {"views_per_s": round(rate, 1)}


class Run:
    """One training run in a folder."""

    def __init__(
        self,
        folder: Path,
        config: TrainConfig,
        table: NameTable | None,
        device: str = "cpu",
        data: OwnData | None = None,
        say: Callable[[Record], None] = lambda record: print(json.dumps(record), flush=True),
        ranks: Ranks | None = None,
        stream: Stream = stream_batches,
    ):
        self.folder, self.config, self.device = folder, config, device
        self.say, self.ranks, self.stream = say, ranks or Ranks(), stream
        folder.mkdir(parents=True, exist_ok=True)
        if self.ranks.first:
            save_config(folder, config)
        self.curriculum = curriculum_of(config, table, data, device)
        torch.manual_seed(config.seed)
        self.learner = Learner(config.encoder, self.curriculum.teacher).to(device)
        if config.start and not self.checkpoint.exists():
            self._start_from(Path(config.start))
        self.curriculum.prepare(self.learner)
        self.average = {k: v.detach().clone() for k, v in self.learner.state_dict().items()}
        self.optimiser = Optimiser(self.learner, config.rate, config.decay, self.curriculum.muon)
        self.step = 0
        self.interrupted: int | None = None
        if self.checkpoint.exists():
            self._resume()

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def _start_from(self, earlier: Path) -> None:
        """Begin with the averaged weights of an earlier run, or those of a model; what it lacks stays as it is."""
        file = earlier / "checkpoint.pt"
        if (earlier / "manifest.json").is_file():
            known = weights_of_model(earlier, self.device)
        elif file.is_file():
            known = torch.load(file, map_location=self.device, weights_only=True)["average"]
        else:
            raise InputError(f"{earlier} holds no checkpoint yet: it has learned nothing to start with")
        own = self.learner.state_dict()
        other = [k for k, v in own.items() if k in known and known[k].shape != v.shape]
        if wrong := [k for k in other if not k.startswith(_HEADS)]:
            raise InputError(
                f"the network in {earlier} has different sizes from this run's ({wrong[0]}): leave out --size"
            )
        self.learner.load_state_dict(
            {k: known[k] if k in known and k not in other else v for k, v in own.items()}
        )

    def _resume(self) -> None:
        saved = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        try:
            self.learner.load_state_dict(saved["learner"])
        except RuntimeError as error:
            raise InputError(f"{self.checkpoint} belongs to a network of different sizes: {error}") from error
        if not isinstance(saved["optimiser"], list):
            raise InputError(
                f"{self.checkpoint} was written by an earlier optimiser: start a new run from it with --start"
            )
        self.average = saved["average"]
        self.optimiser.load_state_dict(saved["optimiser"])
        self.step = saved["step"]

    def save(self) -> None:
        """Write the checkpoint whole or not at all."""
        saved = {"learner": self.learner.state_dict(), "average": self.average,
                 "optimiser": self.optimiser.state_dict(), "step": self.step}  # fmt: skip
        with replacing(self.checkpoint) as draft:
            torch.save(saved, draft)

    def train(self, until: int | None = None, minutes: float = math.inf) -> None:
        """Train to the last step, to `until`, until the minutes are over, or until somebody interrupts.

        However it ends, the checkpoint is that of the last completed step.
        """
        last = min(until or self.config.steps, self.config.steps)
        deadline = time.monotonic() + 60 * minutes
        recent = Interval()
        with Interruption() as wish:
            for batch in self._batches(last):
                # The loss of every objective on this batch.
                losses = self._losses(batch)
                # One step of the optimiser against their weighted sum, averaged over all devices.
                self._learn(losses["loss"])
                # Update the averaged weights, which are kept in the end.
                self._follow()
                # The step is taken; is it the last one, for whatever reason?
                self.step += 1
                recent.add(losses)
                ends = self._ends(last, deadline, wish)
                # A checkpoint, from which the run goes on exactly.
                if self.ranks.first and self._due(self.config.save_every, ends):
                    self.save()
                # A line of the log: mean losses and, now and then, how fresh views are answered.
                if self._due(_LOG_EVERY, ends):
                    record = self._record(recent)
                    if wish.signal is None and self._validates(ends):
                        record |= self._answers_to_fresh_views()
                    self._log(record)
                    recent = Interval()
                if ends:
                    break
        self.interrupted = wish.signal
        self.ranks.wait()

    def _ends(self, last: int, deadline: float, wish: Interruption) -> bool:
        """Return whether this step is the last; all devices end together."""
        return self.step == last or self.ranks.agree(wish.signal is not None or time.monotonic() > deadline)

    def _validates(self, ends: bool) -> bool:
        """Whether fresh views are answered after this step."""
        return self.ranks.first and self.config.validate > 0 and self._due(self.config.validate, ends)

    def _due(self, every: int, ends: bool) -> bool:
        return ends or self.step % every == 0

    def _batches(self, last: int) -> Iterator[Any]:
        """Yield batches as tensors; the next one is prepared while the current one is learned from."""
        ranks = self.ranks
        numbers = range(self.step * ranks.count + ranks.number, last * ranks.count, ranks.count)
        made = self.stream(self.curriculum.maker(), numbers, self.config.workers)
        batches = zip(numbers, made, strict=True)

        def ready():
            item = next(batches, None)
            return None if item is None else self.curriculum.ready(*item)

        with ThreadPoolExecutor(1) as pool:
            coming = pool.submit(ready)
            while (item := coming.result()) is not None:
                coming = pool.submit(ready)
                yield item

    def _losses(self, batch: Any) -> dict[str, torch.Tensor]:
        """The loss of each objective and, as `loss`, their weighted sum."""
        torch.manual_seed(self.config.seed * 1_000_003 + self.step * self.ranks.count + self.ranks.number)
        kind = self.device.split(":")[0]
        with torch.autocast(kind, torch.bfloat16, enabled=has_bfloat16(kind)):
            losses = self.curriculum.losses(self.learner, batch)
        total = cast(torch.Tensor, sum(self.curriculum.weights[k] * v for k, v in losses.items()))
        return {"loss": total, **losses}

    def _learn(self, loss: torch.Tensor) -> None:
        loss.backward()
        self.ranks.mean_gradients(self.learner)
        torch.nn.utils.clip_grad_norm_(self.learner.parameters(), 1.0)
        self.optimiser.step(rate_at(self.step, self.config))

    def _follow(self) -> None:
        keep = min(self.config.average, (1 + self.step) / (10 + self.step))
        for k, v in self.learner.state_dict().items():
            if v.dtype.is_floating_point:
                self.average[k].lerp_(v, 1 - keep)
            else:
                self.average[k].copy_(v)

    def _record(self, recent: Interval) -> Record:
        now = {"step": self.step, "rate": rate_at(self.step, self.config)}
        return now | recent.figures(self.config.batch * self.ranks.count)

    def _answers_to_fresh_views(self) -> Record:
        figures = self.curriculum.figures(self.learner, self.average)
        return {f"view_{k}": round(v, 4) for k, v in figures.items()}

    def _log(self, record: Record) -> None:
        if self.ranks.first:
            with (self.folder / "log.jsonl").open("a") as log:
                log.write(json.dumps(record) + "\n")
            self.say(record)
