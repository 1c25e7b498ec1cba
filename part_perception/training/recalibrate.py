"""Recalibrate: what `part-perception train calibrate` does, from a model's folder to its new manifest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from part_perception.encoder.store import MANIFEST, load_manifest
from part_perception.storage import cache_dir
from part_perception.training import vocabulary
from part_perception.training.calibrate import ask_in_processes, choose_masks, fit_confidence
from part_perception.training.names import collect_names
from part_perception.training.progress import Say, counting


def calibrate(
    folder: Path,
    views: int = 1500,
    processes: int = 2,
    absent_rate: float = 0.03,
    names: Path | None = None,
    say: Say = print,
) -> dict:
    """Choose masks and confidence of a model on fresh views, and write them into its manifest."""
    manifest = load_manifest(folder)
    path = names or cache_dir() / vocabulary.FILE
    vocabulary.names_for(path, collect_names(), counting(say, "names"))
    asked = ask_in_processes(folder, path, views, processes, counting(say, "views"))
    rule = choose_masks(asked, manifest.confidence)
    rule, figures = fit_confidence(asked, rule, absent_rate)
    about = manifest.about | {"calibration": f"{views} fresh views of generated objects"}
    replace(manifest, confidence=rule, about=about).save(folder / MANIFEST)
    return figures
