"""PLY: ASCII or binary in either byte order, with any properties. Lists and other elements are skipped.

The header comes first; the body follows element by element and becomes tables with named fields.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from part_perception.errors import InputError
from part_perception.files.cloud import (
    CloudFile,
    as_integers,
    from_columns,
    require_room,
    require_room_for_text,
)
from part_perception.geometry import AXES

_MAX_WALKED = 20_000_000  # values in rows with lists, which are read one by one


@dataclass
class Element:
    """An element of the header: its properties are (name, type, type of a list's length or "")."""

    name: str
    count: int
    properties: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def has_lists(self) -> bool:
        return any(length for _, _, length in self.properties)

    def dtype(self, order: str) -> np.dtype:
        return np.dtype([(name, order + kind) for name, kind, length in self.properties if not length])


class BinaryBody:
    """A binary body, read element by element."""

    def __init__(self, data: bytes, at: int, order: str):
        self.data, self.at, self.order = data, at, order

    def skip(self, element: Element) -> None:
        self.rows(element)

    def rows(self, element: Element) -> np.ndarray:
        dtype = element.dtype(self.order)
        if element.has_lists:
            return self._walk(element, dtype)
        need = element.count * dtype.itemsize
        self._require(element, need)
        require_room(need, f"{element.count} {element.name} rows")
        rows = np.frombuffer(self.data, dtype, element.count, self.at) if need else np.empty(0, dtype)
        self.at += need
        return rows

    def _walk(self, element: Element, dtype: np.dtype) -> np.ndarray:
        """Read row by row, because lists differ in length."""
        self._require(element, element.count)
        if element.count * len(element.properties) > _MAX_WALKED:
            raise InputError(f"has more than {_MAX_WALKED} values in {element.name} rows with lists")
        kinds = [(np.dtype(self.order + kind), np.dtype(self.order + length) if length else None)
                 for _, kind, length in element.properties]  # fmt: skip
        packed = bytearray()
        for _ in range(element.count):
            for kind, length in kinds:
                if length is None:
                    self._require(element, kind.itemsize)
                    packed += self.data[self.at : self.at + kind.itemsize]
                    self.at += kind.itemsize
                else:
                    self._require(element, length.itemsize)
                    entries = int(np.frombuffer(self.data, length, 1, self.at)[0])
                    self.at += length.itemsize
                    self._require(element, max(entries, 0) * kind.itemsize)
                    self.at += max(entries, 0) * kind.itemsize
        return np.frombuffer(bytes(packed), dtype) if dtype.itemsize else np.empty(0, dtype)

    def _require(self, element: Element, size: int) -> None:
        if self.at + size > len(self.data):
            raise InputError(f"ends before its {element.count} {element.name} rows do")


class AsciiBody:
    """A text body with one row per line."""

    def __init__(self, data: bytes):
        self.lines = [line for line in data.split(b"\n") if line.strip()]
        self.at = 0

    def skip(self, element: Element) -> None:
        self._take(element)

    def rows(self, element: Element) -> np.ndarray:
        lines = self._take(element)
        if element.has_lists:
            rows = [_without_lists(line.split(), element) for line in lines]
        else:
            rows = [line.split() for line in lines]
        dtype = element.dtype("=")
        width = len(dtype.names or ())
        if any(len(row) != width for row in rows):
            raise InputError(f"has a {element.name} row without {width} values")
        try:
            values = np.array([[float(v) for v in row] for row in rows], np.float64).reshape(len(rows), width)
        except ValueError:
            raise InputError(f"has a {element.name} row with something that is not a number") from None
        out = np.empty(len(rows), dtype)
        for i, name in enumerate(dtype.names or ()):
            out[name] = _cast(values[:, i], dtype[name])
        return out

    def _take(self, element: Element) -> list[bytes]:
        lines = self.lines[self.at : self.at + element.count]
        if len(lines) < element.count:
            raise InputError(f"ends before its {element.count} {element.name} rows do")
        self.at += element.count
        return lines


def _cast(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            return values.astype(dtype)
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    if not ((values >= low) & (values <= high)).all():
        raise InputError("has an integer that does not fit its type")
    return values.astype(dtype)


def _without_lists(words: list[bytes], element: Element) -> list[bytes]:
    kept, at = [], 0
    for _, _, length in element.properties:
        if not length:
            kept += words[at : at + 1]
            at += 1
        else:
            entries = words[at] if at < len(words) else b""
            if not entries.isdigit():
                raise InputError(f"has a {element.name} row whose list has no length")
            at += 1 + int(entries)
    return kept


TYPES = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4", "float": "f4",
    "double": "f8", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4",
    "float32": "f4", "float64": "f8", "int64": "i8", "uint64": "u8",
}  # fmt: skip
_ORDERS = {"ascii": "=", "binary_little_endian": "<", "binary_big_endian": ">"}
_HEADER_LIMIT = 1 << 20


def read_ply(data: bytes) -> CloudFile:
    head = _read_header(data)
    body = _body(data, head)
    for element in head.elements:
        if element.name == "vertex":
            rows = body.rows(element)
            columns = {n: rows[n] for n in rows.dtype.names or ()}
            return from_columns(columns, label_names=head.label_names, up_axis=head.up_axis)
        body.skip(element)
    raise InputError("has no vertices")


def _body(data: bytes, head: Header) -> AsciiBody | BinaryBody:
    if head.encoding != "ascii":
        return BinaryBody(data, head.size, _ORDERS[head.encoding])
    require_room_for_text(len(data) - head.size)
    return AsciiBody(data[head.size :])


@dataclass(frozen=True)
class MeshNotes:
    """What a mesh says besides its surface: `labels` of its elements "vertex" and "face", and more."""

    labels: dict[str, np.ndarray]
    label_names: tuple[str, ...]
    up_axis: str


def read_mesh_notes(data: bytes) -> MeshNotes:
    """Read the property `label` of vertices and faces, where there is one."""
    head = _read_header(data)
    labelled = [e for e in head.elements if "label" in (e.dtype("=").names or ())]
    labels: dict[str, np.ndarray] = {}
    body = _body(data, head)
    for element in head.elements[: max((head.elements.index(e) + 1 for e in labelled), default=0)]:
        rows = body.rows(element)
        if element in labelled:
            labels[element.name] = as_integers(rows["label"], "label")
    return MeshNotes(labels, head.label_names, head.up_axis)


def has_faces(data: bytes) -> bool:
    """Whether the file is a mesh, which has faces in its header."""
    return any(e.name == "face" and e.count > 0 and e.has_lists for e in _read_header(data).elements)


@dataclass(frozen=True)
class Header:
    """What the header says, and its size in bytes."""

    encoding: str
    elements: list[Element]
    label_names: tuple[str, ...]
    up_axis: str
    size: int


def _read_header(data: bytes) -> Header:
    if not data.startswith(b"ply"):
        raise InputError("is not a PLY file: it does not begin with 'ply'")
    end = data.find(b"end_header", 0, _HEADER_LIMIT)
    newline = data.find(b"\n", end)
    if end < 0 or newline < 0:
        raise InputError("ends before its header does")
    encoding, up_axis, elements, label_names = "", "", [], {}
    for line in data[:end].decode("utf-8", "replace").splitlines()[1:]:
        word, *rest = line.split() or [""]
        if word == "format" and rest and rest[0] in _ORDERS:
            encoding = rest[0]
        elif word == "element" and len(rest) == 2 and rest[1].isdecimal() and len(rest[1]) <= 12:
            elements.append(Element(rest[0], int(rest[1])))
        elif word == "property" and elements:
            elements[-1].properties.append(_property(rest, line))
        elif (
            word == "comment"
            and len(rest) >= 3
            and rest[0] == "label"
            and rest[1].isdecimal()
            and len(rest[1]) <= 6
        ):
            label_names[int(rest[1])] = " ".join(rest[2:])
        elif word == "comment" and len(rest) == 2 and rest[0] == "up_axis" and rest[1] in AXES:
            up_axis = rest[1]
        elif word not in ("comment", "obj_info", ""):
            raise InputError(f"has a header line that cannot be understood: {line.strip()[:60]!r}")
    if not encoding:
        raise InputError("does not give its format in the header")
    for element in elements:
        if len({name for name, _, _ in element.properties}) < len(element.properties):
            raise InputError(f"has two properties with the same name in its element {element.name!r}")
    count = len(label_names)
    names = tuple(label_names[i] for i in range(count)) if set(label_names) == set(range(count)) else ()
    return Header(encoding, elements, names, up_axis, newline + 1)


def _property(words: list[str], line: str) -> tuple[str, str, str]:
    if len(words) == 2 and words[0] in TYPES:
        return words[1], TYPES[words[0]], ""
    if (
        len(words) == 4
        and words[0] == "list"
        and TYPES.get(words[1], "")[:1] in ("i", "u")
        and words[2] in TYPES
    ):
        return words[3], TYPES[words[2]], TYPES[words[1]]
    raise InputError(f"has a property that cannot be understood: {line.strip()[:60]!r}")
