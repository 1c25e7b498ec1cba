"""Depth and colour images over DDS, compressed like image_transport."""

import io

import numpy as np
import PIL.Image
import pytest
import table
from diagnostic_msgs.msg import DiagnosticArray
from robot import NODE
from sensor_msgs.msg import CameraInfo, CompressedImage, PointCloud2
from std_msgs.msg import Header

from part_perception.geometry.poses import inverse, moved
from part_perception.ros.messages.clouds import LABELLED, read_cloud
from part_perception.ros.refusal import Status

pytestmark = pytest.mark.ros


class RgbdCamera:
    """Publishes compressed depth and colour of a small scene on the topics of image_transport."""

    def __init__(self, robot):
        self.robot, node = robot, robot.node
        self.depth = node.create_publisher(CompressedImage, "/camera/depth/compressedDepth", 1)
        self.colour = node.create_publisher(CompressedImage, "/color/image/compressed", 1)
        self.info = node.create_publisher(CameraInfo, "/camera_info", 1)
        points = np.nan_to_num(table.view(1).points[::2, ::2])
        self.millimetres = (points[..., 2] * 1000).round().astype(np.uint16)

    def shoot(self, colours: np.ndarray) -> None:
        height, width = self.millimetres.shape
        header = Header(frame_id="camera_optical", stamp=self.robot.stamp())
        k = [575 / 2, 0, 319.5 / 2, 0, 575 / 2, 239.5 / 2, 0, 0, 1.0]
        self.info.publish(CameraInfo(header=header, width=width, height=height, k=k))
        for publisher, form, data in (
            (self.depth, "16UC1; compressedDepth png", bytes(12) + encoded(self.millimetres, "PNG")),
            (self.colour, "rgb8; jpeg compressed bgr8", encoded(colours, "JPEG")),
        ):
            publisher.publish(CompressedImage(header=header, format=form, data=data))


def encoded(values: np.ndarray, kind: str) -> bytes:
    stream = io.BytesIO()
    PIL.Image.fromarray(values).save(stream, kind)
    return stream.getvalue()


def colours_of(cloud: PointCloud2) -> np.ndarray:
    """(N, 3) of the points that have no label."""
    colours = read_cloud(cloud).colours.reshape(-1, 3)
    label = np.frombuffer(cloud.data, LABELLED)["label"]
    return colours[label < 0]


def test_compressed_images_are_used_and_colours_of_another_size_dropped(start_node, robot):
    start_node(
        {
            "input": "rgbd",
            "colour": True,
            "depth_transport": "compressedDepth",
            "colour_transport": "compressed",
        }
        | {"standing_queries": ["handle"], "max_cloud_age": 60.0},
        remap={"depth/image": "/camera/depth"},
    )
    camera = RgbdCamera(robot)
    clouds = robot.listen(PointCloud2, f"{NODE}/labeled_cloud")
    told = robot.listen(DiagnosticArray, "/diagnostics")
    robot.wait("the node to listen", lambda: camera.depth.get_subscription_count())
    robot.wait("the node to listen", lambda: camera.colour.get_subscription_count())
    robot.wait("the node to listen", lambda: camera.info.get_subscription_count())
    teal = np.full((*camera.millimetres.shape, 3), (0, 128, 128), np.uint8)

    def shown(colours: np.ndarray, more: int) -> bool:
        camera.shoot(colours)
        return len(clouds) >= more

    robot.wait("a labelled cloud", lambda: shown(teal, 1))
    assert np.abs(np.median(colours_of(clouds[-1]), axis=0) - (0, 128, 128)).max() < 5
    reply = robot.query("handle", max_age=60.0)
    assert (reply.status.code, reply.header.frame_id) == (Status.OK, "camera_optical")
    c = reply.parts[0].centroid
    true = moved(table.handle_centre(table.MUGS[0]), inverse(table.view(1).pose))
    assert np.linalg.norm((c.x, c.y, c.z) - true) < 0.03

    small, before = teal[::2, ::2], len(clouds)
    robot.wait("clouds go on", lambda: shown(small, before + 4))
    assert (colours_of(clouds[-1]) == 150).all(axis=1).any(), "grey, as without colours"
    robot.wait(
        "why",
        lambda: any("colours are left out: the colour image is" in s.message for m in told for s in m.status),
    )
