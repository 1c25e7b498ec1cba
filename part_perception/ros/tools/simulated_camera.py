"""A simulated depth camera as a node: organised clouds of a table at 10 Hz, /tf of the camera, ~/truth and ~/sent.

With `rgbd` it publishes depth images instead, raw and compressed, each while somebody subscribes to it.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence

import numpy as np
import PIL.Image
from geometry_msgs.msg import Quaternion, Transform, TransformStamped
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import CameraInfo, CompressedImage, Image, PointCloud2
from std_msgs.msg import Header, String, UInt64
from tf2_msgs.msg import TFMessage

from part_perception.geometry.poses import quaternion_of
from part_perception.recordings.images import DEPTH_HEADER
from part_perception.ros.messages.clouds import packed, write_cloud
from part_perception.ros.messages.poses import vector_message
from part_perception.ros.processes import run_node
from part_perception.simulation.capture import VGA, Capture, capture, orbit
from part_perception.simulation.sensors import SENSORS
from part_perception.simulation.things import TINTS, thing, truth

XYZRGB = np.dtype([("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("rgb", "<f4")])
PNG_LEVEL = 3  # as image_transport's plugin compresses by default
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
        views = [capture(objects, pose, rng, sensor=sensor) for pose in orbit(poses, swing=0.15)]
        self._frames = [frame_messages(view) for view in views]
        rgbd = self.declare_parameter("rgbd", False).value
        self._images = DepthImages(self, views) if rgbd else None
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
        number = self._sent // self._hold % len(self._frames)
        cloud, transform = self._frames[number]
        self._sent += 1
        stamp = self.get_clock().now().to_msg()
        cloud.header.stamp = transform.transforms[0].header.stamp = stamp
        self._tf.publish(transform)
        if self._images is None:
            self._points.publish(cloud)
        else:
            self._images.publish(number, cloud.header)
        self._count.publish(UInt64(data=self._sent))

    def close(self, timeout: float) -> None:
        """Nothing to release."""


class DepthImages:
    """The depth images of a driver: raw, and compressed as image_transport does it.

    Each view is compressed once, when it is first wanted: a driver's compression says nothing about the node.
    """

    def __init__(self, node: Node, views: Sequence[Capture]):
        self._frames = [np.nan_to_num(view.points[..., 2] * 1000).round().astype(np.uint16) for view in views]
        self._streams: dict[int, bytes] = {}
        self._info = node.create_publisher(CameraInfo, "camera_info", 1)
        self._raw = node.create_publisher(Image, "depth/image", 1)
        self._compressed = node.create_publisher(CompressedImage, "depth/image/compressedDepth", 1)

    def publish(self, number: int, header: Header) -> None:
        """One of the views, in the forms that somebody subscribes to."""
        millimetres = self._frames[number]
        height, width = millimetres.shape
        k = [VGA.focal, 0.0, VGA.width / 2, 0.0, VGA.focal, VGA.height / 2, 0.0, 0.0, 1.0]
        self._info.publish(CameraInfo(header=header, width=width, height=height, k=k))
        if self._raw.get_subscription_count():
            raw = Image(header=header, width=width, height=height, step=2 * width, encoding="16UC1")
            raw.data = millimetres.tobytes()
            self._raw.publish(raw)
        if self._compressed.get_subscription_count():
            if number not in self._streams:
                self._streams[number] = compressed(millimetres)
            form = "16UC1; compressedDepth png"
            self._compressed.publish(CompressedImage(header=header, format=form, data=self._streams[number]))


def compressed(millimetres: np.ndarray) -> bytes:
    """A depth image as the plugin compressedDepth sends it."""
    stream = io.BytesIO(bytes(DEPTH_HEADER))
    stream.seek(DEPTH_HEADER)
    PIL.Image.fromarray(millimetres).save(stream, "PNG", compress_level=PNG_LEVEL)
    return stream.getvalue()


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
