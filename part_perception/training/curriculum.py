"""Curriculum: what a run learns from and by which objectives. This is ours, on generated objects and own shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any, Protocol

import numpy as np
from torch import Tensor

from part_perception.shapes.names import NameTable
from part_perception.training.batches import Batch, Recipe, make_batch
from part_perception.training.config import TrainConfig
from part_perception.training.data import OwnData
from part_perception.training.learner import Learner, to_tensors
from part_perception.training.questions import ask
from part_perception.training.validation import Validation


class Curriculum(Protocol):
    """What the loop asks of it. `teacher` is the size of the 2-D features that are followed, 0 for none.

    `weights` say how much each objective counts, `muon` whether the matrices are turned by Muon or all by AdamW.
    """

    teacher: int
    weights: Mapping[str, float]
    muon: bool

    def maker(self) -> Callable[[int], Any]:
        """Makes the batch of a number; goes to the processes that do so."""
        ...

    def ready(self, number: int, batch: Any) -> Any:
        """A batch as tensors, with what is asked about it."""
        ...

    def losses(self, learner: Learner, ready: Any) -> dict[str, Tensor]:
        """The value of every objective."""
        ...

    def prepare(self, learner: Learner) -> None:
        """Say which weights are learned; the others stay as they are."""
        ...

    def figures(self, learner: Learner, average: dict[str, Tensor]) -> dict[str, float]:
        """How well the averaged weights answer what training never uses; empty where that is not known."""
        ...


class OurCurriculum:
    """Names, parts and presence, of views as a depth camera has them."""

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
        """All weights are learned."""

    def figures(self, learner: Learner, average: dict[str, Tensor]) -> dict[str, float]:
        if self._validation is None:
            self._validation = Validation(self.config.patches, self.table, self.config.validation_views)
        return self._validation.score(learner, average, self.device)
