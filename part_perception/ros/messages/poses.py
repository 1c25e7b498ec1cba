"""Poses between numpy and ROS messages."""

from __future__ import annotations

import numpy as np
from geometry_msgs.msg import Point, Pose, Vector3

from part_perception.geometry.poses import pose_matrix, quaternion_of, rotation_of
from part_perception.types import OrientedBox


def matrix_of(transform) -> np.ndarray:
    """A 4×4 matrix from a geometry_msgs Transform."""
    t, q = transform.translation, transform.rotation
    return pose_matrix((t.x, t.y, t.z), (q.x, q.y, q.z, q.w))


def matrix_of_pose(pose) -> np.ndarray:
    """A 4×4 matrix from a geometry_msgs Pose."""
    p, q = pose.position, pose.orientation
    return pose_matrix((p.x, p.y, p.z), (q.x, q.y, q.z, q.w))


def point_message(point) -> Point:
    return Point(x=float(point[0]), y=float(point[1]), z=float(point[2]))


def pose_message(position, rotation) -> Pose:
    pose = Pose()
    set_pose(pose, position, rotation)
    return pose


def set_pose(pose: Pose, position, rotation) -> None:
    """Fill an existing pose, because a message creates its fields even if it is given others."""
    at, turn = pose.position, pose.orientation
    at.x, at.y, at.z = np.asarray(position, float).tolist()
    turn.x, turn.y, turn.z, turn.w = quaternion_of(rotation).tolist()


def vector_message(vector) -> Vector3:
    return Vector3(x=float(vector[0]), y=float(vector[1]), z=float(vector[2]))


def box_of(message) -> OrientedBox:
    """An oriented box from a message with `center` and `size`."""
    p, q, s = message.center.position, message.center.orientation, message.size
    rotation = rotation_of(np.array((q.x, q.y, q.z, q.w)))
    return OrientedBox(np.array((p.x, p.y, p.z)), rotation, np.array((s.x, s.y, s.z)))
