"""Bag of clouds: a recording that is made of arrays, to measure with."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from rclpy.serialization import serialize_message
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore
from std_msgs.msg import Header

from part_perception.ros.messages.clouds import XYZ, write_cloud
from part_perception.ros.messages.parts import time_message

FRAME, TOPIC = "camera_optical_frame", "/points"


def write_clouds(folder: Path, clouds: Iterable[np.ndarray], period_ns: int) -> None:
    """An MCAP recording of one topic, a cloud (H, W, 3) every period."""
    store = get_typestore(Stores.LATEST)
    with Writer(folder, version=9, storage_plugin=StoragePlugin.MCAP) as writer:
        topic = writer.add_connection(TOPIC, "sensor_msgs/msg/PointCloud2", typestore=store)
        for k, points in enumerate(clouds):
            header = Header(frame_id=FRAME, stamp=time_message(k * period_ns))
            message = write_cloud(points.astype(np.float32), header, XYZ)
            writer.write(topic, k * period_ns, serialize_message(message))
