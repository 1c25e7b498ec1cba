"""Motion: how a part moves, estimated from its samples: kind of joint, axis, and position of the axis."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import MotionRule
from part_perception.errors import InputError
from part_perception.geometry.motions import MOTIONS, TURNING, Motion
from part_perception.geometry.poses import level
from part_perception.language import Language
from part_perception.language.english import clean_all
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.motion_axes import Build, MotionAxes
from part_perception.storage import write_atomic

KINDS = len(MOTIONS)
MIN_SAMPLES = 4  # samples: fewer have no shape


def motion_of(
    encoded: EncodedObject,
    chosen: np.ndarray,
    rule: MotionRule,
    axes: MotionAxes | None = None,
    leaning: np.ndarray | None = None,
) -> Motion:
    """The motion of the part with the chosen samples (S,) bool, in the frame of the object's points.

    `leaning` (6,): what the part's name suggests (MotionWords.leaning), if it was asked by name.
    """
    return likeliest_motion(encoded, chosen, rule, axes, leaning, rule.known_at_with(leaning))


def likeliest_motion(
    encoded: EncodedObject,
    chosen: np.ndarray,
    rule: MotionRule,
    axes: MotionAxes | None = None,
    leaning: np.ndarray | None = None,
    known_at: float = 0.0,
) -> Motion:
    """Like motion_of, but with the likeliest kind, however unlikely, down to a probability of `known_at`."""
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
    build = Build.of(encoded, chosen)
    axis, place = axis_and_place(best, build, encoded.features[chosen].mean(axis=0), said, axes)
    upright = level(encoded.up)
    origin = (place * encoded.patches.scale + encoded.patches.centre) @ upright
    return Motion(kind, sure, axis @ upright, origin)


def axis_and_place(
    kind: int, build: Build, feature: np.ndarray, said: np.ndarray, axes: MotionAxes | None
) -> tuple[np.ndarray, np.ndarray]:
    """The axis of a moving part and a point on it, or the part's middle where nothing turns.

    `said` (P, 12) is the network's output for the part's samples; without `axes`, it alone decides.
    """
    part, turning = build.part, MOTIONS[kind] in TURNING
    axis = shared_axis(said[:, KINDS : KINDS + 3])
    voted = np.median(part + said[:, KINDS + 3 :], axis=0)
    place = part.mean(axis=0)
    if axes is None or len(part) < MIN_SAMPLES:
        return axis, beside(voted, place, axis) if turning else place
    axis = axes.direction(kind, build, feature, axis)
    if turning:
        place = axes.place(build, feature, axis, voted)
    return opening_way(MOTIONS[kind], axis, place, build), place


def opening_way(kind: str, axis: np.ndarray, place: np.ndarray, build: Build) -> np.ndarray:
    """Choose the sign of the axis: parts open away from the object's middle, lift upwards and press inwards.

    Parts that slide or are pressed are usually on the side that the camera sees, and the middle of that side
    alone says little.
    """
    middle = build.part.mean(axis=0)
    outwards = middle - (build.whole.min(axis=0) + build.whole.max(axis=0)) / 2
    if kind == "turns":
        way = np.cross(axis, middle - place) @ outwards
    elif kind == "lifts":
        way = axis[2]
    else:
        way = axis @ (outwards + build.towards) * (-1 if kind == "presses" else 1)
    return axis if way >= 0 else -axis


def mean_chances(said: np.ndarray) -> np.ndarray:
    """(6,) the mean probability of each kind over samples (S, 12)."""
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


def beside(place: np.ndarray, middle: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """The point nearest to a part's middle on an axis through a place."""
    return place + ((middle - place) @ axis) * axis


FILE = "motion_names.safetensors"
MAX_NAMES = 1 << 14
_KEY = "part_perception.motion_names"
_WIDTH = 0.06  # width of the kernel, in cosine: a name at 0.94 counts a third as much as the word itself
_DOUBT = 1.0  # the weight of the general prior, in kinds of object
_NEAR = 0.5  # in kinds of object: a text with less total weight is near no name
_LEAST = 1e-3


@dataclass(frozen=True)
class MotionNames:
    """Names of parts (W,), and the number of kinds of object in which such a part has each of MOTIONS (W, 6).

    A kind whose drawers slide in nine of ten shapes counts 0.9 and 0.1.
    """

    names: tuple[str, ...]
    kinds: np.ndarray

    def save(self, path: Path) -> None:
        from safetensors.numpy import save

        rows = np.ascontiguousarray(self.kinds, np.float16)
        write_atomic(path, save({"kinds": rows}, {_KEY: json.dumps(self.names)}))

    @classmethod
    def load(cls, path: Path) -> MotionNames:
        """Read and check a file; anything unexpected is an InputError that names it."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, "numpy") as content:
                names = json.loads((content.metadata() or {})[_KEY])
                kinds = content.get_tensor("kinds")
        except (SafetensorError, OSError, KeyError, ValueError, TypeError, RecursionError) as error:
            raise InputError(f"the motions of names {path} cannot be read: {error}") from None
        listed = (
            isinstance(names, list) and len(names) <= MAX_NAMES and all(isinstance(n, str) for n in names)
        )
        if not listed or clean_all(names) != names or len(set(names)) != len(names):
            raise InputError(f"{path} is damaged: its names are not clean and distinct")
        if kinds.dtype != np.float16 or kinds.shape != (len(names), len(MOTIONS)):
            raise InputError(f"{path} is damaged: {len(names)} names, counts {kinds.dtype} {kinds.shape}")
        if not (np.isfinite(kinds).all() and (kinds >= 0).all()):
            raise InputError(f"{path} is damaged: its counts are not numbers from 0 on")
        return cls(tuple(names), kinds.astype(float))


@dataclass(frozen=True)
class MotionWords:
    """MotionNames with the names' vectors (W, D): what a text suggests if it means, or nearly means, one."""

    names: tuple[str, ...]
    vectors: np.ndarray
    kinds: np.ndarray

    @classmethod
    def of(cls, counted: MotionNames, language: Language) -> MotionWords:
        """Look up the vectors of all names; skip names that the language lacks, and run no text model."""
        known = [i for i, name in enumerate(counted.names) if language.known(name)]
        names = tuple(counted.names[i] for i in known)
        return cls(names, language.embed(names), counted.kinds[known])

    @cached_property
    def usual(self) -> np.ndarray:
        """(6,) the probabilities for a part whose name suggests nothing."""
        total = self.kinds.sum(axis=0) + _LEAST
        return total / total.sum()

    def leaning(self, text: np.ndarray) -> np.ndarray | None:
        """(6,) the log factor by which a text (D,) makes each motion likelier than usual.

        Nearer names count more; None if no name is near.
        """
        if not text.any() or not len(self.vectors):
            return None
        near = np.exp((self.vectors @ text - 1.0) / _WIDTH)
        seen = near @ self.kinds
        if seen.sum() < _NEAR:
            return None
        chances = (seen + _DOUBT * self.usual) / (seen.sum() + _DOUBT)
        return np.log(chances / self.usual)
