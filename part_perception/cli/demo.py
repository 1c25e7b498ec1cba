"""`part-perception demo`: a simulated depth camera, the node and a client that asks, over real ROS 2."""

from __future__ import annotations

from collections.abc import Sequence

from part_perception.cli.node import require_ros


def run_with(argv: Sequence[str]) -> int:
    """The demo, with its own arguments."""
    require_ros()
    from part_perception.ros.tools.demo import main

    return main(argv)
