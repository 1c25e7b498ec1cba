"""Numbering: what was published and never arrived, by the numbers that publishers give their messages."""

from __future__ import annotations

from collections.abc import Callable


class SequenceGaps:
    """How many messages were published and never taken, by the publisher's own numbers where the middleware tells them.

    The newest message replaces one that was not taken yet, and best effort may lose one on the way: both leave a gap.
    """

    def __init__(self):
        self._last: dict[bytes | None, int] = {}

    def gap(self, info: dict, publishers: Callable[[], int]) -> int:
        """Messages missing before this one; `publishers`: how many there are, where their identity is not told."""
        number = info.get("publication_sequence_number")
        sender = (info.get("publisher_gid") or {}).get("data")
        if number is None or (sender is None and publishers() != 1):
            return 0
        last = self._last.get(sender)
        self._last[sender] = number
        return max(number - last - 1, 0) if last is not None else 0
