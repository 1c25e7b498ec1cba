"""The models that are here: their sizes, licences and hashes; and how others get here."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from part_perception.cli.reports import print_json, table
from part_perception.cli.usage import add_json, at_least_one
from part_perception.encoder.manifest import Manifest
from part_perception.encoder.store import MANIFEST, load_manifest, load_weights, save_model, verified
from part_perception.paths import models_dir

EXAMPLES = """examples:
  part-perception models list
  part-perception models info part_perception_small --json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    every = actions.add_parser("list", help="all models that are here")
    every.set_defaults(run=list_models)
    one = actions.add_parser("info", help="everything about one model; its files are checked")
    one.add_argument("model", nargs="?", default="part_perception_small", help="a model's name or folder")
    one.set_defaults(run=show_model)
    take = actions.add_parser(
        "import", help="a published PatchAlign3D checkpoint as a model of ours; needs torch"
    )
    take.add_argument("file", type=Path, metavar="FILE", help="the checkpoint; nothing in it is executed")
    take.add_argument("name", metavar="NAME", help="what the model is to be called")
    take.add_argument(
        "--heads", type=at_least_one, metavar="N", help="attention heads, if not one for each 64 channels"
    )
    take.set_defaults(run=import_model)
    write = actions.add_parser("export", help="write a model's graph anew from its weights")
    write.add_argument("model", metavar="MODEL", help="a model's name or folder")
    write.set_defaults(run=export_model)
    for action in (every, one, take, write):
        add_json(action)


def run(args: argparse.Namespace) -> int:
    """Every action sets its own."""
    raise NotImplementedError


def list_models(args: argparse.Namespace) -> int:
    found = [model_facts(folder) for folder in model_folders()]
    if args.json:
        print_json(found)
    else:
        rows = [
            [m["name"], f"{m['megabytes']:.1f}", m["licence"], m["text_encoder"], m["state"]] for m in found
        ]
        print(table(["model", "MB", "licence", "text encoder", "files"], rows))
    return 0 if found else 1


def show_model(args: argparse.Namespace) -> int:
    folder = folder_of(args.model)
    facts = model_facts(folder) | asdict(load_manifest(folder))
    if args.json:
        print_json(facts)
    else:
        print("\n".join(lines_of(facts)))
    return 0


def import_model(args: argparse.Namespace) -> int:
    from part_perception.encoder.importing import import_checkpoint

    folder = models_dir() / args.name
    if folder.exists():
        raise ValueError(f"there is a model {args.name} already; remove {folder} or choose another name")
    manifest, weights = import_checkpoint(args.file, args.name, args.heads)
    return tell_saved(folder, save_model(folder, manifest, weights), args)


def export_model(args: argparse.Namespace) -> int:
    folder = folder_of(args.model)
    manifest = load_manifest(folder)
    return tell_saved(folder, save_model(folder, manifest, load_weights(folder, manifest)), args)


def tell_saved(folder: Path, manifest: Manifest, args: argparse.Namespace) -> int:
    if args.json:
        print_json({"model": manifest.name, "folder": folder, "files": manifest.files})
    else:
        print(f"{manifest.name} is in {folder}: {', '.join(manifest.files)}")
    return 0


def folder_of(model: str) -> Path:
    return Path(model) if Path(model).is_dir() else models_dir() / model


def lines_of(facts: dict, indent: str = "") -> list[str]:
    """Names and values, a line each; what belongs together is indented."""
    lines = []
    for name, value in facts.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}", *lines_of(value, indent + "  ")]
        else:
            text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
            lines.append(f"{indent}{name:<{22 - len(indent)}}{text}")
    return lines


def model_folders() -> list[Path]:
    return sorted(p.parent for p in models_dir().glob(f"*/{MANIFEST}"))


def model_facts(folder: Path) -> dict:
    """Name, size and licence, and whether the files are those that the manifest names."""
    manifest = load_manifest(folder)
    state = "good"
    for name in manifest.files:
        try:
            verified(folder, manifest, name)
        except ValueError as error:
            state = str(error)
    size = sum(f.stat().st_size for f in folder.iterdir() if f.is_file())
    return {"name": manifest.name, "folder": str(folder), "megabytes": round(size / 1e6, 2), "state": state,
            "licence": manifest.licence, "text_encoder": manifest.text_encoder}  # fmt: skip
