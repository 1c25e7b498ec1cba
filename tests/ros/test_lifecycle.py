"""The lifecycle, the parameters, and how the node ends."""

import importlib.util
import json
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import table
import yaml
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rcl_interfaces.msg import LoggerLevel, ParameterEvent
from rcl_interfaces.srv import DescribeParameters, GetLoggerLevels, GetParameters, SetLoggerLevels
from rclpy.parameter import parameter_dict_from_yaml_file
from robot import NODE, Robot

from part_perception.config import DEFAULTS, parameters_yaml
from part_perception.ros.refusal import Status
from part_perception_interfaces.msg import PartArray

pytestmark = pytest.mark.ros
CONFIGURE, CLEANUP = Transition.TRANSITION_CONFIGURE, Transition.TRANSITION_CLEANUP
ACTIVATE, DEACTIVATE = Transition.TRANSITION_ACTIVATE, Transition.TRANSITION_DEACTIVATE


def test_ten_round_trips_and_an_answer_in_every_state(start_node, robot):
    node = start_node({"autostart": False}, active=False)
    robot.start_camera(table.view(1).points)
    assert robot.state() == "unconfigured"
    for turn in range(10):
        assert robot.query("handle").status.code == Status.MODEL_NOT_READY
        assert robot.transition(CONFIGURE)
        assert robot.state() == "inactive"
        assert robot.query("handle").status.code == Status.INACTIVE
        assert robot.transition(ACTIVATE)
        if turn in (0, 9):
            assert robot.query("handle", max_age=60.0).status.code == Status.OK
        assert robot.transition(DEACTIVATE)
        assert robot.transition(CLEANUP)
        assert robot.state() == "unconfigured"
    assert node.popen.poll() is None


def test_the_state_can_be_read_during_a_transition(start_node, robot, tmp_path):
    hold = tmp_path / "hold"
    hold.touch()
    start_node({"autostart": False, "model.path": str(hold)}, active=False)
    request = ChangeState.Request()
    request.transition.id = CONFIGURE
    changed = robot.client(ChangeState, f"{NODE}/change_state").call_async(request)
    robot.wait("the node to begin", lambda: robot.state() == "configuring")
    assert not changed.done()
    hold.unlink()
    assert robot.finish("configure", changed).success
    assert robot.state() == "inactive"


def test_what_is_set_while_the_model_loads_counts(start_node, robot, tmp_path):
    hold = tmp_path / "hold"
    hold.touch()
    start_node({"model.path": str(hold)}, active=False)
    robot.wait("the node to begin", lambda: robot.state() == "configuring")
    assert robot.set(standing_queries=["handle"], scene__max_objects=1) == []
    hold.unlink()
    heard = robot.listen(PartArray, f"{NODE}/parts")
    robot.start_camera(table.view(2).points)
    parts = robot.wait("a frame", lambda: heard and heard[-1])
    assert (list(parts.queries), len(parts.objects)) == (["handle"], 1)


def test_the_doctor_looks_at_a_running_node(start_node, robot, ros_env):
    """The exit code is 0 only while the node is active, as a container's health check needs."""

    def doctor() -> tuple[int, dict[str, tuple[str, str]]]:
        command = [sys.executable, "-m", "part_perception.cli.main", "doctor", "--node", "--json"]
        run = subprocess.run(command, env=ros_env, capture_output=True, text=True, timeout=60)
        return run.returncode, {f["topic"]: (f["state"], f["found"]) for f in json.loads(run.stdout)}

    start_node({"autostart": False}, active=False)
    assert robot.state() == "unconfigured"
    code, found = doctor()
    assert (code, found["node"]) == (1, ("ERROR", "/part_perception is unconfigured"))
    assert robot.transition(CONFIGURE) and robot.transition(ACTIVATE)
    code, found = doctor()
    assert (code, found["node"]) == (0, ("OK", "/part_perception is active"))
    assert (found["model"], found["clock"]) == (
        ("OK", "loaded"),
        ("OK", "the node's clock agrees with this one"),
    )
    assert set(found) == {"node", "input", "perception", "model", "transforms", "clock"}


def test_a_bond_holds_while_the_node_is_active(start_node, robot):
    """As with nav2_lifecycle_manager; needs bondpy, which the wheels lack."""
    bondpy = pytest.importorskip("bondpy.bondpy", reason="bondpy is not installed")
    start_node({"bond": True})
    for _ in range(2):
        told = []
        formed, broken = (partial(told.append, word) for word in ("formed", "broken"))
        bond = bondpy.Bond(robot.node, "bond", "part_perception", broken, formed)
        bond.start()
        robot.wait("the bond", lambda told=told: told == ["formed"])
        assert robot.transition(DEACTIVATE)
        robot.wait("the bond to end", lambda told=told: told == ["formed", "broken"], patience=2.0)
        assert robot.transition(ACTIVATE)


