"""Mutations that know the structure of files: numbers, lengths, words, headers and archives."""

from __future__ import annotations

import io
import random
import struct
import zipfile

_ODD = (
    0,
    1,
    -1,
    7,
    127,
    128,
    255,
    256,
    65535,
    1 << 16,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 1,
    1 << 62,
    -(1 << 63),
)
_WORDS = (b"nan", b"inf", b"-1", b"0", b"1e999", b"99999999999", b"list", b"uchar", b"double", b"x", b"F", b"8",
          b"'O'", b"'<U9999999'", b"(0, 99999999999)", b"[" * 50, b"\xff" * 8, b"\n", b" ", b"end_header\n",
          b"null", b"true", b"{}", b"-", b"DATA ascii\n", b"COUNT 0 1 1 1\n", b"element vertex 9\n")  # fmt: skip


def mutated(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """A file with a few changes; archives are changed inside as well as outside."""
    if data[:2] == b"PK" and rng.random() < 0.7:
        return _archive(data, rng)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        data = rng.choice(_CHANGES)(data, other, rng)
    return data


def _flip(data: bytes, other: bytes, rng: random.Random) -> bytes:
    if not data:
        return other
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def _byte(data: bytes, other: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def _number(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """An unusual number of two, four or eight bytes."""
    width, at = rng.choice((2, 4, 8)), rng.randrange(len(data) + 1)
    value = (rng.choice(_ODD) + rng.choice((0, 0, -1, 1))) & ((1 << 8 * width) - 1)
    return data[:at] + value.to_bytes(width, rng.choice(("little", "big"))) + data[at + width :]


def _float(data: bytes, other: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    value = rng.choice((float("nan"), float("inf"), -float("inf"), 1e38, -0.0, 1e-45))
    return data[:at] + struct.pack("<f", value) + data[at + 4 :]


def _word(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """Replace a word in the text that the file is, or begins with."""
    words = data[:2000].split(b" ")
    words[rng.randrange(len(words))] = rng.choice(_WORDS)
    return b" ".join(words) + data[2000:]


def _line(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """Remove, duplicate or move a line of the header."""
    lines = data.split(b"\n")
    line = lines.pop(rng.randrange(len(lines)))
    for _ in range(rng.randrange(3)):
        lines.insert(rng.randrange(len(lines) + 1), line)
    return b"\n".join(lines)


def _cut(data: bytes, other: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _hole(data: bytes, other: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randrange(1, 64) :]


def _again(data: bytes, other: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    piece = data[at : at + rng.randrange(1, 64)]
    return data[:at] + piece * rng.choice((2, 2, 3, 50)) + data[at:]


def _spliced(data: bytes, other: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


_CHANGES = (_flip, _byte, _number, _number, _float, _word, _word, _line, _cut, _hole, _again, _spliced)


def _archive(data: bytes, rng: random.Random) -> bytes:
    """An .npz with a changed, missing or renamed member, or with another compression."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        return data
    if not members:
        return data
    name = rng.choice(list(members))
    content = members.pop(name)
    if rng.random() < 0.9:
        other = rng.choice(list(members.values())) if members else content
        name = rng.choice(
            (name, name, name, "labels.npy", "points.npy", "label_names.npy", "K.npy", "words.npy")
        )
        members[name] = mutated(content, other, rng)
    stream = io.BytesIO()
    method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
    with zipfile.ZipFile(stream, "w", method) as archive:
        for each, inside in members.items():
            archive.writestr(each, inside)
    return stream.getvalue()
