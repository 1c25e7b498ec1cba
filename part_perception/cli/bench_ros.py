"""How fast is the node, seen by a robot that talks to it over DDS? Needs ROS 2; the rest of the bench does not."""

from __future__ import annotations


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
