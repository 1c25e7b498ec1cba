"""`part-perception query`: a running node asked from a shell, over real DDS."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import table

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
QUERY = ["python", "-m", "part_perception.cli.main", "query"]


@pytest.mark.ros
def test_a_running_node_is_asked_from_a_shell(start_node, start_process, robot, ros_env):
    start_node()
    robot.start_camera(table.view().points, rate=3.0)

    once = start_process([*QUERY, "handle", "--timeout", "20", "--json"], env=ros_env)
    assert once.wait(60) == 0, once.output
    answer = json.loads(once.output[once.output.index("{") :])
    assert (answer["node"], answer["frame"]) == ("part_perception", "camera")
    assert {part["query"] for part in answer["parts"]} == {"handle"}
    assert answer["parts"][0]["found"] and answer["parts"][0]["grasps"]
    assert answer["parts"][0]["points"] > 8

    example = start_process(["python", str(EXAMPLES / "ros_client.py"), "handle", "wheel"], env=ros_env)
    assert example.wait(60) == 0, example.output
    assert "handle: found" in example.output and "wheel: not there" in example.output
    assert "  grip at " in example.output

    empty = start_process([*QUERY, " "], env=ros_env)
    assert empty.wait(60) == 2, empty.output
    assert [line for line in empty.lines if "part-perception" in line] == empty.lines[-1:]

    named = ["--node", "/part_perception", "--timeout", "20"]
    watching = start_process([*QUERY, "handle", "--watch", *named], env=ros_env)
    for _ in range(2):  # the same table for one cloud after another
        watching.wait_for("^handle +yes")
    watching.interrupt()
    assert watching.wait(20) == 130
    assert "Traceback" not in watching.output

    nobody = start_process([*QUERY, "handle", "--node", "other", "--timeout", "1"], env=ros_env)
    assert nobody.wait(60) == 3
    told = "part-perception: no node /other answers; there is /part_perception"
    assert nobody.lines[-1] == told


@pytest.mark.ros
def test_the_first_query_waits_for_no_compiled_loop(start_node, robot):
    """What is not loaded when the node becomes active, the first query has to compile after a build."""
    node = start_node(program=("-m", "part_perception.cli.node"), env={"NUMBA_DEBUG_CACHE": "1"})
    loaded = len(node.lines)
    assert any("[cache]" in line for line in node.lines), "numba tells what it loads"
    robot.start_camera(table.view().points, rate=5.0)
    first = robot.query("handle", max_age=2.0, timeout=15.0)
    assert first.status.code == 0 and first.parts[0].grasps, first.status.message
    assert first.age < 1.0
    assert robot.decompose(max_age=60.0, timeout=15.0).status.code == 0
    node.interrupt()
    assert node.wait(20) == 0
    assert not [line for line in node.lines[loaded:] if "[cache]" in line]
