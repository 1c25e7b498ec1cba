"""Detections and collision objects, with messages that have the fields of vision_msgs 4 and moveit_msgs 2."""

import sys
from dataclasses import replace
from functools import partial
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import table
from geometry_msgs.msg import PoseWithCovariance
from robot import BASE, CAMERA
from stand_in import StandIn
from std_msgs.msg import ColorRGBA

from part_perception.config import Config
from part_perception.geometry.motions import Motion
from part_perception.geometry.poses import inverse, moved, pose_matrix
from part_perception.parts.naming import Belief
from part_perception.ros.messages.clouds import Cloud
from part_perception.ros.messages.parts import part_message
from part_perception.ros.messages.poses import matrix_of_pose
from part_perception.ros.outputs.markers import way
from part_perception.ros.outputs.optional import UNLABELLED, optional_outputs
from part_perception.ros.outputs.publisher import FrameMessages, Outputs
from part_perception.ros.perceived import ask
from part_perception.ros.server import Server
from part_perception.ros.transforms import OwnTransforms

FIELDS = {
    "vision_msgs": {
        "Detection3DArray": "header detections",
        "Detection3D": "header results bbox id",
        "ObjectHypothesisWithPose": "hypothesis pose",
        "ObjectHypothesis": "class_id score",
        "BoundingBox3D": "center size",
        "LabelInfo": "header class_map threshold",
        "VisionClass": "class_id class_name",
    },
    "moveit_msgs": {
        "CollisionObject": "header pose id type primitives primitive_poses meshes mesh_poses planes plane_poses "
        "subframe_names subframe_poses operation"
    },
}
obstacles = partial(Config, collision_objects=True)
LISTS = ("subframe_names", "subframe_poses")


def message_class(name: str, fields: tuple[str, ...]) -> type:
    def create(self, **values):
        for field in fields:
            setattr(self, field, [] if field in LISTS else PoseWithCovariance() if field == "pose" else None)
        for field, value in values.items():
            setattr(self, field, value)

    constants = {"ADD": b"\x00", "REMOVE": b"\x01"}
    return type(name, (), {"__slots__": fields, "__init__": create, **constants})


class Node:
    """Remembers what is published on each topic."""

    def __init__(self):
        self.sent: dict[str, list] = {}
        self.told: list[str] = []

    def create_publisher(self, kind, topic, qos):
        heard = self.sent.setdefault(topic, [])
        return SimpleNamespace(publish=heard.append, get_subscription_count=lambda: 1)

    def destroy_publisher(self, publisher):
        pass

    def get_logger(self):
        return SimpleNamespace(debug=self.told.append, error=self.told.append)


@pytest.fixture
def installed(monkeypatch):
    """The used parts of the two packages."""
    for package, messages in FIELDS.items():
        msg = ModuleType(f"{package}.msg")
        for name, fields in messages.items():
            setattr(msg, name, message_class(name, tuple(fields.split())))
        monkeypatch.setitem(sys.modules, package, ModuleType(package))
        monkeypatch.setitem(sys.modules, f"{package}.msg", msg)


def look(count: int, queries=("handle", "lid"), words=("mug",)) -> FrameMessages:
    server = Server(Config(), StandIn(), OwnTransforms())
    seen = server.look_apart(Cloud(table.view(count).points, None, CAMERA, 5_000_000_000))
    seen.standing = ask(seen, queries, words)
    return FrameMessages(seen, server.place(seen.cloud), 0.1)


def test_detections_carry_query_score_box_and_object(installed):
    node = Node()
    detections, _ = optional_outputs(node, Config)
    sight = look(3)
    detections.publish(sight)
    (message,) = node.sent["~/detections"]
    assert (message.header.frame_id, message.header.stamp.sec, len(message.detections)) == (CAMERA, 5, 3)
    for detection, part in zip(message.detections, sight.parts, strict=True):
        (result,) = detection.results
        assert (result.hypothesis.class_id, detection.id) == ("handle", f"{part.object_id}.handle.0")
        assert result.hypothesis.score == pytest.approx(0.9)
        assert detection.bbox.center == result.pose.pose == part.box.center
        assert detection.bbox.size == part.box.size


