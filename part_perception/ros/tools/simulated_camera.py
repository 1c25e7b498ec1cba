"""A simulated depth camera as a node: organised clouds of a table at 10 Hz, /tf of the camera, ~/truth and ~/sent."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import numpy as np
from geometry_msgs.msg import Quaternion, Transform, TransformStamped
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Header, String, UInt64
from tf2_msgs.msg import TFMessage

from part_perception.geometry.poses import quaternion_of
from part_perception.ros.messages.clouds import packed, write_cloud
from part_perception.ros.messages.poses import vector_message
from part_perception.ros.processes import run_node
from part_perception.simulation.capture import Capture, capture, orbit
from part_perception.simulation.sensors import SENSORS
from part_perception.simulation.things import TINTS, thing, truth

XYZRGB = np.dtype([("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("rgb", "<f4")])
WORLD, CAMERA = "world", "camera_depth_optical_frame"
TABLE = (
    ("mug", 0.10, -0.24, 3.9),
    ("cooking pot", -0.14, 0.14, 0.4),
    ("spray bottle", -0.24, -0.14, 1.0),
    ("hammer", 0.20, 0.12, 2.2),
)


class SimulatedCamera(Node):
    """Everything is rendered at the start, so that publishing costs little."""

    def __init__(self):
        super().__init__("simulated_camera")
        rate = self.declare_parameter("rate", 10.0).value
        seed = self.declare_parameter("seed", 1).value
        poses = self.declare_parameter("poses", 8).value
        hold = self.declare_parameter("frames_per_pose", 5).value
        sensor = SENSORS[self.declare_parameter("sensor", "primesense").value]
        objects = [
            thing(kind, seed).moved((x, y, 0.0), yaw).painted(tint)
            for (kind, x, y, yaw), tint in zip(TABLE, TINTS, strict=False)
        ]
        rng = np.random.default_rng(seed)
        self._frames = [
            frame_messages(capture(objects, pose, rng, sensor=sensor)) for pose in orbit(poses, swing=0.15)
        ]
        self._hold, self._sent = hold, 0
        best_effort = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
        self._points = self.create_publisher(PointCloud2, "points", best_effort)
        self._tf = self.create_publisher(TFMessage, "/tf", QoSProfile(depth=100))
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self._count = self.create_publisher(UInt64, "~/sent", latched)
        self._truth = self.create_publisher(String, "~/truth", latched)
        self._truth.publish(String(data=json.dumps(truth(objects))))
        self.create_timer(1.0 / rate, self._publish)

    def _publish(self) -> None:
        cloud, transform = self._frames[self._sent // self._hold % len(self._frames)]
        self._sent += 1
        stamp = self.get_clock().now().to_msg()
        cloud.header.stamp = transform.transforms[0].header.stamp = stamp
        self._tf.publish(transform)
        self._points.publish(cloud)
        self._count.publish(UInt64(data=self._sent))

    def close(self, timeout: float) -> None:
        """Nothing to release."""


def frame_messages(view: Capture) -> tuple[PointCloud2, TFMessage]:
    """A capture as the messages of a camera driver; only the stamps are missing."""
    rgb = packed(view.colours).view(np.float32)
    cloud = write_cloud(view.points, Header(frame_id=CAMERA), XYZRGB, rgb=rgb)
    x, y, z, w = (float(v) for v in quaternion_of(view.pose[:3, :3]))
    transform = Transform(
        translation=vector_message(view.pose[:3, 3]), rotation=Quaternion(x=x, y=y, z=z, w=w)
    )
    stamped = TransformStamped(header=Header(frame_id=WORLD), child_frame_id=CAMERA, transform=transform)
    return cloud, TFMessage(transforms=[stamped])


def main(argv: Sequence[str] | None = None) -> int:
    return run_node(SimulatedCamera, argv)


if __name__ == "__main__":
    sys.exit(main())
