"""Usage: options that commands share, and how values on the command line are read."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NoReturn

from part_perception.errors import InputError
from part_perception.geometry.axes import AXES

_LONGEST = 300


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the whole usage."""

    def error(self, message: str) -> NoReturn:
        message = " ".join(message.split())
        message = message if len(message) <= _LONGEST else message[: _LONGEST - 3] + "..."
        print(f"{self.prog}: {message} (try {self.prog} --help)", file=sys.stderr)
        sys.exit(2)


def direction(text: str) -> tuple[float, float, float]:
    """'x', '-y' or three numbers with commas."""
    sign, name = (-1.0, text[1:]) if text.startswith("-") else (1.0, text)
    if name in AXES:
        x, y, z = AXES[name]
        return sign * x, sign * y, sign * z
    try:
        x, y, z = (float(n) for n in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError("must be x, y, z, -x, -y, -z or three numbers like 0,0,1") from None
    return x, y, z


def at_least_one(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or not 1 <= int(text) <= 10**9:
        raise argparse.ArgumentTypeError("must be a whole number from 1")
    return int(text)


def whole(text: str) -> int:
    """A whole number from 0."""
    if not text.isdecimal() or int(text) > 10**9:
        raise argparse.ArgumentTypeError("must be a whole number from 0")
    return int(text)


def output(*endings: str):
    """A path to write that has one of these endings and a folder to lie in; refused before any work is done."""

    def check(text: str) -> Path:
        path = Path(text)
        if path.suffix.lower() not in endings:
            raise argparse.ArgumentTypeError(f"must end in {' or '.join(endings)}")
        if not path.parent.is_dir():
            raise argparse.ArgumentTypeError(f"there is no folder {str(path.parent)!r}")
        return path

    return check


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="print JSON for programs instead of text for people"
    )


def add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="a cloud: .ply .pcd .npz .npy or .xyz; or a mesh: .obj .stl .glb or .ply",
    )


def add_up(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--up",
        type=direction,
        metavar="X,Y,Z",
        help="against gravity: x, y, z or three numbers (write --up=-y); default: as the file says, else z",
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="NAME", help="a model's name or folder; default: the shipped one")
    parser.add_argument(
        "--runtime", default="auto", metavar="R", help="what it runs on; default auto: the fastest here"
    )


def add_outputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=output(".ply", ".npz"), metavar="F", help="write the labelled cloud: .ply or .npz"
    )
    parser.add_argument("--picture", type=output(".png"), metavar="F.png", help="draw the answer")


def known_kinds(names: Sequence[str]) -> Collection[str]:
    """All kinds that the engine has; refuses names that are none."""
    from part_perception.shapes.kinds import KINDS

    unknown = [name for name in names if name not in KINDS]
    if unknown:
        raise InputError(
            f"there is no kind {unknown[0][:60]!r}; `part-perception train preview` shows all {len(KINDS)}"
        )
    return KINDS


def require_torch() -> None:
    if importlib.util.find_spec("torch") is None:
        raise InputError(
            "training needs torch: run `make setup-train`, or pip install 'part_perception[train]'"
        )
