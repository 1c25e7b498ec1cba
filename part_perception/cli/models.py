"""Lists, fetches, imports, exports and measures models; shows their licences, hashes and runtimes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from part_perception.cli.reports import plain, print_json
from part_perception.cli.usage import actions_of, add_json, at_least_one
from part_perception.encoder.importing import PUBLISHED_TEXT
from part_perception.encoder.manifest import Manifest
from part_perception.encoder.store import load_manifest
from part_perception.errors import InputError
from part_perception.model_folders import DEFAULT_MODEL, find_model, model_details, model_facts, model_folders
from part_perception.model_zoo.exporting import OPSETS, PRECISIONS, VIEWS
from part_perception.terminal import Bar, table


def add_actions(add: Callable[..., argparse.ArgumentParser]) -> None:
    """fetch, import, export, measure, build-engine and bank; each sets the function that runs it."""
    fetch = add("fetch", help="the published PatchAlign3D model from the Hugging Face hub")
    fetch.add_argument("name", choices=["patchalign3d"])
    fetch.set_defaults(run=_fetch)
    take = add("import", help="a published PatchAlign3D checkpoint as a model of yours; needs torch")
    take.add_argument("file", type=Path, metavar="FILE", help="the checkpoint; nothing in it is executed")
    take.add_argument("name", metavar="NAME", help="the model's new name")
    take.add_argument(
        "--heads", type=int, metavar="N", help="attention heads, if not one for each 64 channels"
    )
    take.add_argument(
        "--text", default=PUBLISHED_TEXT, metavar="E",
        help=f"the text encoder that it was trained with; default {PUBLISHED_TEXT}",
    )  # fmt: skip
    take.set_defaults(run=_import)
    for action in (fetch, take):
        action.add_argument(
            "--no-calibration", action="store_true",
            help="do not calibrate it on generated views; `train calibrate` does so later",
        )  # fmt: skip
    export = add("export", help="a model's graph as ONNX, for other runtimes; needs torch")
    _add_model(export)
    export.add_argument("--out", type=Path, required=True, metavar="F.onnx", help="where to write it")
    export.add_argument("--opset", type=int, choices=OPSETS, default=17, help="13 for TensorRT before 8.6")
    export.add_argument("--precision", choices=PRECISIONS, default="fp32")
    export.set_defaults(run=_export)
    measure = add("measure", help="measure what reduced precisions lose, and offer those that lose little")
    _add_model(measure)
    measure.add_argument(
        "--views", type=at_least_one, default=VIEWS, metavar="N", help=f"generated views; default {VIEWS}"
    )
    measure.set_defaults(run=_measure)
    build = add("build-engine", help="build and keep the TensorRT engine of a model, for container images")
    _add_model(build)
    build.add_argument(
        "--precision",
        choices=("fp16", "qdq", "fp32"),
        help="qdq is int8 with measured ranges; default: fp16 where the model offers it",
    )
    build.set_defaults(run=_build)
    bank = add("bank", help="words with their vectors, so that a robot needs no text model")
    bank.add_argument("--encoder", default="minilm", metavar="E", help="minilm or open_clip:MODEL/WEIGHTS")
    bank.add_argument(
        "--words", type=Path, metavar="FILE", help="one word or phrase per line; default: the shipped words"
    )
    bank.add_argument(
        "--out", type=Path, metavar="F.safetensors", help="the bank; words that it has are kept"
    )
    bank.set_defaults(run=_bank)
    for action in (fetch, take, export, measure, build, bank):
        add_json(action)


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model",
        nargs="?",
        default=DEFAULT_MODEL,
        metavar="MODEL",
        help="a model's name or folder; default: the shipped one",
    )


def _fetch(args: argparse.Namespace) -> int:
    from part_perception.model_zoo.importing import fetch_published

    return _taken(args, *fetch_published())


def _import(args: argparse.Namespace) -> int:
    from part_perception.model_zoo.importing import import_model

    return _taken(args, *import_model(args.file, args.name, args.heads, text=args.text))


def _taken(args: argparse.Namespace, folder: Path, manifest: Manifest) -> int:
    """Report where the model is, and whether its confidence is calibrated."""
    from part_perception.model_zoo.importing import calibrate_imported

    if args.no_calibration:
        note = f"its confidence is not calibrated yet: part-perception train calibrate {folder.name}"
    else:
        note = calibrate_imported(folder, (lambda text: None) if args.json else partial(print, flush=True))
    calibrated = load_manifest(folder).confidence.calibrated
    return _tell(
        args, f"{manifest.name} is in {folder}; {note}",
        model=manifest.name, folder=str(folder), calibrated=calibrated, note=note,
    )  # fmt: skip


def _export(args: argparse.Namespace) -> int:
    from part_perception.model_zoo.exporting import export_graph

    export_graph(find_model(args.model), args.out, args.opset, args.precision)
    return _tell(
        args, f"{args.out} agrees with torch", out=str(args.out), opset=args.opset, precision=args.precision
    )


def _measure(args: argparse.Namespace) -> int:
    from part_perception.model_zoo.exporting import measure_beside

    folder = find_model(args.model)
    place, manifest, miou = measure_beside(folder, args.views, Bar("views"))
    lines = [f"{p:<5} mIoU {value:.2f} %" for p, value in miou.items()]
    lines.append(f"offered: {', '.join(p for p in miou if manifest.offers(p))}")
    if place != folder:
        lines.append(f"{folder} is read-only: the measured model is in {place}, for use with --model {place}")
    return _tell(args, "\n".join(lines), views=args.views, miou=miou, lost=manifest.lost, folder=place)


def _build(args: argparse.Namespace) -> int:
    import logging

    from part_perception.encoder.runtimes.registry import choose_runtime

    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    folder = find_model(args.model)
    name = f"tensorrt:{args.precision}" if args.precision else "tensorrt"
    chosen = choose_runtime(folder, load_manifest(folder), name)
    return _tell(
        args, f"the engine of {folder.name} is ready: {chosen.name}", model=folder.name, runtime=chosen.name
    )


def _bank(args: argparse.Namespace) -> int:
    from part_perception.model_zoo.banks import make_bank

    path, bank = make_bank(args.encoder, args.words, args.out, Bar("words"))
    text = f"{path}: {len(bank.words)} words of {bank.encoder}"
    return _tell(args, text, out=str(path), words=len(bank.words), encoder=bank.encoder, sha256=bank.hash)


def _tell(args: argparse.Namespace, text: str, **facts) -> int:
    if args.json:
        print_json(facts)
    else:
        print(text)
    return 0


EXAMPLES = """examples:
  part-perception models list
  part-perception models info part_perception_small --json
  part-perception models fetch patchalign3d
  part-perception models import checkpoint.pt theirs
  part-perception models export theirs --out theirs.onnx --precision fp16
  part-perception models measure theirs
  part-perception models build-engine theirs
  part-perception models bank --words words.txt --out words.safetensors"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = actions_of(parser, EXAMPLES)
    every = add("list", help="all models found here")
    every.set_defaults(run=list_models)
    one = add("info", help="everything about one model: checks its files and chooses its runtime")
    one.add_argument(
        "model",
        nargs="?",
        default=DEFAULT_MODEL,
        metavar="MODEL",
        help="a model's name or folder; default: the shipped one",
    )
    one.set_defaults(run=show_model)
    for action in (every, one):
        add_json(action)
    add_actions(add)


