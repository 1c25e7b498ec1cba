"""Poses of frames at a moment: the same tests for both sources; tf2_ros is tested where it is installed."""

import importlib.util
import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from geometry_msgs.msg import Quaternion, Transform, TransformStamped
from std_msgs.msg import Header
from tf2_msgs.msg import TFMessage

from part_perception.geometry.poses import pose_matrix, quaternion_of, rotation_of
from part_perception.ros.messages.parts import time_message
from part_perception.ros.messages.poses import vector_message
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.transforms import OwnTransforms, Tf2Transforms, no_transform

SECOND = 1_000_000_000


class Own:
    """The project's buffer."""

    def __init__(self):
        self.source = OwnTransforms()

    def tell(self, message: TFMessage, static: bool) -> None:
        self.source.take(message, static)


class Tf2(Own):
    """The buffer of tf2_ros."""

    def __init__(self):
        self.source = Tf2Transforms()


needs_tf2 = pytest.mark.skipif(importlib.util.find_spec("tf2_ros") is None, reason="tf2_ros is not installed")


@pytest.fixture(params=[Own, pytest.param(Tf2, marks=needs_tf2)])
def tf(request):
    return request.param()


def tell(
    tf, parent: str, child: str, seconds: float | None, translation=(0, 0, 0), turn=(0, 0, 0, 1)
) -> None:
    x, y, z, w = map(float, turn)
    stamp = time_message(round((seconds or 0) * SECOND))
    message = TransformStamped(header=Header(frame_id=parent, stamp=stamp), child_frame_id=child)
    message.transform = Transform(
        translation=vector_message(translation), rotation=Quaternion(x=x, y=y, z=z, w=w)
    )
    tf.tell(TFMessage(transforms=[message]), seconds is None)


def about_z(angle: float) -> np.ndarray:
    return np.array((0, 0, np.sin(angle / 2), np.cos(angle / 2)))


def test_between_two_stamps_it_is_interpolated(tf):
    tell(tf, "base", "camera", 1.0, (0, 0, 0), about_z(0))
    tell(tf, "base", "camera", 2.0, (1, 2, 4), about_z(2.0))
    pose = tf.source.lookup("base", "camera", round(1.25 * SECOND), 0.0)
    np.testing.assert_allclose(pose, pose_matrix((0.25, 0.5, 1.0), about_z(0.5)), atol=1e-9)


def test_the_shorter_way_round_is_taken(tf):
    tell(tf, "base", "camera", 1.0, turn=about_z(0.1))
    tell(tf, "base", "camera", 2.0, turn=-about_z(0.3))
    pose = tf.source.lookup("base", "camera", round(1.5 * SECOND), 0.0)
    np.testing.assert_allclose(pose[:3, :3], rotation_of(about_z(0.2)), atol=1e-9)


def test_a_chain_with_static_links_is_followed_up_and_down(tf):
    tell(tf, "map", "base", 5.0, (1, 0, 0), about_z(np.pi / 2))
    tell(tf, "base", "camera", None, (0, 0, 1))
    tell(tf, "map", "tool", None, (0, 5, 0))
    pose = tf.source.lookup("tool", "camera", 5 * SECOND, 0.0)
    np.testing.assert_allclose(pose, pose_matrix((1, -5, 1), about_z(np.pi / 2)), atol=1e-9)
    back = tf.source.lookup("camera", "tool", 5 * SECOND, 0.0)
    np.testing.assert_allclose(pose @ back, np.eye(4), atol=1e-9)


def test_static_ones_hold_at_every_stamp(tf):
    tell(tf, "base", "camera", None, (0, 0, 1))
    for stamp in (1, 10**12, 10**18):
        assert tf.source.lookup("base", "camera", stamp, 0.0)[2, 3] == 1


def test_a_frame_is_itself_without_any_transform():
    np.testing.assert_array_equal(OwnTransforms().lookup("camera", "camera", 5, 0.0), np.eye(4))


@pytest.mark.parametrize("seconds", [0.5, 2.5])
def test_nothing_is_extrapolated_outside_the_known_times(tf, seconds):
    tell(tf, "base", "camera", 1.0)
    tell(tf, "base", "camera", 2.0)
    with pytest.raises(Refusal) as caught:
        tf.source.lookup("base", "camera", round(seconds * SECOND), 0.0)
    assert caught.value.code == Status.NO_TRANSFORM


def test_the_reason_names_the_frames_that_nobody_has_named(tf):
    with pytest.raises(Refusal, match="from camera to base .*: frame base and camera is not on /tf"):
        tf.source.lookup("base", "camera", 1, 0.0)
    tell(tf, "base", "camera", None)
    for known in ("base", "camera"):
        with pytest.raises(Refusal, match=f"from {known} to map .*: frame map is not on /tf or /tf_static"):
            tf.source.lookup("map", known, 1, 0.0)


