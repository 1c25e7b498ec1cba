"""What `doctor` looks at for ROS 2, from outside: in a process of its own, so that this one does not load ROS."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from part_perception import __version__
from part_perception.cli.checks import ERROR, OK, WARN, Finding, installed
from part_perception.cli.node import require_ros
from part_perception.launching import profile_variables
from part_perception.storage import launch_dir

PROBE = """
import json, rclpy
print(json.dumps({"rmw": rclpy.get_rmw_implementation_identifier()}))
"""
ENOUGH_SHARED = 200e6
OPTIONAL = {
    "vision_msgs": "~/detections",
    "moveit_msgs": "collision objects, ~/plan_grasps",
    "grasping_msgs": "its action",
    "point_cloud_interfaces": "cloud_transport",
    "bondpy": "bond",
}


def ros() -> list[Finding]:
    """rclpy, its middleware and our messages; without ROS nothing more is reported."""
    if not installed("rclpy"):
        return [
            Finding(
                "ROS 2",
                WARN,
                "not installed: files can be asked, but the node cannot run",
                "source ROS 2, or `make setup`",
            )
        ]
    distro = os.environ.get("ROS_DISTRO") or "from wheels"
    try:
        probe = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return [
            Finding(
                "ROS 2", ERROR, "loading rclpy takes more than a minute", "source ROS 2 again in a new shell"
            )
        ]
    if probe.returncode:
        reason = (probe.stderr.strip().splitlines() or ["no reason given"])[-1]
        return [
            Finding("ROS 2", ERROR, f"rclpy cannot be loaded: {reason}", "source ROS 2 again in a new shell")
        ]
    rmw = json.loads(probe.stdout.strip().splitlines()[-1])["rmw"]
    return [
        Finding("ROS 2", OK, f"{distro}, {rmw}"),
        messages(),
        *fast_dds(rmw),
        transforms(),
        optional(),
        domain(),
    ]


def messages() -> Finding:
    build = "`make setup`, or colcon build and source"
    if not installed("part_perception_interfaces"):
        return Finding("messages", ERROR, "part_perception_interfaces is not built", build)
    version = interfaces_version()
    if version != __version__:
        found = (
            f"part_perception_interfaces is {version or 'of an unknown version'}, the program {__version__}"
        )
        return Finding("messages", ERROR, found, build)
    return Finding("messages", OK, f"part_perception_interfaces {version} is built")


def interfaces_version() -> str:
    """The version of our messages, from their installed package.xml; empty if there is none."""
    spec = importlib.util.find_spec("part_perception_interfaces")
    for folder in Path(spec.origin).parents if spec and spec.origin else ():
        file = folder / "share" / "part_perception_interfaces" / "package.xml"
        if file.is_file():
            found = re.search(r"<version>(.+?)</version>", file.read_text())
            return found.group(1) if found else ""
    return ""


ACTIVE_WITHIN = 10.0  # seconds
SKEW = 0.5  # seconds between the node's clock and this one
LEVELS = {b"\x00": OK, b"\x01": WARN, b"\x02": WARN, b"\x03": WARN}  # of diagnostics: the node itself is up


def node(name: str) -> list[Finding]:
    """What a running node says of itself; an error unless it is there and active."""
    require_ros()
    from part_perception.ros.processes import dds_environment

    os.environ.update(dds_environment())  # before rclpy loads
    from part_perception.ros.tools.asker import NodeHealth

    name = "/" + name.strip("/")
    health = NodeHealth(f"part_perception_doctor_{os.getpid()}", name)
    try:
        state = health.state(ACTIVE_WITHIN)
        if state != "active":
            advice = f"ros2 lifecycle set {name} activate; its log and /diagnostics say what prevents it"
            found = [Finding("node", ERROR, f"{name} is {state}", advice)]
        else:
            found = [Finding("node", OK, f"{name} is active")]
        if not health.reported():
            return [
                *found,
                Finding("node", ERROR, f"{name} does not report on /diagnostics", "check its log"),
            ]
        return found + reports(health.statuses) + [clock(health.clock_ahead)]
    except TimeoutError as error:
        return [Finding("node", ERROR, str(error), "start it; check its log")]
    finally:
        health.close()


def reports(statuses: dict) -> list[Finding]:
    """Each status of the node's report."""
    advice = "docs/ros.md, Troubleshooting"
    return [
        Finding(topic, LEVELS[status.level], status.message, "" if LEVELS[status.level] == OK else advice)
        for topic, status in statuses.items()
    ]


def clock(ahead: float) -> Finding:
    """The node's clock against this machine's."""
    if abs(ahead) <= SKEW:
        return Finding("clock", OK, "the node's clock agrees with this one")
    found = f"the node's clock is {abs(ahead):.1f} s {'ahead of' if ahead > 0 else 'behind'} this machine's"
    return Finding("clock", WARN, found, "synchronise them (chrony); with use_sim_time this is expected")


def fast_dds(rmw: str) -> list[Finding]:
    """Large clouds are lost on the way unless Fast DDS has enough shared memory."""
    if "fastrtps" not in rmw:
        return []
    names = profile_variables(os.environ)
    profile = next((os.environ[name] for name in names if os.environ.get(name)), "")
    ours = launch_dir() / "config" / "fastdds_shm.xml"
    if not profile:
        advice = f"export {names[0]}={ours} for camera and node, or best-effort clouds will be lost"
        out = [Finding("Fast DDS", WARN, "no profile is set", advice)]
    elif not os.path.isfile(profile):
        out = [Finding("Fast DDS", ERROR, f"the profile {profile} does not exist", f"set it to {ours}")]
    else:
        out = [Finding("Fast DDS", OK, f"profile {profile}")]
    return out + shared_memory()


def shared_memory() -> list[Finding]:
    try:
        space = os.statvfs("/dev/shm")
    except OSError:
        return [
            Finding("shared memory", WARN, "/dev/shm does not exist", "clouds travel by UDP, which is slower")
        ]
    free = space.f_bavail * space.f_frsize
    found = f"{free / 1e6:.0f} MB free in /dev/shm"
    if free < ENOUGH_SHARED:
        return [Finding("shared memory", WARN, found, "give a container more: docker run --shm-size=512m")]
    return [Finding("shared memory", OK, found)]


def transforms() -> Finding:
    if installed("tf2_ros"):
        return Finding("TF", OK, "tf2_ros")
    return Finding("TF", OK, "the project's own listener on /tf and /tf_static (tf2_ros is not installed)")


def optional() -> Finding:
    there = [name for name in OPTIONAL if installed(name)]
    lacking = [f"{name} ({what})" for name, what in OPTIONAL.items() if name not in there]
    found = f"installed: {', '.join(there) or 'none'}"
    return Finding("ROS extras", OK, found + (f"; missing: {', '.join(lacking)}" if lacking else ""))


def domain() -> Finding:
    number = os.environ.get("ROS_DOMAIN_ID") or "0"  # an empty one counts as none
    reach = os.environ.get("ROS_AUTOMATIC_DISCOVERY_RANGE", "SUBNET")
    if not number.isdecimal() or int(number) > 232:
        return Finding("domain", ERROR, f"ROS_DOMAIN_ID is {number!r}", "use a number from 0 to 101")
    return Finding("domain", OK, f"ROS_DOMAIN_ID {number}, discovery {reach}")
