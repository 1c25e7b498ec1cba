"""Start the node on a camera: `ros2 launch part_perception part_perception.launch.py points:=/camera/points`."""

import sys
from pathlib import Path

import yaml
from launch.actions import (
    DeclareLaunchArgument,
    ExecuteProcess,
    LogInfo,
    OpaqueFunction,
    SetEnvironmentVariable,
)
from launch.logging import launch_config
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

from launch import LaunchDescription
from part_perception.launching import fixed_frame, our_profile, rviz_config, words_of

HERE = Path(__file__).resolve().parent
CAMERAS = HERE / "config" / "cameras.yaml"
ARGUMENTS = {
    "points": ("", "topic of the point cloud; the only required argument, unless camera is given"),
    "camera": ("", "a camera from config/cameras.yaml, which lists its topics: realsense, orbbec, zed, ..."),
    "params_file": ("", "parameter file; `part-perception node --dump-params` writes one"),
    "standing_queries": ("", "asked on every frame, such as handle or '[handle, lid]'"),
    "target_frame": ("", "frame of everything that is published; empty = the cloud's own"),
    "gravity_frame": ("", "frame whose z axis points up; empty = find up in the cloud"),
    "namespace": ("", "namespace of the node"),
    "use_sim_time": ("false", "take the time from /clock"),
    "log_level": ("info", "debug, info, warn, error"),
    "autostart": ("true", "configure and activate at start; false = a lifecycle manager does"),
    "respawn": ("true", "restart the node if its process ends"),
    "view": ("false", "show cloud, parts and grasps in a browser, at http://localhost:8080"),
    "rviz": ("false", "open RViz with cloud, parts and grasps"),
    "fixed_frame": (
        "",
        "RViz's fixed frame; empty = target_frame, gravity_frame or the camera's own frame",
    ),
}


def generate_launch_description() -> LaunchDescription:
    arguments = [
        DeclareLaunchArgument(name, default_value=d, description=t) for name, (d, t) in ARGUMENTS.items()
    ]
    # Without large shared memory segments Fast DDS loses nearly every cloud; a profile of the user's own is left alone.
    profile = [SetEnvironmentVariable(name, value) for name, value in our_profile().items()]
    return LaunchDescription([*arguments, *profile, OpaqueFunction(function=start)])


def start(context) -> list:
    """The node and, where they are wanted, the view in a browser and RViz."""
    value = {name: context.perform_substitution(LaunchConfiguration(name)) for name in ARGUMENTS}
    preset = camera_preset(value["points"], value["camera"])
    shown = [view(value)] if is_true(value["view"]) else []
    return [node(value, preset), *shown, *(rviz(value, preset) if is_true(value["rviz"]) else [])]


def view(value: dict[str, str]) -> ExecuteProcess:
    """The view in a browser, beside the node."""
    name = "/".join(["", *filter(None, value["namespace"].split("/")), "part_perception"])
    command = [sys.executable, "-m", "part_perception.cli.main", "view", "--live", "--node", name]
    return ExecuteProcess(cmd=command, name="view", output="screen")


def is_true(text: str) -> bool:
    return text.lower() in ("true", "1")


def node(value: dict[str, str], preset: dict) -> Node:
    """The node, with what the arguments say and nothing for those that are empty."""
    parameters = dict(preset.get("parameters", {}), use_sim_time=is_true(value["use_sim_time"]))
    if not is_true(value["autostart"]):
        parameters["autostart"] = False
    if words := words_of(value["standing_queries"]):
        parameters["standing_queries"] = words
    parameters.update({name: value[name] for name in ("target_frame", "gravity_frame") if value[name]})
    files = [value["params_file"]] if value["params_file"] else []
    return Node(
        package="part_perception",
        executable="part_perception_node",
        name="part_perception",
        namespace=value["namespace"],
        remappings=list(preset["topics"].items()),
        parameters=[*files, parameters],
        arguments=["--ros-args", "--log-level", value["log_level"]],
        output="screen",
        respawn=is_true(value["respawn"]),
        respawn_delay=2.0,  # taught words are kept in their file; parameters come from here again
    )


def camera_preset(points: str, camera: str) -> dict:
    """Topics and parameters of a camera, or just the topic that was given."""
    cameras = yaml.safe_load(CAMERAS.read_text())
    if bool(points) == bool(camera):
        raise RuntimeError(
            "give the cloud's topic with points:=/..., or a camera with camera:=NAME, but not both"
        )
    if points:
        return {"topics": {"points": points}}
    if camera not in cameras:
        raise RuntimeError(f"there is no camera {camera!r} in {CAMERAS}; it has {', '.join(cameras)}")
    return cameras[camera]


def rviz(value: dict[str, str], preset: dict) -> list:
    """RViz on this node's topics; its configuration is written beside the logs of this launch."""
    camera = preset.get("frame", "camera_depth_optical_frame")
    frame = value["fixed_frame"] or fixed_frame(value, value["params_file"], camera)
    file = Path(launch_config.log_dir) / "part_perception.rviz"
    file.write_text(rviz_config(HERE / "rviz" / "part_perception.rviz", value["namespace"], frame))
    shown = Node(
        package="rviz2",
        executable="rviz2",
        arguments=["-d", str(file)],
        parameters=[{"use_sim_time": is_true(value["use_sim_time"])}],
    )
    return [LogInfo(msg=f"RViz looks from {frame}; fixed_frame:=... for another"), shown]
