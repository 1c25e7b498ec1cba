"""A robot's side of the conversation, for tests: publishes clouds and transforms, asks, and waits for answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
import rclpy
from action_msgs.msg import GoalStatus
from geometry_msgs.msg import Quaternion, Transform, TransformStamped
from lifecycle_msgs.srv import ChangeState, GetState
from rcl_interfaces.srv import GetParameters, SetParameters
from rclpy.action import ActionClient
from rclpy.context import Context
from rclpy.executors import MultiThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Header
from tf2_msgs.msg import TFMessage

from part_perception.geometry.poses import quaternion_of
from part_perception.ros.distributions import WITHOUT_THREADS
from part_perception.ros.messages.clouds import XYZ, write_cloud
from part_perception.ros.messages.poses import vector_message
from part_perception_interfaces.action import FindPart
from part_perception_interfaces.srv import Decompose, QueryParts, Teach

NODE = "/part_perception"
PATIENCE = 20.0
DEEP = QoSProfile(depth=50)
BEST_EFFORT = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
LATCHED = QoSProfile(depth=10, durability=DurabilityPolicy.TRANSIENT_LOCAL)
CAMERA, BASE = "camera", "base"
STAMP_NOW = object()


class Robot:
    """One ROS node in its own context; every wait has a limit and says what it waited for."""

    def __init__(self, domain: int, name: str = "robot"):
        self._context = Context()
        rclpy.init(context=self._context, domain_id=domain)
        self.node = Node(name, context=self._context)
        self._change = threading.Condition()
        self._stop_camera = threading.Event()
        self._camera: threading.Thread | None = None
        self.tf = self.node.create_publisher(TFMessage, "/tf", QoSProfile(depth=100))
        self.tf_static = self.node.create_publisher(TFMessage, "/tf_static", LATCHED)
        self.points = self.node.create_publisher(PointCloud2, "/points", QoSProfile(depth=1))
        self._clients: dict = {}
        deep = dict.fromkeys(("goal", "result", "cancel"), DEEP)
        self._find = ActionClient(  # never made while the executor spins
            self.node,
            FindPart,
            f"{NODE}/find_part",
            **{f"{name}_service_qos_profile": qos for name, qos in deep.items()},
        )
        self._executor = MultiThreadedExecutor(4, context=self._context)
        self._executor.add_node(self.node)
        threading.Thread(target=self._spin, daemon=True).start()

    def _spin(self) -> None:
        try:
            self._executor.spin()
        except Exception:
            if self._context.ok():
                raise

    def close(self) -> None:
        self.stop_camera()
        self._executor.shutdown(1.0, **WITHOUT_THREADS)
        self.node.destroy_node()
        rclpy.try_shutdown(context=self._context)

    # --- waiting ----------------------------------------------------------------------------------------------
    def wait(self, what: str, condition: Callable[[], object], patience: float = PATIENCE):
        """Wait until the condition is truthy; it is checked whenever a message arrives."""
        deadline = time.monotonic() + patience
        while not (value := condition()):  # without the lock: a condition may ask, and answers need it
            left = deadline - time.monotonic()
            assert left > 0, f"waited {patience:.0f} s in vain for {what}"
            with self._change:
                self._change.wait(min(left, 0.1))
        return value

    def listen(self, kind, topic: str, qos: QoSProfile = DEEP) -> list:
        """All messages of a topic, as they arrive."""
        heard: list = []

        def take(message) -> None:
            with self._change:
                heard.append(message)
                self._change.notify_all()

        self.node.create_subscription(kind, topic, take, qos)
        return heard

    def wait_for(self, future, patience: float) -> bool:
        """Whether it was done in time."""
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        return done.wait(patience)

    def finish(self, what: str, future, patience: float = PATIENCE):
        assert self.wait_for(future, patience), f"waited {patience:.0f} s in vain for {what}"
        return future.result()

    # --- camera -----------------------------------------------------------------------------------------------
    def stamp(self):
        return self.node.get_clock().now().to_msg()

    def cloud(self, points: np.ndarray, frame: str = CAMERA, stamp=STAMP_NOW) -> PointCloud2:
        now = self.stamp() if stamp is STAMP_NOW else stamp
        return write_cloud(points, Header(frame_id=frame, stamp=now), XYZ)

    def publish(self, points: np.ndarray, frame: str = CAMERA, stamp=STAMP_NOW) -> PointCloud2:
        message = self.cloud(points, frame, stamp)
        self.points.publish(message)
        return message

    def start_camera(
        self,
        points: np.ndarray,
        rate: float = 10.0,
        each: Callable = lambda stamp: None,
        frame: str = CAMERA,
    ) -> None:
        """Publish a cloud repeatedly, stamped with the current time; `each` is called with the stamp first."""
        self.stop_camera()
        self._stop_camera.clear()
        message = self.cloud(points, frame)

        def run() -> None:
            while not self._stop_camera.wait(1.0 / rate):
                message.header.stamp = self.stamp()
                each(message.header.stamp)
                self.points.publish(message)

        self._camera = threading.Thread(target=run, daemon=True)
        self._camera.start()

    def stop_camera(self) -> None:
        self._stop_camera.set()
        if self._camera is not None:
            self._camera.join()
        self._camera = None

    def transform(self, pose: np.ndarray, stamp=None, parent: str = BASE, child: str = CAMERA) -> None:
        """Publish the camera's pose: with a stamp on /tf, without one on /tf_static."""
        x, y, z, w = (float(v) for v in quaternion_of(pose[:3, :3]))
        message = TransformStamped(header=Header(frame_id=parent), child_frame_id=child)
        message.transform = Transform(
            translation=vector_message(pose[:3, 3]), rotation=Quaternion(x=x, y=y, z=z, w=w)
        )
        if stamp is not None:
            message.header.stamp = stamp
        (self.tf_static if stamp is None else self.tf).publish(TFMessage(transforms=[message]))

    # --- asking -----------------------------------------------------------------------------------------------
    def client(self, kind, name: str, patience: float = PATIENCE):
        if name not in self._clients:
            self._clients[name] = self.node.create_client(kind, name, qos_profile=DEEP)
        assert self._clients[name].wait_for_service(patience), f"no service {name} in {patience:.0f} s"
        return self._clients[name]

    def call(self, kind, name: str, request, patience: float = PATIENCE):
        return self.finish(name, self.client(kind, name).call_async(request), patience)

    def query(self, *queries: str, **fields):
        request = QueryParts.Request(queries=list(queries), **fields)
        return self.call(QueryParts, f"{NODE}/query_parts", request)

    def ask_later(self, *queries: str, **fields):
        """The future of an answer."""
        client = self.client(QueryParts, f"{NODE}/query_parts")
        return client.call_async(QueryParts.Request(queries=list(queries), **fields))

    def decompose(self, **fields):
        return self.call(Decompose, f"{NODE}/decompose", Decompose.Request(**fields))

    def teach(self, **fields):
        return self.call(Teach, f"{NODE}/teach", Teach.Request(**fields))

    def find(self, query: str, feedback: list | None = None, **fields):
        """The goal handle and the future of its result."""
        client = self._find
        assert client.wait_for_server(PATIENCE), "no action find_part"
        take = (lambda message: feedback.append(message.feedback)) if feedback is not None else None
        goal = FindPart.Goal(query=query, **fields)
        handle = self.finish("the goal to be accepted", client.send_goal_async(goal, take))
        assert handle.accepted
        return handle, handle.get_result_async()

    def result(self, future) -> tuple[str, FindPart.Result]:
        """A goal's final status and result."""
        answer = self.finish("the result of find_part", future)
        names = {
            GoalStatus.STATUS_SUCCEEDED: "succeeded",
            GoalStatus.STATUS_ABORTED: "aborted",
            GoalStatus.STATUS_CANCELED: "canceled",
        }
        return names[answer.status], answer.result

    def set(self, **values) -> list[str]:
        """Set parameters (a__b stands for a.b); returns the reasons of those refused."""
        parameters = [Parameter(n.replace("__", "."), value=v).to_parameter_msg() for n, v in values.items()]
        request = SetParameters.Request(parameters=parameters)
        results = self.call(SetParameters, f"{NODE}/set_parameters", request).results
        return [r.reason for r in results if not r.successful]

    def parameter(self, name: str):
        return self.call(GetParameters, f"{NODE}/get_parameters", GetParameters.Request(names=[name])).values[
            0
        ]

    def transition(self, number: int) -> bool:
        request = ChangeState.Request()
        request.transition.id = number
        return self.call(ChangeState, f"{NODE}/change_state", request).success

    def state(self) -> str:
        return self.call(GetState, f"{NODE}/get_state", GetState.Request()).current_state.label
