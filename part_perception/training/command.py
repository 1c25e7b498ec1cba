"""Command: what `part-perception train run` does, from options to files."""

from __future__ import annotations

import importlib.util
import math
import os
import time
from pathlib import Path

from part_perception.shapes.names import cleaned
from part_perception.training import curves, vocabulary
from part_perception.training.config import TrainConfig, config_for
from part_perception.training.data import names_in, own_data
from part_perception.training.learner import Weights
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
        raise ValueError(f"there is no {wanted} device here that torch can use")
    return f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if wanted in ("auto", "cuda") else wanted


def train(
    folder: Path,
    device: str = "auto",
    stage: str | None = None,
    minutes: float = math.inf,
    names: Path | None = None,
    say: Say = print,
    **given,
) -> Run:
    """Begin or go on with the run in a folder; `given` are fields of the config that change."""
    device = device_for(device)
    if stage:
        given["weights"] = Weights.of_stage(stage)
    config = config_for(folder, **given)
    ranks = Ranks.join(device)
    folder.mkdir(parents=True, exist_ok=True)
    data = own_data([Path(d) for d in config.data], config.share, folder / _CATALOGUE)
    more = cleaned(tuple(names_in(data.catalogue))) if data else ()
    table = vocabulary.names_for(names or folder / vocabulary.FILE, more, counting(say, "names"))
    progress = Progress(config, say)
    run = Run(folder, config, table, device, data, progress, ranks)
    progress.begin(run.step)
    run.train(minutes=minutes)
    if ranks.first:
        _draw(folder, say)
    if run.interrupted:
        say(f"stopped after step {run.step} of {config.steps}; the same command goes on from here")
    return run


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
