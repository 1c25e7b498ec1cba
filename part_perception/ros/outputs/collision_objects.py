"""MoveIt collision objects: a box or a few for every object, with a subframe for every part, such as `mug/handle`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from geometry_msgs.msg import Pose
from rclpy.node import Node
from rclpy.qos import QoSProfile
from shape_msgs.msg import SolidPrimitive
from std_msgs.msg import Header

from part_perception.geometry.boxes import covering, thin
from part_perception.geometry.poses import inverse, moved
from part_perception.ros.messages.parts import box_message
from part_perception.ros.messages.poses import matrix_of_pose, pose_message
from part_perception.ros.outputs.publisher import FrameMessages
from part_perception.scene.objects import SceneObject
from part_perception.scene.sightlines import Sightlines

PROBES = 100  # points of a remembered object
SHAPE = 2000  # points that tell the shape of an object
BEHIND = 0.03  # metres
MOSTLY = 0.5


@dataclass(frozen=True)
class Obstacle:
    """An object that was published to planners: some of its points in the output frame, and when it was seen."""

    name: str
    points: np.ndarray
    frame_id: str
    seen: float


class CollisionObjects:
    """Published on `collision_object`.

    An object out of sight stays an obstacle for `remember()` seconds: an arm that hides a mug must not open a path
    through it. An object that the camera sees through is removed at once.
    """

    def __init__(self, node: Node, remember: Callable[[], float]):
        from moveit_msgs.msg import CollisionObject

        self._node, self._message, self._remember = node, CollisionObject, remember
        self._publisher = node.create_publisher(CollisionObject, "collision_object", QoSProfile(depth=32))
        self._there: dict[int, Obstacle] = {}
        self._scene = 0  # the one that their numbers are of
        self._header: Header | None = None
        self._lock = threading.Lock()  # frames come from the worker's thread, withdrawals from a timer

    def wanted(self) -> bool:
        return self._publisher.get_subscription_count() > 0

    def publish(self, sight: FrameMessages) -> None:
        frame, where = sight.seen.frame, sight.where
        lines = Sightlines(frame.view)
        with self._lock:
            self._header, remember = where.header, self._remember()
            # objects of a scene that was forgotten have come again as new ones
            known = self._there if sight.seen.scene == self._scene else {}
            hidden = {
                number: obstacle
                for number, obstacle in known.items()
                if number not in {thing.id for thing in frame.objects}
                and 0 <= frame.stamp - obstacle.seen <= remember
                # its place in a new output frame is not known, so it stays for as long as any
                and not (
                    obstacle.frame_id == where.frame_id
                    and seen_through(moved(obstacle.points, inverse(where.pose)), lines)
                )
            }
            names = object_names(sight, {number: obstacle.name for number, obstacle in known.items()})
            now = dict(hidden)
            for thing in frame.objects:
                points = moved(thin(thing.points, PROBES), where.pose)
                now[thing.id] = Obstacle(names[thing.id], points, where.frame_id, frame.stamp)
                self._publisher.publish(self._collision_object(thing, names[thing.id], sight))
            kept = {obstacle.name for obstacle in now.values()}
            self._remove({obstacle.name for obstacle in self._there.values()} - kept)
            self._there, self._scene = now, sight.seen.scene

    def withdraw(self) -> None:
        """Withdraw these objects, which are no longer watched."""
        with self._lock:
            self._remove({obstacle.name for obstacle in self._there.values()})
            self._there = {}

    def _remove(self, names: set[str]) -> None:
        for name in sorted(names):
            self._publisher.publish(
                self._message(header=self._header, id=name, operation=self._message.REMOVE)
            )

    def _collision_object(self, thing: SceneObject, name: str, sight: FrameMessages):
        box = box_message(thing.box, sight.where)
        message = self._message(
            header=sight.where.header, id=name, operation=self._message.ADD, pose=box.center
        )
        pieces = pieces_of(thing)
        message.primitives = [
            SolidPrimitive(type=SolidPrimitive.BOX, dimensions=(high - low).tolist()) for low, high in pieces
        ]
        message.primitive_poses = [pose_message((low + high) / 2, np.eye(3)) for low, high in pieces]
        for part in sight.parts:
            if part.object_id == thing.id:
                subframe = part.query if part.instance == 0 else f"{part.query}_{part.instance}"
                message.subframe_names.append(without_spaces(subframe))
                pose = part.grasps[0].pose if part.grasps else part.box.center
                message.subframe_poses.append(relative(pose, box.center))
        return message

    def close(self) -> None:
        self.withdraw()
        self._node.destroy_publisher(self._publisher)


def pieces_of(thing: SceneObject) -> list[tuple[np.ndarray, np.ndarray]]:
    """(low, high) of boxes in the frame of an object's own box, which they fill where that is not much too big."""
    half = thing.box.size / 2
    inside = (thin(thing.points, SHAPE) - thing.box.centre) @ thing.box.rotation
    pieces = covering(np.clip(inside, -half, half))
    return pieces if len(pieces) > 1 else [(-half, half)]


def seen_through(points: np.ndarray, lines: Sightlines) -> bool:
    """Whether the camera sees past most of these points, where it sees anything."""
    behind = lines.behind(points)
    looked = np.isfinite(behind)
    return bool(looked.any() and (behind[looked] > BEHIND).mean() > MOSTLY)


def object_names(sight: FrameMessages, before: dict[int, str]) -> dict[int, str]:
    """A lasting name for every object: what it is believed to be, name_id for further ones, or object_id."""
    things = sorted(sight.seen.frame.objects, key=lambda thing: -thing.belief.confidence)
    names = {thing.id: before[thing.id] for thing in things if thing.id in before}
    taken = set(before.values())
    for thing in things:
        word = without_spaces(thing.belief.name)
        if names.get(thing.id) == f"object_{thing.id}" or thing.id not in names:
            name = word or f"object_{thing.id}"
            names[thing.id] = f"{name}_{thing.id}" if word in taken else name
            taken.add(names[thing.id])
    return names


def without_spaces(name: str) -> str:
    return "_".join(name.split())


def relative(pose: Pose, base: Pose) -> Pose:
    """A pose relative to another."""
    inside = inverse(matrix_of_pose(base)) @ matrix_of_pose(pose)
    return pose_message(inside[:3, 3], inside[:3, :3])
