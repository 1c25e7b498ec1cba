"""Calibrate motion: on fresh views, what the chances of a kind are, and which direction is the axis of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.encoder.manifest import AXIS_EVIDENCE, MotionRule
from part_perception.geometry.motions import MOTIONS
from part_perception.parts.axes import axis_evidence, candidates
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.motion import FEWEST, KINDS, mean_chances, shared_axis
from part_perception.segmenter import PartSegmenter
from part_perception.simulation.views import View
from part_perception.simulation.worlds import Joints
from part_perception.training.calibration.fitting import fresh_sight

_NEAR = np.cos(np.radians(12))  # such a direction is the axis
_SMOOTH = 0.01
_SLOPE_SMOOTH = 1e-3


@dataclass(frozen=True)
class Vote:
    """One part of a view: its true kind, the samples' mean chances (6,), and of all directions what speaks for each
    (A, 7) and whether it is the true axis (A,)."""

    kind: int
    chances: np.ndarray
    evidence: np.ndarray
    right: np.ndarray


def votes(
    segmenter: PartSegmenter, numbers: Sequence[int], progress: Callable[[int, int], None] = lambda *_: None
) -> list[Vote]:
    """What the samples say of every part that shows in fresh views of these numbers."""
    out: list[Vote] = []
    for done, number in enumerate(numbers):
        _, world, view, _ = fresh_sight(number)
        encoded = segmenter.encode([view.points], viewpoint=view.viewpoint)[0]
        out += [
            vote(encoded, chosen, joints, part)
            for part, chosen, joints in parts_of(encoded, world.joints, view)
        ]
        progress(done + 1, len(numbers))
    return out


def parts_of(encoded: EncodedObject, joints: Joints, view: View) -> Iterator[tuple[int, np.ndarray, Joints]]:
    """Of each part that shows and whose motion is known its number, its samples (S,) bool, and the joints as seen."""
    of_points = view.part[encoded.rows]
    seen = joints.turned(view.turn)
    for part in np.unique(of_points[of_points >= 0]):
        chosen = np.bincount(encoded.member, of_points == part, encoded.patches.count) > encoded.points_of / 2
        if chosen.sum() >= FEWEST and joints.motion[part] >= 0:
            yield int(part), chosen, seen


def vote(encoded: EncodedObject, chosen: np.ndarray, joints: Joints, part: int) -> Vote:
    said = encoded.motion[chosen].astype(float)
    whole = encoded.patches.samples[: encoded.patches.count].astype(float)
    axes = candidates(whole[chosen], whole)
    evidence = axis_evidence(axes, whole[chosen], whole, shared_axis(said[:, KINDS : KINDS + 3]))
    right = np.abs(axes @ joints.axis[part]) >= _NEAR
    return Vote(int(joints.motion[part]), mean_chances(said), evidence, right)


def fit_motion(seen: Sequence[Vote]) -> MotionRule:
    """Both rules."""
    axes = [_fit_axis([v for v in seen if v.kind == kind]) for kind in range(1, KINDS)]
    return MotionRule(_fit_kinds(seen), axis_weights=tuple(float(w) for of_kind in axes for w in of_kind))


def _fit_kinds(seen: Sequence[Vote]) -> tuple[float, ...]:
    """A slope and a bias of each kind that make the true kinds likeliest."""
    logs = np.log(np.maximum([v.chances for v in seen], 1e-6))
    true = np.eye(len(MOTIONS))[[v.kind for v in seen]]

    def cost(weights: np.ndarray) -> tuple[float, np.ndarray]:
        chance = _softmax(weights[0] * logs + weights[1:])
        miss = chance - true
        slope = (miss * logs).sum() / len(logs)
        bias = miss.mean(axis=0) + 2 * _SLOPE_SMOOTH * weights[1:]
        loss = -(true * np.log(chance + 1e-12)).sum() / len(logs) + _SLOPE_SMOOTH * (weights[1:] ** 2).sum()
        return float(loss), np.append(slope, bias)

    return tuple(float(w) for w in _lowest(cost, np.eye(1 + len(MOTIONS))[0]))


def _fit_axis(seen: Sequence[Vote]) -> np.ndarray:
    """Weights (7,) with which a true axis is the likeliest of all directions, where one of them is true."""
    told = [v for v in seen if v.right.any()]

    def cost(weights: np.ndarray) -> tuple[float, np.ndarray]:
        loss, slope = _SMOOTH * float(weights @ weights), 2 * _SMOOTH * weights
        for v in told:
            chance = _softmax(v.evidence @ weights)
            hit = float(chance[v.right].sum()) + 1e-12
            loss -= np.log(hit) / len(told)
            slope = slope - v.evidence.T @ (chance * v.right / hit - chance) / len(told)
        return loss, slope

    return _lowest(cost, np.zeros(AXIS_EVIDENCE))


def _softmax(odds: np.ndarray) -> np.ndarray:
    chance = np.exp(odds - odds.max(axis=-1, keepdims=True))
    return chance / chance.sum(axis=-1, keepdims=True)


def _lowest(cost: Callable, start: np.ndarray) -> np.ndarray:
    from scipy.optimize import minimize

    return minimize(cost, start, jac=True).x
