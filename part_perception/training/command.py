"""Command: `part-perception train run` and `train publish`, from options to files."""

from __future__ import annotations

import importlib.util
import math
import os
import time
from dataclasses import replace
from pathlib import Path

from part_perception.encoder.importing import PUBLISHED_CONFIG, PUBLISHED_PATCHES
from part_perception.encoder.manifest import Confidence, EncoderConfig, Manifest
from part_perception.encoder.patches import PatchSpec
from part_perception.encoder.store import halved, load_manifest, save_model
from part_perception.errors import InputError
from part_perception.language import TextBank
from part_perception.model_folders import BANK, find_model
from part_perception.shapes.names import NameTable, cleaned
from part_perception.training import progress, vocabulary
from part_perception.training.batches import Stream, stream_batches
from part_perception.training.config import (
    FILE,
    OUR_ENCODER,
    OURS,
    TrainConfig,
    code_version,
    going_on,
    load_config,
)
from part_perception.training.data import OwnData, names_in, own_data
from part_perception.training.learner import Weights
from part_perception.training.patchalign3d import EPOCHS, FIRST, SECOND
from part_perception.training.progress import Say, bar, counting, duration
from part_perception.training.ranks import Ranks
from part_perception.training.run import Run
from part_perception.training.vocabulary import FILE as NAMES_FILE
from part_perception.training.vocabulary import load_names

Sizes = tuple[EncoderConfig, PatchSpec]
SIZES: dict[str, Sizes] = {
    "ours": (OUR_ENCODER, PatchSpec()),
    "vit-s": (
        replace(OUR_ENCODER, dim=384, depth=12, heads=6, patch_widths=(128, 256, 512, 256)),
        PatchSpec(2048, 128, 32),
    ),
    "published": (PUBLISHED_CONFIG, PUBLISHED_PATCHES),
}
RECIPES = {"patchalign3d": {"1": FIRST, "2": SECOND}}
_RATE = 5e-4


def plan(
    folder: Path, recipe: str | None = None, stage: str | None = None, size: str | None = None, **given
) -> TrainConfig:
    """Return a run's config; `given` are its fields. Once a run has begun, only its length can change."""
    given |= _objectives(recipe, stage)
    if (folder / FILE).is_file():
        given.pop("start", None)  # it has started
        config = going_on(folder, **given)
        if size and _sizes_for(SIZES[size], config) != (config.encoder, config.patches):
            raise InputError(f"the run in {folder} has another size: start another run in a new folder")
        return config
    return _new(given, size)


def _objectives(recipe: str | None, stage: str | None) -> dict:
    """Return what is learned, as fields of the config."""
    stages = RECIPES.get(recipe or "", {})
    if stages:
        if stage not in stages:
            raise InputError(f"the recipe {recipe} has two stages: give --stage 1, or --stage 2 --start RUN")
        return {"recipe": stages[stage]}
    if stage in ("1", "2"):
        raise InputError(f"--stage {stage} belongs to the recipe patchalign3d: give --recipe patchalign3d")
    return {"weights": Weights.of_stage(stage)} if stage else {}


def _new(given: dict, size: str | None) -> TrainConfig:
    """Return the config of a new run, with the requested size or that of its starting model."""
    recipe = given.get("recipe", OURS)
    if recipe != OURS and not given.get("data"):
        raise InputError("the recipe patchalign3d learns from labelled shapes: give --data DIR")
    if recipe != OURS and "share" in given:
        raise InputError("--share mixes in generated objects, which the recipe patchalign3d does not use")
    if recipe == SECOND and not given.get("start"):
        raise InputError("stage 2 trains the ends of a network from stage 1: give --start RUN")
    if recipe != OURS:
        given = {"rate": _RATE, "warmup": 0, "validate": 0, "share": 1.0} | given
    if given.get("start"):
        place, sizes, text = _beginning(given["start"])
        given = {"encoder": sizes[0], "patches": sizes[1], "text": text} | given | {"start": str(place)}
    if size:
        given["encoder"], given["patches"] = SIZES[size]
    config = replace(TrainConfig(), **given)
    encoder, patches = _sizes_for((config.encoder, config.patches), config)
    return replace(config, encoder=encoder, patches=patches)


