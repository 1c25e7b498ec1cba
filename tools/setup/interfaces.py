"""Builds ROS interface packages: with plain CMake against the ROS wheels, or with colcon."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks import SetupError
from steps import Steps

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OURS = ROOT / "ros2_ws" / "src" / "part_perception_interfaces"
FOR_WHEELS = [HERE / "wheel_interfaces" / name for name in ("tf2_msgs", "nav_msgs")]


@contextmanager
def plainly_named(*folders: Path) -> Iterator[list[Path]]:
    """The folders themselves, or links to them: ROS 2's CMake files stumble over blanks and letters beyond ASCII."""
    if all(re.fullmatch(r"[\w./+-]+", str(folder), re.ASCII) for folder in folders):
        yield list(folders)
        return
    with tempfile.TemporaryDirectory(prefix="part_perception_") as place:
        links = [Path(place) / str(number) / "link" for number in range(len(folders))]
        for link, folder in zip(links, folders, strict=True):
            link.parent.mkdir()
            link.symlink_to(folder)
        yield links


def build_with_cmake(steps: Steps, package: Path) -> None:
    """Build one package against the wheels in the environment, and install it there."""
    place = steps.venv / "build" / package.name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    with plainly_named(steps.venv, package, place) as folders:
        _build(steps, *folders)


def _build(steps: Steps, venv: Path, package: Path, build: Path) -> None:
    env = {
        **os.environ,
        "PATH": f"{venv / 'bin'}:{os.environ['PATH']}",
        "AMENT_PREFIX_PATH": str(venv),
        "CMAKE_PREFIX_PATH": str(venv),
    }
    options = {
        "CMAKE_BUILD_TYPE": "Release",
        "BUILD_TESTING": "OFF",
        "CMAKE_INSTALL_PREFIX": venv,
        "CMAKE_PROJECT_INCLUDE": HERE / "wheel_prefix_fix.cmake",
        "Python3_EXECUTABLE": venv / "bin" / "python",
    }
    cmake = venv / "bin" / "cmake"
    defines = [f"-D{name}={value}" for name, value in options.items()]
    steps.call(cmake, "-S", package, "-B", build, "-G", "Ninja", *defines, env=env)
    steps.call(cmake, "--build", build, env=env)
    steps.call(cmake, "--install", build, env=env)


def build_with_colcon(steps: Steps) -> None:
    """Build the workspace against the sourced ROS 2: an overlay whose executables use our environment."""
    if not shutil.which("colcon"):
        raise SetupError("colcon is missing; run `sudo apt install python3-colcon-common-extensions`.")
    overlay = steps.venv / "overlay"
    folders = ("--build-base", overlay / "build", "--install-base", overlay / "install")
    colcon = (steps.venv / "bin" / "python", "-m", "colcon", "--log-base", overlay / "log", "build")
    steps.call(*colcon, "--symlink-install", "--base-paths", ROOT, OURS.parent, *folders)
