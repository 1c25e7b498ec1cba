"""LZF, the compression inside binary_compressed .pcd files: decompression only."""

from __future__ import annotations

from part_perception.errors import InputError

MAX_RATIO = 88  # three bytes stand for at most 264


def decompress(data: bytes, size: int) -> bytes:
    """The `size` bytes that were compressed, never more.

    A control byte < 32 starts literals, else a copy from what came before.
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
        # A copy may overlap its own end: the piece then repeats itself.
        piece = out[start : start + length]
        out += piece if len(piece) == length else (piece * (length // back + 1))[:length]
    if len(out) != size or at > end:
        raise InputError("has damaged compressed data")
    return bytes(out)
