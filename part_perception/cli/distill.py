"""`part-perception train distill`: a model learns from a 2-D model's answers on recordings, or shows that it can."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from part_perception.cli.node import require_ros
from part_perception.cli.reports import print_json
from part_perception.cli.usage import at_least_one, known_kinds, require_fleet, require_torch
from part_perception.errors import InputError
from part_perception.terminal import table

LABELS = "job.json"  # is in every folder that `label` wrote

HELP = "learn from a noisy 2-D model's answers on a robot's recordings"
USAGE = "part-perception train distill [RECORDING ...] [options]"


def add_arguments(learn: argparse.ArgumentParser) -> None:
    learn.add_argument(
        "recordings", nargs="*", metavar="RECORDING",
        help="bags, .npz moments, folders of them, or of labels; omit them to run the test bench on generated objects",
    )  # fmt: skip
    learn.add_argument("--words", nargs="+", metavar="WORD", help="the parts to learn, at least two")
    learn.add_argument("--out", type=Path, metavar="MODEL", help="the folder of the new model")
    learn.add_argument(
        "--teacher", default="recorded", metavar="T",
        help="recorded: boxes or masks in the recording; or module:function, or open_clip:MODEL/WEIGHTS",
    )  # fmt: skip
    learn.add_argument("--shapes", nargs="+", default=[], metavar="DIR",
                       help="clouds or meshes (.glb, .obj) that the teacher sees pictures of")  # fmt: skip
    learn.add_argument(
        "--labelled", metavar="DIR",
        help="a few labelled shapes to learn from as well, and to weigh the teacher's masks by",
    )  # fmt: skip
    learn.add_argument("--model", metavar="NAME", help="the model that learns; default: the shipped one")
    for name, what in (("depth", "depth images"), ("colour", "colour images"),
                       ("said", "the recorded teacher's boxes or mask images")):  # fmt: skip
        learn.add_argument(f"--{name}", metavar="TOPIC", help=f"{what}; default: the only topic of that kind")
    for name, default, what in (("frames", 100, "frames of a recording, spread evenly"),
                                ("steps", 150, "training steps on the masks")):  # fmt: skip
        learn.add_argument(
            f"--{name}", type=at_least_one, default=default, metavar="N", help=f"{what}; default {default}"
        )
    learn.add_argument(
        "--rounds", type=int, choices=range(6), default=2, help="how often the masks are rescored; default 2"
    )
    learn.add_argument("--seed", type=int, default=0, metavar="N", help="random seed")
    bench = learn.add_argument_group("test bench")
    bench.add_argument("--kinds", nargs="+", metavar="KIND", help="of generated objects; default: six")
    bench.add_argument("--objects", type=at_least_one, default=12, metavar="N", help="of a kind; default 12")
    bench.add_argument("--views", type=at_least_one, default=5, metavar="N", help="of a shape; default 5")
    learn.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    require_torch()
    return _learn(args) if args.recordings or args.shapes else _bench(args)


def _learn(args: argparse.Namespace) -> int:
    lacking = [f"--{name}" for name in ("words", "out") if not getattr(args, name)]
    if lacking:
        raise InputError(f"to learn from recordings, {' and '.join(lacking)} must be given")
    from part_perception.recordings.shots import Topics
    from part_perception.training.distill.distillation import Request, distill_recordings

    labels = [Path(each) for each in args.recordings if (Path(each) / LABELS).is_file()]
    recordings = [each for each in args.recordings if Path(each) not in labels]
    request = Request(
        tuple(recordings), tuple(args.words), args.teacher, args.labelled, tuple(args.shapes), args.model,
        Topics(args.depth, args.colour, args.said), args.frames, args.steps, args.rounds, args.seed,
    )  # fmt: skip
    say = (lambda text: None) if args.json else print
    figures = distill_recordings(request, args.out, say, _answered(labels, args))
    if args.json:
        print_json({"model": args.out, **figures})
        return 0
    rows = [[w, str(n), str(figures["doubted"][w])] for w, n in figures["masks"].items()]
    print(table(["word", "masks", "doubted"], rows))
    print(f"the model is in {args.out}; next: part-perception train calibrate {args.out}")
    return 0


def _answered(labels: Sequence[Path], args: argparse.Namespace) -> list:
    """The recordings in folders of labels."""
    if not labels:
        return []
    require_ros()
    require_fleet()
    from part_perception.fleet.answered import answered_recordings

    return [each for folder in labels for each in answered_recordings(folder, args.words, args.frames)]


def _bench(args: argparse.Namespace) -> int:
    from part_perception.evaluation.distillation import BENCH_KINDS, evaluate_distillation

    kinds = args.kinds or BENCH_KINDS
    known_kinds(kinds)
    report = evaluate_distillation(args.model, kinds, args.objects, args.views)
    if args.json:
        print_json(report)
        return 0
    rows = [
        [n, *(f"{v:.3f}" for v in row.values())]
        for n, row in [*report["kinds"].items(), ("mean", report["mean"])]
    ]
    print(table(["mIoU", *(name.replace("_", " ") for name in report["mean"])], rows))
    return 0
