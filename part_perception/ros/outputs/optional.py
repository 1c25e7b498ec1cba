"""Outputs for packages that may be missing: vision_msgs detections and labels, MoveIt collision objects."""

from __future__ import annotations

from geometry_msgs.msg import Pose
from rclpy.qos import DurabilityPolicy, QoSProfile
from shape_msgs.msg import SolidPrimitive
from std_msgs.msg import Header

from part_perception.config import Config
from part_perception.geometry.poses import inverse
from part_perception.ros.messages.parts import box_message
from part_perception.ros.messages.poses import matrix_of_pose, pose_message

UNLABELLED = 65535


def optional_outputs(node, config: Config) -> list:
    """Those whose packages are installed, and that are asked for."""
    made = []
    try:
        made.append(Detections(node))
    except ImportError:
        node.get_logger().debug("vision_msgs is not installed: no ~/detections, no ~/label_info")
    if config.collision_objects:
        try:
            made.append(CollisionObjects(node))
        except ImportError:
            node.get_logger().error("collision_objects is set, but moveit_msgs is not installed")
    return made


class Detections:
    """~/detections, and ~/label_info latched whenever the queries change."""

    def __init__(self, node):
        from vision_msgs.msg import Detection3DArray, LabelInfo

        self._node = node
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self._publisher = node.create_publisher(Detection3DArray, "~/detections", QoSProfile(depth=1))
        self._labels = node.create_publisher(LabelInfo, "~/label_info", latched)
        self._told: tuple[str, ...] | None = None

    def wanted(self) -> bool:
        return self._publisher.get_subscription_count() + self._labels.get_subscription_count() > 0

    def publish(self, sight) -> None:
        from vision_msgs.msg import (
            BoundingBox3D,
            Detection3D,
            Detection3DArray,
            ObjectHypothesis,
            ObjectHypothesisWithPose,
        )

        self._tell_labels(sight.seen.standing.queries, sight.where.header)
        detections = []
        for part in sight.parts:
            result = ObjectHypothesisWithPose(
                hypothesis=ObjectHypothesis(class_id=part.query, score=part.confidence)
            )
            result.pose.pose = part.box.center
            box = BoundingBox3D(center=part.box.center, size=part.box.size)
            detections.append(
                Detection3D(header=part.header, results=[result], bbox=box, id=f"{part.object_id}")
            )
        self._publisher.publish(Detection3DArray(header=sight.where.header, detections=detections))

    def _tell_labels(self, queries: tuple[str, ...], header: Header) -> None:
        from vision_msgs.msg import LabelInfo, VisionClass

        if queries == self._told:
            return
        classes = [VisionClass(class_id=k, class_name=query) for k, query in enumerate(queries)]
        classes.append(VisionClass(class_id=UNLABELLED, class_name=""))
        self._labels.publish(LabelInfo(header=header, class_map=classes))
        self._told = queries

    def close(self) -> None:
        self._node.destroy_publisher(self._publisher)
        self._node.destroy_publisher(self._labels)


class CollisionObjects:
    """One box an object on /collision_object, with a subframe for every part: a planner can say `mug/handle`."""

    def __init__(self, node):
        from moveit_msgs.msg import CollisionObject

        self._node, self._message = node, CollisionObject
        self._publisher = node.create_publisher(CollisionObject, "/collision_object", QoSProfile(depth=32))
        self._there: set[str] = set()

    def wanted(self) -> bool:
        return self._publisher.get_subscription_count() > 0

    def publish(self, sight) -> None:
        names = object_names(sight)
        for thing in sight.seen.frame.objects:
            self._publisher.publish(self._collision_object(thing, names[thing.id], sight))
        for gone in self._there - set(names.values()):
            self._publisher.publish(
                self._message(header=sight.where.header, id=gone, operation=self._message.REMOVE)
            )
        self._there = set(names.values())

    def _collision_object(self, thing, name: str, sight):
        box = box_message(thing.box, sight.where)
        size = [box.size.x, box.size.y, box.size.z]
        shape = SolidPrimitive(type=SolidPrimitive.BOX, dimensions=size)
        message = self._message(
            header=sight.where.header, id=name, operation=self._message.ADD, pose=box.center
        )
        message.primitives, message.primitive_poses = [shape], [Pose()]
        for part in sight.parts:
            if part.object_id == thing.id:
                subframe = part.query if part.instance == 0 else f"{part.query}_{part.instance}"
                message.subframe_names.append(subframe.replace(" ", "_"))
                pose = part.grasps[0].pose if part.grasps else part.box.center
                message.subframe_poses.append(relative(pose, box.center))
        return message

    def close(self) -> None:
        self._node.destroy_publisher(self._publisher)


def object_names(sight) -> dict[int, str]:
    """A name for every object: what it is believed to be, name_id for further ones, object_id where nobody can tell."""
    names: dict[int, str] = {}
    for thing in sorted(sight.seen.frame.objects, key=lambda thing: -thing.belief.confidence):
        name = thing.belief.name.replace(" ", "_") or "object"
        taken = name == "object" or name in names.values()
        names[thing.id] = f"{name}_{thing.id}" if taken else name
    return names


def relative(pose: Pose, base: Pose) -> Pose:
    """A pose in the frame of another."""
    inside = inverse(matrix_of_pose(base)) @ matrix_of_pose(pose)
    return pose_message(inside[:3, 3], inside[:3, :3])
