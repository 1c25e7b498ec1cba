"""Publish: a run's averaged weights → a model folder that the robot loads."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import Confidence, EncoderConfig, Manifest
from part_perception.encoder.patches import PatchSpec
from part_perception.encoder.store import save_model


def publish(run: Path, folder: Path, about: dict[str, str] | None = None) -> Manifest:
    """Write the model of a run's checkpoint; its confidence is not calibrated yet."""
    import json

    import torch

    config = json.loads((run / "config.json").read_text())
    average = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)["average"]
    weights = {
        k.removeprefix("encoder."): v.float().numpy()
        for k, v in average.items()
        if k.startswith("encoder.") and v.dtype.is_floating_point
    }
    sizes = {k: tuple(v) if isinstance(v, list) else v for k, v in config["encoder"].items()}
    rule = Confidence(scale=float(np.exp(average["log_scale"])), bias=float(average["bias"]))
    manifest = Manifest(
        folder.name, EncoderConfig(**sizes), PatchSpec(**config["patches"]), rule, about=about or {}
    )
    return save_model(folder, manifest, weights)
