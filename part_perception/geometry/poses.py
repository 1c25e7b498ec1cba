"""Poses: 4×4 matrices, rotations and quaternions in the order x y z w."""

from __future__ import annotations

import math

import numpy as np

from part_perception.geometry.boxes import OrientedBox


def quaternion_of(rotation: np.ndarray) -> np.ndarray:
    """x, y, z, w of a rotation matrix, from the largest of the four to avoid dividing by almost zero."""
    # plain numbers: numpy's take ten times as long, and every pose of a message passes through here
    r = np.asarray(rotation, float).tolist()
    trace = r[0][0] + r[1][1] + r[2][2]
    squares = (r[0][0], r[1][1], r[2][2], trace)
    k = squares.index(max(squares))
    if k == 3:
        q = [r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1], 1 + trace]
    else:
        i, j = (k + 1) % 3, (k + 2) % 3
        q = [0.0] * 4
        q[k], q[3] = 1 + r[k][k] - r[i][i] - r[j][j], r[j][i] - r[i][j]
        q[i], q[j] = r[i][k] + r[k][i], r[j][k] + r[k][j]
    return np.array(q) / math.hypot(*q)


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


def inverse(pose: np.ndarray) -> np.ndarray:
    """The inverse of a rigid 4×4."""
    result = np.eye(4)
    result[:3, :3] = pose[:3, :3].T
    result[:3, 3] = -pose[:3, :3].T @ pose[:3, 3]
    return result


def moved(points: np.ndarray, pose: np.ndarray) -> np.ndarray:
    """Points (..., 3) transformed by a 4×4."""
    return points @ pose[:3, :3].T.astype(points.dtype) + pose[:3, 3].astype(points.dtype)


def moved_box(box: OrientedBox, pose: np.ndarray) -> OrientedBox:
    return OrientedBox(moved(box.centre, pose), pose[:3, :3] @ box.rotation, box.size)


def level(up: np.ndarray) -> np.ndarray:
    """The shortest rotation that turns `up` to +z: rotated = points @ level(up).T."""
    axis = np.cross(up, (0.0, 0.0, 1.0))
    sine, cosine = float(np.linalg.norm(axis)), float(up[2])
    if sine < 1e-9:
        return np.eye(3) if cosine > 0 else np.diag([1.0, -1.0, -1.0])
    x, y, z = axis / sine
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + sine * cross + (1 - cosine) * cross @ cross
