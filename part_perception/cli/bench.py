"""How fast is it on this machine? Times every stage of a live scene: new and known objects, two sizes of cloud.

new: every object has to be encoded. known: the same objects are seen again.
"""

from __future__ import annotations

import argparse

from part_perception.cli.ask import load_segmenter
from part_perception.cli.checks import machine
from part_perception.cli.reports import print_json
from part_perception.cli.usage import add_json, add_model, at_least_one, output

EXAMPLES = """examples:
  part-perception bench
  part-perception bench --runs 50 --json
  part-perception bench --picture bench.png"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--runs", type=at_least_one, default=15, metavar="N", help="frames of each kind; default 15"
    )
    parser.add_argument("--picture", type=output(".png"), metavar="F.png", help="draw the stages")
    add_model(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    from part_perception.evaluation.bench_scene import as_text, bench_scene, save_plot

    segmenter = load_segmenter(args)
    result = {"machine": machine(), "runtime": segmenter.runtime.name, **bench_scene(segmenter, args.runs)}
    if args.picture:
        save_plot(result, args.picture)
    if args.json:
        print_json(result)
    else:
        print(f"{result['machine']}, {result['runtime']}\n{as_text(result)}")
    return 0
