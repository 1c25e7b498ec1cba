"""Recordings for tests: a table with three mugs, seen by a coarse depth camera; and the labelling job."""

from __future__ import annotations

from pathlib import Path

import table
from rclpy.serialization import serialize_message
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore
from stand_in import StandIn

from part_perception.config import Config, unhurried
from part_perception.fleet.folder import Job
from part_perception.ros.messages.clouds import XYZ, write_cloud
from part_perception.ros.messages.parts import time_message
from part_perception.ros.tools.simulated_camera import frame_messages

SECOND = 1_000_000_000
# as `label` is asked for it
JOB = Job(unhurried(Config(standing_queries=("handle", "lid"), target_frame="world", gravity_frame="world")))
COARSE = 4  # every fourth row and column of the camera's image


def write_bag(
    folder: Path, frames: int = 2, start: int = 100, storage=StoragePlugin.MCAP, topic="/points"
) -> None:
    """A number of clouds at 10 Hz, with the transforms of a camera that stands still."""
    store = get_typestore(Stores.LATEST)
    view = table.view()
    cloud, transform = frame_messages(view)
    coarse = write_cloud(view.points[::COARSE, ::COARSE], cloud.header, XYZ)
    with Writer(folder, version=9, storage_plugin=storage) as writer:
        points = writer.add_connection(topic, "sensor_msgs/msg/PointCloud2", typestore=store)
        tf = writer.add_connection("/tf", "tf2_msgs/msg/TFMessage", typestore=store)
        for k in range(frames):
            stamp = start * SECOND + k * SECOND // 10
            coarse.header.stamp = transform.transforms[0].header.stamp = time_message(stamp)
            writer.write(points, stamp, serialize_message(coarse))
            writer.write(tf, stamp, serialize_message(transform))


def load_stand_in(model) -> StandIn:
    return StandIn()


class Silence:
    """A progress display without a viewer; it remembers the entries."""

    def __init__(self):
        self.entries = []

    def begin(self, done, total):
        self.began = (done, total)

    def frame(self):
        pass

    def recording(self, entry):
        self.entries.append(entry)
