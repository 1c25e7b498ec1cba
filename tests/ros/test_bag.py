"""Bags: the same answers as from the live node, for MCAP and sqlite3, whatever else the bag contains."""

import json

import numpy as np
import pytest
import table
from rclpy.serialization import deserialize_message, serialize_message
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore
from sensor_msgs.msg import PointCloud2
from stand_in import StandIn
from std_msgs.msg import Header

from part_perception.config import Config
from part_perception.recordings.bag_reader import BagReader
from part_perception.ros.messages.clouds import XYZ, write_cloud
from part_perception.ros.messages.parts import time_message
from part_perception.ros.tools import bag
from part_perception.ros.tools.simulated_camera import CAMERA, frame_messages
from part_perception_interfaces.msg import PartArray

SECOND = 1_000_000_000
START = 100 * SECOND


def write(folder, storage: StoragePlugin, frames: int = 3, spoilt: int = 1) -> None:
    """A moving camera at 10 Hz, its transforms written after the clouds, and some clouds that are garbage."""
    store = get_typestore(Stores.LATEST)
    cloud, transform = frame_messages(table.view())
    with Writer(folder, version=9, storage_plugin=storage) as writer:
        points = writer.add_connection("/camera/points", "sensor_msgs/msg/PointCloud2", typestore=store)
        tf = writer.add_connection("/tf", "tf2_msgs/msg/TFMessage", typestore=store)
        for k in range(frames + spoilt):
            stamp = START + k * SECOND // 10
            cloud.header.stamp = transform.transforms[0].header.stamp = time_message(stamp)
            if k >= frames:
                cloud = write_cloud(table.view().points, Header(stamp=time_message(stamp)), XYZ)
            writer.write(points, stamp, serialize_message(cloud))
            writer.write(tf, stamp + SECOND, serialize_message(transform))


@pytest.mark.parametrize("storage", list(StoragePlugin))
def test_every_cloud_is_answered_and_every_output_written(tmp_path, storage):
    write(tmp_path / "in", storage)
    out = tmp_path / f"out.{'db3' if storage == StoragePlugin.SQLITE3 else 'mcap'}"
    config = Config(standing_queries=("handle", "lid"), target_frame="world", gravity_frame="world")
    summary = bag.process(tmp_path / "in", out, config, None, StandIn())
    assert (summary.frames, dict(summary.found)) == (3, {"handle": 3})
    assert list(summary.refused.values()) == [1]
    assert "frame_id is empty" in next(iter(summary.refused))
    assert summary.recorded_s == pytest.approx(0.3)
    with BagReader(tmp_path / "out") as reader:
        for topic in (
            "labeled_cloud",
            "parts",
            "markers",
            "grasp_poses",
            "pre_grasp_poses",
            "debug/processing_time_ms",
        ):
            assert len(list(reader.raw(f"/part_perception/{topic}"))) == 3, topic
        times, raws = zip(*reader.raw("/part_perception/parts"), strict=True)
        assert times == tuple(START + k * SECOND // 10 for k in range(3))
        for raw in raws:
            parts = deserialize_message(raw, PartArray)
            assert parts.header.frame_id == "world"
            centroids = [np.array((p.centroid.x, p.centroid.y, p.centroid.z)) for p in parts.parts]
            for mug in table.MUGS:
                assert min(np.linalg.norm(c - table.handle_centre(mug)) for c in centroids) < 0.03
        cloud = deserialize_message(next(reader.raw("/part_perception/labeled_cloud"))[1], PointCloud2)
        assert (cloud.header.frame_id, cloud.height, cloud.width) == ("world", 480, 640)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nowhere", "out", "-q", "handle"], "there is no bag nowhere"),
        (["in", "out"], "there is nothing to ask"),
        (["in", "out", "-q", "handle", "--topic", "/tf"], "/tf is of type tf2_msgs/msg/TFMessage"),
        (["in", "out", "-q", "handle", "--topic", "/nope"], "the bag has no topic /nope"),
        (["in", "in", "-q", "handle"], "in already exists"),
        (["in", "out", "-q", "handle", "-p", "tf_timeout=99"], "tf_timeout must be from 0 to 10"),
        (["in", "out", "-q", "handle", "-p", "tf_timeout"], "NAME=VALUE"),
        (["empty", "out", "-q", "handle"], "empty cannot be read as a recording"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(tmp_path, monkeypatch, capsys, arguments, reason):
    write(tmp_path / "in", StoragePlugin.MCAP, frames=1, spoilt=0)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bag, "load_segmenter", lambda model: StandIn())
    assert bag.main(arguments) == 2
    told = capsys.readouterr().err
    assert reason in told
    assert told.count("\n") == 1


def test_a_parameter_file_and_the_command_line_are_one_configuration(tmp_path, monkeypatch, capsys):
    write(tmp_path / "in", StoragePlugin.MCAP, frames=2, spoilt=0)
    (tmp_path / "params.yaml").write_text(
        "part_perception:\n  ros__parameters:\n    standing_queries: [lid]\n    scene: {max_objects: 2}\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bag, "load_segmenter", lambda model: StandIn())
    arguments = ["in", "out", "--params-file", "params.yaml", "-p", "labeled_cloud_step=4", "--json"]
    assert bag.main(arguments) == 1, "nothing was found"
    assert json.loads(capsys.readouterr().out)["found"] == {}
    assert bag.main([*arguments[:1], "out2", *arguments[2:], "-q", "handle"]) == 0
    assert json.loads(capsys.readouterr().out)["found"] == {"handle": 2}
    with BagReader(tmp_path / "out2") as reader:
        parts = deserialize_message(next(reader.raw("/part_perception/parts"))[1], PartArray)
        cloud = deserialize_message(next(reader.raw("/part_perception/labeled_cloud"))[1], PointCloud2)
    assert (cloud.height, cloud.width) == (120, 160)
    assert len(parts.objects) == 2
    assert all(part.header.frame_id == CAMERA for part in parts.parts)
