"""Distributions: what ROS 2 Humble lacks or spells differently, and what Lyrical does not deliver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from inspect import signature
from typing import Any

from rclpy.executors import MultiThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.serialization import serialize_message

try:
    from rclpy.event_handler import SubscriptionEventCallbacks
except ImportError:  # Humble
    from rclpy.qos_event import SubscriptionEventCallbacks

__all__ = [
    "LOGGER_SERVICES",
    "SERIALIZED",
    "WITHOUT_THREADS",
    "SubscriptionEventCallbacks",
    "after_parameters",
    "serialized",
]

# Jazzy's executor never waits for its threads, and cannot be told not to
WITHOUT_THREADS: Any = (
    {"wait_for_threads": False}
    if "wait_for_threads" in signature(MultiThreadedExecutor.shutdown).parameters
    else {}
)
# services that set the levels of a node's loggers; Humble has none
LOGGER_SERVICES: Any = (
    {"enable_logger_service": True} if "enable_logger_service" in signature(Node).parameters else {}
)
# Lyrical sends messages that hold bytes on a topic of their own, from which Fast DDS (rmw_fastrtps_cpp 9.4.7) takes
# no serialized ones: there, clouds are received as messages
SERIALIZED = find_spec("rosidl_buffer") is None


def serialized(message: Any) -> bytes:
    """The bytes of a message, whether it was received as bytes or not."""
    return message if isinstance(message, bytes) else serialize_message(message)


def after_parameters(node: Node, changed: Callable[[Sequence[Parameter]], None]) -> bool:
    """Call this once parameters have changed; False if that is not possible (Humble)."""
    if not hasattr(node, "add_post_set_parameters_callback"):
        return False
    node.add_post_set_parameters_callback(changed)
    return True