def test_the_open_path_of_the_surest_part_is_in_the_answers_frame():
    node, sight = Node(), look(1)
    (path,) = [each for each in optional_outputs(node, Config) if type(each).__name__ == "OpenPath"]
    path.publish(sight)
    assert node.sent["~/open_path"][0].poses == [], "a stand-in has no motion"
    pull = Motion("slides", 0.9, np.array((0.0, 0.0, -1.0)), np.zeros(3))
    sight.seen.standing.parts[0].__dict__["motion"] = pull
    sight.seen.standing.parts[0].__dict__.pop("open_path")
    path.publish(sight)
    message = node.sent["~/open_path"][1]
    first, last = (matrix_of_pose(message.poses[k].pose) for k in (0, -1))
    grasp = matrix_of_pose(sight.parts[0].grasps[0].pose)
    np.testing.assert_allclose(first, grasp, atol=1e-9)
    np.testing.assert_allclose(last[:3, 3] - grasp[:3, 3], (0, 0, -0.3), atol=1e-9)
    assert message.header.frame_id == message.poses[0].header.frame_id == CAMERA
    path.withdraw()
    assert [len(m.poses) for m in node.sent["~/open_path"][2:]] == [0], "no subscriber is left"
    path.withdraw()
    assert len(node.sent["~/open_path"]) == 3


def test_a_motion_goes_into_the_frame_that_was_asked_for_with_its_path():
    sight, pose = look(1), np.eye(4)
    pose[:3, :3], pose[:3, 3] = np.array(((0, -1, 0), (1, 0, 0), (0, 0, 1.0))), (1.0, 2.0, 3.0)
    (part,) = sight.seen.standing.parts
    part.__dict__["motion"] = Motion("turns", 0.8, np.array((1.0, 0, 0)), np.array((0.1, 0.2, 0.3)), True)
    where = replace(sight.where, frame_id="base", pose=pose)
    message = part_message(part, where, 0.0, with_open_path=True)
    told = message.motion
    assert (told.kind, told.measured, told.confidence) == (told.TURNS, True, pytest.approx(0.8))
    assert (told.axis.x, told.axis.y, told.axis.z) == pytest.approx((0, 1, 0))
    assert (told.origin.x, told.origin.y, told.origin.z) == pytest.approx((0.8, 2.1, 3.3))
    assert len(message.open_path) == 19
    np.testing.assert_allclose(matrix_of_pose(message.open_path[0]), matrix_of_pose(message.grasps[0].pose))
    assert not part_message(part, where, 0.0).open_path
    line, tip = way(message, 0, ColorRGBA())
    assert (line.ns, tip.ns, tip.points) == ("motions", "motion_tips", line.points[-2:])
    arm = [np.hypot(p.x - 0.8, p.z - 3.3) for p in line.points]
    assert np.ptp(arm) < 1e-6, "an arc about the axis"


def test_a_name_stands_above_its_part_whatever_the_frame():
    """In a camera's frame, z points into the scene: a name along it would be behind its part."""
    sight = look(1, ("handle",))
    (part,), drawn = sight.parts, sight.markers().markers
    (name,) = (marker for marker in drawn if marker.ns == "names")
    at, middle = name.pose.position, part.centroid
    above = np.array((at.x - middle.x, at.y - middle.y, at.z - middle.z))
    size = max(part.box.size.x, part.box.size.y, part.box.size.z)
    assert table.POSE[:3, :3] @ above == pytest.approx((0, 0, size / 2 + 0.025), abs=2e-3)


