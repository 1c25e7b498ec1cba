"""Collision objects over DDS, as a planner's scene follows them. Needs moveit_msgs, which the wheels lack."""

import pytest
import table
from lifecycle_msgs.msg import Transition
from robot import NODE
from std_srvs.srv import SetBool
from test_optional_outputs import behind_an_arm

pytestmark = pytest.mark.ros
moveit = pytest.importorskip("moveit_msgs.msg", reason="moveit_msgs is not installed")
ONE, TWO = table.view(1).points, table.view(2).points
WATCHING = {
    "collision_objects": True,
    "standing_queries": ["handle"],
    "scene.remember": 3.0,
    "diagnostics.no_cloud_after": 1.0,
    "max_cloud_age": 60.0,
}


class PlanningScene:
    """What a planner believes is there, from the messages that it was sent."""

    def __init__(self, robot, topic: str = "/collision_object"):
        self.robot = robot
        self._sent = robot.listen(moveit.CollisionObject, topic)

    @property
    def there(self) -> dict:
        objects: dict = {}
        for message in list(self._sent):
            if message.operation == moveit.CollisionObject.REMOVE:
                objects.pop(message.id, None)
            else:
                objects[message.id] = message
        return objects

    def wait(self, count: int, patience: float = 15.0) -> dict:
        self.robot.wait(f"{count} obstacles", lambda: len(self.there) == count, patience)
        return self.there


def test_every_way_out_withdraws_them_and_every_way_back_brings_them(start_node, robot):
    node, scene = start_node(WATCHING), PlanningScene(robot)

    def enable(on: bool) -> None:
        assert robot.call(SetBool, f"{NODE}/enable", SetBool.Request(data=on)).success

    robot.start_camera(TWO, rate=5.0)
    obstacles = scene.wait(2)
    assert {tuple(each.subframe_names) for each in obstacles.values()} == {("handle",)}
    assert all(each.primitives and each.header.frame_id == "camera" for each in obstacles.values())
    enable(False)
    scene.wait(0)
    enable(True)
    scene.wait(2)
    robot.stop_camera()
    scene.wait(0)
    robot.start_camera(TWO, rate=5.0)
    scene.wait(2)
    assert robot.transition(Transition.TRANSITION_DEACTIVATE)
    scene.wait(0)
    assert robot.transition(Transition.TRANSITION_CLEANUP)
    assert robot.transition(Transition.TRANSITION_CONFIGURE)
    assert robot.transition(Transition.TRANSITION_ACTIVATE)
    scene.wait(2)
    node.interrupt()
    scene.wait(0)


def test_an_arm_in_front_hides_them_for_a_while_and_what_is_seen_through_goes_at_once(start_node, robot):
    start_node(WATCHING | {"scene.remember": 30.0})
    scene = PlanningScene(robot)
    robot.start_camera(ONE, rate=5.0)
    (mug,) = scene.wait(1)
    robot.start_camera(behind_an_arm(ONE), rate=5.0)
    seen = robot.query("handle", wait_for_newer=True, timeout=15.0, max_age=60.0)
    assert mug in scene.there, seen.status.message
    robot.start_camera(table.bare().points, rate=5.0)
    robot.wait("the mug to be gone", lambda: mug not in scene.there)


def test_in_a_namespace_they_are_on_its_own_topic(start_node, robot):
    start_node(WATCHING, remap={"__ns": "/left", "points": "/points"})
    left, whole = PlanningScene(robot, "/left/collision_object"), PlanningScene(robot)
    robot.start_camera(ONE, rate=5.0)
    (name,) = left.wait(1)
    assert (name, whole.there) == ("mug", {})