def test_the_reason_names_what_is_missing():
    tf = Own()
    tell(tf, "base", "camera", 1.0)
    tell(tf, "map", "odom", 1.0)
    with pytest.raises(Refusal, match="trees that are not connected"):
        tf.source.lookup("map", "camera", SECOND, 0.0)
    with pytest.raises(Refusal, match=r"the newest one of camera is 0\.250 s older than the cloud"):
        tf.source.lookup("base", "camera", round(1.25 * SECOND), 0.0)


def test_a_stamp_before_1970_is_refused_by_tf2_and_needed_for_no_frame_of_its_own(monkeypatch):
    """With a stand-in for tf2_ros: rclpy's Time raises a ValueError for it."""
    found = SimpleNamespace(lookup_transform=lambda *_: None)
    module = SimpleNamespace(TransformException=LookupError, Buffer=lambda: found)
    monkeypatch.setitem(sys.modules, "tf2_ros", module)
    source = Tf2Transforms()
    np.testing.assert_array_equal(source.lookup("/camera", "camera", -5 * SECOND, 0.0), np.eye(4))
    with pytest.raises(Refusal, match="the cloud's stamp is before 1970") as no:
        source.lookup("base", "camera", -5 * SECOND, 0.0)
    assert no.value.code == Status.NO_TRANSFORM


@pytest.mark.parametrize("reason", ["it does not exist", "it does not exist.", "it does not exist. . "])
def test_a_reason_ends_in_one_full_stop(reason):
    assert f"{no_transform('a', 'b', reason)}".endswith("stamp: it does not exist.")


def test_a_loop_of_frames_is_refused():
    tf = Own()
    tell(tf, "a", "b", None)
    tell(tf, "b", "a", None)
    with pytest.raises(Refusal, match="loop"):
        tf.source.lookup("c", "a", 1, 5.0)


def test_one_that_comes_late_is_waited_for():
    tf = Own()
    tell(tf, "base", "camera", 1.0)
    late = threading.Timer(0.05, tell, (tf, "base", "camera", 2.0, (2, 0, 0)))
    late.start()
    assert tf.source.lookup("base", "camera", round(1.5 * SECOND), 10.0)[0, 3] == pytest.approx(1.0)


def test_after_a_jump_back_only_static_ones_are_known():
    tf = Own()
    tell(tf, "base", "camera", None, (0, 0, 1))
    tell(tf, "map", "base", 100.0)
    tf.source.clear()
    tell(tf, "map", "base", 1.0, (3, 0, 0))
    np.testing.assert_allclose(tf.source.lookup("map", "camera", SECOND, 0.0)[:3, 3], (3, 0, 1))


def test_old_transforms_are_dropped_and_late_ones_are_sorted_in():
    tf = Own()
    for seconds in (1.0, 30.0, 32.0, 31.0):
        tell(tf, "base", "camera", seconds, (seconds, 0, 0))
    assert tf.source.lookup("base", "camera", round(30.5 * SECOND), 0.0)[0, 3] == pytest.approx(30.5)
    assert tf.source.lookup("base", "camera", round(31.5 * SECOND), 0.0)[0, 3] == pytest.approx(31.5)
    with pytest.raises(Refusal, match="newer than the cloud"):
        tf.source.lookup("base", "camera", SECOND, 5.0)


def test_a_restarted_clock_is_believed_even_if_an_old_message_straggles():
    tf = Own()
    for seconds in (1000.0, 1.0, 1000.0, 2.0, 3.0):
        tell(tf, "base", "camera", seconds, (seconds, 0, 0))
    assert tf.source.lookup("base", "camera", round(2.5 * SECOND), 0.0)[0, 3] == pytest.approx(2.5)


def test_poses_that_are_not_finite_are_ignored():
    tf = Own()
    tell(tf, "base", "camera", 1.0, (1, 0, 0))
    tell(tf, "base", "camera", 2.0, (np.nan, 0, 0))
    tell(tf, "base", "camera", 3.0, (3, 0, 0))
    assert tf.source.lookup("base", "camera", 2 * SECOND, 0.0)[0, 3] == pytest.approx(2.0)


def test_interpolated_quaternions_have_unit_length():
    tf = Own()
    tell(tf, "base", "camera", 1.0, turn=about_z(0.0))
    tell(tf, "base", "camera", 2.0, turn=about_z(3.0))
    pose = tf.source.lookup("base", "camera", round(1.5 * SECOND), 0.0)
    assert np.linalg.norm(quaternion_of(pose[:3, :3])) == pytest.approx(1)
    np.testing.assert_allclose(pose[:3, :3], rotation_of(about_z(1.5)), atol=1e-9)
