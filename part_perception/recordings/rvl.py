"""RVL: the lossless depth format that compressed_depth_image_transport offers besides PNG.

Runs of zeros and other values alternate; values are differences from the previous one. All numbers are written in
groups of three bits, the lowest first, each with a fourth bit that says whether more follow.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from part_perception.errors import InputError
from part_perception.jit import compiled

SIZE = 8  # bytes of width and height


def decoded(data: bytes, most: int) -> np.ndarray:
    """Decode an image (H, W) uint16 of at most `most` pixels."""
    width, height = (int(n) for n in np.frombuffer(data[:SIZE].ljust(SIZE, b"\0"), "<u4"))
    count = width * height
    if not 0 < count <= most:
        raise InputError(f"an RVL image cannot have {width} × {height} pixels")
    body = data[SIZE:]
    words = np.frombuffer(body + bytes(-len(body) % 4), "<u4")
    values = np.zeros(count, np.uint16)
    if not decode(words, values):
        raise InputError("an RVL image is cut off or broken")
    return values.reshape(height, width)


@compiled("UniTuple(int64, 2)(Array(uint32, 1, 'C', readonly=True), int64)")
def number_at(words: np.ndarray, at: int) -> tuple[int, int]:
    """The number that starts at a group, and the next group; -1 if it is cut off or too long."""
    number: Any = 0  # mypy takes a compiled sum for one of numpy's
    shift = 0
    while at < 8 * len(words) and shift <= 30:
        group = np.int64(words[at >> 3] >> np.uint32(28 - 4 * (at & 7))) & 15
        number |= (group & 7) << shift
        shift, at = shift + 3, at + 1
        if group < 8:
            return number, at
    return -1, at


@compiled("boolean(Array(uint32, 1, 'C', readonly=True), uint16[::1])")
def decode(words: np.ndarray, values: np.ndarray) -> bool:
    """Fill the values, which must be 0; False if there are too few words or a run is too long."""
    at, done, value = 0, 0, 0
    while done < len(values):
        zeros, at = number_at(words, at)
        others, at = number_at(words, at)
        if min(zeros, others) < 0 or zeros + others == 0 or done + zeros + others > len(values):
            return False
        done += zeros
        for _ in range(others):
            step, at = number_at(words, at)
            if step < 0:
                return False
            value += (step >> 1) ^ -(step & 1)
            values[done] = np.uint16(value & 0xFFFF)
            done += 1
    return True
