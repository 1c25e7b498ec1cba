"""PCD: the Point Cloud Library's files: ascii, binary and binary_compressed, organised or not."""

from __future__ import annotations

import struct

import numpy as np

from part_perception.files.cloud import CloudFile, from_columns
from part_perception.files.lzf import decompress

_KINDS = {"F": "f", "I": "i", "U": "u"}
_KNOWN = {"VERSION", "FIELDS", "SIZE", "TYPE", "COUNT", "WIDTH", "HEIGHT", "VIEWPOINT", "POINTS", "DATA"}
_EXPANSION_LIMIT = 300  # LZF makes at most 264 bytes of 3


def read_pcd(data: bytes) -> CloudFile:
    header, at = _read_header(data)
    dtype = _row_type(header)
    height, width = _whole(header, "HEIGHT", 1), _whole(header, "WIDTH", 0)
    count = _whole(header, "POINTS", height * width)
    if width and height * width != count:
        raise ValueError(f"says {width} x {height} but {count} points")
    encoding = " ".join(header["DATA"])
    if encoding == "ascii":
        rows = _ascii_rows(data[at:], dtype, count)
    elif encoding == "binary":
        if at + count * dtype.itemsize > len(data):
            raise ValueError(f"ends before its {count} points do")
        rows = np.frombuffer(data, dtype, count, at) if count else np.empty(0, dtype)
    elif encoding == "binary_compressed":
        rows = _compressed_rows(data, at, dtype, count)
    else:
        raise ValueError(f"has data of an unknown kind: {encoding[:40]!r}")
    columns = {name: rows[name] for name in dtype.names or () if rows[name].ndim == 1}
    return from_columns(columns, size=(height, width) if height > 1 else None)


def _read_header(data: bytes) -> tuple[dict[str, list[str]], int]:
    header: dict[str, list[str]] = {}
    at = 0
    while "DATA" not in header:
        end = data.find(b"\n", at, at + (1 << 16))
        if end < 0:
            raise ValueError("ends before its header does" if header else "is not a PCD file")
        word, *rest = data[at:end].decode("ascii", "replace").split() or ["#"]
        at = end + 1
        if word.startswith("#"):
            continue
        if word not in _KNOWN:
            raise ValueError(f"is not a PCD file: {word[:40]!r} does not belong into the header")
        header[word] = rest
    for word in ("FIELDS", "SIZE", "TYPE"):
        if not header.get(word):
            raise ValueError(f"has no {word} in its header")
    return header, at


def _whole(header: dict[str, list[str]], word: str, default: int) -> int:
    values = header.get(word)
    if values is None:
        return default
    if len(values) != 1 or not values[0].isdecimal() or len(values[0]) > 12:
        raise ValueError(f"has a {word} that is no sensible number")
    return int(values[0])


def _row_type(header: dict[str, list[str]]) -> np.dtype:
    names, sizes, kinds = header["FIELDS"], header["SIZE"], header["TYPE"]
    counts = header.get("COUNT") or ["1"] * len(names)
    if not len(names) == len(sizes) == len(kinds) == len(counts):
        raise ValueError("has FIELDS, SIZE, TYPE and COUNT of different lengths")
    fields = []
    for i, (name, size, kind, count) in enumerate(zip(names, sizes, kinds, counts, strict=True)):
        if kind not in _KINDS or size not in ("1", "2", "4", "8") or not count.isdecimal() or len(count) > 5:
            raise ValueError(f"has a field {name[:40]!r} of an unknown type")
        if kind == "F" and size == "1":
            raise ValueError(f"has a field {name[:40]!r} of an unknown type")
        # Padding fields are all called "_"; names must differ.
        label = name if name != "_" and name not in names[:i] else f"_{i}"
        fields.append((label, f"<{_KINDS[kind]}{size}", *([(int(count),)] if count != "1" else [])))
    return np.dtype(fields)


def _ascii_rows(body: bytes, dtype: np.dtype, count: int) -> np.ndarray:
    widths = [int(np.prod(dtype[name].shape, dtype=int)) for name in dtype.names]
    lines = [line.split() for line in body.split(b"\n") if line.strip()][:count]
    if len(lines) < count:
        raise ValueError(f"ends before its {count} points do")
    if any(len(line) != sum(widths) for line in lines):
        raise ValueError(f"has a point without {sum(widths)} values")
    rows = np.empty(count, dtype)
    start = 0
    for name, width in zip(dtype.names, widths, strict=True):
        kind = dtype[name].base
        convert = float if kind.kind == "f" else int
        try:
            values = np.array([[convert(v) for v in line[start : start + width]] for line in lines], kind)
        except (ValueError, OverflowError):
            raise ValueError(f"has a value of {name!r} that does not fit its type") from None
        rows[name] = values.reshape(rows[name].shape)
        start += width
    return rows


def _compressed_rows(data: bytes, at: int, dtype: np.dtype, count: int) -> np.ndarray:
    """Compressed data keep each field together; here they are put back into rows."""
    if at + 8 > len(data):
        raise ValueError(f"ends before its {count} points do")
    packed, size = struct.unpack_from("<II", data, at)
    if size != count * dtype.itemsize or size > max(packed, 1) * _EXPANSION_LIMIT:
        raise ValueError(f"has compressed data of a size that does not fit its {count} points")
    if at + 8 + packed > len(data):
        raise ValueError(f"ends before its {count} points do")
    plain = decompress(data[at + 8 : at + 8 + packed], size)
    rows = np.empty(count, dtype)
    start = 0
    for name in dtype.names:
        entries = count * int(np.prod(dtype[name].shape, dtype=int))
        kind = dtype[name].base
        rows[name] = np.frombuffer(plain, kind, entries, start).reshape(rows[name].shape)
        start += entries * kind.itemsize
    return rows
