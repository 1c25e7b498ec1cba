"""Checks of a manifest's values: type and bounds of each, before they size or name anything."""

from __future__ import annotations

import math
import re
from typing import Any

from part_perception.errors import InputError

NAME = re.compile(r"\w[\w.-]{0,99}", re.ASCII)  # it names a folder and files of the cache
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
        elif key in ("weights", "sample_weights", "named_weights", "axis_weights"):
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
