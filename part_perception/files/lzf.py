"""LZF, the compression in binary_compressed .pcd files: decompression only."""

from __future__ import annotations

from part_perception.errors import InputError

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
