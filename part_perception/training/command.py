"""Command: what `part-perception train run` does, from options to files."""

from __future__ import annotations

import importlib.util
import math
import os
import time
from dataclasses import replace
from pathlib import Path

from part_perception.errors import InputError
from part_perception.shapes.names import NameTable, cleaned
from part_perception.training import curves, vocabulary
from part_perception.training.config import FILE, OURS, TrainConfig
from part_perception.training.data import OwnData, names_in, own_data
from part_perception.training.patchalign3d.stages import FIRST
from part_perception.training.planning import epochs, plan
from part_perception.training.progress import Say, bar, counting, duration
from part_perception.training.ranks import Ranks
from part_perception.training.run import Run

_CATALOGUE = "data.json"


def device_for(wanted: str) -> str:
    """'auto' is this process's GPU where there is one."""
    import torch

    if wanted == "cpu" or (wanted == "auto" and not torch.cuda.is_available()):
        return "cpu"
    if not torch.cuda.is_available():
        raise InputError(f"there is no {wanted} device here that torch can use")
    return f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if wanted in ("auto", "cuda") else wanted


def train(
    folder: Path,
    device: str = "auto",
    minutes: float = math.inf,
    names: Path | None = None,
    say: Say = print,
    **given,
) -> Run:
    """Begin or go on with the run in a folder; `given` are options of the plan and fields of the config."""
    device = device_for(device)
    config, begun = plan(folder, **given), (folder / FILE).is_file()
    ranks = Ranks.join(device)
    folder.mkdir(parents=True, exist_ok=True)
    data = own_data([Path(d) for d in config.data], config.share, folder / _CATALOGUE)
    if data is not None and not begun and config.recipe != OURS and "steps" not in given:
        config = replace(config, steps=epochs(config, len(data.numbers(config.recipe == FIRST))))
    table = _table(config, data, names or folder / vocabulary.FILE, say)
    config = as_wide_as(config, table, begun)
    progress = Progress(config, say)
    run = Run(folder, config, table, device, data, progress, ranks)
    progress.begin(run.step)
    run.train(minutes=minutes)
    if ranks.first:
        _draw(folder, say)
    if run.interrupted:
        say(f"stopped after step {run.step} of {config.steps}; the same command goes on from here")
    return run


def _table(config: TrainConfig, data: OwnData | None, file: Path, say: Say) -> NameTable | None:
    """The names that are learned, in the words of the run's text encoder; none where no word is learned."""
    if config.recipe == FIRST:
        return None
    more = cleaned(tuple(names_in(data.catalogue))) if data else ()
    generated = config.recipe == OURS
    return vocabulary.names_for(file, more, counting(say, "names"), config.text, generated)


def as_wide_as(config: TrainConfig, table: NameTable | None, begun: bool) -> TrainConfig:
    """The config with a language head as wide as the names; a run that has begun keeps its own."""
    wide = config.encoder.language if table is None else table.vectors.shape[1]
    if begun and wide != config.encoder.language:
        raise InputError(f"the names are {wide} wide and the run's features {config.encoder.language}")
    return replace(config, encoder=replace(config.encoder, language=wide))


class Progress:
    """One line for every record: how far, what it costs, how well it answers, how long it takes yet."""

    def __init__(self, config: TrainConfig, say: Say):
        self.config, self.say = config, say
        self.begin(0)

    def begin(self, step: int) -> None:
        self.first, self.began = step, time.monotonic()

    def __call__(self, record: dict[str, float]) -> None:
        step, total = int(record["step"]), self.config.steps
        pace = (time.monotonic() - self.began) / max(step - self.first, 1)
        parts = [f"{step:>6}/{total}  {bar(step / total)}  loss {record['loss']:.3f}"]
        parts += [f"{k.removeprefix('view_')} {v:.3f}" for k, v in record.items() if k.startswith("view_")]
        parts += [f"{record['views_per_s']:.0f} views/s", f"{duration(pace * (total - step))} left"]
        self.say("  ".join(parts))


def _draw(folder: Path, say: Say) -> None:
    if importlib.util.find_spec("matplotlib") is None:
        say("matplotlib is not installed here: `part-perception train curves` draws them elsewhere")
    elif (folder / curves.LOG).is_file():
        curves.draw_curves(folder)
