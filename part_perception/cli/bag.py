"""`part-perception bag IN OUT -q TEXT…`: a recording in, the recording with answers out."""

from __future__ import annotations

from collections.abc import Sequence

from part_perception.cli.node import require_ros


def run_with(argv: Sequence[str]) -> int:
    """The bag tool, with its own arguments."""
    require_ros()
    from part_perception.ros.tools.bag import main

    return main(argv)
