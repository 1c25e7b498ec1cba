"""`part-perception train label`: shapes and recordings become labelled shapes, named by a model that knows words."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from part_perception.cli.ask import load_segmenter
from part_perception.cli.reports import print_json
from part_perception.cli.usage import add_model, at_least_one
from part_perception.errors import InputError

HELP = "label shapes and recordings with a vision-language model, to train on them"
USAGE = "part-perception train label IN... --namer N --out DIR [options]"


def add_arguments(name: argparse.ArgumentParser) -> None:
    name.add_argument(
        "inputs",
        nargs="+",
        metavar="IN",
        help="shapes (clouds, meshes), bags, .npz moments, or folders of them",
    )
    name.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="the labelled shapes; continues where it stopped",
    )
    name.add_argument(
        "--proposer", default="parts", metavar="P",
        help="source of masks: parts (our part tree at several levels; the default) or module:function",
    )  # fmt: skip
    name.add_argument(
        "--namer", required=True, metavar="N",
        help="openai:MODEL (server: OPENAI_BASE_URL, key: OPENAI_API_KEY), open_clip:MODEL/WEIGHTS or module:function",
    )  # fmt: skip
    name.add_argument("--words", nargs="+", default=[], metavar="WORD", help="choose among these names")
    name.add_argument(
        "--category", default="", metavar="NAME", help="what the objects are, where the files do not say"
    )
    name.add_argument(
        "--views", type=at_least_one, default=8, metavar="N", help="renderings of each shape; default 8"
    )
    name.add_argument(
        "--frames", type=at_least_one, default=100, metavar="N", help="of a recording; default 100"
    )
    name.add_argument("--price", nargs=2, type=float, default=(0.0, 0.0), metavar=("IN", "OUT"),
                      help="price of a million tokens, to track costs")  # fmt: skip
    name.add_argument(
        "--budget", type=float, default=float("inf"), metavar="M", help="stop when this much has been spent"
    )
    add_model(name)
    name.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if min(args.price) < 0 or not args.budget > 0:
        raise InputError("--price and --budget must not be negative")
    if args.budget < float("inf") and not any(args.price):
        raise InputError("--budget needs --price, to know what has been spent")
    from part_perception.training.labelling.endpoint import Costs, Endpoint
    from part_perception.training.labelling.namers import namer_named
    from part_perception.training.labelling.run import ANSWERS, Request, label
    from part_perception.training.labelling.views import proposer_named

    say: Callable[[str], None] = (lambda text: None) if args.json else print
    costs = Costs(tuple(args.price), args.budget)
    segmenter = load_segmenter(args)
    namer = namer_named(args.namer, args.words, args.out / ANSWERS, lambda: Endpoint.from_environment(costs))
    request = Request(
        tuple(args.inputs),
        args.proposer,
        args.namer,
        tuple(args.words),
        args.category,
        args.views,
        args.frames,
    )
    done = label(request, args.out, segmenter, proposer_named(args.proposer, segmenter), namer, say)
    figures = {"written": done.written, "before": done.before, "nameless": done.nameless, "names": done.names}
    if args.json:
        print_json({"folder": args.out, **figures, "costs": costs.figures()})
        return 0
    print(
        f"{done.written} labelled shapes in {args.out}, {done.before} there before, {done.nameless} without a name"
    )
    if costs.requests or costs.kept:
        print(f"{costs.requests} requests, {costs.kept} answers from the cache, {costs.unclear} unclear, "
              f"{costs.tokens_in} + {costs.tokens_out} tokens, {costs.spent:.2f} spent")  # fmt: skip
    print(f"next: part-perception train run RUN --data {args.out}")
    return 0
