"""Parts ↔ part_perception_interfaces messages, in the requested frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from builtin_interfaces.msg import Time
from geometry_msgs.msg import Pose
from std_msgs.msg import Header

from part_perception import types
from part_perception.geometry.motions import MOTIONS
from part_perception.geometry.poses import moved, moved_box
from part_perception.parts.naming import UNSURE, Belief
from part_perception.ros.messages.clouds import XYZ, Cloud, index_array, write_cloud
from part_perception.ros.messages.poses import (
    box_of,
    matrix_of_pose,
    point_message,
    pose_message,
    set_pose,
    vector_message,
)
from part_perception.scene.objects import SceneObject
from part_perception_interfaces.msg import Grasp, Motion, Object, OrientedBox, Part


@dataclass(frozen=True)
class Placement:
    """Where answers are given: the frame, the transform from the cloud, and the pre-grasp offset."""

    frame_id: str
    stamp_ns: int
    pose: np.ndarray
    pre_grasp_offset: float = 0.1

    @property
    def header(self) -> Header:
        return Header(stamp=time_message(self.stamp_ns), frame_id=self.frame_id)

    def point(self, point: np.ndarray) -> np.ndarray:
        return moved(np.asarray(point, float), self.pose)

    def vector(self, vector: np.ndarray) -> np.ndarray:
        return self.pose[:3, :3] @ vector

    def pose_message(self, position: np.ndarray, rotation: np.ndarray) -> Pose:
        return pose_message(self.point(position), self.pose[:3, :3] @ rotation)


def time_message(nanoseconds: int) -> Time:
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return Time(sec=seconds, nanosec=rest)


def box_message(box: types.OrientedBox, where: Placement) -> OrientedBox:
    return OrientedBox(center=where.pose_message(box.centre, box.rotation), size=vector_message(box.size))


def grasp_message(grasp: types.Grasp, where: Placement) -> Grasp:
    message = Grasp()
    message.opening_width, message.quality = grasp.width, grasp.quality
    position, rotation = where.point(grasp.position), where.pose[:3, :3] @ grasp.rotation
    set_pose(message.pose, position, rotation)
    set_pose(message.pre_grasp, position - where.pre_grasp_offset * rotation[:, 2], rotation)
    return message


def motion_message(motion: types.Motion, where: Placement) -> Motion:
    message = Motion(
        kind=getattr(Motion, motion.kind.upper()),
        confidence=float(motion.confidence),
        measured=motion.measured,
    )
    if motion.moves:
        message.axis = vector_message(where.vector(motion.axis))
        message.origin = point_message(where.point(motion.origin))
    return message


def motion_of(message: Motion) -> types.Motion:
    """A motion from a message."""
    a, o = message.axis, message.origin
    kind = ("unknown", *MOTIONS)[message.kind]
    return types.Motion(
        kind, message.confidence, np.array((a.x, a.y, a.z)), np.array((o.x, o.y, o.z)), message.measured
    )


def path_messages(part: types.Part, where: Placement) -> list[Pose]:
    """The path of a gripper that opens a part."""
    return [where.pose_message(pose[:3, 3], pose[:3, :3]) for pose in part.open_path]


def part_message(
    part: types.Part,
    where: Placement,
    age: float,
    owner: Belief = UNSURE,
    cloud: Cloud | None = None,
    with_indices: bool = True,
    with_open_path: bool = False,
) -> Part:
    """`owner`: what its object is believed to be. `cloud`: given if the part's points are included."""
    message = Part(
        header=where.header,
        query=part.query,
        object_id=max(part.object_id, 0),
        object_name=owner.name,
        object_confidence=owner.confidence,
        instance=part.instance,
        confidence=float(part.confidence),
        age=max(age, 0.0),
        indices=index_array(part.indices if with_indices else types.NO_INDICES),
        centroid=point_message(where.point(part.centroid)),
        grasps=[grasp_message(grasp, where) for grasp in part.grasps],
        motion=motion_message(part.motion, where),
        open_path=path_messages(part, where) if with_open_path else [],
    )
    if part.box is not None:
        message.box = box_message(part.box, where)
    if cloud is not None:
        points = moved(cloud.points.reshape(-1, 3)[part.indices], where.pose)
        message.points = write_cloud(points, where.header, XYZ)
    return message


def read_part(message: Part, pose: np.ndarray = np.eye(4)) -> types.Part:  # noqa: B008 - nobody writes to it
    """A part from a message, moved by a pose."""
    c, grasps = message.centroid, []
    for grasp in message.grasps:
        at = pose @ matrix_of_pose(grasp.pose)
        grasps.append(types.Grasp(at[:3, 3], at[:3, :3], grasp.opening_width, grasp.quality))
    return types.Part(
        query=message.query,
        found=True,
        confidence=message.confidence,
        indices=np.array(message.indices, np.uint32),
        centroid=moved(np.array((c.x, c.y, c.z)), pose),
        box=moved_box(box_of(message.box), pose),
        grasps=grasps,
        object_id=message.object_id,
        instance=message.instance,
        age=message.age,
        motion=motion_of(message.motion).seen_from(pose),
    )


def object_message(thing: SceneObject, where: Placement) -> Object:
    return Object(
        object_id=thing.id,
        object_name=thing.belief.name,
        object_confidence=thing.belief.confidence,
        point_count=len(thing.indices),
        centroid=point_message(where.point(thing.centroid)),
        box=box_message(thing.box, where),
    )
