"""How fast is the node, seen by a robot that talks to it over DDS? Needs ROS 2; the rest of the bench does not."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence


def bench(seconds: float = 30.0) -> dict:
    """Latencies, counted clouds and memory of the node beside a simulated camera."""
    from part_perception.ros.tools.bench import bench_ros

    return bench_ros(seconds)


def as_text(result: dict) -> str:
    """One line a figure."""
    lines = []
    for name, value in result.items():
        told = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        lines.append(f"{name.replace('_', ' '):<28}{told}")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("part-perception bench --ros", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=30.0, help="how long; 600 shows whether memory grows"
    )
    parser.add_argument(
        "--json", action="store_true", help="print JSON for programs instead of text for people"
    )
    args = parser.parse_args(argv)
    result = bench(args.seconds)
    print(json.dumps(result) if args.json else as_text(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
