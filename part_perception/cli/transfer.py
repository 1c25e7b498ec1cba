"""Transfers a place on one object, a grasp or a contact, to another object of the same kind."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from part_perception.cli.ask import load_segmenter
from part_perception.cli.clouds import open_cloud, up_of
from part_perception.cli.reports import place, print_json
from part_perception.cli.usage import add_json, add_model, add_up
from part_perception.errors import InputError
from part_perception.geometry.poses import pose_matrix, quaternion_of
from part_perception.terminal import table

EXAMPLES = """examples:
  part-perception transfer mug_a.ply mug_b.ply --place 0.05 0 0.04
  part-perception transfer mug_a.ply mug_b.ply --place 0.05 0 0.04 --turn 0 0.7071 0 0.7071 --json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="A", help="the cloud of the object that has the place")
    parser.add_argument("target", type=Path, metavar="B", help="the cloud of another object of the same kind")
    parser.add_argument(
        "--place",
        nargs=3,
        type=float,
        required=True,
        metavar=("X", "Y", "Z"),
        help="on A, or no farther from it than A is long",
    )
    parser.add_argument(
        "--turn",
        nargs=4,
        type=float,
        metavar=("X", "Y", "Z", "W"),
        help="rotation of a gripper there, as a quaternion",
    )
    add_up(parser)
    add_model(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    a, b = open_cloud(args.source), open_cloud(args.target)
    up = up_of(a, args.up)
    if up_of(b, args.up) != up:
        raise InputError("the two files have different up axes: give --up, or rotate one of them")
    if args.turn and not 1e-9 < np.linalg.norm(args.turn) < np.inf:
        raise InputError("--turn is not a rotation; for no rotation, give 0 0 0 1")
    given = pose_matrix(args.place, args.turn) if args.turn else np.array(args.place)
    moved, sure = load_segmenter(args).transfer(given, a.points, b.points, up=up)
    position = moved[:3, 3] if args.turn else moved
    turn = quaternion_of(moved[:3, :3]) if args.turn else None
    if args.json:
        facts = {"place": position, "confidence": sure} | ({"turn": turn} if args.turn else {})
        print_json(facts)
        return 0
    rows = [["place x y z", place(position)], ["confidence", f"{sure:.2f}"]]
    rows += [["turn x y z w", " ".join(f"{v:.4f}" for v in turn)]] if turn is not None else []
    print(table(["", args.target.name], rows))
    return 0
