"""PLY: ASCII or binary in either byte order, with any properties. Lists and other elements are skipped."""

from __future__ import annotations

from part_perception.errors import InputError
from part_perception.files.cloud import CloudFile, from_columns
from part_perception.files.limits import require_room_for_text
from part_perception.files.ply_body import AsciiBody, BinaryBody, Element

TYPES = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4", "float": "f4",
    "double": "f8", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4",
    "float32": "f4", "float64": "f8", "int64": "i8", "uint64": "u8",
}  # fmt: skip
_ORDERS = {"ascii": "=", "binary_little_endian": "<", "binary_big_endian": ">"}
_HEADER_LIMIT = 1 << 20


def read_ply(data: bytes) -> CloudFile:
    encoding, elements, names, at = _read_header(data)
    order = _ORDERS[encoding]
    if encoding == "ascii":
        require_room_for_text(len(data) - at)
    body = AsciiBody(data[at:]) if encoding == "ascii" else BinaryBody(data, at, order)
    for element in elements:
        if element.name == "vertex":
            rows = body.rows(element)
            return from_columns({n: rows[n] for n in rows.dtype.names or ()}, label_names=names)
        body.skip(element)
    raise InputError("has no vertices")


def has_faces(data: bytes) -> bool:
    """Whether the file is a mesh, which has faces in its header."""
    return any(e.name == "face" and e.count > 0 and e.has_lists for e in _read_header(data)[1])


def _read_header(data: bytes) -> tuple[str, list[Element], tuple[str, ...], int]:
    if not data.startswith(b"ply"):
        raise InputError("is not a PLY file: it does not begin with 'ply'")
    end = data.find(b"end_header", 0, _HEADER_LIMIT)
    newline = data.find(b"\n", end)
    if end < 0 or newline < 0:
        raise InputError("ends before its header does")
    encoding, elements, label_names = "", [], {}
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
        elif word not in ("comment", "obj_info", ""):
            raise InputError(f"has a header line that cannot be understood: {line.strip()[:60]!r}")
    if not encoding:
        raise InputError("does not say its format in the header")
    for element in elements:
        if len({name for name, _, _ in element.properties}) < len(element.properties):
            raise InputError(f"has two properties of one name in its element {element.name!r}")
    count = len(label_names)
    names = tuple(label_names[i] for i in range(count)) if set(label_names) == set(range(count)) else ()
    return encoding, elements, names, newline + 1


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
