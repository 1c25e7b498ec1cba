"""Start the node on a camera: `ros2 launch part_perception part_perception.launch.py points:=/camera/points`."""

import os
from pathlib import Path

import yaml
from launch.actions import DeclareLaunchArgument, OpaqueFunction, SetEnvironmentVariable
from launch.conditions import IfCondition
from launch.substitutions import LaunchConfiguration, PythonExpression
from launch_ros.actions import Node

from launch import LaunchDescription

HERE = Path(__file__).resolve().parent
CAMERAS = HERE / "config" / "cameras.yaml"
PROFILES = ("FASTDDS_DEFAULT_PROFILES_FILE", "FASTRTPS_DEFAULT_PROFILES_FILE")  # the second one up to Jazzy
ARGUMENTS = {
    "points": ("", "topic of the point cloud; the one argument that is needed, unless camera is given"),
    "camera": ("", "a camera of config/cameras.yaml, which knows its topics: realsense, orbbec, zed, ..."),
    "params_file": ("", "parameter file; `part-perception node --dump-params` writes one"),
    "standing_queries": ("", "asked on every frame, such as '[handle, lid]'"),
    "target_frame": ("", "frame of everything that is published; empty = the cloud's own"),
    "gravity_frame": ("", "frame whose z axis points up; empty = find up in the cloud"),
    "namespace": ("", "namespace of the node"),
    "use_sim_time": ("false", "take the time from /clock"),
    "log_level": ("info", "debug, info, warn, error"),
    "respawn": ("true", "start the node again if its process ends"),
    "rviz": ("false", "open RViz with cloud, parts and grasps"),
}


def generate_launch_description() -> LaunchDescription:
    arguments = [
        DeclareLaunchArgument(name, default_value=d, description=t) for name, (d, t) in ARGUMENTS.items()
    ]
    # Without large shared memory segments Fast DDS loses nearly every cloud; a profile of the user's own is left alone.
    ours = str(HERE / "config" / "fastdds_shm.xml")
    own = any(name in os.environ for name in PROFILES)
    profile = [] if own else [SetEnvironmentVariable(name, ours) for name in PROFILES]
    return LaunchDescription([*arguments, *profile, OpaqueFunction(function=start_node), rviz()])


def start_node(context) -> list:
    """The node, with what the arguments say and nothing for those that are empty."""
    value = {name: context.perform_substitution(LaunchConfiguration(name)) for name in ARGUMENTS}
    preset = camera_preset(value["points"], value["camera"])
    parameters = dict(preset.get("parameters", {}), use_sim_time=value["use_sim_time"].lower() == "true")
    if value["standing_queries"]:
        parameters["standing_queries"] = yaml.safe_load(value["standing_queries"])
    parameters.update({name: value[name] for name in ("target_frame", "gravity_frame") if value[name]})
    files = [value["params_file"]] if value["params_file"] else []
    node = Node(
        package="part_perception",
        executable="part_perception_node",
        name="part_perception",
        namespace=value["namespace"],
        remappings=list(preset["topics"].items()),
        parameters=[*files, parameters],
        arguments=["--ros-args", "--log-level", value["log_level"]],
        output="screen",
        respawn=value["respawn"].lower() == "true",
        respawn_delay=2.0,  # taught words are kept in their file; parameters come from here again
    )
    return [node]


def camera_preset(points: str, camera: str) -> dict:
    """Topics and parameters of a camera, or just the topic that was given."""
    cameras = yaml.safe_load(CAMERAS.read_text())
    if bool(points) == bool(camera):
        raise RuntimeError(
            "give the cloud's topic with points:=/..., or a camera with camera:=NAME, and not both"
        )
    if points:
        return {"topics": {"points": points}}
    if camera not in cameras:
        raise RuntimeError(f"there is no camera {camera!r} in {CAMERAS}; it has {', '.join(cameras)}")
    return cameras[camera]


def rviz() -> Node:
    """RViz, looking from the frame that answers are given in."""
    target, gravity = LaunchConfiguration("target_frame"), LaunchConfiguration("gravity_frame")
    frame = PythonExpression(["'", target, "' or '", gravity, "' or 'camera_depth_optical_frame'"])
    return Node(
        package="rviz2",
        executable="rviz2",
        arguments=["-d", str(HERE / "rviz" / "part_perception.rviz"), "-f", frame],
        condition=IfCondition(LaunchConfiguration("rviz")),
    )
