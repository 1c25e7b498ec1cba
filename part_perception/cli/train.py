"""Trains a model on shapes that the project generates and on your own, and shows what it learns from.

run, publish, calibrate and distill need torch (`make setup-train`); see docs/training.md.
"""

from __future__ import annotations

import argparse
import math
from functools import partial
from pathlib import Path

from part_perception.cli import distill, train_label
from part_perception.cli.reports import print_json
from part_perception.cli.usage import (
    actions_of,
    add_json,
    at_least_one,
    known_kinds,
    output,
    require_fleet,
    require_torch,
    whole,
)
from part_perception.errors import InputError
from part_perception.model_folders import find_model

EXAMPLES = """examples:
  part-perception train preview --out kinds.png
  part-perception train run runs/mine --steps 20000        continues where it stopped
  part-perception train run runs/mine --data my_shapes/ --share 0.5
  part-perception train run runs/mine --views ray://head:10001 --workers 64
  part-perception train run runs/first --recipe patchalign3d --stage 1 --data released/
  part-perception train run runs/2 --recipe patchalign3d --stage 2 --data released/ --start runs/1
  part-perception train curves runs/mine
  part-perception train vectors names.safetensors
  part-perception train publish runs/mine models/mine
  part-perception train calibrate models/mine
  part-perception train refit models/mine
  part-perception train distill my_bag/ --words handle body --out models/mine
  part-perception train distill --kinds mug hammer --objects 8
  part-perception train label my_shapes/ --namer openai:gpt-4o-mini --out labelled/
  part-perception train scene runs/scene                    the network that separates objects"""
_CONFIG = ("steps", "batch", "workers", "rate", "seed", "warmup", "validate", "share", "start", "data", "recipe",
           "stage", "size", "text")  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    new = actions_of(parser, EXAMPLES)
    for name, add in (("run", _add_run), ("preview", _add_preview), ("curves", _add_curves),
                      ("vectors", _add_vectors), ("publish", _add_publish), ("calibrate", _add_calibrate),
                      ("refit", _add_refit), ("distill", partial(_add_module, distill)),
                      ("label", partial(_add_module, train_label)), ("scene", _add_scene)):  # fmt: skip
        add_json(add(partial(new, name)))


def _add_run(add) -> argparse.ArgumentParser:
    usage = "part-perception train run RUN [options]"
    go = add(help="train in a folder, or continue the training in it", usage=usage)
    go.add_argument(
        "folder", type=Path, metavar="RUN", help="config, log, curves and checkpoint are kept here"
    )
    go.add_argument("--steps", type=at_least_one, metavar="N", help="total steps")
    go.add_argument("--batch", type=at_least_one, metavar="N", help="views per step on each device")
    go.add_argument(
        "--workers", type=whole, metavar="N", help="processes that generate views; 0: this process does"
    )
    go.add_argument("--views", metavar="ADDRESS",
                    help="generate views on --workers actors of a Ray cluster, HOST:PORT or ray://…")  # fmt: skip
    go.add_argument("--warmup", type=whole, metavar="N", help="steps in which the learning rate rises")
    go.add_argument("--validate", type=whole, metavar="N", help="answer fresh views every N steps; 0: never")
    go.add_argument("--rate", type=float, metavar="R", help="the highest learning rate")
    go.add_argument("--seed", type=whole, metavar="N", help="random seed")
    go.add_argument("--minutes", type=float, default=math.inf, metavar="M", help="stop after M minutes")
    go.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N; default auto")
    go.add_argument(
        "--data", nargs="+", metavar="DIR", help="your labelled shapes, or released PatchAlign3D data"
    )
    go.add_argument(
        "--share", type=float, metavar="S", help="share of views from --data; 1: all; default 0.5"
    )
    go.add_argument(
        "--recipe",
        choices=("patchalign3d",),
        help="train by the published PatchAlign3D recipe: --stage 1, then 2",
    )
    go.add_argument(
        "--stage", choices=("parts", "words", "joint", "1", "2"),
        help="what to learn; a new run learns all jointly; 1 and 2 belong to --recipe patchalign3d",
    )  # fmt: skip
    go.add_argument(
        "--size", choices=("ours", "vit-s", "published"),
        help="size of a new network: ours (4 M weights), ViT-S or published (22 M); default: as --start, or ours",
    )  # fmt: skip
    go.add_argument(
        "--text", metavar="E", help="the text encoder of the names: minilm or open_clip:MODEL/WEIGHTS"
    )
    go.add_argument("--start", metavar="RUN|MODEL", help="start from the weights of a run or a model")
    go.add_argument(
        "--names", type=Path, metavar="F", help="vectors of names; default: those in RUN, made if missing"
    )
    go.set_defaults(run=train)
    return go


