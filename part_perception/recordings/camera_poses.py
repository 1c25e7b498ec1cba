"""Bag poses: where one camera of a robot sits in the frame of another, by the transforms that never change."""

from __future__ import annotations

import numpy as np

from part_perception.recordings.bag_reader import BagFile

STATIC = "/tf_static"


def pose_between(bag: BagFile, frame: str, camera: str) -> tuple[np.ndarray, np.ndarray]:
    """A camera's rotation (rows right, down, forward) and position in a frame."""
    if frame == camera:
        return np.eye(3), np.zeros(3)
    parents: dict[str, tuple[str, np.ndarray]] = {}
    if bag.topics("tf2_msgs/msg/TFMessage"):
        for message in bag.all(STATIC):
            for t in message.transforms:
                parents[t.child_frame_id] = (t.header.frame_id, _matrix(t.transform))
    (top, to_top), (other, camera_to_top) = _chain(parents, frame), _chain(parents, camera)
    if top != other:
        raise ValueError(
            f"{bag.path} does not say where the camera {camera!r} is to {frame!r}: record {STATIC}, or depth "
            "images that are registered to the colour camera"
        )
    pose = np.linalg.inv(to_top) @ camera_to_top
    return pose[:3, :3].T, pose[:3, 3]


def _chain(parents: dict[str, tuple[str, np.ndarray]], frame: str) -> tuple[str, np.ndarray]:
    """The topmost frame above one, and the matrix that leads there."""
    total, seen = np.eye(4), {frame}
    while frame in parents and parents[frame][0] not in seen:
        frame, step = parents[frame]
        seen.add(frame)
        total = step @ total
    return frame, total


def _matrix(transform) -> np.ndarray:
    q, shift = transform.rotation, transform.translation
    x, y, z, w = np.array([q.x, q.y, q.z, q.w]) / max(np.linalg.norm([q.x, q.y, q.z, q.w]), 1e-12)
    out = np.eye(4)
    out[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    out[:3, 3] = shift.x, shift.y, shift.z
    return out
