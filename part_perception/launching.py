"""Launch helpers: choose the Fast DDS profile and RViz configuration for a machine and its arguments.

This is outside `ros` because importing that fixes a process's number of threads, and a launch process passes
it on to everything it starts, including other people's nodes.
"""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from part_perception.storage import launch_dir

OLD, NEW = "FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE"
FROM_PROFILE = {"RMW_FASTRTPS_USE_QOS_FROM_XML": "1"}  # how memory is kept, too
FRAMES = ("target_frame", "gravity_frame")  # the first one that is set is the fixed frame


def our_profile(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables to set; none if the user has a profile. Fast DDS 3 warns of the one for Fast DDS 2."""
    if environment.get(OLD) or environment.get(NEW):
        return {}
    variable = profile_variables(environment)[0]
    return {variable: str(launch_dir() / "config" / "fastdds_shm.xml"), **FROM_PROFILE}


def profile_variables(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The variables from which Fast DDS reads its profile, the preferred one first.

    Where no ROS 2 is sourced, it comes from wheels, and the name of its wheel tells Fast DDS 2 from 3.
    """
    distro = environment.get("ROS_DISTRO")
    old = (
        distro in ("humble", "jazzy")
        if distro
        else any(importlib.metadata.distributions(name="ros-fastrtps"))
    )
    return (OLD,) if old else (NEW, OLD)


def words_of(argument: str) -> list[str]:
    """The words of a launch argument: '[handle, lid]', or one word by itself. All are text, also `on` and `off`."""
    words = yaml.load(argument, Loader=yaml.BaseLoader)  # which makes nothing but text
    return list(map(str, words)) if isinstance(words, list) else argument.strip().splitlines()


def rviz_config(template: Path, namespace: str, fixed_frame: str) -> str:
    """The shipped configuration with its topics and fixed frame replaced."""
    config = yaml.safe_load(template.read_text())
    view = config["Visualization Manager"]
    view["Global Options"]["Fixed Frame"] = fixed_frame
    prefix = f"/{namespace.strip('/')}" if namespace.strip("/") else ""
    for display in view["Displays"]:
        if "Topic" in display:
            display["Topic"]["Value"] = prefix + display["Topic"]["Value"]
    return yaml.safe_dump(config, sort_keys=False)


def fixed_frame(given: Mapping[str, Any], params_file: str, camera_frame: str) -> str:
    """The frame of the answers: from the arguments, the parameter file, or else the camera's own."""
    for source in (given, _parameters(params_file)):
        for name in FRAMES:
            if source.get(name):
                return str(source[name])
    return camera_frame


def _parameters(file: str) -> dict[str, Any]:
    """The node's parameters in a file, under any node name or wildcard."""
    nodes = yaml.safe_load(Path(file).read_text()) if file else None
    found: dict[str, Any] = {}
    for about in nodes.values() if isinstance(nodes, dict) else ():
        while isinstance(about, dict) and "ros__parameters" not in about and len(about) == 1:
            (about,) = about.values()  # a namespace around the node's name
        if isinstance(about, dict):
            found |= about.get("ros__parameters") or {}
    return found