def test_labels_are_published_when_the_queries_change(installed):
    node = Node()
    detections, _ = optional_outputs(node, Config)
    for sight in (look(1), look(1), look(1, queries=("top",))):
        detections.publish(sight)
    first, second = node.sent["~/label_info"]
    assert [(c.class_id, c.class_name) for c in first.class_map] == [
        (0, "handle"),
        (1, "lid"),
        (UNLABELLED, ""),
    ]
    assert [c.class_name for c in second.class_map] == ["top", ""]


def test_a_planner_can_address_mug_handle(installed):
    node = Node()
    _, _, collisions = optional_outputs(node, obstacles)
    sight = look(3)
    collisions.publish(sight)
    sent = node.sent["collision_object"]
    assert len(sent) == 3 and all(m.operation == b"\x00" for m in sent)
    assert sum(m.id == "mug" for m in sent) == 1 and all(m.id.startswith("mug") for m in sent)
    for message in sent:
        assert message.subframe_names == ["handle"]
        part = next(p for p in sight.parts if centre(message) in near(sight, p))
        grasp = matrix_of_pose(message.pose) @ matrix_of_pose(message.subframe_poses[0])
        np.testing.assert_allclose(grasp, matrix_of_pose(part.grasps[0].pose), atol=1e-9)
        assert 2 <= len(message.primitives) <= 4, "the handle sticks out: one box would be much too big"
        thing = next(t for t in sight.seen.frame.objects if t.id == part.object_id)
        covered = np.any([inside(thing.points, message, k) for k in range(len(message.primitives))], axis=0)
        assert covered.mean() > 0.99
        volume = sum(np.prod(box.dimensions) for box in message.primitives)
        assert volume < 0.65 * np.prod(thing.box.size)


def inside(points: np.ndarray, message, k: int) -> np.ndarray:
    """The points in one of the boxes of a collision object."""
    pose = matrix_of_pose(message.pose) @ matrix_of_pose(message.primitive_poses[k])
    local = moved(points, inverse(pose))
    return (np.abs(local) <= np.array(message.primitives[k].dimensions) / 2 + 1e-3).all(axis=1)


class Camera:
    """Frames of one scene, one after the other."""

    def __init__(self, node: Node):
        config = obstacles(standing_queries=("handle",))
        self.server = Server(config, StandIn(), OwnTransforms())
        _, _, self.collisions = optional_outputs(node, lambda: self.server.config)
        self.sent = node.sent["collision_object"]

    def removed(self, points: np.ndarray, seconds: float) -> list[str]:
        """The names that a frame removes."""
        del self.sent[:]
        cloud = Cloud(points, None, CAMERA, int(seconds * 1e9))
        seen = self.server.look(SimpleNamespace(read=lambda: cloud, regions=lambda: None, arrived=0.0))
        self.collisions.publish(FrameMessages(seen, self.server.place(cloud), 0.0))
        return [message.id for message in self.sent if message.operation == b"\x01"]


def behind_an_arm(points: np.ndarray) -> np.ndarray:
    """The same view with something close in front of all but a strip at the top."""
    hidden = points.copy()
    hidden[60:] *= 0.2 / hidden[60:, :, 2:]
    return hidden


def test_an_obstacle_hidden_by_the_arm_stays_for_a_while(installed):
    camera = Camera(Node())
    assert camera.removed(table.view(1).points, 5.0) == []
    (there,) = {message.id for message in camera.sent}
    assert camera.removed(behind_an_arm(table.view(1).points), 6.0) == []
    assert camera.removed(behind_an_arm(table.view(1).points), 7.9) == []
    assert there in camera.removed(behind_an_arm(table.view(1).points), 8.1)


def test_how_long_a_hidden_obstacle_stays_can_be_changed(installed):
    camera = Camera(Node())
    config = camera.server.config
    camera.server.reconfigure(replace(config, scene=replace(config.scene, remember=30.0)))
    camera.removed(table.view(1).points, 5.0)
    assert camera.removed(behind_an_arm(table.view(1).points), 30.0) == []
    assert len(camera.removed(behind_an_arm(table.view(1).points), 35.1)) == 1


