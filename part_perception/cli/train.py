"""Trains a model on shapes that the project generates, and shows what it learns from. Training needs torch."""

from __future__ import annotations

import argparse
import importlib.util
from dataclasses import replace
from pathlib import Path

from part_perception.cli.reports import print_json
from part_perception.cli.usage import add_json, at_least_one, output

EXAMPLES = """examples:
  part-perception train preview --out kinds.png
  part-perception train run runs/mine --steps 20000        goes on where it stopped
  part-perception train publish runs/mine models/mine"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    go = actions.add_parser("run", help="train in a folder, or go on with the training in it")
    go.add_argument("folder", type=Path, metavar="RUN", help="config, log and checkpoint are kept here")
    for name, text in (
        ("steps", "steps in all"),
        ("batch", "views a step"),
        ("workers", "processes that make views"),
    ):
        go.add_argument(f"--{name}", type=at_least_one, metavar="N", help=text)
    go.add_argument("--rate", type=float, metavar="R", help="the highest learning rate")
    go.add_argument("--seed", type=int, metavar="N", help="of everything random")
    go.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N; default cpu")
    go.set_defaults(run=train)
    show = actions.add_parser("preview", help="a picture of the kinds of object it learns from")
    show.add_argument("kinds", nargs="*", metavar="KIND", help="default: all of them")
    show.add_argument("--out", type=output(".png"), required=True, metavar="F.png")
    show.add_argument("--variants", type=at_least_one, default=1, metavar="N", help="of each kind; default 1")
    show.add_argument("--seed", type=int, default=0, metavar="N")
    show.set_defaults(run=preview)
    give = actions.add_parser("publish", help="a run's weights as a model folder that the robot loads")
    give.add_argument("folder", type=Path, metavar="RUN")
    give.add_argument(
        "model", type=Path, metavar="MODEL", help="the model's folder; its name is the model's name"
    )
    give.set_defaults(run=publish)
    for action in (go, show, give):
        add_json(action)


def run(args: argparse.Namespace) -> int:
    """Every action sets its own."""
    raise NotImplementedError


def train(args: argparse.Namespace) -> int:
    require_torch()
    from part_perception.language import Language
    from part_perception.training.names import NameTable, collect_names
    from part_perception.training.run import Run, TrainConfig

    given = {
        k: v for k in ("steps", "batch", "workers", "rate", "seed") if (v := getattr(args, k)) is not None
    }
    names = tuple(collect_names())
    table = NameTable(names, Language.shipped().embed(names))
    training = Run(args.folder, replace(TrainConfig(), **given), table, args.device)
    training.train()
    if args.json:
        print_json({"folder": args.folder, "step": training.step})
    return 0


def preview(args: argparse.Namespace) -> int:
    from part_perception.training.engine.kinds import KINDS
    from part_perception.training.preview import preview_kinds

    unknown = [name for name in args.kinds if name not in KINDS]
    if unknown:
        raise ValueError(
            f"there is no kind {unknown[0][:60]!r}; `part-perception train preview` shows all {len(KINDS)}"
        )
    names = args.kinds or sorted(KINDS)
    preview_kinds(names, args.out, args.seed, args.variants)
    print_json({"kinds": names, "picture": args.out}) if args.json else print(
        f"{len(names)} kinds in {args.out}"
    )
    return 0


def publish(args: argparse.Namespace) -> int:
    require_torch()
    if not (args.folder / "checkpoint.pt").is_file():
        raise ValueError(f"{args.folder} holds no checkpoint: it is not the folder of a run")
    from part_perception.training.publish import publish as publish_run

    manifest = publish_run(args.folder, args.model)
    print_json({"model": args.model, "files": manifest.files}) if args.json else print(
        f"the model is in {args.model}"
    )
    return 0


def require_torch() -> None:
    if importlib.util.find_spec("torch") is None:
        raise ValueError(
            "training needs torch: run `make setup-train`, or pip install 'part_perception[train]'"
        )
