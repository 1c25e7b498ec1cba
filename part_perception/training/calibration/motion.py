"""Calibrate motion: on fresh views, fit motion statistics of names, kinds of motion, and axis directions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from part_perception.encoder.manifest import MotionRule
from part_perception.geometry.motions import MOTIONS, TURNING
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.motion import (
    KINDS,
    MIN_SAMPLES,
    MotionNames,
    MotionWords,
    mean_chances,
    shared_axis,
)
from part_perception.parts.motion_axes import Build, MotionAxes
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.builder import joint_of, surely_fixed
from part_perception.shapes.kinds import KINDS as SHAPES
from part_perception.shapes.names import cleaned
from part_perception.simulation.views import View
from part_perception.simulation.worlds import Joints
from part_perception.training.calibration.fitting import fresh_sight

SHAPES_A_KIND = 16

Shares = Mapping[str, np.ndarray]


def shares_of(key: str, shapes: int = SHAPES_A_KIND) -> dict[str, np.ndarray]:
    """For every part name of a kind, return the share (6,) of those parts with each motion."""
    counts: dict[str, np.ndarray] = {}
    for seed in range(shapes):
        shape = SHAPES[key].make(np.random.default_rng(seed))
        for number, part in enumerate(shape.parts):
            joint = joint_of(shape, number)
            if joint is None and not surely_fixed(shape, number):
                continue  # its motion is unknown
            motion = MOTIONS.index(joint.kind if joint else "fixed")
            for name in cleaned(part.names):
                counts.setdefault(name, np.zeros(len(MOTIONS)))[motion] += 1
    return {name: count / count.sum() for name, count in counts.items()}


def count_kinds(
    keys: Iterable[str] | None = None, progress: Callable[[int, int], None] = lambda *_: None
) -> dict[str, Shares]:
    """Return the motion shares of names by kind of object."""
    keys = list(SHAPES if keys is None else keys)
    out: dict[str, Shares] = {}
    for key in keys:
        out[key] = shares_of(key)
        progress(len(out), len(keys))
    return out


def counted(of_kinds: Mapping[str, Shares]) -> MotionNames:
    """Sum over kinds of object with equal weights."""
    total: dict[str, np.ndarray] = {}
    for shares in of_kinds.values():
        for name, share in shares.items():
            total[name] = total.get(name, 0.0) + share
    names = tuple(sorted(total))
    return MotionNames(names, np.array([total[name] for name in names]).reshape(-1, len(MOTIONS)))


def without(words: MotionWords, shares: Shares) -> MotionWords:
    """Return the words' statistics with one kind, given by its shares, left out."""
    own = np.array([shares.get(name, np.zeros(len(MOTIONS))) for name in words.names])
    return replace(words, kinds=np.maximum(words.kinds - own, 0.0))


_NEAR = np.cos(np.radians(12))  # a direction this close is the axis
_CLOSE = 0.1  # of the object's size, or _CLOSE_M if that is more
_CLOSE_M = 0.03  # metres; a line this close is the axis; the nearer, the better
_SMOOTH = 0.1, 0.03  # regularisation of the weights of directions and of lines
WHAT_IT_IS = 32  # numbers
RIGHT = 0.85  # of parts reported as moving
_BARS = np.round(np.arange(0.5, 0.96, 0.01), 2)
_SLOPE_SMOOTH = 1e-3


@dataclass(frozen=True)
class Vote:
    """One part of a view: its true motion, what its name suggests (6,) on an object of a new kind, the
    samples' mean chances (6,) and mean feature (D,); for each candidate direction the evidence (7, E) and
    whether it is the true axis (7,); for each candidate line along the true axis, if the part turns, the
    evidence (19, E)
    and its closeness (19,): 1 is on the axis, 0 is far."""

    kind: int
    leaning: np.ndarray | None
    chances: np.ndarray
    feature: np.ndarray
    directions: np.ndarray
    right: np.ndarray
    lines: np.ndarray | None = None
    near: np.ndarray | None = None


