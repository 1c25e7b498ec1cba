"""Motion: score predictions of how parts move, on fresh generated views and labelled shapes with joints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry import AXES
from part_perception.geometry.motions import MOTIONS, TURNING, Motion
from part_perception.geometry.poses import level
from part_perception.parts.motion import likeliest_motion
from part_perception.segmenter import PartSegmenter
from part_perception.simulation.bodies import Cloud
from part_perception.simulation.views import View, camera_view, whole_view
from part_perception.simulation.worlds import Joints, World
from part_perception.terminal import counted
from part_perception.training.calibration.fitting import fresh_sight
from part_perception.training.calibration.motion import count_kinds, parts_of, without

SEED = 777
NO_NAME, NEW_KIND = "without a name", "of new kinds"
NEAR_DEG = 10.0
NEAR, OF_OBJECT = 0.03, 0.1
KINDS_IN_FILES = {"slide": "slides", "turn": "turns"}


@dataclass(frozen=True)
class MotionScore:
    """One part: its true and likeliest kind of motion, and whether the likeliest was reported.

    If both move, also whether axis, direction and origin are right.
    """

    true: str
    likeliest: str
    told: bool
    axis: bool
    direction: bool
    origin: bool


def evaluate_motion(segmenter: PartSegmenter, folder: Path | None, views: int) -> dict:
    """Compute figures for fresh views, or for the shapes of a folder, each whole and in one view.

    Motion is predicted on the samples of the true part, so that only motion is judged: once with the part's
    first name and once without a name. Fresh views are also scored as if their kind of object were new,
    without the counts of its names.
    """
    if not segmenter.manifest.encoder.motion:
        raise InputError(f"the model {segmenter.manifest.name} does not predict how parts move")
    rule, words = segmenter.manifest.motion_rule, segmenter.motion_words
    of_kinds = count_kinds() if words and not folder else {}
    scores: dict[str, list[MotionScore]] = {}
    sights = shapes_with_joints(folder) if folder else fresh_views(views)
    for sight in counted(sights, "shapes" if folder else "views", views):
        world, view = sight.world, sight.view
        encoded = segmenter.encode([view.points], viewpoint=view.viewpoint)[0]
        size = float(np.linalg.norm(np.ptp(world.body.corners, axis=0)))
        known = {"": words, NO_NAME: None}
        if of_kinds and words:
            known[NEW_KIND] = without(words, of_kinds[sight.kind])
        for part, chosen, joints in parts_of(encoded, world.joints, view):
            text = segmenter.embed([sight.names[part]])[0]
            for how, said in known.items():
                leaning = said.leaning(text) if said else None
                likeliest = likeliest_motion(encoded, chosen, rule, segmenter.motion_axes, leaning)
                told = likeliest.confidence >= rule.known_at_with(leaning)
                truth = MOTIONS[joints.motion[part]], joints.axis[part], joints.origin[part]
                scores.setdefault(how, []).append(judged(likeliest, told, *truth, size))
    if not scores:
        raise InputError(f"no shape in {folder} has joints")
    return summary(scores.pop("")) | {
        f"{group}, {how}": figures(of)
        for how, some in scores.items()
        for group, of in (("all parts", some), ("moving", moving(some)))
    }


def judged(
    likeliest: Motion, told: bool, true: str, axis: np.ndarray, origin: np.ndarray, size: float
) -> MotionScore:
    """Judge a prediction: `axis` ignores the sign; `direction` says whether it points the way that opens."""
    if not likeliest.moves or true == "fixed":
        return MotionScore(true, likeliest.kind, told, False, False, False)
    cosine = float(likeliest.axis @ axis)
    off = likeliest.origin - origin
    away = float(np.linalg.norm(off - (off @ axis) * axis))
    return MotionScore(
        true,
        likeliest.kind,
        told,
        abs(cosine) >= np.cos(np.radians(NEAR_DEG)),
        cosine > 0,
        away <= max(NEAR, OF_OBJECT * size),
    )


def summary(scores: Sequence[MotionScore]) -> dict:
    """Figures for all parts, for those that move, and for each kind of motion."""
    kinds = {kind: [s for s in scores if s.true == kind] for kind in MOTIONS}
    groups = {"all parts": scores, "moving": moving(scores), **kinds}
    return {name: figures(some) for name, some in groups.items() if some}


def moving(scores: Sequence[MotionScore]) -> list[MotionScore]:
    return [s for s in scores if s.true != "fixed"]


def figures(scores: Sequence[MotionScore]) -> dict[str, float]:
    """Rates over all parts, and precision of the parts reported as moving.

    Axis and origin are scored on moving parts reported as moving, and on those whose likeliest kind is right,
    reported or not.
    """
    to_move = [s for s in scores if s.told and s.likeliest != "fixed"]
    told = moving(to_move)
    right = [s for s in moving(scores) if s.likeliest == s.true]

    def share(values: list[bool]) -> float:
        return float(np.mean(values)) if values else float("nan")

    return {
        "parts": len(scores),
        "likeliest": share([s.likeliest == s.true for s in scores]),
        "kind": share([s.told and s.likeliest == s.true for s in scores]),
        "unknown": share([not s.told for s in scores]),
        "told to move": len(to_move),
        "of these right": share([s.likeliest == s.true for s in to_move]),
        "axis": share([s.axis for s in told]),
        "direction": share([s.direction for s in told]),
        "origin": share([s.origin for s in turning(told)]),
        "axis, right kind": share([s.axis for s in right]),
        "origin, right kind": share([s.origin for s in turning(right)]),
    }


def turning(scores: Sequence[MotionScore]) -> list[MotionScore]:
    """Parts that turn and are predicted to turn."""
    return [s for s in scores if s.true in TURNING and s.likeliest in TURNING]


@dataclass(frozen=True)
class Sight:
    """A view of a world with named parts, and its kind of object if the data engine generated it."""

    world: World
    view: View
    names: Sequence[str]
    kind: str = ""


def fresh_views(count: int) -> Iterator[Sight]:
    for number in range(count):
        shape, world, view, _ = fresh_sight(number, SEED)
        yield Sight(world, view, [part.names[0] for part in shape.parts], shape.kind)


def shapes_with_joints(folder: Path) -> Iterator[Sight]:
    """Yield every shape with joints, whole and in one view from its front; each moving piece is a part."""
    for path in sorted(folder.glob("*.npz")):
        with np.load(path, allow_pickle=False) as file:
            if "joints" not in file:
                continue
            points, labels = np.asarray(file["points"], float), file["labels"]
            joints, up = json.loads(str(file["joints"])), AXES[str(file["up_axis"])]
            names = [str(file["label_names"][joint["part"]]) for joint in joints]
        world = jointed_world(points, labels, joints, np.asarray(up))
        rng = np.random.default_rng([SEED, len(points), len(joints)])
        yield Sight(world, whole_view(world, rng), names)
        view = camera_view(world, rng)
        if (view.part >= 0).any():
            yield Sight(world, view, names)


def jointed_world(points: np.ndarray, labels: np.ndarray, joints: list[dict], up: np.ndarray) -> World:
    """A cloud with z up whose parts are the moving pieces; the motion of all other points is unknown."""
    part = np.full(len(points), len(joints))
    for number, joint in enumerate(joints):
        low, high = np.asarray(joint["box"], float) + np.array([[-0.005], [0.005]])
        part[(labels == joint["part"]) & ((points >= low) & (points <= high)).all(axis=1)] = number
    turn = level(up)
    motion = [MOTIONS.index(KINDS_IN_FILES[joint["type"]]) for joint in joints]
    axis = np.array([joint["axis"] for joint in joints] + [[0.0, 0.0, 0.0]]) @ turn.T
    origin = np.array([joint["origin"] for joint in joints] + [[0.0, 0.0, 0.0]]) @ turn.T
    front = turn @ np.array((0.0, 0.0, 1.0))  # in these files, z points to the front if y is up
    facing = float(np.arctan2(front[1], front[0])) if up[1] else None
    raised = points @ turn.T
    floor = np.array((0.0, 0.0, raised[:, 2].min()))
    known = Joints(np.array([*motion, -1]), axis, origin - floor)
    return World(Cloud(raised - floor, part, part), known, facing)
