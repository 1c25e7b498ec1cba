"""Demo client: an ordinary ROS node that asks for parts and keeps the labelled clouds for a picture."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
from builtin_interfaces.msg import Time
from rclpy.qos import DurabilityPolicy, QoSProfile
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import String

from part_perception.ros.messages.clouds import LABELLED, NO_OBJECT, nanoseconds, read_cloud
from part_perception.ros.tools.asker import Asker
from part_perception.ros.transforms import OwnTransforms, hear
from part_perception_interfaces.msg import Status
from part_perception_interfaces.srv import QueryParts

WORLD = "world"
KEPT = 10
ANSWERED = (Status.OK, Status.PART_NOT_FOUND)
ASK_AGAIN_AFTER = 0.1


class Client(Asker):
    """Knows the truth of the simulated camera, and asks in the world frame."""

    def __init__(self):
        super().__init__("part_perception_demo")

    def listen(self) -> None:
        self._transforms = OwnTransforms()
        hear(self._transforms.take, self._node.create_subscription)
        self._changed = threading.Condition()
        self._truth: dict | None = None
        self._clouds: dict[int, PointCloud2] = {}
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self._node.create_subscription(String, "/simulated_camera/truth", self._take_truth, latched)
        self._node.create_subscription(PointCloud2, "/part_perception/labeled_cloud", self._take_cloud, 1)

    def _take_truth(self, message: String) -> None:
        with self._changed:
            self._truth = json.loads(message.data)
            self._changed.notify_all()

    def _take_cloud(self, message: PointCloud2) -> None:
        with self._changed:
            self._clouds[nanoseconds(message.header.stamp)] = message
            for old in sorted(self._clouds)[:-KEPT]:
                del self._clouds[old]
            self._changed.notify_all()

    def truth(self, timeout: float) -> dict:
        """The objects on the table, from the simulated camera."""
        with self._changed:
            self._changed.wait_for(lambda: self._truth is not None, timeout)
            if self._truth is None:
                raise TimeoutError("the simulated camera did not start in time")
            return self._truth

    def ask(
        self, queries: Sequence[str], timeout: float = 10.0, newer: bool = False, **more: object
    ) -> tuple[QueryParts.Response, float]:
        """The same, in the world frame."""
        return super().ask(queries, timeout, newer, target_frame=WORLD, **more)

    def first_answer(self, queries: Sequence[str], timeout: float) -> None:
        """Ask until the node is ready; a TimeoutError says why it was not."""
        deadline, pause = time.monotonic() + timeout, threading.Event()
        while (status := self.ask(queries, timeout)[0].status).code not in ANSWERED:
            if time.monotonic() > deadline or "could not be" in status.message:
                raise TimeoutError(status.message)
            pause.wait(ASK_AGAIN_AFTER)

    def scene(
        self, stamp: Time, timeout: float = 3.0
    ) -> tuple[SimpleNamespace, np.ndarray | None, np.ndarray]:
        """The frame with that stamp for the picture: points, colours, and camera → world."""
        wanted = nanoseconds(stamp)
        with self._changed:
            if not self._changed.wait_for(lambda: wanted in self._clouds, timeout):
                raise TimeoutError("the labelled cloud of the answer did not arrive")
            message = self._clouds[wanted]
        cloud = read_cloud(message)
        to_world = self._transforms.lookup(WORLD, cloud.frame_id, wanted, timeout)
        object_id = np.frombuffer(message.data, LABELLED)["object_id"]
        points = cloud.points.reshape(-1, 3)
        things = [
            SimpleNamespace(indices=np.flatnonzero(object_id == k), points=points[object_id == k])
            for k in np.unique(object_id)
            if k != NO_OBJECT
        ]
        scene = SimpleNamespace(cloud=cloud.points, objects=things, up=to_world[2, :3])
        return scene, cloud.colours, to_world
