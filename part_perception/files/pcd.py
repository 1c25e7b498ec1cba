"""PCD: files of the Point Cloud Library: ascii, binary and binary_compressed (LZF), organised or not."""

from __future__ import annotations

import struct

import numpy as np

from part_perception.errors import InputError
from part_perception.files.cloud import CloudFile, from_columns, require_room, require_room_for_text

_KINDS = {"F": "f", "I": "i", "U": "u"}
_KNOWN = {"VERSION", "FIELDS", "SIZE", "TYPE", "COUNT", "WIDTH", "HEIGHT", "VIEWPOINT", "POINTS", "DATA"}
_MAX_FIELDS, _MAX_POINT = 256, 1 << 16  # fields of a point, and its bytes


def read_pcd(data: bytes) -> CloudFile:
    header, at = _read_header(data)
    dtype = _row_type(header)
    height, width = _whole(header, "HEIGHT", 1), _whole(header, "WIDTH", 0)
    count = _whole(header, "POINTS", height * width)
    if width and height * width != count:
        raise InputError(f"says {width} x {height} but {count} points")
    encoding = " ".join(header["DATA"])
    require_room(count * max(dtype.itemsize, 1), f"{count} points")
    if encoding == "ascii":
        rows = _ascii_rows(data[at:], dtype, count)
    elif encoding == "binary":
        if at + count * dtype.itemsize > len(data):
            raise InputError(f"ends before its {count} points do")
        rows = np.frombuffer(data, dtype, count, at) if count else np.empty(0, dtype)
    elif encoding == "binary_compressed":
        rows = _compressed_rows(data, at, dtype, count)
    else:
        raise InputError(f"has data of an unknown kind: {encoding[:40]!r}")
    columns = {name: rows[name] for name in dtype.names or () if rows[name].ndim == 1}
    return from_columns(columns, size=(height, width) if height > 1 else None)


def _read_header(data: bytes) -> tuple[dict[str, list[str]], int]:
    header: dict[str, list[str]] = {}
    at = 0
    while "DATA" not in header:
        end = data.find(b"\n", at, at + (1 << 16))
        if end < 0:
            raise InputError("ends before its header does" if header else "is not a PCD file")
        word, *rest = data[at:end].decode("ascii", "replace").split() or ["#"]
        at = end + 1
        if word.startswith("#"):
            continue
        if word not in _KNOWN:
            raise InputError(f"is not a PCD file: {word[:40]!r} does not belong in the header")
        header[word] = rest
    for word in ("FIELDS", "SIZE", "TYPE"):
        if not header.get(word):
            raise InputError(f"has no {word} in its header")
    return header, at


def _whole(header: dict[str, list[str]], word: str, default: int) -> int:
    values = header.get(word)
    if values is None:
        return default
    if len(values) != 1 or not values[0].isdecimal() or len(values[0]) > 12:
        raise InputError(f"has an invalid {word}")
    return int(values[0])


def _row_type(header: dict[str, list[str]]) -> np.dtype:
    names, sizes, kinds = header["FIELDS"], header["SIZE"], header["TYPE"]
    counts = header.get("COUNT") or ["1"] * len(names)
    if len(names) > _MAX_FIELDS:
        raise InputError(f"has {len(names)} fields; {_MAX_FIELDS} is the maximum")
    if not len(names) == len(sizes) == len(kinds) == len(counts):
        raise InputError("has FIELDS, SIZE, TYPE and COUNT of different lengths")
    fields = []
    for i, (name, size, kind, count) in enumerate(zip(names, sizes, kinds, counts, strict=True)):
        if kind not in _KINDS or size not in ("1", "2", "4", "8") or not count.isdecimal() or len(count) > 5:
            raise InputError(f"has a field {name[:40]!r} of an unknown type")
        if kind == "F" and size == "1":
            raise InputError(f"has a field {name[:40]!r} of an unknown type")
        # Padding fields are all called "_"; names must differ, and no field's own name contains a space.
        label = name if name != "_" and name not in names[:i] else f"_ {i}"
        fields.append((label, f"<{_KINDS[kind]}{size}", *([(int(count),)] if count != "1" else [])))
    if sum(int(size) * int(count) for size, count in zip(sizes, counts, strict=True)) > _MAX_POINT:
        raise InputError(f"has points of more than {_MAX_POINT} bytes each")
    return np.dtype(fields)


def _ascii_rows(body: bytes, dtype: np.dtype, count: int) -> np.ndarray:
    require_room_for_text(len(body))
    widths = [int(np.prod(dtype[name].shape, dtype=int)) for name in dtype.names or ()]
    lines = [line.split() for line in body.split(b"\n") if line.strip()][:count]
    if len(lines) < count:
        raise InputError(f"ends before its {count} points do")
    if any(len(line) != sum(widths) for line in lines):
        raise InputError(f"has a point without {sum(widths)} values")
    rows = np.empty(count, dtype)
    start = 0
    for name, width in zip(dtype.names or (), widths, strict=True):
        kind = dtype[name].base
        convert = float if kind.kind == "f" else int
        try:
            values = np.array([[convert(v) for v in line[start : start + width]] for line in lines], kind)
        except (ValueError, OverflowError):
            raise InputError(f"has a value of {name!r} that does not fit its type") from None
        rows[name] = values.reshape(rows[name].shape)
        start += width
    return rows


def _compressed_rows(data: bytes, at: int, dtype: np.dtype, count: int) -> np.ndarray:
    """Decompressed data have each field together; this puts them back into rows."""
    if at + 8 > len(data):
        raise InputError(f"ends before its {count} points do")
    packed, size = struct.unpack_from("<II", data, at)
    if at + 8 + packed > len(data):
        raise InputError(f"ends before its {count} points do")
    if size != count * dtype.itemsize or size > packed * MAX_RATIO:
        raise InputError(f"has compressed data of a size that does not fit its {count} points")
    plain = decompress(data[at + 8 : at + 8 + packed], size)
    rows = np.empty(count, dtype)
    start = 0
    for name in dtype.names or ():
        entries = count * int(np.prod(dtype[name].shape, dtype=int))
        kind = dtype[name].base
        rows[name] = np.frombuffer(plain, kind, entries, start).reshape(rows[name].shape)
        start += entries * kind.itemsize
    return rows


MAX_RATIO = 88  # three bytes expand to at most 264


def decompress(data: bytes, size: int) -> bytes:
    """Decompress data to `size` bytes, never more.

    A control byte < 32 starts literals; any other starts a copy of earlier output.
    """
    out = bytearray()
    at, end = 0, len(data)
    while at < end and len(out) <= size:
        control = data[at]
        at += 1
        if control < 32:
            out += data[at : at + control + 1]
            at += control + 1
            continue
        length = control >> 5
        if length == 7 and at < end:
            length += data[at]
            at += 1
        if at >= end:
            break
        back = ((control & 31) << 8 | data[at]) + 1
        at += 1
        start = len(out) - back
        if start < 0:
            raise InputError("has damaged compressed data")
        length += 2
        # A copy may overlap its own end, and then repeats.
        piece = out[start : start + length]
        out += piece if len(piece) == length else (piece * (length // back + 1))[:length]
    if len(out) != size or at > end:
        raise InputError("has damaged compressed data")
    return bytes(out)
