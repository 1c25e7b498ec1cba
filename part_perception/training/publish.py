"""Publish: a run's averaged weights → a model folder that the robot loads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from part_perception.encoder.manifest import Confidence, Manifest
from part_perception.encoder.store import save_model
from part_perception.errors import InputError
from part_perception.language import TextBank
from part_perception.model_folders import BANK
from part_perception.training.config import code_version, load_config
from part_perception.training.patchalign3d.stages import FIRST, SECOND
from part_perception.training.vocabulary import FILE, load_names


def publish(run: Path, folder: Path, about: dict[str, str] | None = None) -> Manifest:
    """Write the model of a run's checkpoint; its confidence is not calibrated yet."""
    import torch

    config = load_config(run)
    if config.recipe == FIRST:
        raise InputError(
            f"the run in {run} is a first stage, which has learned no words: publish the second one's"
        )
    saved = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    average = saved["average"]
    weights = {
        k.removeprefix("encoder."): v.float().numpy()
        for k, v in average.items()
        if k.startswith("encoder.") and v.dtype.is_floating_point
    }
    rule = Confidence(scale=float(average["log_scale"].exp()), bias=float(average["bias"]))
    if config.recipe == SECOND:  # told apart are only names of one shape: presence was never learned
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
    manifest = save_model(folder, manifest, weights)
    if config.text != "minilm" and (run / FILE).is_file():
        words = load_names(run / FILE)
        TextBank(words.names, words.vectors, config.text, manifest.templates).save(folder / BANK)
    return manifest
