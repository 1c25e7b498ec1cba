"""Launch files: camera presets that fit the node; where launch is installed, the descriptions themselves."""

import importlib.util

import pytest
import yaml

from part_perception.config import DEFAULTS, settings
from part_perception.paths import launch_dir
from part_perception.ros.outputs.publisher import TOPICS
from part_perception.settings import with_values
from part_perception_interfaces.msg import PartArray

CAMERAS = yaml.safe_load((launch_dir() / "config" / "cameras.yaml").read_text())
INPUTS = {"points", "depth/image", "camera_info", "color/image", "mask", "detections"}


@pytest.mark.parametrize("name", CAMERAS)
def test_a_camera_preset_fits_the_node(name):
    preset = CAMERAS[name]
    config = with_values(DEFAULTS, preset.get("parameters", {}))
    needed = {"points"} if config.input == "cloud" else {"depth/image", "camera_info"}
    assert needed <= set(preset["topics"]) <= INPUTS
    assert all(topic.startswith("/") for topic in preset["topics"].values())


def test_rviz_shows_topics_that_the_node_publishes():
    view = yaml.safe_load((launch_dir() / "rviz" / "part_perception.rviz").read_text())
    shown = [d["Topic"]["Value"] for d in view["Visualization Manager"]["Displays"] if "Topic" in d]
    assert len(shown) == 3
    assert {topic.removeprefix("/part_perception/") for topic in shown} <= set(TOPICS)
    assert TOPICS["parts"][0] is PartArray


def load(name: str):
    spec = importlib.util.spec_from_file_location(name.split(".")[0], launch_dir() / name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


needs_launch = pytest.mark.skipif(
    importlib.util.find_spec("launch_ros") is None, reason="launch_ros is not installed"
)


@needs_launch
def test_one_argument_is_needed_and_the_rest_is_optional():
    from launch import LaunchContext, LaunchDescription

    module = load("part_perception.launch.py")
    description = module.generate_launch_description()
    assert isinstance(description, LaunchDescription)
    context = LaunchContext()
    context.launch_configurations.update({name: default for name, (default, _) in module.ARGUMENTS.items()})
    with pytest.raises(RuntimeError, match="give the cloud's topic"):
        module.start_node(context)
    context.launch_configurations["points"] = "/camera/points"
    (node,) = module.start_node(context)
    assert node.node_executable == "part_perception_node"
    context.launch_configurations.update(points="", camera="nothing")
    with pytest.raises(RuntimeError, match="there is no camera 'nothing'"):
        module.start_node(context)
    known = set(settings(DEFAULTS)) | {
        "points",
        "camera",
        "params_file",
        "namespace",
        "use_sim_time",
        "log_level",
        "rviz",
    }
    assert set(module.ARGUMENTS) <= known


@needs_launch
@pytest.mark.parametrize("own", [None, "FASTDDS_DEFAULT_PROFILES_FILE", "FASTRTPS_DEFAULT_PROFILES_FILE"])
def test_big_clouds_get_their_profile_unless_the_user_has_one(monkeypatch, own):
    from launch.actions import SetEnvironmentVariable

    module = load("part_perception.launch.py")
    for name in module.PROFILES:
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
