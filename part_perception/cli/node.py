"""Starts the ROS 2 node. All further arguments are the node's: --dump-params, and ROS arguments after --ros-args."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

EXAMPLES = """examples:
  part-perception node --ros-args -r points:=/camera/camera/depth/color/points -p standing_queries:="[handle]"
  part-perception node --dump-params > params.yaml
  part-perception node --ros-args --params-file params.yaml"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """For --help only."""
    parser.add_argument(
        "--dump-params", action="store_true", help="print all parameters with their meaning, as YAML"
    )
    parser.add_argument(
        "--ros-args", nargs="...", metavar="…", help="remappings (-r) and parameters (-p), as ROS has them"
    )


def run(args: argparse.Namespace) -> int:
    return run_with([])


def run_with(argv: Sequence[str]) -> int:
    """The node, with the arguments as they came."""
    require_ros()
    from part_perception.ros.node import main

    return main(argv)


def require_ros() -> None:
    """ROS 2 and our messages, or one sentence."""
    import importlib.util

    if importlib.util.find_spec("rclpy") is None:
        raise ValueError(
            "this needs ROS 2: source your installation, or run `make setup` and use .venv/bin/part-perception"
        )
    if importlib.util.find_spec("part_perception_interfaces") is None:
        raise ValueError(
            "the messages part_perception_interfaces are not built: run `make setup`, or colcon build"
        )
