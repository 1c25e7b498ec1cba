"""Writes a file to try things on, with true labels: a mug, a drawer, or a table as a camera sees it."""

from __future__ import annotations

import argparse
from pathlib import Path
from shlex import quote

import numpy as np

from part_perception.cli.reports import print_json
from part_perception.cli.usage import add_json, output, whole
from part_perception.files import write_cloud

EXAMPLES = """examples:
  part-perception sample mug                    writes mug.ply
  part-perception sample table                  writes table.npz
  part-perception sample drawer --seed 3 --out drawer.npz"""

OBJECTS = {"mug": "mug", "drawer": "drawer front"}
TABLE = (("mug", 0.10, -0.24, 3.9), ("cooking pot", -0.14, 0.14, 0.4), ("hammer", 0.20, 0.12, 2.2))
POINTS = 6000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=[*OBJECTS, "table"], metavar="WHAT", help="mug, drawer or table")
    parser.add_argument(
        "--seed", type=whole, default=1, metavar="N", help="seed: another number gives another object"
    )
    parser.add_argument(
        "--out",
        type=output(".ply", ".npz"),
        metavar="F",
        help="default: mug.ply, drawer.ply or table.npz here",
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    if args.what == "table":
        points, colours, labels, names = table_seen(args.seed)
        usage = "--scene -q handle"
    else:
        (points, labels, names), colours = whole_object(OBJECTS[args.what], args.seed), None
        usage = "-q handle"
    path = args.out or Path("table.npz" if args.what == "table" else f"{args.what}.ply")
    write_cloud(path, points, colours, labels, None, names)
    if args.json:
        print_json({"file": path, "points": points.size // 3, "label_names": names})
    else:
        print(f"{path}: {points.size // 3} points; now try: part-perception ask {quote(str(path))} {usage}")
    return 0


def whole_object(kind: str, seed: int) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Points all over one object, with their labels and the labels' names."""
    from part_perception.simulation.things import thing

    one = thing(kind, seed)
    rows = np.random.default_rng(seed).permutation(len(one.surface.points))[:POINTS]
    number, names = numbered([part[0] for part in one.parts])
    return one.surface.points[rows].astype(np.float32), number[one.surface.part[rows]], names


def table_seen(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[str, ...]]:
    """One view of a table by a simulated depth camera: points and colours (H, W, 3), labels and their names."""
    from part_perception.simulation.capture import capture, look_at
    from part_perception.simulation.things import TINTS, thing

    things = [
        thing(kind, seed).moved((x, y, 0.0), yaw).painted(tint)
        for (kind, x, y, yaw), tint in zip(TABLE, TINTS, strict=False)
    ]
    view = capture(things, look_at(-0.6, 0.75, 0.85), np.random.default_rng(seed))
    numbers, names = numbered([f"{part[0]} of the {one.kind}" for one in things for part in one.parts])
    starts = np.cumsum([0, *(len(one.parts) for one in things)])
    labels = np.full(view.label.shape, -1)
    on_thing = (view.label >= 0) & (view.label < len(things))
    labels[on_thing] = numbers[starts[view.label[on_thing]] + view.part[on_thing]]
    return view.points, view.colours, labels.ravel(), names


def numbered(names: list[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """The number of every name among the distinct ones, and these."""
    different = tuple(dict.fromkeys(names))
    return np.array([different.index(name) for name in names]), different
