"""Configuring: the node's configuration for tools without a node, from parameter file, parameters and queries."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import yaml

from part_perception.config import DEFAULTS, Config, unhurried
from part_perception.errors import InputError
from part_perception.settings import with_values


def add_config_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that `configured` reads."""
    parser.add_argument("-q", "--query", action="append", default=[], help="a query for every frame")
    parser.add_argument("--topic", help="the cloud's topic; not needed for a bag with a single cloud topic")
    parser.add_argument(
        "-p", "--param", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the node"
    )
    parser.add_argument("--params-file", type=Path, help="a parameter file of the node")


def configured(params_file: Path | None, params: Sequence[str], queries: Sequence[str]) -> Config:
    """The node's configuration from file, then parameters, then queries."""
    values: dict[str, object] = {}
    if params_file:
        values |= _parameters_in(params_file)
    for each in params:
        name, equals, value = each.partition("=")
        if not equals:
            raise InputError(f"give a parameter as NAME=VALUE, not {each!r}")
        values[name] = _parsed(value, f"the value of {name}")
    if queries:
        values["standing_queries"] = list(queries)
    config = with_values(DEFAULTS, {name: v for name, v in values.items() if name != "use_sim_time"})
    if not config.standing_queries:
        raise InputError("there is nothing to ask: give -q, or standing_queries in a parameter file")
    return unhurried(config)


def _parameters_in(path: Path) -> dict[str, object]:
    """The parameters of all nodes in a ROS parameter file, by dotted name."""
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the parameter file {path} cannot be read: {error}") from None
    tree = _parsed(text, f"the parameter file {path}")
    values: dict[str, object] = {}
    for node in tree.values() if isinstance(tree, dict) else ():
        values |= _flat((node or {}).get("ros__parameters") or {})
    return values


def _parsed(text: str, what: str):
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputError(f"{what} is not valid YAML: {' '.join(str(error).split())}") from None


def _flat(tree: dict[str, object], prefix: str = "") -> dict[str, object]:
    """Nested names of a parameter file as dotted ones."""
    flat: dict[str, object] = {}
    for name, value in tree.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat
