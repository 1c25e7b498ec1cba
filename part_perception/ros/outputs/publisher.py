"""Publisher: everything published for a frame. Messages without subscribers are not made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Protocol

import numpy as np
from geometry_msgs.msg import PoseArray
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.qos import QoSProfile
from rclpy.qos_overriding_options import QoSOverridingOptions
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Float32, Header
from visualization_msgs.msg import MarkerArray

from part_perception.geometry.poses import moved
from part_perception.pictures import PALETTE
from part_perception.pictures.thinning import MOST, worth_drawing
from part_perception.ros.messages.clouds import Cloud, every, labelled_cloud, rows_of_every
from part_perception.ros.messages.parts import Placement, object_message, part_message
from part_perception.ros.outputs.markers import markers
from part_perception.ros.perceived import PerceivedFrame
from part_perception_interfaces.msg import Part, PartArray

PREVIEW = "preview_cloud"  # for viewers; recordings have the labelled cloud


class Reach(Protocol):
    """What knows which grasps an arm can take."""

    def keep(self, parts: Sequence[Part], seen: PerceivedFrame) -> None:
        """Drop the others from the messages."""


class FrameMessages:
    """One frame as messages, each made on demand. Parts are made once, because planning their grasps takes time."""

    def __init__(
        self, seen: PerceivedFrame, where: Placement, age: float, reach: Reach | None = None, step: int = 1
    ):
        self.seen, self.where, self._age, self._reach, self._step = seen, where, age, reach, step
        queries = seen.standing.queries
        self._query_of = [queries.index(part.query) for part in seen.standing.parts]

    @cached_property
    def parts(self) -> list[Part]:
        found = self.seen.standing
        made = [
            part_message(part, self.where, self._age, owner)
            for part, owner in zip(found.parts, found.owners, strict=True)
        ]
        if self._reach is not None:
            self._reach.keep(made, self.seen)
        return made

    def labeled_cloud(self) -> PointCloud2:
        shape, step = self.seen.cloud.points.shape, self._step
        return self._labelled(every(self.seen.cloud, step), lambda rows: rows_of_every(rows, shape, step))

    def _labelled(self, cloud: Cloud, kept: Callable[[np.ndarray], np.ndarray]) -> PointCloud2:
        """A cloud of some of the points, labelled; kept: where those of some rows are among them."""
        things, parts = self.seen.frame.objects, self.seen.standing.parts
        if self.where.frame_id != cloud.frame_id:
            points = moved(cloud.points, self.where.pose)
            cloud = Cloud(points, cloud.colours, self.where.frame_id, cloud.stamp_ns)
        objects = [(kept(thing.indices), thing.id) for thing in things]
        labels = [
            (kept(p.indices), query, p.confidence) for p, query in zip(parts, self._query_of, strict=True)
        ]
        return labelled_cloud(cloud, self.where.header, objects, labels, PALETTE)

    def preview_cloud(self) -> PointCloud2:
        """The labelled points that are worth drawing: parts, then objects, then the rest, in one row."""
        things, parts = self.seen.frame.objects, self.seen.standing.parts
        points = self.seen.cloud.points.reshape(-1, 3)
        kind = np.zeros(len(points), np.uint8)
        for thing in things:
            kind[thing.indices] = 1
        for part in parts:
            kind[part.indices] = 2
        on = np.flatnonzero(kind != 0)
        rows = worth_drawing(points, (on[kind[on] == 2], on[kind[on] == 1]), kind == 0, MOST)
        place = np.full(len(points), -1, np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)

        def kept(indices: np.ndarray) -> np.ndarray:
            return place[indices][place[indices] >= 0]

        colours = self.seen.cloud.colours
        cloud = replace(
            self.seen.cloud,
            points=points[rows],
            colours=colours if colours is None else colours.reshape(-1, 3)[rows],
        )
        return self._labelled(cloud, kept)

    def parts_array(self) -> PartArray:
        found = self.seen.standing
        things = self.seen.frame.objects
        return PartArray(
            header=self.where.header,
            objects=[object_message(thing, self.where) for thing in things],
            queries=list(found.queries),
            found=found.found,
            confidence=found.confidence,
            parts=self.parts,
        )

    def markers(self) -> MarkerArray:
        colours = [PALETTE[query % len(PALETTE)] for query in self._query_of]
        up = self.where.pose[:3, :3] @ self.seen.frame.up
        return markers(self.parts, colours, self.where.header, up)

    def grasp_poses(self) -> PoseArray:
        poses = [part.grasps[0].pose for part in self.parts if part.grasps]
        return PoseArray(header=self.where.header, poses=poses)

    def pre_grasp_poses(self) -> PoseArray:
        poses = [part.grasps[0].pre_grasp for part in self.parts if part.grasps]
        return PoseArray(header=self.where.header, poses=poses)

    def processing_time_ms(self) -> Float32:
        return Float32(data=float(sum(self.seen.timing.values())))


# The clouds go first: they need no grasps.
TOPICS: dict[str, tuple[type, Callable[[FrameMessages], object]]] = {
    "labeled_cloud": (PointCloud2, FrameMessages.labeled_cloud),
    "preview_cloud": (PointCloud2, FrameMessages.preview_cloud),
    "parts": (PartArray, FrameMessages.parts_array),
    "markers": (MarkerArray, FrameMessages.markers),
    "grasp_poses": (PoseArray, FrameMessages.grasp_poses),
    "pre_grasp_poses": (PoseArray, FrameMessages.pre_grasp_poses),
    "debug/processing_time_ms": (Float32, FrameMessages.processing_time_ms),
}


# What is drawn or followed until something else comes: it is taken back by a message without anything.
TAKEN_BACK: dict[str, Callable[[Header], object]] = {
    "markers": lambda header: markers([], [], header),
    "grasp_poses": lambda header: PoseArray(header=header),
    "pre_grasp_poses": lambda header: PoseArray(header=header),
}


class ExtraOutput(Protocol):
    """An output that needs an optional package."""

    def wanted(self) -> bool:
        """Whether anybody listens."""

    def publish(self, sight: FrameMessages) -> None:
        """Publish a frame."""

    def withdraw(self) -> None:
        """Withdraw what must not be relied on once perception stops."""

    def close(self) -> None:
        """Stop publishing."""


class Outputs:
    """The publishers of the node, from configure to cleanup."""

    def __init__(self, node: Node, extras: Sequence[ExtraOutput], reach: Reach | None = None):
        self._node, self._extras, self._reach = node, extras, reach
        self._publishers: dict[str, Publisher] = {}
        self._shown: dict[str, Header] = {}  # of the last messages that can be taken back
        self._turn = threading.Lock()  # frames come from the worker's thread, withdrawals from a timer
        try:
            for topic, (kind, _) in TOPICS.items():
                self._publishers[topic] = self._advertise(topic, kind)
        except Exception:  # an invalid QoS override: nobody else could close those made so far
            self.close()
            raise

    def _advertise(self, topic: str, kind: type) -> Publisher:
        override = QoSOverridingOptions.with_default_policies()
        return self._node.create_publisher(
            kind, f"~/{topic}", QoSProfile(depth=1), qos_overriding_options=override
        )

    def wanted(self) -> bool:
        """Whether anybody listens."""
        publishers = self._publishers.values()
        return any(p.get_subscription_count() for p in publishers) or any(e.wanted() for e in self._extras)

    def publish(self, seen: PerceivedFrame, where: Placement, age: float, step: int = 1) -> None:
        """Publish a frame to those who listen; step: the labelled cloud keeps every step-th row and column."""
        listened = [topic for topic, p in self._publishers.items() if p.get_subscription_count()]
        extras = [extra for extra in self._extras if extra.wanted()]
        if not listened and not extras:
            return
        sight = FrameMessages(seen, where, age, self._reach, step)
        for topic in listened:
            message = TOPICS[topic][1](sight)
            with self._turn:
                self._publishers[topic].publish(message)
                if topic in TAKEN_BACK:
                    self._shown[topic] = where.header
        for extra in extras:
            extra.publish(sight)

    def withdraw(self) -> None:
        """Withdraw published markers, grasps, obstacles and paths, because perception has stopped."""
        with self._turn:
            for topic, header in self._shown.items():
                self._publishers[topic].publish(TAKEN_BACK[topic](header))
            self._shown = {}
        for extra in self._extras:
            extra.withdraw()

    def close(self) -> None:
        for publisher in self._publishers.values():
            self._node.destroy_publisher(publisher)
        for extra in self._extras:
            extra.close()
