"""Splits several objects of one kind in the same way: the same number means the same part on each."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from part_perception.cli.ask import load_segmenter
from part_perception.cli.clouds import open_cloud, up_of, write_labelled
from part_perception.cli.decompose import how_many
from part_perception.cli.reports import print_json
from part_perception.cli.usage import add_json, add_model, add_up
from part_perception.errors import InputError
from part_perception.terminal import table

EXAMPLES = """examples:
  part-perception cosegment chair_1.ply chair_2.ply chair_3.ply --out parts/
  part-perception cosegment a.npz b.npz --parts 4 --json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="clouds; the first one determines the parts"
    )
    parser.add_argument("--parts", type=how_many, metavar="K", help="number of parts; default: auto")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="write the labelled clouds (.ply) into a folder"
    )
    add_up(parser)
    add_model(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    if len(args.files) < 2:
        raise InputError(
            "cosegment needs at least two files; for one object there is `part-perception decompose`"
        )
    if args.out and len({file.stem for file in args.files}) < len(args.files):
        raise InputError("two files have the same name, so --out cannot hold both: rename one")
    if args.out and args.out.exists() and not args.out.is_dir():
        raise InputError(f"{args.out} is not a folder, which --out needs")
    clouds = [open_cloud(file) for file in args.files]
    ups = {up_of(cloud, args.up) for cloud in clouds}
    if len(ups) > 1:
        raise InputError("the files have different up axes: give --up, or rotate some of them")
    points = [cloud.points for cloud in clouds]
    labels = load_segmenter(args).cosegment(points[0], points[1:], args.parts, up=ups.pop())
    count = max(int(each.max()) for each in labels) + 1
    names = tuple(f"part {k}" for k in range(count))
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        for file, cloud, each in zip(args.files, clouds, labels, strict=True):
            write_labelled(args.out / f"{file.stem}.ply", cloud, each, None, names)
    sizes = [np.bincount(each[each >= 0], minlength=count) for each in labels]
    if args.json:
        print_json({"parts": count, "files": {str(f): s for f, s in zip(args.files, sizes, strict=True)}})
    else:
        rows = [[f.name, *map(str, s)] for f, s in zip(args.files, sizes, strict=True)]
        print(table(["points of", *names], rows))
    return 0
