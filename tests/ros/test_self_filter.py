"""The robot's own links are left out of the cloud, where its description and TF tell of them."""

from types import SimpleNamespace

import numpy as np
import pytest
import table
from std_msgs.msg import String

from part_perception.config import Config
from part_perception.errors import InputError
from part_perception.ros.self_filter import SelfFilter, listed, mesh_file, read_robot
from part_perception.ros.transforms import no_transform

pytestmark = pytest.mark.ros
LINK = 'name="{}"><collision><geometry><box size="0.3 0.3 0.4"/></geometry></collision>'


def description(*links: str) -> String:
    return String(
        data="<robot>" + "".join(f"<link {LINK.format(link)}</link>" for link in links) + "</robot>"
    )


def handles(robot) -> int:
    return len(robot.query("handle", timeout=5.0, max_age=60.0).parts)


def test_what_stands_where_a_link_is_is_left_out_and_comes_back_when_it_moves_away(start_node, robot):
    from robot import BASE, LATCHED

    node = start_node(
        {
            "self_filter.enabled": True,
            "standing_queries": ["handle"],
            "tf_timeout": 0.3,
            "max_cloud_age": 60.0,
        }
    )
    told = robot.node.create_publisher(String, "/robot_description", LATCHED)
    robot.transform(table.POSE)
    robot.start_camera(table.view().points[::2, ::2], rate=4.0)
    assert handles(robot) == 3
    node.wait_for("no robot_description has arrived, so the robot itself is not left out")
    # A link that TF does not know: it is named, and all is seen
    told.publish(description("forearm"))
    node.wait_for("links without a transform to camera are not left out: forearm")
    assert handles(robot) == 3
    # The link covers one mug, then stands elsewhere
    where = np.eye(4)
    for place, seen in ((table.MUGS[1].surface.points.mean(axis=0), 2), ((2.0, 2.0, 0.0), 3)):
        where[:3, 3] = place
        robot.transform(where, parent=BASE, child="forearm")
        robot.wait(f"{seen} handles", lambda seen=seen: handles(robot) == seen)
    # A description that cannot be used says so, and the node goes on
    told.publish(String(data="<sdf/>"))
    node.wait_for("the robot description describes <sdf>, not <robot>")
    assert handles(robot) == 3


def test_links_without_a_transform_are_waited_for_once_a_frame_and_not_at_all_beside_known_ones():
    waits: list[tuple[str, float]] = []
    known: set[str] = set()

    class Known:
        def lookup(self, target, source, stamp_ns, timeout):
            waits.append((source, timeout))
            if source not in known:
                raise no_transform(target, source, "unknown")
            return np.eye(4)

    robot, cloud = SelfFilter(), SimpleNamespace(frame_id="camera", stamp_ns=1)
    robot._robot = read_robot(description("a", "b", "c").data)
    for there, asked, remark in (
        ("", "a! b c", "links without a transform to camera are not left out: a, b, c"),
        ("", "a! b c", "links without a transform to camera are not left out: a, b, c"),
        ("bc", "a! b c", "links without a transform to camera are not left out: a"),
        ("bc", "b! c! a", "links without a transform to camera are not left out: a"),
        ("abc", "b! c! a", ""),
        ("abc", "a! b! c!", ""),
    ):
        waits.clear()
        known |= set(there)
        found, told = robot.solids(cloud, Config(), Known())
        assert (len(found), told) == (len(there), remark)
        assert " ".join(f"{link}{'!' * (wait > 0)}" for link, wait in waits) == asked


def test_addresses_of_meshes():
    assert str(mesh_file("file:///tmp/a%20b.stl")) == "/tmp/a b.stl"
    for uri, reason in (
        ("http://host/a.stl", "neither a package:// nor a file://"),
        ("package://no_such_package/a.stl", "is not installed"),
    ):
        with pytest.raises(InputError, match=reason):
            mesh_file(uri)


def test_a_mesh_is_found_in_its_package_only(monkeypatch, tmp_path):
    index = tmp_path / "share" / "ament_index" / "resource_index" / "packages"
    index.mkdir(parents=True)
    (index / "arm").touch()
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(tmp_path))
    assert mesh_file("package://arm/meshes/a%20b.stl") == tmp_path / "share" / "arm" / "meshes" / "a b.stl"
    with pytest.raises(InputError, match="outside its package"):
        mesh_file("package://arm/../../secret.stl")


def test_remarks_name_the_first_links():
    assert listed("links are lost", []) == ""
    assert listed("links are lost", list("abcde")) == "links are lost: a, b, c and 2 more"
