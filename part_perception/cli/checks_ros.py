"""What `doctor` looks at for ROS 2, from outside: in a process of its own, so that this one does not load ROS."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from part_perception.cli.checks import ERROR, OK, WARN, Finding, installed
from part_perception.storage import launch_dir

PROBE = """
import json, rclpy
print(json.dumps({"rmw": rclpy.get_rmw_implementation_identifier()}))
"""
ENOUGH_SHARED = 200e6
OPTIONAL = {"vision_msgs": "~/detections", "moveit_msgs": "collision objects"}


def ros() -> list[Finding]:
    """rclpy, its middleware and our messages; without ROS nothing more is reported."""
    if not installed("rclpy"):
        return [
            Finding(
                "ROS 2",
                WARN,
                "not here: files can be asked, the node cannot run",
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
    if installed("part_perception_interfaces"):
        return Finding("messages", OK, "part_perception_interfaces is built")
    return Finding(
        "messages",
        ERROR,
        "part_perception_interfaces is not built",
        "`make setup`, or colcon build and source",
    )


def fast_dds(rmw: str) -> list[Finding]:
    """Large clouds are lost on the way unless Fast DDS has enough shared memory."""
    if "fastrtps" not in rmw:
        return []
    names = ("FASTDDS_DEFAULT_PROFILES_FILE", "FASTRTPS_DEFAULT_PROFILES_FILE")
    profile = next((os.environ[name] for name in names if os.environ.get(name)), "")
    ours = launch_dir() / "config" / "fastdds_shm.xml"
    if not profile:
        advice = f"export {names[0]}={ours} for camera and node, or best-effort clouds get lost"
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
            Finding("shared memory", WARN, "/dev/shm is not there", "clouds travel by UDP, which is slower")
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
    return Finding("ROS extras", OK, found + (f"; without: {', '.join(lacking)}" if lacking else ""))


def domain() -> Finding:
    number = os.environ.get("ROS_DOMAIN_ID", "0")
    reach = os.environ.get("ROS_AUTOMATIC_DISCOVERY_RANGE", "SUBNET")
    if not number.isdecimal() or int(number) > 232:
        return Finding("domain", ERROR, f"ROS_DOMAIN_ID is {number!r}", "use a number from 0 to 101")
    return Finding("domain", OK, f"ROS_DOMAIN_ID {number}, discovery {reach}")