def test_an_impossible_bond_is_refused_in_words(start_node, robot):
    if importlib.util.find_spec("bond"):
        pytest.skip("the package bond is installed")
    node = start_node({"bond": True}, active=False)
    node.wait_for("could not be configured: bond is true, but the package 'bond' is not installed")
    assert robot.state() == "unconfigured"


def test_a_waiting_request_is_refused_when_the_node_is_deactivated(start_node, robot):
    start_node()
    _, future = robot.find("handle", timeout=600.0)
    assert robot.transition(DEACTIVATE)
    ended, result = robot.result(future)
    assert (ended, result.status.code) == ("aborted", Status.INACTIVE)


def test_a_model_that_does_not_load_leaves_it_unconfigured_with_the_reason(start_node, robot):
    node = start_node(
        {"model.path": "no such model"}, active=False, program=("-m", "part_perception.cli.node")
    )
    node.wait_for("could not be configured.*no such model")
    assert robot.state() == "unconfigured"
    answer = robot.query("handle")
    assert answer.status.code == Status.MODEL_NOT_READY
    assert "no such model" in answer.status.message


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_within_two_seconds_whatever_is_running(start_node, robot, number):
    node = start_node({"standing_queries": ["handle", "top"]})
    robot.start_camera(table.view().points)
    robot.query("handle")
    robot.find("lid", timeout=600.0)
    start = time.monotonic()
    node.popen.send_signal(number)
    assert node.wait(10.0) == 0
    assert time.monotonic() - start < 2.0
    assert "Traceback" not in node.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_within_two_seconds_while_it_configures(start_node, number):
    node = start_node(active=False, program=("-m", "part_perception.cli.node"))
    node.wait_for("Loading the model")
    start = time.monotonic()
    node.popen.send_signal(number)
    assert node.wait(10.0) == 0
    assert time.monotonic() - start < 2.0
    assert "Traceback" not in node.output
    assert "Active" not in node.output


def test_ctrl_c_ends_it_even_where_a_shell_started_it_in_the_background(start_process, ros_env):
    """Such a shell ignores SIGINT for its children."""
    ignoring = "import os, signal, sys; signal.signal(2, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    program = Path(__file__).parent / "node_with_stand_in.py"
    arguments = ["-c", ignoring, sys.executable, program, "--ros-args", "-p", "taught_words:=none"]
    node = start_process(["python", *arguments], env=ros_env)
    node.wait_for("Active")
    node.popen.send_signal(signal.SIGINT)
    assert node.wait(10.0) == 0


def test_parameters_are_described_checked_and_changed(start_node, robot):
    start_node({"tf_timeout": 1})
    names = ["tf_timeout", "input", "scene.max_range", "standing_queries"]
    described = robot.call(
        DescribeParameters, f"{NODE}/describe_parameters", DescribeParameters.Request(names=names)
    ).descriptors
    assert described[0].description == "Seconds to wait for a transform at the cloud's stamp"
    assert (
        described[0].floating_point_range[0].from_value,
        described[0].floating_point_range[0].to_value,
    ) == (0, 10)
    assert described[1].read_only
    assert described[1].additional_constraints == "one of cloud, rgbd"

    assert robot.set(tf_timeout=2) == []
    assert "tf_timeout" in robot.set(tf_timeout=99.0)[0]
    assert "tf_timeout must be of type float" in robot.set(tf_timeout="soon")[0]
    assert robot.parameter("tf_timeout").integer_value == 2, "nothing has changed"
    assert "read-only" in robot.set(input="rgbd")[0]
    assert robot.set(scene__min_range=5.0) == [
        "scene.min_range must be at least 0 and less than scene.max_range"
    ]
    assert robot.set(scene__max_range=9.0) == []
    assert robot.set(scene__min_range=5.0) == []
    assert robot.set(scene__crop_min=[0.0, 1.0]) == ["scene.crop_min must have three numbers, or none"]
    for deleted in ("standing_queries", "scene.crop_min", "tf_timeout"):
        assert robot.set(**{deleted: None}) == [f"{deleted} cannot be deleted, only set to another value"]
    assert robot.set(standing_queries=["x" * 201]) == [
        "standing_queries: a text of 201 characters is too long; the maximum (max_text_length) is 200"
    ]


def test_log_levels_are_set_by_service_and_changes_of_parameters_are_published(start_node, robot):
    start_node()
    told = robot.listen(ParameterEvent, "/parameter_events")
    name, debug = "part_perception", LoggerLevel.LOG_LEVEL_DEBUG
    wanted = SetLoggerLevels.Request(levels=[LoggerLevel(name=name, level=debug)])
    (result,) = robot.call(SetLoggerLevels, f"{NODE}/set_logger_levels", wanted).results
    assert result.successful
    (level,) = robot.call(
        GetLoggerLevels, f"{NODE}/get_logger_levels", GetLoggerLevels.Request(names=[name])
    ).levels
    assert level.level == debug
    assert robot.set(max_queries=7) == []
    changed = lambda: [(p.name, p.value.integer_value) for e in told for p in e.changed_parameters]  # noqa: E731
    robot.wait("the event", lambda: ("max_queries", 7) in changed())


