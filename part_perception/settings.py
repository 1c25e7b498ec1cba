"""Settings: a tree of dataclasses ↔ dotted names with types, meanings and limits."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from difflib import get_close_matches
from numbers import Integral, Real
from typing import Any, get_type_hints

import numpy as np

from part_perception.errors import InputError


@dataclass(frozen=True)
class About:
    """The meaning and limits of a setting, for people."""

    text: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    read_only: bool = False


def setting(default: Any, text: str, low=None, high=None, choices=(), read_only: bool = False):
    """A dataclass field with its meaning and its limits."""
    return field(default=default, metadata={"about": About(text, low, high, choices, read_only)})


@dataclass(frozen=True)
class Setting:
    """One setting of a configuration: its dotted name, type, current value, and meaning."""

    name: str
    type: str
    value: Any
    about: About


def settings(config) -> dict[str, Setting]:
    """All settings of a configuration by dotted name."""
    return {s.name: s for s in _walk(config, "")}


def _walk(node, prefix: str) -> Iterator[Setting]:
    hints = get_type_hints(type(node))
    for f in fields(node):
        name, value = prefix + f.name, getattr(node, f.name)
        if is_dataclass(value):
            yield from _walk(value, name + ".")
        else:
            yield Setting(name, _type_name(hints[f.name]), value, f.metadata["about"])


def _type_name(hint) -> str:
    """bool, int, float, str, strings, floats (a list; an empty one stands for None)."""
    if hint in (bool, int, float, str):
        return hint.__name__
    return "strings" if "str" in str(hint) else "floats"


def with_values(config, values: Mapping[str, Any]):
    """The configuration with some settings changed, by dotted name; an InputError says what is wrong."""
    known = settings(config)
    refuse_unknown(values, known)
    return _rebuilt(config, "", {name: checked(known[name], value) for name, value in values.items()})


def refuse_unknown(names: Iterable[str], known: Collection[str]) -> None:
    """Raise an InputError that names the first unknown setting, and the known one that was probably meant."""
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 1)
            raise InputError(
                f"there is no setting {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
            )


def _rebuilt(node, prefix: str, values: dict[str, Any]):
    """Rebuild all at once, so that settings that limit each other can change together."""
    changes = {}
    for f in fields(node):
        name, now = prefix + f.name, getattr(node, f.name)
        if is_dataclass(now):
            changes[f.name] = _rebuilt(now, name + ".", values)
        elif name in values:
            changes[f.name] = values[name]
    return replace(node, **changes)


def checked(s: Setting, value):
    """The value in the type of the setting, or an InputError."""
    value = _converted(s, value)
    about = s.about
    if about.choices and value not in about.choices:
        raise InputError(f"{s.name} must be one of {', '.join(about.choices)}, not {value!r}")
    if about.low is not None and not about.low <= value <= about.high:
        raise InputError(f"{s.name} must be from {about.low:g} to {about.high:g}, not {value!r}")
    return value


def _converted(s: Setting, value: Any):
    kinds: dict[str, type | tuple[type, ...]] = {"bool": bool, "int": int, "float": (int, float), "str": str}
    if s.type in kinds:
        if not isinstance(value, kinds[s.type]) or (s.type != "bool" and isinstance(value, bool)):
            raise InputError(f"{s.name} must be of type {s.type}, not {value!r}")
        return _float(value) if s.type == "float" else value
    if value is not None and (isinstance(value, (str, bytes)) or not isinstance(value, Sequence)):
        raise InputError(f"{s.name} must be a list of {s.type}, not {value!r}")
    items = tuple(value or ())
    wanted = str if s.type == "strings" else (int, float)
    if not all(isinstance(item, wanted) and not isinstance(item, bool) for item in items):
        raise InputError(f"{s.name} must be a list of {s.type}, not {value!r}")
    if s.type == "strings":
        if any(not item.strip() for item in items):
            raise InputError(f"{s.name} has an empty text")
        return items
    if len(items) not in (0, 3):
        raise InputError(f"{s.name} must have three numbers, or none")
    numbers = tuple(_float(item) for item in items)
    if not all(map(math.isfinite, numbers)):
        raise InputError(f"{s.name} must be finite, not {value!r}")
    return numbers or None


def check_types(config, prefix: str) -> None:
    """Refuse single values of the wrong type in a configuration that is made in Python; NaN is no number."""
    kinds: dict[str, tuple[type, ...]] = {
        "bool": (bool, np.bool_), "int": (Integral,), "float": (Real,), "str": (str,)
    }  # fmt: skip
    for s in _walk(config, prefix):
        number = s.type in ("int", "float")
        if s.type in kinds and (
            not isinstance(s.value, kinds[s.type])
            or (number and (isinstance(s.value, bool) or s.value != s.value))
        ):
            raise InputError(f"{s.name} must be of type {s.type}, not {s.value!r}")


def given(config, kind: type):
    """The given configuration, or a new one; an InputError if it is something else."""
    if config is not None and not isinstance(config, kind):
        raise InputError(f"a {kind.__name__} is needed, not {type(config).__name__}")
    return kind() if config is None else config


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
