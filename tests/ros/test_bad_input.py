"""Garbage, the wrong QoS, silence: the node says so, stays alive and answers the next good cloud."""

import re

import numpy as np
import pytest
import table
from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from robot import BEST_EFFORT, NODE
from sensor_msgs.msg import CameraInfo, Image, PointCloud2
from std_msgs.msg import Header

from part_perception.geometry.poses import moved
from part_perception.ros.refusal import Status
from part_perception.simulation.capture import VGA
from part_perception_interfaces.msg import PartArray

pytestmark = pytest.mark.ros


def statuses(message: DiagnosticArray) -> dict[str, DiagnosticStatus]:
    return {status.name.split(": ")[1]: status for status in message.status}


def spoil(cloud: PointCloud2, what: str) -> PointCloud2:
    if what == "point_step":
        cloud.point_step = 7
    elif what == "short":
        cloud.data = cloud.data[:1000]
    elif what == "no points":
        cloud.width = cloud.row_step = 0
    elif what == "no y":
        cloud.fields = [field for field in cloud.fields if field.name != "y"]
    elif what == "1e9":
        cloud.width = 10**9
    elif what == "no frame":
        cloud.header = Header(stamp=cloud.header.stamp)
    return cloud


def error_of_handle(answer) -> float:
    """Distance in metres from the found handle to the first mug's handle, in the camera's frame."""
    c = answer.parts[0].centroid
    true = moved(table.handle_centre(table.MUGS[0]), np.linalg.inv(table.view(1).pose))
    return float(np.linalg.norm(np.array((c.x, c.y, c.z)) - true))


def test_garbage_is_named_once_and_the_next_good_cloud_is_answered(start_node, robot):
    node = start_node({"standing_queries": ["handle"]})
    heard, told = robot.listen(PartArray, f"{NODE}/parts"), robot.listen(DiagnosticArray, "/diagnostics")
    robot.wait("the node to listen", lambda: robot.points.get_subscription_count())
    small = table.view(1).points
    for what in ("point_step", "short", "no points", "no y", "1e9", "no frame"):

        def refused(what=what):
            robot.points.publish(spoil(robot.cloud(small), what))
            answer = robot.query("handle", wait_for_newer=True, timeout=0.5)
            return answer.status.code == Status.BAD_CLOUD

        robot.wait(f"{what} to be refused", refused)
        count = len(heard)
        robot.wait(
            f"the answer after {what}", lambda count=count: robot.publish(small) and len(heard) > count
        )
        assert heard[-1].found[0], what
    nothing = np.full((480, 640, 3), np.nan, np.float32)
    robot.publish(nothing)
    robot.wait("a frame with nothing in it", lambda: not heard[-1].found[0])
    assert len(heard[-1].objects) == 0
    robot.wait(
        "the count", lambda: "refused BAD_CLOUD" in {v.key for v in statuses(told[-1])["perception"].values}
    )
    robot.wait("good again", lambda: robot.publish(small) and heard[-1].found[0])
    node.end()
    node.wait()
    assert node.output.count("cannot be read") <= 4, "throttled"
    assert "field y ends at byte 8, but point_step is 7" in node.output


def test_big_endian_clouds_are_answered_like_others(start_node, robot):
    start_node()
    cloud = robot.cloud(table.view(1).points)
    cloud.data = np.frombuffer(cloud.data, "<f4").astype(">f4").tobytes()
    cloud.is_bigendian = True

    def answered():
        cloud.header.stamp = robot.stamp()
        robot.points.publish(cloud)
        answer = robot.query("handle", timeout=1.0, max_age=60.0)
        return answer.found == [True] and answer

    assert error_of_handle(robot.wait("the handle", answered)) < 0.03


def test_a_qos_that_does_not_match_is_named(start_node, robot):
    node = start_node({"qos_overrides./points.subscription.reliability": "reliable"})
    told = robot.listen(DiagnosticArray, "/diagnostics")
    other = robot.node.create_publisher(PointCloud2, "/points", BEST_EFFORT)
    node.wait_for(
        "/points offers less reliability than qos_overrides./points.subscription.reliability asks for; remove"
    )
    robot.wait(
        "the diagnosis",
        lambda: told and "offers less reliability" in statuses(told[-1])["input"].message,
    )
    assert statuses(told[-1])["input"].level in (DiagnosticStatus.WARN, DiagnosticStatus.ERROR)
    robot.node.destroy_publisher(other)