def test_help_says_how_to_start_the_node_without_starting_it():
    command = [sys.executable, "-m", "part_perception.cli.node", "--help"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert told.returncode == 0 and told.stdout.startswith("usage: part-perception node")
    assert "--dump-params" in told.stdout and not told.stderr


def test_settings_of_the_scene_take_effect_with_the_next_cloud(start_node, robot):
    start_node()
    robot.start_camera(table.view(1).points)
    assert robot.query("handle", max_age=60.0).status.code == Status.OK
    assert robot.set(scene__max_range=0.3) == []
    answer = robot.query("handle", wait_for_newer=True, max_age=60.0)
    assert answer.status.code == Status.NO_OBJECT
    assert robot.set(scene__max_range=3.0) == []
    assert robot.query("handle", wait_for_newer=True, max_age=60.0).status.code == Status.OK


def test_an_invalid_value_at_start_is_refused_in_one_sentence(start_node):
    node = start_node({"tf_timeout": 99.0}, active=False)
    assert node.wait(30.0) == 2
    assert "tf_timeout" in node.output
    assert "Traceback" not in node.output


OVERRIDES = {
    "/part_perception/markers.publisher.reliability": ("bogus", "one of .*best_effort.*, not 'bogus'"),
    "/part_perception/markers.publisher.depth": (-1, "a whole number from 0 to 2147483647, not -1"),
    "/points.subscription.history": ("unknown", "one of .*keep_last.*, not 'unknown'"),
    "/points.subscription.depth": ("many", "a whole number .*, not 'many'"),
}


@pytest.mark.parametrize("name", OVERRIDES)
def test_an_invalid_qos_override_is_refused_in_one_sentence_that_names_it(start_node, name):
    value, reason = OVERRIDES[name]
    node = start_node({f"qos_overrides.{name}": value}, active=False)
    assert node.wait(60.0) == 2
    assert re.search(f"qos_overrides.{name} must be {reason}", node.output)
    assert "Traceback" not in node.output


def test_a_qos_override_without_effect_is_named(start_node):
    overrides = {
        "/pionts.subscription.depth": 3,
        "/points.subscription.durability": "volatile",
        "/points.subscription.depth": 3,
        "/part_perception/markers.publisher.depth": 3,
    }
    node = start_node({f"qos_overrides.{name}": value for name, value in overrides.items()})
    for name, meant in (
        ("/pionts.subscription.depth", "did you mean qos_overrides./points.subscription.depth"),
        ("/points.subscription.durability", "did you mean qos_overrides./points.subscription"),
    ):
        assert re.search(f"qos_overrides.{name} has no effect; {meant}", node.output)
    assert node.output.count("has no effect") == 2


def test_a_configuration_that_fails_leaves_no_topic_behind(start_node, robot, ros_domain_id):
    # two types for one topic
    node = start_node({"autostart": False}, active=False, remap={"~/markers": f"{NODE}/parts"})
    for _ in range(2):
        assert not robot.transition(CONFIGURE)
        node.wait_for("could not be configured.*incompatible type")
    # a newcomer: Fast DDS may miss the end of what lived shorter than a millisecond
    newcomer = Robot(ros_domain_id, "newcomer")
    try:
        count = newcomer.node.count_publishers
        newcomer.wait("the node to be known", lambda: count(f"{NODE}/transition_event"))
        topics = ("labeled_cloud", "preview_cloud", "parts", "open_path")
        assert [count(f"{NODE}/{topic}") for topic in topics] == [0, 0, 0, 0]
    finally:
        newcomer.close()


def test_an_unknown_parameter_is_refused_with_the_nearest_known_one(start_node):
    node = start_node({"standing_querys": ["handle"]}, active=False)
    assert node.wait(30.0) == 2
    assert "there is no setting 'standing_querys'; did you mean 'standing_queries'?" in node.output
    assert "Traceback" not in node.output


def test_ros2_param_load_reads_all_of_a_dumped_file(tmp_path):
    """`ros2 param load` names no node to rclpy, which then reads what stands under `/**` and nothing else."""
    file = tmp_path / "params.yaml"
    file.write_text(parameters_yaml(DEFAULTS))
    written = yaml.safe_load(file.read_text())["/**"]["ros__parameters"]
    assert set(parameter_dict_from_yaml_file(str(file), True)) == set(written)


def test_a_dumped_parameter_file_counts_in_a_namespace(start_process, ros_env, robot, tmp_path):
    file = tmp_path / "params.yaml"
    file.write_text(parameters_yaml(replace(DEFAULTS, taught_words="none", max_queries=7)))
    given = ["--ros-args", "-r", "__ns:=/left_arm", "--params-file", file]
    node = start_process(["python", Path(__file__).parent / "node_with_stand_in.py", *given], env=ros_env)
    node.wait_for("Active")
    request = GetParameters.Request(names=["max_queries"])
    answer = robot.call(GetParameters, f"/left_arm{NODE}/get_parameters", request)
    assert answer.values[0].integer_value == 7