def votes(
    segmenter: PartSegmenter,
    of_kinds: Mapping[str, Shares],
    numbers: Sequence[int],
    progress: Callable[[int, int], None] = lambda *_: None,
) -> list[Vote]:
    """Collect what samples and first name say about every visible part in the fresh views with these numbers.

    Name statistics leave out the object's own kind, as for a new object.
    """
    words = MotionWords.of(counted(of_kinds), segmenter.language)
    out: list[Vote] = []
    for done, number in enumerate(numbers):
        shape, world, view, _ = fresh_sight(number)
        encoded = segmenter.encode([view.points], viewpoint=view.viewpoint)[0]
        strange = without(words, of_kinds[shape.kind])
        for part, chosen, joints in parts_of(encoded, world.joints, view):
            leaning = strange.leaning(segmenter.embed(shape.parts[part].names[:1])[0])
            size = float(np.linalg.norm(np.ptp(world.body.corners, axis=0)))
            out.append(vote(encoded, chosen, joints, part, leaning, size))
        progress(done + 1, len(numbers))
    return out


def parts_of(encoded: EncodedObject, joints: Joints, view: View) -> Iterator[tuple[int, np.ndarray, Joints]]:
    """Yield every visible part of known motion: its number, its samples (S,) bool, and the joints as seen."""
    of_points = view.part[encoded.rows]
    seen = joints.turned(view.turn)
    for part in np.unique(of_points[of_points >= 0]):
        chosen = np.bincount(encoded.member, of_points == part, encoded.patches.count) > encoded.points_of / 2
        if chosen.sum() >= MIN_SAMPLES and joints.motion[part] >= 0:
            yield int(part), chosen, seen


def vote(
    encoded: EncodedObject,
    chosen: np.ndarray,
    joints: Joints,
    part: int,
    leaning: np.ndarray | None,
    size: float,
) -> Vote:
    assert encoded.motion is not None  # votes are only collected for models that predict motion
    said, kind, axis = encoded.motion[chosen].astype(float), int(joints.motion[part]), joints.axis[part]
    feature = encoded.features[chosen].mean(axis=0)
    feature = feature / max(float(np.linalg.norm(feature)), 1e-9)
    if kind == 0:
        return Vote(kind, leaning, mean_chances(said), feature, np.zeros((0, 0)), np.zeros(0, bool))
    build = Build.of(encoded, chosen)
    evidence = build.direction_evidence(shared_axis(said[:, KINDS : KINDS + 3]))
    seen = Vote(
        kind, leaning, mean_chances(said), feature, evidence, np.abs(build.directions @ axis) >= _NEAR
    )
    if MOTIONS[kind] not in TURNING:
        return seen
    places, lines = build.lines(axis, np.median(build.part + said[:, KINDS + 3 :], axis=0))
    away = places * encoded.patches.scale + encoded.patches.centre - joints.origin[part]
    away = np.linalg.norm(away - np.outer(away @ axis, axis), axis=1) / max(_CLOSE_M, _CLOSE * size)
    return replace(seen, lines=lines, near=np.where(away <= 1, 1.25 - away, 0.0))


def fit_motion(seen: Sequence[Vote]) -> MotionRule:
    """Fit the rules that predict kinds of motion."""
    heads = np.log(np.maximum([v.chances for v in seen], 1e-6))
    true = np.array([v.kind for v in seen])
    alone, known_at = fit_kinds([heads], true)
    told = [k for k, v in enumerate(seen) if v.leaning is not None]
    names = np.array([seen[k].leaning for k in told])
    named, named_known_at = fit_kinds([heads[told], names], true[told])
    return MotionRule(alone, known_at, named, named_known_at)


