"""Text: one point per line, separated by blanks, commas or semicolons; three more integers are a colour.

A table may start with a line of column names. A .pts file has an intensity before the colour. Commas are decimal
marks where something else separates the numbers, as in tables of many countries: 0,5;1,25;2
"""

from __future__ import annotations

import codecs
import re

import numpy as np

from part_perception.errors import InputError
from part_perception.files.cloud import CloudFile, from_columns, require_room_for_text

_BLANKS = bytes.maketrans(b";\t", b"  ")
_DECIMAL_COMMA = re.compile(rb"[-+]?\d+,\d+(e[-+]?\d+)?", re.IGNORECASE)


def read_xyz(data: bytes) -> CloudFile:
    return _cloud(_table(_lines(data)))


def read_table(data: bytes) -> CloudFile:
    """Read a table with optional column names: x, y, z and those that .ply and .pcd know."""
    lines = _lines(data)
    names = [word.decode("latin-1").strip("\"'").lower() for word in lines[0][1]] if lines else []
    if not {"x", "y", "z"} <= set(names):
        return _cloud(_table(lines))
    table = _table(lines[1:])
    if table.shape[1] != len(names):
        raise InputError(f"names {len(names)} columns but has {table.shape[1]}")
    return from_columns(dict(zip(names, table.T, strict=True)))


def _lines(data: bytes) -> list[tuple[int, list[bytes]]]:
    """The words of every line that is not empty, with its number."""
    if b"\0" in data[:4096]:
        raise InputError("is binary, but files with this ending are text")
    require_room_for_text(len(data))
    data = data.removeprefix(codecs.BOM_UTF8)  # as spreadsheets write it
    numbered = [(i + 1, _words(line)) for i, line in enumerate(data.translate(_BLANKS).splitlines())]
    return [(i, words) for i, words in numbered if words and not words[0].startswith((b"#", b"//"))]


def _words(line: bytes) -> list[bytes]:
    """The words of a line; a comma separates them, unless three or more numbers stand apart without it."""
    if b"," not in line:
        return line.split()
    words = line.split()
    if len(words) >= 3 and all(_DECIMAL_COMMA.fullmatch(word) for word in words if b"," in word):
        return [word.replace(b",", b".") for word in words]
    return line.replace(b",", b" ").split()


def _table(numbered: list[tuple[int, list[bytes]]]) -> np.ndarray:
    if numbered and len(numbered[0][1]) == 1 and numbered[0][1][0].isdigit():
        numbered = numbered[1:]  # some writers put the number of points first
    if not numbered:
        raise InputError("has no points")
    width = len(numbered[0][1])
    if width < 3:
        raise InputError(f"has fewer than three numbers in line {numbered[0][0]}")
    uneven = next((i for i, words in numbered if len(words) != width), None)
    if uneven is not None:
        raise InputError(f"has a different number of values in line {uneven}")
    try:
        return np.array([[float(w) for w in words] for _, words in numbered])
    except ValueError:
        raise InputError(f"has something that is not a number in line {_bad_line(numbered)}") from None


def _cloud(table: np.ndarray) -> CloudFile:
    first = 4 if table.shape[1] == 7 else 3
    return CloudFile(table[:, :3], _colours(table[:, first : first + 3]))


def _bad_line(numbered: list[tuple[int, list[bytes]]]) -> int:
    for i, words in numbered:
        try:
            [float(w) for w in words]
        except ValueError:
            return i
    raise AssertionError("every line is numbers")


def _colours(columns: np.ndarray) -> np.ndarray | None:
    whole = columns.shape[1] == 3 and np.isfinite(columns).all() and (columns == np.round(columns)).all()
    if not whole or columns.min() < 0 or columns.max() > 255 or columns.max() <= 1:
        return None
    return columns.astype(np.uint8)
