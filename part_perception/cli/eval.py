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
CLOSED = {"miou": "mIoU", "ciou": "cIoU"}
OPEN = {"auroc": "AUROC", "found_when_present": "found when there", "found_when_absent": "found when not there",
        "mask_iou": "mask IoU", "calibration_error": "calibration error"}  # fmt: skip


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
    parser.add_argument("--picture", type=output(".png"), metavar="F.png", help="draw mIoU by category")
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
        from part_perception.pictures.charts import bars

        save_picture(args.picture, bars(by_category(report), "mIoU"))
    if args.json:
        print_json(report)
    else:
        print(capture_summary(report) if args.captures else summary(report))
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


def protocols(report: dict) -> dict[str, dict]:
    """What was scored: whole shapes, and views if there are any."""
    return {name: report[name] for name in ("whole", "views") if name in report}


def by_category(report: dict) -> dict[str, dict[str, float]]:
    return {name: scores["closed"]["by_category"] for name, scores in protocols(report).items()}


def summary(report: dict) -> str:
    rows = []
    for name, scores in protocols(report).items():
        figures = {CLOSED[k]: scores["closed"][k] for k in CLOSED} | {
            OPEN[k]: scores["open"][k] for k in OPEN
        }
        rows.append((name, str(scores["closed"]["shapes"]), str(scores["open"]["queries"]), figures))
    header = ["", *(name for name, *_ in rows)]
    lines = [["shapes", *(r[1] for r in rows)], ["open queries", *(r[2] for r in rows)]]
    lines += [[key, *(f"{r[3][key]:.3f}" for r in rows)] for key in rows[0][3]]
    return f"{report['model']} on {report['runtime']}\n{table(header, lines)}"


def show_progress(name: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{name[:60]}", end="", file=sys.stderr, flush=True)
