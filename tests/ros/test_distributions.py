"""What Humble's rclpy lacks, and what Lyrical does not deliver, as far as another rclpy can show it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import rclpy
import table
from rclpy.context import Context
from rclpy.node import Node
from rclpy.parameter import Parameter
from std_msgs.msg import Header

from part_perception.ros.distributions import serialized
from part_perception.ros.messages.clouds import XYZ, read_raw_cloud, write_cloud
from part_perception.ros.parameters import Parameters
from part_perception.ros.refusal import Status


@pytest.fixture
def node(ros_domain_id):
    context = Context()
    rclpy.init(context=context, domain_id=ros_domain_id)
    one = Node("humble", context=context)
    yield one
    one.destroy_node()
    rclpy.try_shutdown(context=context)


@pytest.mark.ros
@pytest.mark.parametrize("old", [False, True])
def test_a_parameter_change_is_reported_once_and_only_if_accepted(node, monkeypatch, old):
    if old:
        monkeypatch.delattr(Node, "add_post_set_parameters_callback")
    told = []
    parameters = Parameters(node, lambda _: None, told.append)
    good, bad = node.set_parameters([Parameter("max_queries", value=7), Parameter("tf_timeout", value=99.0)])
    assert (good.successful, bad.successful) == (True, False)
    assert [config.max_queries for config in told] == [7]
    assert parameters.config().max_queries == 7


@pytest.mark.ros
def test_where_bytes_have_a_topic_of_their_own_clouds_are_received_as_messages(
    start_process, ros_env, robot, tmp_path
):
    """As on Lyrical, which has the package rosidl_buffer."""
    (tmp_path / "rosidl_buffer").mkdir()
    (tmp_path / "rosidl_buffer" / "__init__.py").touch()
    lyrical = ros_env | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    code = "from part_perception.ros.distributions import SERIALIZED; print(SERIALIZED)"
    for env, said in ((ros_env, "True"), (lyrical, "False")):
        told = subprocess.run(
            [sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60
        )
        assert told.stdout.strip() == said, told.stderr
    program = Path(__file__).parent / "node_with_stand_in.py"
    node = start_process(["python", program, "--ros-args", "-p", "taught_words:=none"], env=lyrical)
    node.wait_for("Active: waiting for clouds")
    robot.start_camera(table.view(1).points, rate=4.0)
    answer = robot.query("handle", timeout=15.0)
    assert (answer.status.code, answer.status.message) == (Status.OK, "")


def test_a_message_is_serialized_unless_it_was_received_so():
    cloud = write_cloud(table.view(1).points[::40, ::40], Header(frame_id="camera"), XYZ)
    raw = serialized(cloud)
    assert serialized(raw) is raw
    assert bytes(read_raw_cloud(raw).data) == bytes(cloud.data)
