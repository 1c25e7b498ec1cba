"""`part-perception node`: starts the ROS 2 node."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from collections.abc import Sequence

from part_perception import heap
from part_perception.command_lines import meant
from part_perception.errors import InputError

DUMP = "--dump-params"
HELP = """usage: part-perception node [--dump-params] [--ros-args …]

Starts the ROS 2 node part_perception.

options:
  --dump-params   print all parameters with their meanings, as a ROS parameter file, and exit
  --ros-args …    remappings (-r), parameters (-p), parameter files (--params-file), in ROS syntax

examples:
  part-perception node --ros-args -r points:=/camera/camera/depth/color/points
  part-perception node --ros-args -p standing_queries:="[handle]"
  part-perception node --dump-params > params.yaml
  part-perception node --ros-args --params-file params.yaml"""


def run_with(argv: Sequence[str]) -> int:
    """The node, with its own arguments."""
    end_at_once_when_asked()
    if {"-h", "--help"} & set(argv):
        print(HELP)
        return 0
    heap.prepare()  # before rclpy starts threads
    require_ros()
    refuse_unknown(argv)
    from part_perception.ros.node import main

    return main(argv)


def refuse_unknown(argv: Sequence[str]) -> None:
    """ROS ignores parameters before --ros-args, and whatever it does not know: nobody would notice."""
    unknown = [word for word in outside_ros_args(argv) if word != DUMP]
    if unknown:
        follow = (
            "; names and values follow --ros-args: part-perception node --ros-args -r points:=/camera/points"
        )
        near = meant(unknown[0], [DUMP, "--ros-args", "--help"]) or follow
        raise InputError(f"unrecognized arguments: {' '.join(unknown)[:200]}{near}")


def outside_ros_args(argv: Sequence[str]) -> list[str]:
    """The words that are not between --ros-args and --, which is where ROS looks."""
    words, of_ros = [], False
    for word in argv:
        if word == "--ros-args":
            of_ros = True
        elif of_ros and word == "--":
            of_ros = False
        elif not of_ros:
            words.append(word)
    return words


def main() -> int:
    """The executable for launch files."""
    try:
        return run_with(sys.argv[1:])
    except InputError as error:
        print(f"part_perception: {error}", file=sys.stderr)
        return 2


def end_at_once_when_asked() -> None:
    """End cleanly on SIGTERM and SIGINT until the node handles them itself; nothing has begun yet."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))


def require_ros() -> None:
    """Require ROS 2 and our messages, or raise one clear sentence."""
    if importlib.util.find_spec("rclpy") is None:
        raise InputError("this needs ROS 2: source it, or run `make setup` and use .venv/bin/part-perception")
    if importlib.util.find_spec("part_perception_interfaces") is None:
        raise InputError(
            "the messages part_perception_interfaces are not built: run `make setup`, or colcon build"
        )


if __name__ == "__main__":
    sys.exit(main())
