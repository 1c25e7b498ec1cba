"""RViz's configuration for one node: its topics in the node's namespace, seen from a frame that exists."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

FRAMES = ("target_frame", "gravity_frame")  # the first one that is set is looked from


def rviz_config(template: Path, namespace: str, fixed_frame: str) -> str:
    """The shipped configuration with topics and fixed frame changed."""
    config = yaml.safe_load(template.read_text())
    view = config["Visualization Manager"]
    view["Global Options"]["Fixed Frame"] = fixed_frame
    prefix = f"/{namespace.strip('/')}" if namespace.strip("/") else ""
    for display in view["Displays"]:
        if "Topic" in display:
            display["Topic"]["Value"] = prefix + display["Topic"]["Value"]
    return yaml.safe_dump(config, sort_keys=False)


def fixed_frame(given: Mapping[str, Any], params_file: str, camera_frame: str) -> str:
    """The frame that answers are given in: of the arguments, else of the parameter file, else the camera's own."""
    for source in (given, _parameters(params_file)):
        for name in FRAMES:
            if source.get(name):
                return str(source[name])
    return camera_frame


def _parameters(file: str) -> dict[str, Any]:
    """The node's parameters in a file, whatever node name or wildcard they stand under."""
    nodes = yaml.safe_load(Path(file).read_text()) if file else None
    found: dict[str, Any] = {}
    for about in nodes.values() if isinstance(nodes, dict) else ():
        while isinstance(about, dict) and "ros__parameters" not in about and len(about) == 1:
            (about,) = about.values()  # a namespace around the node's name
        if isinstance(about, dict):
            found |= about.get("ros__parameters") or {}
    return found
