"""Planning: the options of `train run` → the config of a new run, or of one that goes on."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from part_perception.encoder.importing import PUBLISHED_CONFIG, PUBLISHED_PATCHES
from part_perception.encoder.manifest import EncoderConfig
from part_perception.encoder.patches import PatchSpec
from part_perception.encoder.store import load_manifest
from part_perception.errors import InputError
from part_perception.model_folders import find_model
from part_perception.training.config import FILE, OUR_ENCODER, OURS, TrainConfig, going_on, load_config
from part_perception.training.learner import Weights
from part_perception.training.patchalign3d.stages import EPOCHS, FIRST, SECOND

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
    """The config of a run; `given` are its fields. What a begun run is cannot be changed, how long it goes on can."""
    given |= _objectives(recipe, stage)
    if (folder / FILE).is_file():
        given.pop("start", None)  # it has started
        config = going_on(folder, **given)
        if size and _sizes_for(SIZES[size], config) != (config.encoder, config.patches):
            raise InputError(f"the run in {folder} is of another size: start another run in a new folder")
        return config
    return _new(given, size)


def _objectives(recipe: str | None, stage: str | None) -> dict:
    """What is learned, as fields of the config."""
    stages = RECIPES.get(recipe or "", {})
    if stages:
        if stage not in stages:
            raise InputError(f"the recipe {recipe} has two stages: say --stage 1, or --stage 2 --start RUN")
        return {"recipe": stages[stage]}
    if stage in ("1", "2"):
        raise InputError(f"--stage {stage} is of the recipe patchalign3d: say --recipe patchalign3d")
    return {"weights": Weights.of_stage(stage)} if stage else {}


def _new(given: dict, size: str | None) -> TrainConfig:
    """A new run: of the size asked for, or that of what it starts from."""
    recipe = given.get("recipe", OURS)
    if recipe != OURS and not given.get("data"):
        raise InputError("the recipe patchalign3d learns from labelled shapes: say --data DIR")
    if recipe != OURS and "share" in given:
        raise InputError("--share mixes in generated objects, which the recipe patchalign3d does not know")
    if recipe == SECOND and not given.get("start"):
        raise InputError("stage 2 trains the ends of a network that stage 1 has made: say --start RUN")
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
    """Sizes as a config has them: as wide as its words; the published recipe knows patches only."""
    encoder, patches = replace(sizes[0], language=config.encoder.language), sizes[1]
    if config.recipe == OURS:
        return encoder, patches
    return replace(encoder, decoder=False, field=0, motion=0), replace(patches, blend=1)


def _beginning(start: str) -> tuple[Path, Sizes, str]:
    """The folder of a run or a model, its sizes, and the text encoder of its words."""
    run = Path(start)
    if (run / FILE).is_file():
        config = load_config(run)
        return run, (config.encoder, config.patches), config.text
    model = find_model(start)
    manifest = load_manifest(model)
    return model, (manifest.encoder, manifest.patches), manifest.text_encoder


def epochs(config: TrainConfig, shapes: int) -> int:
    """The published number of steps for so many shapes."""
    return max(math.ceil(EPOCHS * shapes / config.batch), 1)
