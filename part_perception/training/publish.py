"""Publish: a run's averaged weights → a model folder that the robot loads."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import Confidence, Manifest
from part_perception.encoder.store import save_model
from part_perception.training.config import code_version, load_config


def publish(run: Path, folder: Path, about: dict[str, str] | None = None) -> Manifest:
    """Write the model of a run's checkpoint; its confidence is not calibrated yet."""
    import torch

    config = load_config(run)
    saved = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    average = saved["average"]
    weights = {
        k.removeprefix("encoder."): v.float().numpy()
        for k, v in average.items()
        if k.startswith("encoder.") and v.dtype.is_floating_point
    }
    rule = Confidence(scale=float(np.exp(average["log_scale"])), bias=float(average["bias"]))
    made = {"training": f"{saved['step']} steps of {config.batch} views", "code": code_version()}
    manifest = Manifest(folder.name, config.encoder, config.patches, rule, about=made | (about or {}))
    return save_model(folder, manifest, weights)
