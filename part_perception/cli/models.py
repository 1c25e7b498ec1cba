"""The models that are here: their sizes, licences, hashes and runtimes; how others get here, and get faster."""

from __future__ import annotations

import argparse

from part_perception.cli.model_actions import add_actions
from part_perception.cli.reports import print_json
from part_perception.cli.usage import add_json
from part_perception.model_folders import DEFAULT_MODEL, find_model, model_folders
from part_perception.model_zoo.listing import model_details, model_facts
from part_perception.text_table import table

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
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    every = actions.add_parser("list", help="all models that are here")
    every.set_defaults(run=list_models)
    one = actions.add_parser(
        "info", help="everything about one model: its files are checked, its runtime is chosen"
    )
    one.add_argument(
        "model", nargs="?", default=DEFAULT_MODEL, metavar="MODEL", help="a model's name or folder"
    )
    one.set_defaults(run=show_model)
    for action in (every, one):
        add_json(action)
    add_actions(actions)


def list_models(args: argparse.Namespace) -> int:
    found = [model_facts(folder) for folder in model_folders()]
    if args.json:
        print_json(found)
    else:
        rows = [
            [m["name"], f"{m['megabytes']:.1f}", m["licence"], m["text_encoder"],
             "calibrated" if m["calibrated"] else "not calibrated", m["state"]] for m in found
        ]  # fmt: skip
        print(table(["model", "MB", "licence", "text encoder", "confidence", "files"], rows))
    return 0 if found else 1


def show_model(args: argparse.Namespace) -> int:
    facts = model_details(find_model(args.model))
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