def _add_preview(add) -> argparse.ArgumentParser:
    show = add(help="draw the kinds of object it learns from")
    show.add_argument("kinds", nargs="*", metavar="KIND", help="default: all of them, on several pages")
    show.add_argument("--out", type=output(".png"), required=True, metavar="F.png")
    show.add_argument("--variants", type=at_least_one, default=1, metavar="N", help="of each kind; default 1")
    show.add_argument("--seen", action="store_true", help="as a depth camera sees them")
    show.add_argument("--seed", type=whole, default=0, metavar="N")
    show.set_defaults(run=preview)
    return show


def _add_curves(add) -> argparse.ArgumentParser:
    draw = add(help="draw the curves of a run")
    draw.add_argument("folder", type=Path, metavar="RUN")
    draw.set_defaults(run=draw_curves)
    return draw


def _add_vectors(add) -> argparse.ArgumentParser:
    make = add(help="write the vectors of all names, for machines without a text model")
    make.add_argument("file", type=output(".safetensors"), metavar="F.safetensors")
    make.add_argument(
        "--data", nargs="+", default=[], metavar="DIR", help="own shapes whose names are needed too"
    )
    make.add_argument(
        "--text", default="minilm", metavar="E", help="minilm or open_clip:MODEL/WEIGHTS; default minilm"
    )
    make.set_defaults(run=vectors)
    return make


def _add_publish(add) -> argparse.ArgumentParser:
    give = add(help="write a run's weights as a model folder that the robot loads")
    give.add_argument("folder", type=Path, metavar="RUN")
    give.add_argument("model", type=Path, metavar="MODEL", help="the model's folder; its name is the model's")
    give.set_defaults(run=publish)
    return give


def _add_calibrate(add) -> argparse.ArgumentParser:
    measure = add(help="choose masks and confidence of a model on fresh generated views")
    measure.add_argument("model", metavar="MODEL", help="a model's name or folder")
    measure.add_argument("--views", type=at_least_one, default=1000, metavar="N", help="default 1000")
    measure.add_argument("--processes", type=at_least_one, default=2, metavar="N", help="default 2")
    measure.add_argument("--absent-rate", type=float, default=0.02, metavar="R",
                         help="share of absent parts that may be found; default 0.02")  # fmt: skip
    measure.add_argument(
        "--names", type=Path, metavar="F", help="vectors of names; default: kept in the cache"
    )
    measure.set_defaults(run=calibrate)
    return measure


def _add_refit(add) -> argparse.ArgumentParser:
    fit = add(help="fit taught words and decomposition to a model's encoder, on generated shapes")
    fit.add_argument("model", metavar="MODEL", help="a model's name or folder")
    fit.set_defaults(run=refit)
    return fit


def _add_module(module, add) -> argparse.ArgumentParser:
    parser = add(help=module.HELP, usage=module.USAGE)
    module.add_arguments(parser)
    return parser


def _add_scene(add) -> argparse.ArgumentParser:
    learn = add(help="train the network that separates the objects of a scene, or continue")
    learn.add_argument("folder", type=Path, metavar="RUN", help="pictures, log and checkpoint are kept here")
    learn.add_argument("--scenes", type=at_least_one, default=5000, metavar="N",
                       help="simulated scenes, five pictures of each; default 5000")  # fmt: skip
    learn.add_argument(
        "--steps", type=at_least_one, default=13000, metavar="N", help="total steps; default 13000"
    )
    learn.add_argument("--start", type=Path, metavar="F.safetensors",
                       help="start from these weights, such as models/separator.safetensors")  # fmt: skip
    learn.add_argument(
        "--out", type=output(".safetensors"), metavar="F.safetensors",
        help="the weights as a robot loads them; default RUN/separator.safetensors",
    )  # fmt: skip
    learn.set_defaults(run=train_scene)
    return learn


