"""Bond: the heartbeat by which nav2_lifecycle_manager sees that the node lives."""

from __future__ import annotations

import uuid
from functools import partial

from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.qos import QoSProfile
from rclpy.timer import Timer

from part_perception.errors import InputError

TOPIC = "bond"
HEARTBEAT, PATIENCE = 0.1, 4.0  # seconds, as of the nodes of Nav2


class ManagerBond:
    """Sent while the node is active, whether or not a manager listens."""

    def __init__(self, node: Node):
        try:
            from bond.msg import Status
        except ImportError:
            raise InputError("bond is true, but the package 'bond' is not installed") from None
        self._node, self._message = node, Status
        self._group = MutuallyExclusiveCallbackGroup()
        # not a lifecycle publisher: the end is announced when the node is already inactive
        self._publisher = Node.create_publisher(node, Status, TOPIC, QoSProfile(depth=1))
        self._timer: Timer | None = None
        self._instance = ""

    def form(self) -> None:
        """Start sending heartbeats."""
        self._instance = str(uuid.uuid4())
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = self._node.create_timer(HEARTBEAT, partial(self._tell, True), self._group, clock=steady)

    def end(self) -> None:
        """Send a last heartbeat, which says that it is the last."""
        if self._timer is not None:
            self._node.destroy_timer(self._timer)
            self._tell(False)
        self._timer = None

    def close(self) -> None:
        self.end()
        self._node.destroy_publisher(self._publisher)

    def _tell(self, active: bool) -> None:
        message = self._message(
            id=self._node.get_name(),
            instance_id=self._instance,
            active=active,
            heartbeat_timeout=PATIENCE,
            heartbeat_period=HEARTBEAT,
        )
        message.header.stamp = self._node.get_clock().now().to_msg()
        self._publisher.publish(message)
