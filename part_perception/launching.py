"""What launch files make of this machine and their arguments: the profile of Fast DDS, and RViz's configuration.

Outside of `ros`, whose import settles how many threads a process has: a launch process hands that on to everything it
starts, other people's nodes too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from part_perception.paths import launch_dir

OLD, NEW = "FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE"
FRAMES = ("target_frame", "gravity_frame")  # the first one that is set is looked from


def our_profile(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variable to set; none where the user has a profile. Fast DDS 3 warns of the one that Fast DDS 2 reads."""
    if environment.get(OLD) or environment.get(NEW):
        return {}
    old = environment.get("ROS_DISTRO") in ("humble", "jazzy")
    return {OLD if old else NEW: str(launch_dir() / "config" / "fastdds_shm.xml")}


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