def _sizes_for(sizes: Sizes, config: TrainConfig) -> Sizes:
    """Adapt sizes to a config: as wide as its text vectors; the published recipe has patches only."""
    encoder, patches = replace(sizes[0], language=config.encoder.language), sizes[1]
    if config.recipe == OURS:
        return encoder, patches
    return replace(encoder, decoder=False, field=0, motion=0), replace(patches, blend=1)


def _beginning(start: str) -> tuple[Path, Sizes, str]:
    """Return the folder of a run or a model, its sizes, and its text encoder."""
    run = Path(start)
    if (run / FILE).is_file():
        config = load_config(run)
        return run, (config.encoder, config.patches), config.text
    model = find_model(start)
    manifest = load_manifest(model)
    return model, (manifest.encoder, manifest.patches), manifest.text_encoder


def epochs(config: TrainConfig, shapes: int) -> int:
    """Return the published number of steps for a number of shapes."""
    return max(math.ceil(EPOCHS * shapes / config.batch), 1)


_CATALOGUE = "data.json"


def device_for(wanted: str) -> str:
    """Resolve a device; 'auto' is this process's GPU if there is one."""
    import torch

    if wanted == "cpu" or (wanted == "auto" and not torch.cuda.is_available()):
        return "cpu"
    if not torch.cuda.is_available():
        raise InputError(f"torch finds no {wanted} device here")
    return f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if wanted in ("auto", "cuda") else wanted


def train(
    folder: Path,
    device: str = "auto",
    minutes: float = math.inf,
    names: Path | None = None,
    say: Say = print,
    stream: Stream = stream_batches,
    **given,
) -> Run:
    """Start or continue the run in a folder; `given` are options of `plan` and fields of the config."""
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
    run = Run(folder, config, table, device, data, progress, ranks, stream)
    progress.begin(run.step)
    run.train(minutes=minutes)
    if ranks.first:
        _draw(folder, say)
    if run.interrupted:
        say(f"stopped after step {run.step} of {config.steps}; the same command continues from here")
    return run


def _table(config: TrainConfig, data: OwnData | None, file: Path, say: Say) -> NameTable | None:
    """Return the names to learn, with vectors of the run's text encoder; None if no words are learned."""
    if config.recipe == FIRST:
        return None
    more = cleaned(tuple(names_in(data.catalogue))) if data else ()
    generated = config.recipe == OURS
    return vocabulary.names_for(file, more, counting(say, "names"), config.text, generated)


def as_wide_as(config: TrainConfig, table: NameTable | None, begun: bool) -> TrainConfig:
    """Fit the language head to the width of the name vectors; a run that has begun keeps its own."""
    wide = config.encoder.language if table is None else table.vectors.shape[1]
    if begun and wide != config.encoder.language:
        raise InputError(f"the names are {wide} wide and the run's features {config.encoder.language}")
    return replace(config, encoder=replace(config.encoder, language=wide))


class Progress:
    """Prints one line per record: progress, losses, accuracy, and time left."""

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
    elif (folder / progress.LOG).is_file():
        progress.draw_curves(folder)


def publish(run: Path, folder: Path, about: dict[str, str] | None = None) -> Manifest:
    """Write the model of a run's checkpoint; its confidence is not yet calibrated."""
    import torch

    config = load_config(run)
    if config.recipe == FIRST:
        raise InputError(
            f"the run in {run} is a first stage, which has learned no words: publish the second stage"
        )
    saved = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    average = saved["average"]
    weights = {
        k.removeprefix("encoder."): v.float().numpy()
        for k, v in average.items()
        if k.startswith("encoder.") and v.dtype.is_floating_point
    }
    rule = Confidence(scale=float(average["log_scale"].exp()), bias=float(average["bias"]))
    if config.recipe == SECOND:  # it only learned to distinguish names of one shape, never presence
        rule = replace(rule, weights=(), smooth=False)
    made = {"training": f"{saved['step']} steps of {config.batch} views", "code": code_version()}
    manifest = Manifest(
        folder.name,
        config.encoder,
        config.patches,
        rule,
        text_encoder=config.text,
        about=made | (about or {}),
    )
    manifest = save_model(folder, manifest, halved(weights))
    if config.text != "minilm" and (run / NAMES_FILE).is_file():
        words = load_names(run / NAMES_FILE)
        TextBank(words.names, words.vectors, config.text, manifest.templates).save(folder / BANK)
    return manifest
