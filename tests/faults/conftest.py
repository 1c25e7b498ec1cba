"""The catalogue of faults uses the fixtures of the live nodes, where ROS 2 is installed."""

import importlib.util

if importlib.util.find_spec("rclpy") is not None:
    from tests.ros.conftest import robot, start_node  # noqa: F401
