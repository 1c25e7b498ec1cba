"""Poses between numpy and ROS: 4×4 matrices, quaternions in the order x y z w, and their messages."""

from __future__ import annotations

import numpy as np
from geometry_msgs.msg import Point, Pose, Quaternion, Vector3

from part_perception.types import OrientedBox


def quaternion_of(rotation: np.ndarray) -> np.ndarray:
    """x, y, z, w of a rotation matrix, from the largest of the four: no division by almost zero."""
    r = np.asarray(rotation, float)
    squares = np.array([r[0, 0], r[1, 1], r[2, 2], np.trace(r)])
    k = int(np.argmax(squares))
    if k == 3:
        q = np.array([r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1], 1 + squares[3]])
    else:
        i, j = (k + 1) % 3, (k + 2) % 3
        q = np.empty(4)
        q[k], q[3] = 1 + r[k, k] - r[i, i] - r[j, j], r[j, i] - r[i, j]
        q[i], q[j] = r[i, k] + r[k, i], r[j, k] + r[k, j]
    return q / np.linalg.norm(q)


def rotation_of(quaternion: np.ndarray) -> np.ndarray:
    """The rotation matrix of x, y, z, w."""
    x, y, z, w = np.asarray(quaternion, float) / np.linalg.norm(quaternion)
    return np.array(
        [
            (1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)),
            (2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)),
            (2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)),
        ]
    )


def pose_matrix(translation, quaternion) -> np.ndarray:
    """4×4 from a translation and x, y, z, w."""
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = rotation_of(quaternion), translation
    return matrix


def matrix_of(transform) -> np.ndarray:
    """4×4 of a geometry_msgs Transform."""
    t, q = transform.translation, transform.rotation
    return pose_matrix((t.x, t.y, t.z), (q.x, q.y, q.z, q.w))


def matrix_of_pose(pose) -> np.ndarray:
    """4×4 of a geometry_msgs Pose."""
    p, q = pose.position, pose.orientation
    return pose_matrix((p.x, p.y, p.z), (q.x, q.y, q.z, q.w))


def inverse(pose: np.ndarray) -> np.ndarray:
    """The inverse of a rigid 4×4."""
    result = np.eye(4)
    result[:3, :3] = pose[:3, :3].T
    result[:3, 3] = -pose[:3, :3].T @ pose[:3, 3]
    return result


def moved(points: np.ndarray, pose: np.ndarray) -> np.ndarray:
    """Points (..., 3) taken through a 4×4."""
    return points @ pose[:3, :3].T.astype(points.dtype) + pose[:3, 3].astype(points.dtype)


def point_message(point) -> Point:
    return Point(x=float(point[0]), y=float(point[1]), z=float(point[2]))


def pose_message(position, rotation) -> Pose:
    x, y, z, w = (float(v) for v in quaternion_of(rotation))
    return Pose(position=point_message(position), orientation=Quaternion(x=x, y=y, z=z, w=w))


def vector_message(vector) -> Vector3:
    return Vector3(x=float(vector[0]), y=float(vector[1]), z=float(vector[2]))


def box_of(message) -> OrientedBox:
    """The core's box from a message with `center` and `size`."""
    p, q, s = message.center.position, message.center.orientation, message.size
    rotation = rotation_of((q.x, q.y, q.z, q.w))
    return OrientedBox(np.array((p.x, p.y, p.z)), rotation, np.array((s.x, s.y, s.z)))


def moved_box(box: OrientedBox, pose: np.ndarray) -> OrientedBox:
    return OrientedBox(moved(box.centre, pose), pose[:3, :3] @ box.rotation, box.size)
