"""Motion: how a part moves, estimated from its samples: kind of joint, axis, and position of the axis."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.manifest import MotionRule
from part_perception.geometry.boxes import principal_box, upright_box
from part_perception.geometry.motions import MOTIONS, TURNING, Motion
from part_perception.geometry.poses import level
from part_perception.parts.encoded import EncodedObject

_UP = np.array((0.0, 0.0, 1.0))


def candidates(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """(6, 3) up, the level axes of the object (points, z up), and the principal axes of the part."""
    return np.vstack([_UP, upright_box(whole, _UP).rotation.T[:2], principal_box(part).rotation.T])


def axis_evidence(axes: np.ndarray, part: np.ndarray, whole: np.ndarray, said: np.ndarray) -> np.ndarray:
    """(A, 7) the evidence for each axis; `said` is the axis that the network predicts.

    Its similarity to that axis, to up, and to the object's nearest axis; the part's length along it, relative
    to its longest side and to the object; the part's offset along it from the object's middle; its evenness
    across.
    """
    along = part @ axes.T
    extent = np.ptp(along, axis=0)
    of_whole = np.ptp(whole @ axes.T, axis=0)
    middle = (whole.min(axis=0) + whole.max(axis=0)) / 2
    off = np.abs((part.mean(axis=0) - middle) @ axes.T) / np.maximum(of_whole / 2, 1e-6)
    built = np.abs(axes @ upright_box(whole, _UP).rotation).max(axis=1)
    spread = np.array([_evenness(part, axis) for axis in axes])
    return np.stack(
        [
            np.abs(axes @ said),
            np.abs(axes[:, 2]),
            built,
            extent / max(float(extent.max()), 1e-6),
            extent / np.maximum(of_whole, 1e-6),
            np.minimum(off, 1.0),
            spread,
        ],
        axis=1,
    )


def _evenness(part: np.ndarray, axis: np.ndarray) -> float:
    """0 to 1: how evenly the part spreads in all directions across an axis; 1 if it is round."""
    across = part - part.mean(axis=0)
    across = across - np.outer(across @ axis, axis)
    spread = np.linalg.eigvalsh(across.T @ across)[1:]
    return float(np.sqrt(spread[0] / max(spread[1], 1e-12)))


def likeliest_axis(part: np.ndarray, whole: np.ndarray, said: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The axis with the most evidence, by the weights (7,) of its kind of motion; its sign is arbitrary."""
    axes = candidates(part, whole)
    axis = axes[int(np.argmax(axis_evidence(axes, part, whole, said) @ weights))]
    return axis / np.linalg.norm(axis)


KINDS = len(MOTIONS)
FEWEST = 4  # samples: fewer have no shape


def motion_of(
    encoded: EncodedObject, chosen: np.ndarray, rule: MotionRule, leaning: np.ndarray | None = None
) -> Motion:
    """The motion of the part with the chosen samples (S,) bool, in the frame of the object's points.

    `leaning` (6,): what the part's name suggests (MotionWords.leaning), if it was asked by name.
    """
    return likeliest_motion(encoded, chosen, rule, leaning, rule.known_at_with(leaning))


def likeliest_motion(
    encoded: EncodedObject,
    chosen: np.ndarray,
    rule: MotionRule,
    leaning: np.ndarray | None = None,
    known_at: float = 0.0,
) -> Motion:
    """The same, but with the likeliest kind whatever its probability, unless that is below `known_at`."""
    if encoded.motion is None or not chosen.any():
        return Motion()
    said = encoded.motion[chosen].astype(float)
    chances = kind_chances(mean_chances(said), rule, leaning)
    best = int(chances.argmax())
    kind, sure = MOTIONS[best], float(chances[best])
    if sure < known_at:
        return Motion(confidence=sure)
    if kind == "fixed":
        return Motion("fixed", sure)
    whole = encoded.patches.samples[: encoded.patches.count].astype(float)
    axis, place = axis_and_place(kind, whole[chosen], whole, said, rule)
    upright = level(encoded.up)
    origin = (place * encoded.patches.scale + encoded.patches.centre) @ upright
    return Motion(kind, sure, axis @ upright, origin)


def axis_and_place(
    kind: str, part: np.ndarray, whole: np.ndarray, said: np.ndarray, rule: MotionRule
) -> tuple[np.ndarray, np.ndarray]:
    """The axis of a moving part and a point on it, or the part's middle where nothing turns.

    `part` and `whole` are samples (S, 3), `said` is the network's output for those of the part.
    """
    axis, weights = shared_axis(said[:, KINDS : KINDS + 3]), rule.weights_of_axis(kind)
    if weights is not None and len(part) >= FEWEST:
        axis = likeliest_axis(part, whole, axis, weights)
    place = axis_place(part, said[:, KINDS + 3 :], axis) if kind in TURNING else part.mean(axis=0)
    return (opening_way(kind, axis, place, part, whole) if weights is not None else axis), place


def opening_way(
    kind: str, axis: np.ndarray, place: np.ndarray, part: np.ndarray, whole: np.ndarray
) -> np.ndarray:
    """The axis or its opposite: parts open away from the object's middle, lift upwards and press inwards."""
    middle = part.mean(axis=0)
    outwards = middle - (whole.min(axis=0) + whole.max(axis=0)) / 2
    if kind == "turns":
        way = np.cross(axis, middle - place) @ outwards
    elif kind == "lifts":
        way = axis[2]
    else:
        way = axis @ outwards * (-1 if kind == "presses" else 1)
    return axis if way >= 0 else -axis


def mean_chances(said: np.ndarray) -> np.ndarray:
    """(6,) the mean of the probabilities that samples (S, 12) give each kind."""
    scores = said[:, :KINDS]
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (chances / chances.sum(axis=1, keepdims=True)).mean(axis=0)


def kind_chances(mean: np.ndarray, rule: MotionRule, leaning: np.ndarray | None = None) -> np.ndarray:
    """Calibrated probabilities (..., 6) from mean ones and from what the name suggests (..., 6), if any."""
    evidence = [np.log(np.maximum(mean, 1e-6))]
    weights = rule.weights
    if leaning is not None and rule.named_weights:
        evidence, weights = [*evidence, leaning], rule.named_weights
    odds = sum(w * e for w, e in zip(weights, evidence, strict=False)) + np.asarray(weights[len(evidence) :])
    chances = np.exp(odds - odds.max(axis=-1, keepdims=True))
    return chances / chances.sum(axis=-1, keepdims=True)


def shared_axis(axes: np.ndarray) -> np.ndarray:
    """The direction that most of the axes (S, 3) share, with the sign that most of them have."""
    axes = axes / np.maximum(np.linalg.norm(axes, axis=1, keepdims=True), 1e-9)
    axis = np.linalg.eigh(axes.T @ axes)[1][:, -1]
    agree = np.abs(axes @ axis)
    near = axes[agree >= np.median(agree)]
    axis = np.linalg.eigh(near.T @ near)[1][:, -1]
    return axis if (axes @ axis).sum() >= 0 else -axis


def axis_place(samples: np.ndarray, arms: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """The point of the axis beside the part's middle: each sample (S, 3) votes by an offset (S, 3) to it."""
    middle = samples.mean(axis=0)
    place = np.median(samples + arms, axis=0)
    return place + ((middle - place) @ axis) * axis
