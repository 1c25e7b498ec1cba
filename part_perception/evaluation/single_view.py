"""Single view: a labelled shape as one simulated depth camera sees it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from part_perception.files.labelled_shapes import LabelledShape
from part_perception.geometry import AXES
from part_perception.geometry.poses import level
from part_perception.simulation.bodies import Cloud
from part_perception.simulation.views import camera_view
from part_perception.simulation.worlds import Joints, World

_SIZE = 0.25


def single_view(shape: LabelledShape, seed: int) -> LabelledShape:
    """The shape as one depth camera sees it on a table, at the size of a hand-held object, z up."""
    rng = np.random.default_rng([seed, len(shape.points)])
    points = shape.points @ level(np.asarray(shape.up)).T
    points = points * (_SIZE / max(float(np.ptp(points, axis=0).max()), 1e-9))
    points = points - (*points.mean(axis=0)[:2], points[:, 2].min())
    joints = Joints.unknown(int(shape.labels.max(initial=0)) + 1)
    view = camera_view(World(Cloud(points, shape.labels, shape.labels), joints), rng)
    return replace(shape, points=view.points, labels=view.part, up=AXES["z"])