def test_obstacles_of_a_scene_that_was_forgotten_do_not_stay_beside_those_of_the_next(installed):
    """As after a change of the gripper: the same mugs are new objects, where the old ones seem to be hidden."""
    camera = Camera(Node())
    camera.removed(table.view(2).points, 5.0)
    before = {message.id for message in camera.sent}
    camera.server.forget()
    removed = camera.removed(table.view(2).points, 5.1)
    there = {message.id for message in camera.sent if message.operation == b"\x00"}
    assert len(before) == len(there) == 2 and "mug" in before & there
    assert set(removed) == before - there


def test_an_obstacle_that_the_camera_sees_through_is_removed_at_once(installed):
    camera = Camera(Node())
    camera.removed(table.view(3).points, 5.0)
    before = {message.id for message in camera.sent}
    removed = camera.removed(table.view(1).points, 5.1)
    assert len(removed) == 2 and set(removed) == before - {
        m.id for m in camera.sent if m.operation == b"\x00"
    }
    assert camera.removed(table.bare().points, 5.2) == list(before - set(removed))


def test_an_obstacle_stays_hidden_when_the_frame_of_the_answers_changes(installed):
    """Read in the new frame, its old place would be in front of the arm, where the camera sees through."""
    camera = Camera(Node())
    camera.server.transforms.buffer.set(BASE, CAMERA, None, table.POSE)
    camera.server.transforms.buffer.set(CAMERA, "farther", None, pose_matrix((0, 0, -0.7), (0, 0, 0, 1)))
    camera.server.reconfigure(replace(camera.server.config, gravity_frame=BASE))
    assert camera.removed(table.view(1).points, 5.0) == []
    (there,) = {message.id for message in camera.sent}
    camera.server.reconfigure(replace(camera.server.config, target_frame="farther"))
    assert camera.removed(behind_an_arm(table.view(1).points), 6.0) == []
    assert camera.removed(behind_an_arm(table.view(1).points), 8.1) == [there]


def test_names_are_stable_without_spaces_and_all_are_removed_at_the_end(installed):
    node = Node()
    _, _, collisions = optional_outputs(node, obstacles)
    outputs = Outputs(Publishers(), [collisions])
    sight = look(2, words=())
    thing, _ = sight.seen.frame.objects
    thing.__dict__["belief"] = Belief("coffee mug", 0.9)
    collisions.publish(sight)
    sent = node.sent["collision_object"]
    names = {message.id for message in sent}
    assert "coffee_mug" in names and len(names) == 2 and not any(" " in name for name in names)
    thing.__dict__["belief"] = Belief("", 0.0)
    collisions.publish(sight)
    assert {message.id for message in sent} == names, "a planner may hold on to the name"
    outputs.withdraw()
    assert sorted(m.id for m in sent if m.operation == b"\x01") == sorted(names)
    outputs.withdraw()
    assert sum(m.operation == b"\x01" for m in sent) == 2


class Publishers:
    """A node whose topics have no subscribers."""

    def create_publisher(self, *_, **__):
        return SimpleNamespace(get_subscription_count=lambda: 0)


def centre(message) -> tuple[float, float, float]:
    p = message.pose.position
    return p.x, p.y, p.z


def near(sight: FrameMessages, part) -> list[tuple[float, float, float]]:
    """The centre of the box of a part's object."""
    thing = next(thing for thing in sight.seen.frame.objects if thing.id == part.object_id)
    return [tuple(float(x) for x in thing.box.centre)]


def test_without_the_packages_the_node_says_what_is_missing(monkeypatch):
    for package in (*FIELDS, "nav_msgs"):
        monkeypatch.setitem(sys.modules, f"{package}.msg", None)
        monkeypatch.setitem(sys.modules, package, None)
    node = Node()
    assert optional_outputs(node, obstacles) == []
    assert node.told == [
        "vision_msgs is not installed: no ~/detections, no ~/label_info",
        "nav_msgs is not installed: no ~/open_path",
        "collision_objects is set, but moveit_msgs is not installed",
    ]
