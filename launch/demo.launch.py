"""A simulated camera and the node: `ros2 launch part_perception demo.launch.py rviz:=true`."""

import sys
from pathlib import Path

from launch.actions import DeclareLaunchArgument, ExecuteProcess, IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration

from launch import LaunchDescription

NODE = Path(__file__).resolve().parent / "part_perception.launch.py"
CAMERA = [sys.executable, "-m", "part_perception.ros.tools.simulated_camera"]


def generate_launch_description() -> LaunchDescription:
    arguments = {
        "points": "/points",
        "gravity_frame": "world",
        "standing_queries": LaunchConfiguration("standing_queries"),
        "view": LaunchConfiguration("view"),
        "rviz": LaunchConfiguration("rviz"),
    }
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "standing_queries", default_value="[handle, lid]", description="words to ask for"
            ),
            DeclareLaunchArgument("view", default_value="false", description="show it in a browser"),
            DeclareLaunchArgument("rviz", default_value="false", description="open RViz"),
            DeclareLaunchArgument(
                "seed", default_value="1", description="seed: another number gives other objects"
            ),
            IncludeLaunchDescription(
                PythonLaunchDescriptionSource(str(NODE)), launch_arguments=arguments.items()
            ),
            ExecuteProcess(
                cmd=[*CAMERA, "--ros-args", "-p", ["seed:=", LaunchConfiguration("seed")]],
                name="simulated_camera",
                output="screen",
            ),
        ]
    )
