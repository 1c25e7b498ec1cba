"""Manifest: everything about a model besides its weights, stored beside them and checked on loading."""

from __future__ import annotations

import json
import math
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from part_perception.encoder.patches import PatchSpec
from part_perception.errors import InputError
from part_perception.geometry.motions import MOTIONS
from part_perception.storage import read_file, write_atomic

NAME = re.compile(r"\w[\w.-]{0,99}", re.ASCII)  # names a folder and cache files
_HASH = re.compile(r"[0-9a-f]{64}")
_SIZES = {  # of the network and its input, inclusive
    "dim": (1, 4096), "depth": (0, 64), "heads": (1, 64), "patch_widths": (1, 4096), "position_width": (1, 4096),
    "language": (1, 4096), "field": (0, 4096), "motion": (0, 256),
    "samples": (1, 1 << 15), "patches": (1, 1 << 12), "neighbours": (1, 1 << 10), "blend": (1, 64),
}  # fmt: skip
_SECTIONS = ("encoder", "patches", "confidence", "motion_rule")
_RULES = ("scale", "bias", "mask_level", "mask_share", "found_at", "known_at", "named_known_at")
_SWITCHES = ("decoder", "smooth")
_TEXTS = ("name", "style", "text_encoder", "licence")
_MAX_TEXT, _MAX_ENTRIES, _MAX_NUMBERS = 4096, 1000, 64
_MAX_GROUPED = 1 << 20  # patches times neighbours: points of one object


def check_values(values: dict[str, Any]) -> None:
    """Raise an InputError that names the first value of a manifest with a wrong type or out of bounds."""
    sections = {key: _dict(key, values[key]) for key in _SECTIONS if key in values}
    for section in ({k: v for k, v in values.items() if k not in sections}, *sections.values()):
        _check(section)
    _require(bool(NAME.fullmatch(values.get("name", ""))), "name", "made of letters, digits and _ . - only")
    patches, encoder = sections.get("patches", {}), sections.get("encoder", {})
    grouped = patches.get("patches", 1) * patches.get("neighbours", 1)
    _require(grouped <= _MAX_GROUPED, "patches", f"with its neighbours at most {_MAX_GROUPED} points")
    if {"dim", "heads"} <= encoder.keys():
        _require(encoder["dim"] % encoder["heads"] == 0, "heads", "a divisor of dim")


def _check(values: dict[str, Any]) -> None:
    for key, value in values.items():
        if key in _SIZES:
            for number in value if key == "patch_widths" and isinstance(value, list) else [value]:
                _size(key, number)
        elif key in _SWITCHES:
            _require(isinstance(value, bool), key, "true or false")
        elif key in _TEXTS:
            _text(key, value)
        elif key == "templates":
            _require(isinstance(value, list) and 0 < len(value) <= _MAX_NUMBERS, key, "a list of texts")
            for each in value:
                _text(key, each)
        elif key in ("weights", "sample_weights", "named_weights"):
            _require(isinstance(value, list) and len(value) <= _MAX_NUMBERS, key, "a list of numbers")
            for each in value:
                _number(key, each)
        elif key == "files":
            for name, digest in _dict(key, value).items():
                named = NAME.fullmatch(name) and isinstance(digest, str) and _HASH.fullmatch(digest)
                _require(bool(named), key, "file names, each with its SHA-256")
        elif key == "lost":
            for each in _dict(key, value).values():
                _number(key, each)
        elif key == "about":
            for each in _dict(key, value).values():
                _text(key, each)
        elif key in _RULES:
            _number(key, value)


def _size(key: str, value: Any) -> None:
    low, high = _SIZES[key]
    whole = isinstance(value, int) and not isinstance(value, bool)
    _require(whole and low <= value <= high, key, f"a whole number from {low} to {high}")


def _number(key: str, value: Any) -> None:
    real = isinstance(value, (int, float)) and not isinstance(value, bool)
    _require(real and math.isfinite(value) and abs(value) <= 1e6, key, "a number of at most a million")


def _text(key: str, value: Any) -> None:
    _require(
        isinstance(value, str) and len(value) <= _MAX_TEXT, key, f"a text of at most {_MAX_TEXT} characters"
    )


def _dict(key: str, value: Any) -> dict:
    _require(isinstance(value, dict) and len(value) <= _MAX_ENTRIES, key, "names with values")
    return value


def _require(good: bool, key: str, what: str) -> None:
    if not good:
        raise InputError(f"{key} must be {what}")


FORMAT = 1
MAX_LOST = 0.5
MAX_SIZE = 1 << 20  # bytes
SAMPLE_EVIDENCE = 9
FORMER_EVIDENCE = 6  # models calibrated with the first terms only answer as they did
TAUGHT_EVIDENCE = 4
OBJECT_EVIDENCE = 2
MOTION_WEIGHTS = 1 + len(MOTIONS)
NAMED_WEIGHTS = 2 + len(MOTIONS)


@dataclass(frozen=True)
class EncoderConfig:
    """Sizes of the network.

    `field` = 0: no part field; `motion` = 0: no motion output; `decoder` False: features at patches only, as
    published.
    """

    dim: int = 192
    depth: int = 6
    heads: int = 6
    patch_widths: tuple[int, int, int, int] = (48, 96, 192, 192)
    position_width: int = 128
    language: int = 384
    field: int = 48
    motion: int = 0
    decoder: bool = True


