"""The whole thing on one machine: a simulated depth camera, the node and a client that asks, over real ROS 2."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from part_perception.cli.node import require_ros


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """For --help only: the demo reads its own arguments."""
    parser.add_argument(
        "--json", action="store_true", help="print JSON for programs instead of text for people"
    )


def run(args: argparse.Namespace) -> int:
    return run_with([])


def run_with(argv: Sequence[str]) -> int:
    require_ros()
    from part_perception.ros.demo import main

    return main(argv)
