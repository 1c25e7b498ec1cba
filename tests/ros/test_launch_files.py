"""Launch files: camera presets fit the node; where launch is installed, the descriptions are run."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from part_perception.config import DEFAULTS, settings
from part_perception.launching import FROM_PROFILE, NEW, OLD, fixed_frame, our_profile, rviz_config, words_of
from part_perception.ros.outputs.publisher import TOPICS
from part_perception.settings import with_values
from part_perception.storage import launch_dir
from part_perception_interfaces.msg import PartArray

CAMERAS = yaml.safe_load((launch_dir() / "config" / "cameras.yaml").read_text())
RVIZ = launch_dir() / "rviz" / "part_perception.rviz"
INPUTS = {"points", "depth/image", "camera_info", "color/image", "mask", "detections"}


@pytest.mark.parametrize("name", CAMERAS)
def test_a_camera_preset_fits_the_node(name):
    preset = CAMERAS[name]
    config = with_values(DEFAULTS, preset.get("parameters", {}))
    needed = {"points"} if config.input == "cloud" else {"depth/image", "camera_info"}
    assert needed <= set(preset["topics"]) <= INPUTS
    assert all(topic.startswith("/") for topic in preset["topics"].values())
    assert preset["frame"]


@pytest.mark.parametrize(
    ("namespace", "below"), [("", "/"), ("left", "/left/"), ("/left/", "/left/"), ("cell/arm", "/cell/arm/")]
)
def test_rviz_shows_topics_that_the_node_publishes_in_its_namespace(namespace, below):
    view = yaml.safe_load(rviz_config(RVIZ, namespace, "base_link"))["Visualization Manager"]
    shown = [d["Topic"]["Value"] for d in view["Displays"] if "Topic" in d]
    assert len(shown) == 3
    assert all(topic.startswith(f"{below}part_perception/") for topic in shown)
    assert {topic.removeprefix(f"{below}part_perception/") for topic in shown} <= set(TOPICS)
    assert view["Global Options"]["Fixed Frame"] == "base_link"
    assert TOPICS["parts"][0] is PartArray


@pytest.mark.parametrize(
    ("given", "in_file", "frame"),
    [
        ({"target_frame": "base", "gravity_frame": "map"}, "", "base"),
        ({"target_frame": "", "gravity_frame": "map"}, "", "map"),
        ({}, "", "camera"),
        ({}, "/**: {ros__parameters: {gravity_frame: world}}", "world"),
        ({}, "/left: {part_perception: {ros__parameters: {target_frame: tool}}}", "tool"),
        ({"gravity_frame": "map"}, "/**: {ros__parameters: {target_frame: tool}}", "map"),
        ({}, "/**: {ros__parameters: {max_queries: 7}}", "camera"),
        ({}, "[no, parameters]", "camera"),
    ],
)
def test_rviz_looks_from_the_frame_of_the_answers(tmp_path, given, in_file, frame):
    file = tmp_path / "params.yaml"
    file.write_text(in_file)
    assert fixed_frame(given, str(file) if in_file else "", "camera") == frame


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("[handle, lid]", ["handle", "lid"]),
        ("['lid of the pot']", ["lid of the pot"]),
        ("handle", ["handle"]),
        ("lid of the pot", ["lid of the pot"]),
        ("[on, off, 1]", ["on", "off", "1"]),
        ("[]", []),
        ("", []),
    ],
)
def test_standing_queries_are_a_list_of_texts_however_they_are_written(argument, words):
    """The node refuses anything else, and launch would start it again and again."""
    assert words_of(argument) == words
    with_values(DEFAULTS, {"standing_queries": words_of(argument)})


def load(name: str):
    spec = importlib.util.spec_from_file_location(name.split(".")[0], launch_dir() / name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


needs_launch = pytest.mark.skipif(
    importlib.util.find_spec("launch_ros") is None, reason="launch_ros is not installed"
)


@pytest.mark.parametrize(
    ("environment", "variables"),
    [
        ({"ROS_DISTRO": "kilted"}, [NEW, *FROM_PROFILE]),
        ({"ROS_DISTRO": "jazzy"}, [OLD, *FROM_PROFILE]),
        ({"ROS_DISTRO": "humble", NEW: "mine.xml"}, []),
        ({OLD: "mine.xml"}, []),
    ],
)
def test_fast_dds_gets_its_profile_by_the_variable_that_it_reads(environment, variables):
    told = our_profile(environment)
    assert list(told) == variables
    assert all(Path(told[name]).is_file() for name in (OLD, NEW) if name in told)


@pytest.mark.parametrize(("wheel", "variable"), [("ros_fastrtps-2.14.5", OLD), ("ros_fastdds-3.2.3", NEW)])
def test_without_a_sourced_ros_the_wheel_decides_the_variable(wheel, variable, tmp_path, monkeypatch):
    about = tmp_path / f"{wheel}.dist-info"
    about.mkdir()
    name, version = wheel.split("-")
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert list(our_profile({})) == [variable, *FROM_PROFILE]


def test_a_launch_process_keeps_its_threads():
    code = "import os, part_perception.launching as l; print(os.environ.get('OMP_NUM_THREADS'))"
    alone = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    told = subprocess.run([sys.executable, "-c", code], env=alone, capture_output=True, text=True, timeout=60)
    assert told.stdout.strip() == "None"


@needs_launch
def test_only_one_argument_is_required():
    from launch import LaunchContext, LaunchDescription

    module = load("part_perception.launch.py")
    description = module.generate_launch_description()
    assert isinstance(description, LaunchDescription)
    context = LaunchContext()
    context.launch_configurations.update({name: default for name, (default, _) in module.ARGUMENTS.items()})
    with pytest.raises(RuntimeError, match="give the cloud's topic"):
        module.start(context)
    context.launch_configurations["points"] = "/camera/points"
    (node,) = module.start(context)
    assert node.node_executable == "part_perception_node"
    context.launch_configurations.update(rviz="true", camera="zed", points="")
    _, _, rviz = module.start(context)
    assert rviz.node_executable == "rviz2"
    context.launch_configurations["rviz"] = "false"
    context.launch_configurations.update(points="", camera="nothing")
    with pytest.raises(RuntimeError, match="there is no camera 'nothing'"):
        module.start(context)
    known = set(settings(DEFAULTS)) | {
        "points",
        "camera",
        "params_file",
        "namespace",
        "use_sim_time",
        "log_level",
        "rviz",
        "view",
        "fixed_frame",
        "respawn",
    }
    assert set(module.ARGUMENTS) <= known


@needs_launch
@pytest.mark.parametrize("own", [None, NEW, OLD])
def test_big_clouds_get_their_profile_unless_the_user_has_one(monkeypatch, own):
    from launch.actions import SetEnvironmentVariable

    module = load("part_perception.launch.py")
    for name in (OLD, NEW):
        monkeypatch.delenv(name, raising=False)
    if own:
        monkeypatch.setenv(own, "mine.xml")
    entities = module.generate_launch_description().entities
    assert sum(isinstance(e, SetEnvironmentVariable) for e in entities) == (0 if own else 2)


@needs_launch
def test_the_demo_includes_the_node():
    from launch.actions import ExecuteProcess, IncludeLaunchDescription

    entities = load("demo.launch.py").generate_launch_description().entities
    assert [isinstance(e, IncludeLaunchDescription) for e in entities].count(True) == 1
    assert [isinstance(e, ExecuteProcess) for e in entities].count(True) == 1
