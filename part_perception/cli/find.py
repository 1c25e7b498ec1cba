"""Find the moments in which a part was seen, in a folder that `label` wrote."""

from __future__ import annotations

import argparse
from pathlib import Path

from part_perception.cli.node import require_ros
from part_perception.cli.reports import print_json
from part_perception.cli.usage import add_json, at_least_one, output, require_fleet
from part_perception.terminal import table

EXAMPLES = """examples:
  part-perception find labels -q handle --min-confidence 0.7 --object mug
  part-perception find labels -q handle --order newest --most 8 --picture sheet.png"""
MAX_PICTURES = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder that `label` wrote")
    parser.add_argument(
        "-q", "--query", action="append", default=[], help="one of the queries that were asked; default: all"
    )
    parser.add_argument("--object", action="append", default=[], help="only on objects believed to be this")
    parser.add_argument("--min-confidence", type=_share, default=0.0, metavar="C", help="from 0 to 1")
    parser.add_argument("--order", choices=("surest", "newest"), default="surest", help="default: surest")
    parser.add_argument(
        "--most", type=at_least_one, default=20, metavar="N", help="how many to show; default 20"
    )
    parser.add_argument(
        "--picture", type=output(".png"), metavar="F.png",
        help=f"draw them, at most {MAX_PICTURES}; the recordings must still be where they were",
    )  # fmt: skip
    add_json(parser)


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError("must be a number from 0 to 1")
    return value


def run(args: argparse.Namespace) -> int:
    """0 if something was found, 1 if nothing was."""
    require_fleet()
    from part_perception.fleet.recordings import read_ledger
    from part_perception.fleet.search import Wish, search

    hits = search(args.folder, Wish(args.query, args.object, args.min_confidence), args.order, args.most)
    ledger = read_ledger(args.folder)
    if args.picture and hits.rows:
        require_ros()
        from part_perception.fleet.search import sheet
        from part_perception.pictures.rendering import write_picture

        write_picture(args.picture, sheet(args.folder, ledger, hits.rows[:MAX_PICTURES]))
    shown = [_shown(row, ledger[row["recording"]].source) for row in hits.rows]
    if args.json:
        print_json({"count": hits.count, "parts": shown})
    else:
        print(_text(hits.count, shown))
    return 0 if hits.rows else 1


def _shown(row: dict, source: str) -> dict:
    return {
        "stamp": row["stamp"] * 1e-9,
        "query": row["query"],
        "confidence": row["confidence"],
        "object": row["object"],
        "centroid": row["centroid"],
        "frame": row["frame"],
        "source": source,
    }


def _text(count: int, shown: list[dict]) -> str:
    if not shown:
        return "nothing found"
    rows = [
        [
            f"{hit['stamp']:.3f}",
            hit["query"],
            f"{hit['confidence']:.2f}",
            hit["object"] or "-",
            " ".join(f"{x:.3f}" for x in hit["centroid"]),
            str(hit["frame"]),
            hit["source"],
        ]
        for hit in shown
    ]
    header = ["stamp", "query", "confidence", "object", "centroid", "frame", "recording"]
    return f"{count} found\n{table(header, rows)}"
