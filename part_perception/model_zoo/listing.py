"""Listing: what each model here is, how large, under which licence, whether its files are whole, and where it runs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from part_perception.encoder.runtimes.choosing import candidates, choose_runtime
from part_perception.encoder.store import load_manifest, verified
from part_perception.errors import InputError


def model_facts(folder: Path) -> dict[str, Any]:
    """One line's worth: name, size, licence, text side, and whether the files are those that the manifest names."""
    manifest = load_manifest(folder)
    state = "good"
    for name in manifest.files:
        try:
            verified(folder, manifest, name)
        except InputError as error:
            state = str(error)
    size = sum(f.stat().st_size for f in folder.iterdir() if f.is_file())
    return {
        "name": manifest.name, "folder": str(folder), "megabytes": round(size / 1e6, 2), "state": state,
        "licence": manifest.licence, "text_encoder": manifest.text_encoder,
        "calibrated": manifest.confidence.calibrated,
    }  # fmt: skip


def model_details(folder: Path) -> dict[str, Any]:
    """Everything, with the runtime that would be used here and why."""
    manifest = load_manifest(folder)
    facts = model_facts(folder)
    chosen = choose_runtime(folder, manifest)
    running = {"runtime": chosen.name, "why": chosen.why, "candidates": candidates(manifest)}
    return facts | running | asdict(manifest)