def fit_axes(seen: Sequence[Vote]) -> MotionAxes:
    """Fit the evidence weights for directions, per kind of motion, and for lines."""
    moving = [v for v in seen if v.kind > 0]
    features = np.array([v.feature for v in moving])
    mean = features.mean(axis=0)
    _, spread, ways = np.linalg.svd(features - mean, full_matrices=False)
    most = min(WHAT_IT_IS, int((spread > 1e-6 * spread[0]).sum()))
    basis = ways[:most].T / (spread[:most] / np.sqrt(len(moving)))
    axes = MotionAxes(mean, basis, np.zeros((KINDS - 1, 0, 0)), np.zeros((0, 0)))

    def fitted(some: Sequence[tuple[Vote, np.ndarray, np.ndarray]], smooth: float) -> np.ndarray:
        return fit_choice(
            np.array([evidence for _, evidence, _ in some]),
            np.array([axes.of_part(v.feature) for v, _, _ in some]),
            np.array([worth for _, _, worth in some], float),
            smooth,
        )

    of_kind = [
        [(v, v.directions, v.right) for v in moving if v.kind == kind and v.right.any()]
        for kind in range(1, KINDS)
    ]
    lines = [
        (v, v.lines, v.near) for v in moving if v.lines is not None and v.near is not None and v.near.any()
    ]
    return replace(
        axes,
        directions=np.array([fitted(some, _SMOOTH[0]) for some in of_kind]),
        lines=fitted(lines, _SMOOTH[1]),
    )


def fit_choice(evidence: np.ndarray, what: np.ndarray, worth: np.ndarray, smooth: float) -> np.ndarray:
    """Fit (E, 1 + K) weights that make candidates of high worth (V, C), with evidence (V, C, E), most likely.

    The weight of each piece of evidence is linear in `what` (V, 1 + K).
    """
    spread = evidence.reshape(-1, evidence.shape[2]).std(axis=0) + 1e-6
    scaled = evidence / spread
    shape = (evidence.shape[2], what.shape[1])

    def cost(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(shape)
        chance = _softmax(np.einsum("vce,ve->vc", scaled, what @ weights.T))
        hit = (chance * worth).sum(axis=1) + 1e-12
        miss = chance - chance * worth / hit[:, None]
        slope = np.einsum("vc,vce->ve", miss, scaled).T @ what / len(what)
        return float(-np.log(hit).mean() + smooth * (weights**2).sum()), (
            slope + 2 * smooth * weights
        ).ravel()

    return _lowest(cost, np.zeros(shape[0] * shape[1])).reshape(shape) / spread[:, None]


def fit_kinds(evidence: Sequence[np.ndarray], true: np.ndarray) -> tuple[tuple[float, ...], float]:
    """Fit slopes of the evidence (V, 6) and biases of kinds to the true kinds (V,), and the threshold."""
    count, sure = len(evidence), np.eye(len(MOTIONS))[true]

    def chances(weights: np.ndarray) -> np.ndarray:
        return _softmax(sum(w * e for w, e in zip(weights, evidence, strict=False)) + weights[count:])

    def cost(weights: np.ndarray) -> tuple[float, np.ndarray]:
        chance = chances(weights)
        miss = chance - sure
        slopes = [(miss * e).sum() / len(true) for e in evidence]
        bias = miss.mean(axis=0) + 2 * _SLOPE_SMOOTH * weights[count:]
        loss = -(sure * np.log(chance + 1e-12)).sum() / len(true)
        return float(loss + _SLOPE_SMOOTH * (weights[count:] ** 2).sum()), np.append(slopes, bias)

    weights = _lowest(cost, np.append(np.ones(count), np.zeros(len(MOTIONS))))
    return tuple(float(w) for w in weights), bar(chances(weights), true)


def bar(chances: np.ndarray, true: np.ndarray) -> float:
    """Return the lowest threshold, at least 0.5, where a share of RIGHT of the parts reported is correct."""
    best, surely = chances.argmax(axis=1), chances.max(axis=1)
    right = best == true
    for level in _BARS:
        told = (surely >= level) & (best > 0)
        if told.any() and right[told].mean() >= RIGHT:
            return float(level)
    return float(_BARS[-1])


def _softmax(odds: np.ndarray) -> np.ndarray:
    chance = np.exp(odds - odds.max(axis=-1, keepdims=True))
    return chance / chance.sum(axis=-1, keepdims=True)


def _lowest(cost: Callable, start: np.ndarray) -> np.ndarray:
    from scipy.optimize import minimize

    return minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
