"""Outputs for optional packages, vision_msgs and nav_msgs; MoveIt has a module of its own."""

from __future__ import annotations

from collections.abc import Callable

from geometry_msgs.msg import PoseStamped
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import Header

from part_perception.config import Config
from part_perception.ros.messages.parts import path_messages
from part_perception.ros.outputs.collision_objects import CollisionObjects
from part_perception.ros.outputs.publisher import ExtraOutput, FrameMessages

UNLABELLED = 65535  # the -1 of ~/labeled_cloud in the uint16 that vision_msgs has for it


def optional_outputs(node: Node, config: Callable[[], Config]) -> list[ExtraOutput]:
    """The requested outputs whose packages are installed; `config` gives the current configuration."""
    made: list[ExtraOutput] = []
    try:
        made.append(Detections(node))
    except ImportError:
        node.get_logger().debug("vision_msgs is not installed: no ~/detections, no ~/label_info")
    try:
        made.append(OpenPath(node))
    except ImportError:
        node.get_logger().debug("nav_msgs is not installed: no ~/open_path")
    if config().collision_objects:
        try:
            made.append(CollisionObjects(node, lambda: config().scene.remember))
        except ImportError:
            node.get_logger().error("collision_objects is set, but moveit_msgs is not installed")
    return made


class Detections:
    """~/detections, and ~/label_info latched whenever the queries change."""

    def __init__(self, node: Node):
        from vision_msgs.msg import Detection3DArray, LabelInfo

        self._node = node
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self._publisher = node.create_publisher(Detection3DArray, "~/detections", QoSProfile(depth=1))
        self._labels = node.create_publisher(LabelInfo, "~/label_info", latched)
        self._told: tuple[str, ...] | None = None

    def wanted(self) -> bool:
        return self._publisher.get_subscription_count() + self._labels.get_subscription_count() > 0

    def publish(self, sight: FrameMessages) -> None:
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
            number = f"{part.object_id}.{part.query}.{part.instance}"  # the same part in every message
            detections.append(Detection3D(header=part.header, results=[result], bbox=box, id=number))
        self._publisher.publish(Detection3DArray(header=sight.where.header, detections=detections))

    def _tell_labels(self, queries: tuple[str, ...], header: Header) -> None:
        from vision_msgs.msg import LabelInfo, VisionClass

        if queries == self._told:
            return
        classes = [VisionClass(class_id=k, class_name=query) for k, query in enumerate(queries)]
        classes.append(VisionClass(class_id=UNLABELLED, class_name=""))
        self._labels.publish(LabelInfo(header=header, class_map=classes))
        self._told = queries

    def withdraw(self) -> None:
        """Detections hold for their own stamp only, so there is nothing to withdraw."""

    def close(self) -> None:
        self._node.destroy_publisher(self._publisher)
        self._node.destroy_publisher(self._labels)


class OpenPath:
    """~/open_path: the gripper's path that opens the most confident part that can be opened; empty if none can."""

    def __init__(self, node: Node):
        from nav_msgs.msg import Path

        self._node, self._message = node, Path
        self._publisher = node.create_publisher(Path, "~/open_path", QoSProfile(depth=1))
        self._shown: Header | None = None  # of the last published path

    def wanted(self) -> bool:
        return self._publisher.get_subscription_count() > 0

    def publish(self, sight: FrameMessages) -> None:
        ranked = sorted(sight.seen.standing.parts, key=lambda part: -part.confidence)
        best = next((part for part in ranked if len(part.open_path)), None)
        poses = [] if best is None else path_messages(best, sight.where)
        header = sight.where.header
        self._publisher.publish(
            self._message(header=header, poses=[PoseStamped(header=header, pose=pose) for pose in poses])
        )
        self._shown = header if poses else None

    def withdraw(self) -> None:
        """Withdraw the path: a gripper must not follow one that is no longer watched."""
        if self._shown is not None:
            self._publisher.publish(self._message(header=self._shown))
            self._shown = None

    def close(self) -> None:
        self._node.destroy_publisher(self._publisher)
