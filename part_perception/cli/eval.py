"""How good are the answers on a folder of labelled shapes? Whole shapes, and single views of a simulated camera.

Closed set: every point takes the best of the shape's own part names (mIoU over shapes, cIoU over categories).
Open queries: parts that are there and parts that are not, and an answer may be "not there".
With --captures the folder holds scenes of real depth cameras: is the answer's centroid inside the true part?
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from part_perception.cli.ask import load_segmenter
from part_perception.cli.reports import plain, print_json, save_picture, table
from part_perception.cli.usage import add_json, add_model, output

EXAMPLES = """examples:
  part-perception eval shapes/
  part-perception eval scenes/ --captures
  part-perception eval shapes/ --views 4 --out report.json --picture report.png"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder of labelled-shape files (.npz)")
    parser.add_argument(
        "--views", type=int, default=2, metavar="N", help="single views of each shape; default 2"
    )
    parser.add_argument("--captures", action="store_true", help="the folder holds captured scenes with truth")
    parser.add_argument("--seed", type=int, default=0, help="of the simulated camera; default 0")
    parser.add_argument(
        "--out", type=output(".json"), metavar="F.json", help="write everything, shape by shape"
    )
    parser.add_argument(
        "--picture",
        type=output(".png"),
        metavar="F.png",
        help="draw IoUs and reliability",
    )
    add_model(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    if not args.folder.is_dir():
        raise ValueError(f"{args.folder} is not a folder")
    if args.views < 0:
        raise ValueError("--views must be 0 or more")
    if args.captures and args.picture:
        raise ValueError("--picture draws categories of shapes, which captures have none of")
    report = evaluated(args)
    if args.out:
        args.out.write_text(json.dumps(plain(report), indent=1) + "\n")
    if args.picture:
        from part_perception.evaluation.picture import picture_of

        save_picture(args.picture, picture_of(report))
    if args.json:
        print_json(report)
    else:
        from part_perception.evaluation.report import text_of

        print(capture_summary(report) if args.captures else text_of(report, table))
    return 0


def evaluated(args: argparse.Namespace) -> dict:
    if args.captures:
        from part_perception.evaluation.captures import evaluate_captures

        return evaluate_captures(load_segmenter(args), args.folder)
    from part_perception.evaluation.evaluate import evaluate

    return evaluate(load_segmenter(args), args.folder, args.views, args.seed, show_progress)


def capture_summary(report: dict) -> str:
    names = {"questions": "questions", "part_hit_rate": "part hits", "part_mask_iou": "part mask IoU",
             "all_hit_rate": "hits, objects too"}  # fmt: skip
    rows = [[text, *(f"{figures[key]:.3g}" for figures in report.values())] for key, text in names.items()]
    return table(["", *(name.replace("_", " ") for name in report)], rows)


def show_progress(name: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{name[:60]}", end="", file=sys.stderr, flush=True)
