"""The demo's client: an ordinary ROS node that asks for parts, and keeps the labelled clouds for a picture."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import rclpy
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from rclpy.signals import SignalHandlerOptions
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import String

from part_perception.geometry.poses import inverse, moved, moved_box
from part_perception.ros.messages.clouds import LABELLED, NO_OBJECT, nanoseconds, read_cloud
from part_perception.ros.messages.poses import box_of, matrix_of_pose
from part_perception.ros.transforms import OwnTransforms
from part_perception.types import Grasp, Part
from part_perception_interfaces.msg import Status
from part_perception_interfaces.srv import QueryParts

WORLD = "world"
KEPT = 10
ANSWERED = (Status.OK, Status.PART_NOT_FOUND)
ASK_AGAIN_AFTER = 0.1


class Client:
    """Spins in its own thread; its calls wait, each with an end."""

    def __init__(self):
        rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
        self._node = Node("part_perception_demo")
        self._transforms = OwnTransforms(self._node)
        self._changed = threading.Condition()
        self._truth: dict | None = None
        self._clouds: dict[int, PointCloud2] = {}
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self._node.create_subscription(String, "/simulated_camera/truth", self._take_truth, latched)
        self._node.create_subscription(PointCloud2, "/part_perception/labeled_cloud", self._take_cloud, 1)
        self._query = self._node.create_client(QueryParts, "/part_perception/query_parts")
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self._node)
        threading.Thread(target=self._spin, daemon=True).start()

    def _spin(self) -> None:
        try:
            self._executor.spin()
        except ExternalShutdownException:
            return

    def close(self) -> None:
        self._executor.shutdown(0.5)
        rclpy.try_shutdown()

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
        """What the simulated camera says is on the table."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._truth is not None, timeout):
                raise TimeoutError("the simulated camera did not start in time")
            return self._truth

    def ask(self, queries: Sequence[str], timeout: float = 10.0, newer: bool = False):
        """The answer of ~/query_parts in the world frame, and how many milliseconds it took."""
        if not self._query.wait_for_service(timeout):
            raise TimeoutError("the node did not start in time")
        request = QueryParts.Request(
            queries=list(queries), target_frame=WORLD, wait_for_newer=newer, timeout=timeout
        )
        start, done = time.perf_counter(), threading.Event()
        future = self._query.call_async(request)
        future.add_done_callback(lambda _: done.set())
        if not done.wait(timeout + 5.0):
            raise TimeoutError("the node did not answer in time")
        return future.result(), (time.perf_counter() - start) * 1e3

    def first_answer(self, queries: Sequence[str], timeout: float) -> None:
        """Ask until the node is ready; a TimeoutError says why it never was."""
        deadline, pause = time.monotonic() + timeout, threading.Event()
        while (status := self.ask(queries, timeout)[0].status).code not in ANSWERED:
            if time.monotonic() > deadline or "could not be" in status.message:
                raise TimeoutError(status.message)
            pause.wait(ASK_AGAIN_AFTER)

    def scene(self, stamp, timeout: float = 5.0) -> tuple[SimpleNamespace, np.ndarray, np.ndarray]:
        """What the picture shows of the frame with that stamp: the scene, its colours, and camera → world."""
        wanted = nanoseconds(stamp)
        with self._changed:
            if not self._changed.wait_for(lambda: wanted in self._clouds, timeout):
                raise TimeoutError("the labelled cloud of the answer did not come")
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


def parts_in_camera(messages: Sequence, to_world: np.ndarray) -> list[Part]:
    """Part messages in the world frame → parts in the camera's frame, as the picture wants them."""
    back, parts = inverse(to_world), []
    for message in messages:
        c, grasps = message.centroid, []
        for grasp in message.grasps:
            pose = back @ matrix_of_pose(grasp.pose)
            grasps.append(Grasp(pose[:3, 3], pose[:3, :3], grasp.opening_width, grasp.quality))
        parts.append(
            Part(
                query=message.query,
                found=True,
                confidence=message.confidence,
                indices=np.frombuffer(message.indices, np.uint32),
                centroid=moved(np.array((c.x, c.y, c.z)), back),
                box=moved_box(box_of(message.box), back),
                grasps=tuple(grasps),
                object_id=message.object_id,
                instance=message.instance,
            )
        )
    return parts
