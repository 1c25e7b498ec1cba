"""Real nodes over real DDS: each test has its own domain and leaves nothing behind."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

pytest.importorskip("rclpy", reason="these tests need ROS 2")
from part_perception.ros.processes import PARENT  # noqa: E402

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "scene")]

NODE = str(Path(__file__).parent / "node_with_stand_in.py")


@pytest.fixture
def robot(ros_env, ros_domain_id):
    from robot import Robot

    one = Robot(ros_domain_id)
    yield one
    one.close()


@pytest.fixture
def start_node(ros_env, start_process):
    """Starts the node and waits until it is active; `active=False` leaves that to the test."""

    def start(
        parameters: dict | None = None,
        active: bool = True,
        program: tuple[str, ...] = (NODE,),
        remap: dict[str, str] | None = None,
        env: dict[str, str] | None = None,
    ):
        given = [
            word
            for name, value in ({"taught_words": "none"} | (parameters or {})).items()
            for word in ("-p", f"{name}:={json.dumps(value)}")
        ]
        given += [word for names in (remap or {}).items() for word in ("-r", ":=".join(names))]
        ends_with_us = {PARENT: str(os.getpid())}  # even if the tests are killed
        node = start_process(
            ["python", *program, "--ros-args", *given], env=ros_env | ends_with_us | (env or {})
        )
        if active:
            node.wait_for("Active: waiting for clouds")
        return node

    return start