def train(args: argparse.Namespace) -> int:
    require_torch()
    from part_perception.training import command

    given = {k: v for k in _CONFIG if (v := getattr(args, k)) is not None}
    if args.data:
        given["data"] = tuple(args.data)
    done = command.train(
        args.folder, args.device, args.minutes, args.names, _say(args), _stream(args), **given
    )
    if args.json:
        print_json({"folder": args.folder, "step": done.step, "steps": done.config.steps})
    return 128 + done.interrupted if done.interrupted else 0


def _stream(args: argparse.Namespace):
    """Who makes the views."""
    if args.views is None:
        from part_perception.training.batches import stream_batches

        return stream_batches
    require_fleet(workers=True)
    from part_perception.fleet.workers import on_actors

    return on_actors(args.views, args.workers)


def preview(args: argparse.Namespace) -> int:
    from part_perception.training.preview import preview_kinds

    kinds = known_kinds(args.kinds)
    names = args.kinds or sorted(kinds)
    pages = preview_kinds(names, args.out, args.seed, args.variants, args.seen)
    told = f"{len(names)} kinds in {', '.join(map(str, pages))}"
    print_json({"kinds": names, "picture": pages[0], "pages": pages}) if args.json else print(told)
    return 0


def draw_curves(args: argparse.Namespace) -> int:
    from part_perception.training.progress import draw_curves

    path = draw_curves(args.folder)
    print_json({"picture": path}) if args.json else print(path)
    return 0


def vectors(args: argparse.Namespace) -> int:
    from part_perception.training.own_files import names_of_folders
    from part_perception.training.vocabulary import make_names

    table = make_names(args.file, names_of_folders([Path(d) for d in args.data]), text=args.text)
    told = f"{len(table.names)} names in {args.file}"
    print_json({"file": args.file, "names": len(table.names)}) if args.json else print(told)
    return 0


def publish(args: argparse.Namespace) -> int:
    require_torch()
    if not (args.folder / "checkpoint.pt").is_file():
        raise InputError(f"{args.folder} contains no checkpoint: it is not the folder of a run")
    from part_perception.training.command import publish as publish_run

    manifest = publish_run(args.folder, args.model)
    told = f"the model is in {args.model}; next: part-perception train calibrate {args.model}"
    print_json({"model": args.model, "files": manifest.files}) if args.json else print(told)
    return 0


def calibrate(args: argparse.Namespace) -> int:
    if not 0 < args.absent_rate < 1:
        raise InputError("--absent-rate must lie between 0 and 1")
    from part_perception.training.calibration.calibrate import calibrate as calibrate_model

    figures = calibrate_model(
        find_model(args.model), args.views, args.processes, args.absent_rate, args.names, _say(args)
    )
    return _told(args, figures)


def refit(args: argparse.Namespace) -> int:
    from part_perception.evaluation.teaching import refit as refit_model

    return _told(args, refit_model(find_model(args.model), _say(args)))


def train_scene(args: argparse.Namespace) -> int:
    require_torch()
    from part_perception.training.separator.run import train_separator

    weights = args.out or args.folder / "separator.safetensors"
    steps = train_separator(args.folder, args.scenes, args.steps, weights, _say(args), args.start)
    told = f"the weights are in {weights}; to try them, copy them to models/separator.safetensors"
    print_json({"weights": weights, "steps": steps}) if args.json else print(told)
    return 0


def _told(args: argparse.Namespace, figures: dict) -> int:
    told = "\n".join(f"{name.replace('_', ' '):<20} {_number(value)}" for name, value in figures.items())
    print_json(figures) if args.json else print(told)
    return 0


def _number(value: float | tuple[float, ...]) -> str:
    return ", ".join(f"{v:.4g}" for v in value) if isinstance(value, tuple) else f"{value:.4g}"


def _say(args: argparse.Namespace):
    """Report progress to people; programs read JSON at the end."""
    return (lambda text: None) if args.json else partial(print, flush=True)