def test_best_effort_and_reliable_cameras_and_listeners_are_served(start_node, robot):
    start_node({"standing_queries": ["handle"]})
    reliable, best_effort = (robot.listen(PartArray, f"{NODE}/parts", qos) for qos in (10, BEST_EFFORT))
    robot.start_camera(table.view(1).points)
    robot.wait("both listeners", lambda: reliable and best_effort)
    robot.stop_camera()
    camera = robot.node.create_publisher(PointCloud2, "/points", BEST_EFFORT)
    count = len(reliable)

    def publish():
        camera.publish(robot.cloud(table.view(1).points))
        return len(reliable) > count + 1

    assert robot.wait("frames of a best-effort camera", publish)
    assert [list(parts.found) for parts in (reliable[-1], best_effort[-1])] == [[True], [True]]


def test_a_camera_whose_clock_is_behind_is_a_warning(start_node, robot):
    start_node({"standing_queries": ["handle"]})
    told = robot.listen(DiagnosticArray, "/diagnostics")
    robot.start_camera(table.view(1).points, each=ten_seconds_ago)
    robot.wait("the warning", lambda: told and "s old" in statuses(told[-1])["input"].message)
    warning = statuses(told[-1])["input"]
    assert re.fullmatch(
        r"clouds are 1\d\.\d s old when they arrive, so requests refuse them: synchronise the clocks of camera and "
        r"computer, or set use_sim_time for a recording, or raise max_cloud_age",
        warning.message,
    )
    assert warning.level == DiagnosticStatus.WARN
    assert robot.query("handle", timeout=1.0).status.code == Status.CLOUD_TOO_OLD
    assert robot.set(max_cloud_age=60.0) == []
    robot.wait("the end of it", lambda: statuses(told[-1])["input"].message == "clouds arrive")
    assert robot.query("handle").status.code == Status.OK


def ten_seconds_ago(stamp) -> None:
    stamp.sec -= 10


def test_silence_is_a_warning_with_its_reason(start_node, robot):
    start_node({"diagnostics.no_cloud_after": 0.5})
    told = robot.listen(DiagnosticArray, "/diagnostics")
    robot.wait("the warning", lambda: told and "no cloud for" in statuses(told[-1])["input"].message)
    robot.start_camera(table.view(1).points)
    robot.wait("all is well", lambda: statuses(told[-1])["input"].level == DiagnosticStatus.OK)
    robot.stop_camera()
    robot.wait("the error", lambda: statuses(told[-1])["input"].level == DiagnosticStatus.ERROR)
    assert {"input", "perception", "model", "transforms"} == set(statuses(told[-1]))


def test_depth_images_are_as_good_as_clouds(start_node, robot):
    start_node({"input": "rgbd"})
    depth = robot.node.create_publisher(Image, "/depth/image", 1)
    info = robot.node.create_publisher(CameraInfo, "/camera_info", 1)
    z = np.nan_to_num(table.view(1).points[..., 2])
    k = [VGA.focal, 0.0, 320.0, 0.0, VGA.focal, 240.0, 0.0, 0.0, 1.0]

    def answered():
        header = Header(frame_id="camera", stamp=robot.stamp())
        info.publish(CameraInfo(header=header, width=640, height=480, k=k))
        image = Image(header=header, width=640, height=480, encoding="16UC1", step=1280)
        image.data = (z * 1000).round().astype("<u2").tobytes()
        depth.publish(image)
        answer = robot.query("handle", timeout=1.0, max_age=60.0)
        return answer.found == [True] and answer

    assert error_of_handle(robot.wait("the handle", answered)) < 0.03


def test_a_mask_tells_where_to_look(start_node, robot):
    start_node({"regions": "mask"})
    heard = robot.listen(PartArray, f"{NODE}/parts")
    masks = robot.node.create_publisher(Image, "/mask", 1)
    view = table.view()
    local = (table.MUGS[1].surface.points - view.pose[:3, 3]) @ view.pose[:3, :3]
    u, v = (local[:, :2] / local[:, 2:] * VGA.focal + (320, 240)).T.round().astype(int)
    mask = np.zeros((480, 640), np.uint8)
    mask[v.min() - 5 : v.max() + 5, u.min() - 5 : u.max() + 5] = 1

    def looked():
        stamp: Time = robot.stamp()
        image = Image(header=Header(stamp=stamp), width=640, height=480, encoding="mono8", step=640)
        image.data = mask.tobytes()
        masks.publish(image)
        robot.publish(view.points, stamp=stamp)
        return heard

    robot.wait("a frame", looked)
    assert len(heard[-1].objects) == 1
