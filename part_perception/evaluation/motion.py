"""Motion: is it told how parts move? On fresh generated views, and on labelled shapes whose files have joints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.axes import AXES
from part_perception.geometry.motions import MOTIONS, Motion
from part_perception.geometry.poses import level
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.motion import motion_of
from part_perception.segmenter import PartSegmenter
from part_perception.simulation.bodies import Cloud
from part_perception.simulation.views import View, camera_view, whole_view
from part_perception.simulation.worlds import Joints, World
from part_perception.training.calibration.fitting import fresh_sight
from part_perception.training.calibration.motion import parts_of

SEED = 777
NEAR_DEG = 10.0
NEAR, OF_OBJECT = 0.03, 0.1
KINDS_IN_FILES = {"slide": "slides", "turn": "turns"}


@dataclass(frozen=True)
class MotionScore:
    """One part: its true kind and the one told; if it moves, whether axis, direction and place are right."""

    true: str
    told: str
    axis: bool
    direction: bool
    origin: bool


def evaluate_motion(segmenter: PartSegmenter, folder: Path | None, views: int) -> dict:
    """Figures for fresh views, or for the shapes of a folder, whole and in one view each.

    The samples of the true part are asked, so that only motion is judged.
    """
    if not segmenter.manifest.encoder.motion:
        raise InputError(f"the model {segmenter.manifest.name} does not tell how parts move")
    scores: list[MotionScore] = []
    for world, view in shapes_with_joints(folder) if folder else fresh_views(views):
        encoded = segmenter.encode([view.points], viewpoint=view.viewpoint)[0]
        size = float(np.linalg.norm(np.ptp(world.body.corners, axis=0)))
        for part, chosen, joints in parts_of(encoded, world.joints, view):
            scores.append(score(encoded, chosen, joints, part, size, segmenter))
    if not scores:
        raise InputError(f"no shape in {folder} has joints")
    return summary(scores)


def score(
    encoded: EncodedObject,
    chosen: np.ndarray,
    joints: Joints,
    part: int,
    size: float,
    segmenter: PartSegmenter,
) -> MotionScore:
    told = motion_of(encoded, chosen, segmenter.manifest.motion_rule)
    return judged(told, MOTIONS[joints.motion[part]], joints.axis[part], joints.origin[part], size)


def judged(told: Motion, true: str, axis: np.ndarray, origin: np.ndarray, size: float) -> MotionScore:
    """An axis is right either way round; `direction` tells whether it points to opening."""
    if not told.moves or true == "fixed":
        return MotionScore(true, told.kind, False, False, False)
    cosine = float(told.axis @ axis)
    off = told.origin - origin
    away = float(np.linalg.norm(off - (off @ axis) * axis))
    return MotionScore(
        true,
        told.kind,
        abs(cosine) >= np.cos(np.radians(NEAR_DEG)),
        cosine > 0,
        away <= max(NEAR, OF_OBJECT * size),
    )


def summary(scores: Sequence[MotionScore]) -> dict:
    """All parts, those that move, and each kind of motion; axis and origin as shares of parts told to move."""
    moving = [s for s in scores if s.true != "fixed"]
    kinds = {kind: [s for s in scores if s.true == kind] for kind in MOTIONS}
    groups = {"all parts": scores, "moving": moving, **kinds}
    return {name: figures(some) for name, some in groups.items() if some}


def figures(scores: Sequence[MotionScore]) -> dict[str, float]:
    told = [s for s in scores if s.told not in ("fixed", "unknown") and s.true != "fixed"]
    turning = [s for s in told if s.true in ("turns", "screws") and s.told in ("turns", "screws")]

    def share(values: list[bool]) -> float:
        return float(np.mean(values)) if values else float("nan")

    return {
        "parts": len(scores),
        "kind": share([s.told == s.true for s in scores]),
        "unknown": share([s.told == "unknown" for s in scores]),
        "told to move": len(told),
        "axis": share([s.axis for s in told]),
        "direction": share([s.direction for s in told]),
        "origin": share([s.origin for s in turning]),
    }


def fresh_views(count: int) -> Iterator[tuple[World, View]]:
    for number in range(count):
        _, world, view, _ = fresh_sight(number, SEED)
        yield world, view


def shapes_with_joints(folder: Path) -> Iterator[tuple[World, View]]:
    """Every shape with joints, once whole and once in one view from its front; each moving piece is a part."""
    for path in sorted(folder.glob("*.npz")):
        with np.load(path, allow_pickle=False) as file:
            if "joints" not in file:
                continue
            points, labels = np.asarray(file["points"], float), file["labels"]
            joints, up = json.loads(str(file["joints"])), AXES[str(file["up_axis"])]
        world = jointed_world(points, labels, joints, np.asarray(up))
        rng = np.random.default_rng([SEED, len(points), len(joints)])
        yield world, whole_view(world, rng)
        view = camera_view(world, rng)
        if (view.part >= 0).any():
            yield world, view


def jointed_world(points: np.ndarray, labels: np.ndarray, joints: list[dict], up: np.ndarray) -> World:
    """A cloud with z up whose parts are the moving pieces; of everything else nothing is known."""
    part = np.full(len(points), len(joints))
    for number, joint in enumerate(joints):
        low, high = np.asarray(joint["box"], float) + np.array([[-0.005], [0.005]])
        part[(labels == joint["part"]) & ((points >= low) & (points <= high)).all(axis=1)] = number
    turn = level(up)
    motion = [MOTIONS.index(KINDS_IN_FILES[joint["type"]]) for joint in joints]
    axis = np.array([joint["axis"] for joint in joints] + [[0.0, 0.0, 0.0]]) @ turn.T
    origin = np.array([joint["origin"] for joint in joints] + [[0.0, 0.0, 0.0]]) @ turn.T
    front = turn @ np.array((0.0, 0.0, 1.0))  # of these files, z points to the front where y is up
    facing = float(np.arctan2(front[1], front[0])) if up[1] else None
    raised = points @ turn.T
    floor = np.array((0.0, 0.0, raised[:, 2].min()))
    known = Joints(np.array([*motion, -1]), axis, origin - floor)
    return World(Cloud(raised - floor, part, part), known, facing)
