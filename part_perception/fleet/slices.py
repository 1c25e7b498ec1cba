"""Slices: one long recording as several units of work, so that several workers share it.

A slice answers for the clouds of its own time only. Before them it looks at those of the overlap, without answering,
so that objects are as well known at its beginning as in the middle of the recording.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from part_perception.errors import InputError
from part_perception.fleet.addresses import is_address
from part_perception.fleet.recordings import Recording, Slice
from part_perception.recordings.bag_reader import BagReader

SECOND = 1_000_000_000
OVERLAP = 10.0  # seconds


def sliced(recordings: Sequence[Recording], length_s: float, overlap_s: float) -> list[Recording]:
    """Every recording as slices of equal length, at most `length_s`; short and unreadable ones stay whole."""
    return [unit for recording in recordings for unit in _slices(recording, length_s, overlap_s)]


def _slices(recording: Recording, length_s: float, overlap_s: float) -> Iterator[Recording]:
    if is_address(recording.source):
        raise InputError(f"{recording.source} cannot be sliced where it is: copy it, or leave out --slice")
    try:
        with BagReader(Path(recording.source)) as reader:
            first, last = reader.times
    except InputError:  # whoever labels it says so
        yield recording
        return
    count = math.ceil((last + 1 - first) / (length_s * SECOND))
    if count <= 1:
        yield recording
        return
    edges = [first + (last + 1 - first) * k // count for k in range(count + 1)]
    for number, (begin, end) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        warm = max(first, begin - round(overlap_s * SECOND))
        yield replace(recording, slice=Slice(number, warm, begin, end))
