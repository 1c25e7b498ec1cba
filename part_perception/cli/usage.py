"""Usage: options that commands share, and how values on the command line are read."""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from part_perception.command_lines import HelpFormatter
from part_perception.errors import InputError
from part_perception.geometry import AXES
from part_perception.settings import Setting, settings, with_values


def actions_of(parser: argparse.ArgumentParser, examples: str) -> Callable[..., argparse.ArgumentParser]:
    """A function that adds an action to a command; its help has those of the command's examples that are its own."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    def add(name: str, help: str, **more) -> argparse.ArgumentParser:
        own = [line for line in examples.splitlines() if line.split()[2:3] == [name]]
        return actions.add_parser(
            name, help=help, description=f"{help[0].upper()}{help[1:]}.", epilog="\n".join(["examples:", *own]),
            formatter_class=HelpFormatter, **more,
        )  # fmt: skip

    return add


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
        raise argparse.ArgumentTypeError("must be a whole number, 1 or more")
    return int(text)


def whole(text: str) -> int:
    """A whole number from 0."""
    if not text.isdecimal() or int(text) > 10**9:
        raise argparse.ArgumentTypeError("must be a whole number, 0 or more")
    return int(text)


def positive_seconds(text: str) -> float:
    """A positive time of at most an hour."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError("must be a number of seconds, more than 0 and at most 3600")
    return seconds


def output(*endings: str):
    """A path to write, with one of these endings and an existing folder; anything else is refused before any work."""

    def check(text: str) -> Path:
        path = Path(text)
        if path.suffix.lower() not in endings:
            raise argparse.ArgumentTypeError(f"must end in {' or '.join(endings)}")
        if not path.parent.is_dir():
            raise argparse.ArgumentTypeError(f"the folder {str(path.parent)!r} does not exist")
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


def add_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="*",
        type=str,
        metavar="FILE",
        help="clouds, meshes or depth images; patterns such as '*.ply' too",
    )
    parser.add_argument(
        "--depth",
        action="append",
        default=[],
        metavar="F",
        help="a depth image (PNG in mm, TIFF), with --intrinsics",
    )
    parser.add_argument(
        "--intrinsics",
        type=intrinsics,
        metavar="FX,FY,CX,CY",
        help="intrinsics of the depth images' camera, in pixels",
    )


def intrinsics(text: str):
    """Four numbers with commas."""
    from part_perception.files.depth_image import Intrinsics

    try:
        return Intrinsics(*(float(number) for number in text.split(",")))
    except (TypeError, ValueError) as error:
        told = str(error) if isinstance(error, InputError) else "must be four numbers like 525,525,320,240"
        raise argparse.ArgumentTypeError(told) from None


def add_settings(parser: argparse.ArgumentParser, config, *prefixes: str) -> None:
    """Add an option for every setting with one of these prefixes; the names are those of the node's parameters."""
    for name in settings(config):
        if name.startswith(prefixes):
            parser.add_argument(f"--{name}", dest=name, metavar="V", help=argparse.SUPPRESS)


def settings_given(args: argparse.Namespace, config):
    """The configuration with the values given through `add_settings`."""
    known = settings(config)
    given = {name: value for name, value in vars(args).items() if name in known and value is not None}
    return with_values(config, {name: read_value(known[name], text) for name, text in given.items()})


def read_value(setting: Setting, text: str):
    """A setting's value as it is written on a command line."""
    try:
        if setting.type == "bool":
            return {"true": True, "false": False}[text.lower()]
        if setting.type in ("int", "float"):
            return {"int": int, "float": float}[setting.type](text)
        if setting.type == "floats":
            return [float(number) for number in text.split(",") if number]
    except (KeyError, ValueError):
        wanted = {"bool": "true or false", "int": "a whole number", "float": "a number"}
        like = wanted.get(setting.type, "three numbers like 0,0,1")
        raise InputError(f"--{setting.name} must be {like}, not {text[:60]!r}") from None
    return text.split(",") if setting.type == "strings" else text


def add_up(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--up",
        type=direction,
        metavar="X,Y,Z",
        help="up direction: x, y, z or three numbers (write --up=-y); default: as the file says, else z",
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="NAME", help="a model's name or folder; default: the shipped one")
    parser.add_argument(
        "--runtime", default="auto", metavar="R", help="runtime; default: auto (the fastest here)"
    )


def add_outputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=output(".ply", ".npz"), metavar="F", help="write the labelled cloud: .ply or .npz"
    )
    parser.add_argument("--picture", type=output(".png"), metavar="F.png", help="draw the answer")


def known_kinds(names: Sequence[str]) -> Collection[str]:
    """All kinds of the data engine; unknown names are refused."""
    from part_perception.shapes.kinds import KINDS

    unknown = [name for name in names if name not in KINDS]
    if unknown:
        raise InputError(
            f"there is no kind {unknown[0][:60]!r}; `part-perception train preview` shows all {len(KINDS)}"
        )
    return KINDS


def require_fleet(workers: bool = False) -> None:
    """Require what tables and workers need, or raise one clear sentence."""
    for module in ("pyarrow", *(["ray"] if workers else [])):
        if importlib.util.find_spec(module) is None:
            raise InputError(f"this needs {module}: pip install 'part_perception[fleet]'")


def require_torch() -> None:
    if importlib.util.find_spec("torch") is None:
        raise InputError(
            "training needs torch: run `make setup-train`, or pip install 'part_perception[train]'"
        )
