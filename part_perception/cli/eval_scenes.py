"""`eval --scenes`: simulated tables, each taken apart from a single frame; no model is asked."""

from __future__ import annotations

import argparse

from part_perception.cli.reports import save_picture
from part_perception.text_table import table

SHARES = ("found", "isolated", "purity", "completeness", "overlap_f", "boundary_f", "flat_agrees")
HEADS = {"overlap_f": "overlap F", "boundary_f": "boundary F", "flat_agrees": "flat agrees"}


def scenes(args: argparse.Namespace) -> dict:
    from part_perception.evaluation.scene_picture import Gallery, picture_of_scenes
    from part_perception.evaluation.scenes import evaluate_scenes
    from part_perception.scene.config import SceneConfig

    gallery = Gallery()
    report = evaluate_scenes(args.scenes, args.seed, gallery.keep, SceneConfig(separator=args.separator))
    if args.picture:
        save_picture(args.picture, picture_of_scenes(report, gallery))
    return report


def scenes_summary(report: dict) -> str:
    groups = dict(report["by_layout"])
    groups |= {f"scattered, {n} objects": figures for n, figures in report["by_count"].items()}
    groups |= {f"scattered, {name}": figures for name, figures in report["by_sensor"].items()}
    rows = [
        [name, str(f["tables"]), str(f["objects"]), *(f"{f[key]:.3f}" for key in SHARES), str(f["extra"])]
        for name, f in groups.items()
    ]
    heads = [HEADS.get(name, name) for name in SHARES]
    return table(["tables", "number", "objects", *heads, "extra"], rows)
