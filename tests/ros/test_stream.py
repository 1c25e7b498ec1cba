"""A message that waits for a thread leaves the executor asleep, whatever events its subscription has."""

from __future__ import annotations

import threading
import time

import pytest

pytest.importorskip("rclpy", reason="these tests need ROS 2")
import rclpy  # noqa: E402
from rclpy.context import Context  # noqa: E402
from rclpy.executors import MultiThreadedExecutor  # noqa: E402
from rclpy.node import Node  # noqa: E402
from std_msgs.msg import String  # noqa: E402

from part_perception.ros.distributions import WITHOUT_THREADS  # noqa: E402
from part_perception.ros.stream import Stream  # noqa: E402

pytestmark = pytest.mark.ros
BUSY = 0.5  # seconds


class Counted(Stream):
    """Counts how often the executor asks whether the subscription or one of its events may run."""

    asked = 0

    def can_execute(self, entity):
        self.asked += 1
        return super().can_execute(entity)


def asked_while_a_message_waits(domain: int) -> int:
    """All threads of an executor are busy while a message waits; it is taken in the end."""
    context, group, free, taken = Context(), Counted(), threading.Event(), threading.Event()
    rclpy.init(context=context, domain_id=domain)
    node = Node("stream", context=context)
    executor = MultiThreadedExecutor(2, context=context)
    node.create_subscription(String, "words", lambda _: taken.set(), 1, callback_group=group)
    publisher = node.create_publisher(String, "words", 1)
    executor.add_node(node)
    thread = threading.Thread(target=executor.spin, daemon=True)
    try:
        for _ in range(2):  # as many as there are threads
            executor.create_task(free.wait)
        thread.start()
        time.sleep(0.2)
        before = group.asked
        publisher.publish(String(data="handle"))
        time.sleep(BUSY)
        asked = group.asked - before
        free.set()
        assert taken.wait(10.0)
        return asked
    finally:
        free.set()
        executor.shutdown(1.0, **WITHOUT_THREADS)
        node.destroy_node()
        rclpy.try_shutdown(context=context)


def test_the_executor_sleeps_while_a_message_waits(ros_domain_id, ros_env):
    assert asked_while_a_message_waits(ros_domain_id) < 40, "thousands, if it is woken in vain"
