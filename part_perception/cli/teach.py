"""Teaches a word from 1 to 8 marked clouds; `ask --taught F` then knows it like any other word.

An example is a cloud with labels (.npz, or .ply with a `label` property). The points whose label
has the name of the word, or the number given by --label, are the part.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from part_perception.cli.ask import load_segmenter
from part_perception.cli.clouds import open_cloud, up_of
from part_perception.cli.reports import print_json
from part_perception.cli.usage import add_json, add_model, add_up
from part_perception.errors import InputError
from part_perception.metrics import iou
from part_perception.terminal import table

EXAMPLES = """examples:
  part-perception teach "bayonet mount" camera1.npz camera2.npz --save words.safetensors
  part-perception ask camera3.ply -q "bayonet mount" --taught words.safetensors"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("word", metavar="WORD", help="the word to teach")
    parser.add_argument(
        "examples", nargs="+", type=Path, metavar="FILE", help="clouds in which the part is marked"
    )
    parser.add_argument(
        "--label", metavar="L", help="the label that marks the part: a name or a number; default: WORD"
    )
    parser.add_argument("--taught", metavar="F", help="start from the words taught into this file")
    parser.add_argument(
        "--save", required=True, type=Path, metavar="F", help="the file that keeps the taught words"
    )
    add_up(parser)
    add_model(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    examples, ups = [], []
    for file in args.examples:
        cloud = open_cloud(file)
        examples.append((cloud.points, marked(cloud, args.label or args.word, file)))
        ups.append(up_of(cloud, args.up))
    if len(set(ups)) > 1:
        raise InputError("the examples have different up axes; give one for all with --up")
    segmenter = load_segmenter(args)
    segmenter.teach(args.word, examples, up=ups[0])
    segmenter.save_taught(args.save)
    fits = [iou(segmenter.ask(points, [args.word], up=ups[0]).masks[0], mask) for points, mask in examples]
    if args.json:
        print_json({"word": args.word, "file": args.save, "fit": fits})
    else:
        rows = [[str(file), str(int(mask.sum())), f"{fit:.2f}"]
                for file, (_, mask), fit in zip(args.examples, examples, fits, strict=True)]  # fmt: skip
        print(table(["example", "marked points", "IoU of its own"], rows))
        print(f"{args.word!r} is kept in {args.save}")
    return 0


def marked(cloud, label: str, file: Path) -> np.ndarray:
    """(N,) which points are the part."""
    if cloud.labels is None:
        raise InputError(f"{file} has no labels that could mark the part")
    if label in cloud.label_names:
        wanted = cloud.label_names.index(label)
    elif label.lstrip("-").isdecimal():
        wanted = int(label)
    else:
        names = ", ".join(cloud.label_names[:20]) or "none"
        raise InputError(f"{file} has no label {label[:60]!r}; its labels are: {names}")
    mask = cloud.labels == wanted
    if not mask.any():
        raise InputError(f"{file} has no point with the label {label[:60]!r}")
    return mask
