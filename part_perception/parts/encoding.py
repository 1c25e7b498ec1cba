"""Encoding: points of objects → patches → the network's features. The expensive step of every answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from part_perception.encoder.facing import viewpoint_of
from part_perception.encoder.patches import PatchSpec, make_patches
from part_perception.encoder.runtimes.base import Runtime, stack_inputs
from part_perception.geometry.poses import level
from part_perception.inputs import finite_points, unit_up
from part_perception.parts.encoded import EncodedObject


def encode_objects(
    runtime: Runtime, spec: PatchSpec, objects: Sequence, up: Sequence[float] | np.ndarray, viewpoint
) -> list[EncodedObject]:
    """All objects in one batch; viewpoint None: it is found from the points, if they are one view."""
    upright = level(unit_up(up))
    checked = [finite_points(points) for points in objects]
    if not checked:
        return []
    patches = []
    for points, _, _ in checked:
        seen_from = viewpoint_of(points) if viewpoint is None else np.asarray(viewpoint, float)
        seen_from = None if seen_from is None else upright @ seen_from
        patches.append(make_patches(points @ upright.T, spec, True, seen_from))
    out = runtime.run(stack_inputs(patches))
    return [
        EncodedObject(
            points, rows, total, upright[2], p,
            (p.samples[: p.count] * p.scale + p.centre) @ upright,
            out["language"][i, : p.count], out["field"][i, : p.count],
            out["motion"][i, : p.count] if "motion" in out else None,
        ).ready()
        for i, ((points, rows, total), p) in enumerate(zip(checked, patches, strict=True))
    ]  # fmt: skip
