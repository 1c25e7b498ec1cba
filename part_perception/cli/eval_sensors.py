"""`eval --sensors`: how depth cameras err, the simulated ones and those that took a folder's captures."""

from __future__ import annotations

import argparse

from part_perception.text_table import table

COLUMNS = {
    "grain": "grain_mm", "lumps": "lumps_mm", "waves": "waves_mm", "step": "step_mm", "alike at 1 px": "alike_1_px",
    "3 px": "alike_3_px", "6 px": "alike_6_px", "holes": "holes", "at objects": "holes_at_objects",
    "shadow px": "shadow_px", "points": "points", "skirts": "skirts",
}  # fmt: skip
NOTE = """Medians. Grain, lumps and waves are errors narrower than 3 pixels, 3 to 15 and wider, step is that of
disparity, all in mm at 1 m; alike is the correlation of errors so many pixels apart. Of objects: the share of pixels
without depth, the shadow beside them, points, and the share of points on surfaces steeper than 72 degrees."""


def sensors(args: argparse.Namespace) -> dict:
    from part_perception.evaluation.sensors import compare_sensors

    return compare_sensors(args.folder, args.seed)


def sensors_summary(report: dict) -> str:
    rows = [
        [
            name,
            f"{figures['images']}/{figures['objects']}",
            *(number(figures[key]) for key in COLUMNS.values()),
        ]
        for name, figures in report.items()
    ]
    return table(["sensor", "images/objects", *COLUMNS], rows) + "\n\n" + NOTE


def number(value: float) -> str:
    if value != value:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}"