@dataclass(frozen=True)
class Confidence:
    """How scores become answers: word logits → masks and a calibrated confidence.

    `weights` map 1 and the word's top logit on the object to the log-odds of being right. Without them (an
    uncalibrated model) nothing is found and every confidence is 0. `sample_weights` map the evidence for a
    sample to the log-odds that it belongs to the part; the mask is cut where its expected overlap with the
    part is highest. Without them (an uncalibrated model), a sample belongs to the mask if its logit is above
    `mask_level`, or `mask_share` of the way from the object's lowest to its top logit, whichever is lower.
    `object_weights` map 1 and the evidence for a whole object's name (its logit and its margin over the best
    rival) to the log-odds that the name is true, `name_weights` do so for the likeliest name; an object is
    found by a name from `object_found_at` on. Without them no object has a name. `smooth`: a logit is
    averaged over its neighbours on the surface; otherwise every sample stands alone, as in the published
    closed-set protocol. `taught_odds`: the weight of each piece of evidence for a taught word.
    """

    scale: float = 15.0
    bias: float = -6.0
    mask_level: float = 0.0
    mask_share: float = 0.65
    found_at: float = 0.5
    weights: tuple[float, ...] = (0.0, 1.0)
    sample_weights: tuple[float, ...] = ()
    object_weights: tuple[float, ...] = ()
    name_weights: tuple[float, ...] = ()
    object_found_at: float = 0.5
    smooth: bool = True
    taught_odds: tuple[float, ...] = (-5.15, 1.70, 2.84, 4.57)

    @property
    def calibrated(self) -> bool:
        """Whether confidences are meaningful."""
        return bool(self.weights)

    def __post_init__(self):
        if len(self.sample_weights) not in (0, FORMER_EVIDENCE, SAMPLE_EVIDENCE):
            raise InputError(f"sample_weights must be {SAMPLE_EVIDENCE} numbers or none")
        if len(self.taught_odds) != TAUGHT_EVIDENCE:
            raise InputError(f"taught_odds must be {TAUGHT_EVIDENCE} numbers")
        if {len(self.object_weights), len(self.name_weights)} not in ({0}, {1 + OBJECT_EVIDENCE}):
            raise InputError(f"object_weights and name_weights must be {1 + OBJECT_EVIDENCE} numbers or none")


@dataclass(frozen=True)
class MotionRule:
    """How the votes of samples become a part's motion.

    `weights` are a slope and a bias for each of MOTIONS: applied to the log of the samples' mean probability,
    they give calibrated log-odds. A motion less likely than `known_at` is unknown. `named_weights` and
    `named_known_at` are the same for a part that was asked by name, with a second slope for what the name
    suggests (parts.motion_names); without them, the name is ignored.
    """

    weights: tuple[float, ...] = (1.0, *(0.0 for _ in MOTIONS))
    known_at: float = 0.5
    named_weights: tuple[float, ...] = ()
    named_known_at: float = 0.5

    def __post_init__(self):
        if len(self.weights) != MOTION_WEIGHTS:
            raise InputError(f"motion weights must be {MOTION_WEIGHTS} numbers")
        if len(self.named_weights) not in (0, NAMED_WEIGHTS):
            raise InputError(f"named_weights must be {NAMED_WEIGHTS} numbers or none")

    def known_at_with(self, leaning: np.ndarray | None) -> float:
        """The threshold for a part whose name suggests a motion, or for one without a name."""
        return self.named_known_at if leaning is not None and self.named_weights else self.known_at


@dataclass(frozen=True)
class Manifest:
    """A model: sizes, preprocessing, text side, decision rules, and the hashes of its files.

    `natural_height`: if no number of parts is requested, parts that differ by more than this stay separate.
    `lost`: the measured loss of mIoU, in points, of each reduced precision.
    """

    name: str
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    patches: PatchSpec = field(default_factory=PatchSpec)
    confidence: Confidence = field(default_factory=Confidence)
    natural_height: float = 0.86
    text_encoder: str = "minilm"
    templates: tuple[str, ...] = ("{}", "a {}", "{} part")
    licence: str = "Apache-2.0"
    files: dict[str, str] = field(default_factory=dict)
    lost: dict[str, float] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    motion_rule: MotionRule = field(default_factory=MotionRule)

    def offers(self, precision: str) -> bool:
        """Whether the model may run in a precision: its accuracy was measured there, with hardly any loss."""
        return precision == "fp32" or self.lost.get(precision, np.inf) <= MAX_LOST

    def save(self, path: Path) -> None:
        write_atomic(path, (json.dumps({"format": FORMAT, **asdict(self)}, indent=1) + "\n").encode())

    @classmethod
    def load(cls, path: Path) -> Manifest:
        """Read a manifest; anything missing, unknown or in another format is an error that names it."""
        try:
            raw = json.loads(read_file(path, MAX_SIZE))
        except InputError as error:
            raise InputError(f"there is no model manifest at {path}: {error}") from None
        except (ValueError, RecursionError) as error:
            raise InputError(f"the model manifest {path} is damaged: {error}") from error
        if not isinstance(raw, dict) or raw.pop("format", None) != FORMAT:
            raise InputError(f"the model manifest {path} is not of format {FORMAT}")
        inside = {
            "encoder": EncoderConfig,
            "patches": PatchSpec,
            "confidence": Confidence,
            "motion_rule": MotionRule,
        }
        try:
            check_values(raw)
            parts = {k: inside[k](**_tuples(v)) if k in inside else v for k, v in raw.items()}
            return cls(**_tuples(parts))
        except (TypeError, ValueError, AttributeError) as error:
            raise InputError(f"the model manifest {path} does not fit this version: {error}") from error


def _tuples(values: dict) -> dict:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
