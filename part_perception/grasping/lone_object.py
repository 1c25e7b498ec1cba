"""Lone object: grasps of an object that nothing stands around, seen from where its points say, or from above."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from part_perception.encoder.strays import viewpoint_of
from part_perception.grasping.gripper import Gripper
from part_perception.grasping.planner import plan_grasps
from part_perception.types import Part

LOOKED_AT_FROM = 1.0  # metres above an object that was seen from an unknown position


def with_grasps(parts: Sequence[Part], points: np.ndarray, up, gripper: Gripper) -> list[Part]:
    """The parts of an object (N, 3) with the grasps of those that were found."""
    if not any(part.found for part in parts):
        return list(parts)
    finite = points[np.isfinite(points).all(axis=1)].astype(float)
    viewpoint = viewpoint_of(finite)
    if viewpoint is None:
        upwards = np.asarray(up, float) / np.linalg.norm(up)
        viewpoint = finite.mean(axis=0) + LOOKED_AT_FROM * upwards

    def held(part: Part) -> Part:
        if not part.found:
            return part
        grip = part.handle if len(part.handle) else part.indices
        grasps = plan_grasps(points[grip], finite, viewpoint, up, gripper)
        return Part(
            part.query, True, part.confidence, part.indices, part.centroid, part.box, grasps,
            part.object_id, part.instance, part.age, part.understood, part.remark, part.motion, part.handle,
        )  # fmt: skip

    return [held(part) for part in parts]
