"""The models that are here: their sizes, licences and hashes."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from part_perception.cli.reports import print_json, table
from part_perception.cli.usage import add_json
from part_perception.encoder.store import MANIFEST, load_manifest, verified
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
    for action in (every, one):
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
    folder = Path(args.model) if Path(args.model).is_dir() else models_dir() / args.model
    facts = model_facts(folder) | asdict(load_manifest(folder))
    if args.json:
        print_json(facts)
    else:
        print("\n".join(lines_of(facts)))
    return 0


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