def list_models(args: argparse.Namespace) -> int:
    found = [facts_or_fault(folder) for folder in model_folders()]
    if args.json:
        print_json(found)
    else:
        rows = [
            [m["name"], f"{m['megabytes']:.1f}", m["licence"], m["text_encoder"],
             "calibrated" if m["calibrated"] else "not calibrated", m["state"]]
            if m["licence"] is not None else [m["name"], *"––––", m["state"]] for m in found
        ]  # fmt: skip
        print(table(["model", "MB", "licence", "text encoder", "confidence", "files"], rows))
    return 0 if found else 1


def facts_or_fault(folder: Path) -> dict:
    """A model in one line; one that cannot be read says why, and does not hide the others."""
    try:
        return model_facts(folder)
    except InputError as error:
        unknown = dict.fromkeys(("megabytes", "licence", "text_encoder", "calibrated"))
        return {"name": folder.name, "folder": str(folder), "state": str(error), **unknown}


def show_model(args: argparse.Namespace) -> int:
    facts = model_details(find_model(args.model))
    if args.json:
        print_json(facts)
    else:
        print("\n".join(lines_of(plain(facts))))
    return 0


WIDTH = 26  # of names; the longest are those of files


def lines_of(facts: dict, indent: str = "") -> list[str]:
    """Names and values, one a line; nested ones are indented."""
    lines = []
    for name, value in facts.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}", *lines_of(value, indent + "  ")]
        else:
            text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
            lines.append(f"{indent}{name:<{WIDTH - len(indent)}}  {text}")
    return lines
