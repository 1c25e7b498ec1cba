"""Splits an object into parts without words, coarse or fine."""

from __future__ import annotations

import argparse

import numpy as np

from part_perception.cli.ask import load_segmenter
from part_perception.cli.clouds import open_cloud, up_of, write_labelled
from part_perception.cli.reports import place, print_json, save_picture
from part_perception.cli.usage import add_file, add_json, add_model, add_outputs, add_up
from part_perception.terminal import table

EXAMPLES = """examples:
  part-perception decompose chair.ply --picture parts.png
  part-perception decompose drill.npz --parts 4 --out parts.ply"""


def how_many(text: str) -> int | None:
    """A number of parts, or 'auto'."""
    if text == "auto":
        return None
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError("must be 'auto' or a number from 1 to 10000")
    return int(text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_file(parser)
    parser.add_argument(
        "--parts",
        type=how_many,
        metavar="K",
        help="number of parts; default: auto (as many as the object has)",
    )
    add_up(parser)
    add_outputs(parser)
    add_model(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    cloud = open_cloud(args.file)
    up = up_of(cloud, args.up)
    labels = load_segmenter(args).decompose(cloud.points, parts=args.parts, up=up)
    parts = [describe(cloud.points[labels == k]) for k in range(int(labels.max()) + 1)]
    names = tuple(f"part {k}" for k in range(len(parts)))
    if args.out:
        write_labelled(args.out, cloud, labels, None, names)
    if args.picture:
        from part_perception.pictures import picture_of_labels

        save_picture(args.picture, picture_of_labels(cloud.points, labels, names, up))
    if args.json:
        print_json({"file": args.file, "points": len(cloud.points), "parts": parts})
    else:
        share = [f"{p['points'] / len(labels):.0%}" for p in parts]
        rows = [[name, str(p["points"]), s, place(p["centroid"]), place(p["size"])]
                for name, p, s in zip(names, parts, share, strict=True)]  # fmt: skip
        print(table(["part", "points", "share", "centroid x y z", "size x y z"], rows))
    return 0 if parts else 1


def describe(points: np.ndarray) -> dict:
    return {"points": len(points), "centroid": points.mean(axis=0), "size": np.ptp(points, axis=0)}
