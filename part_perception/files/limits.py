"""Limits: bounds on files. Sizes in their headers are checked before anything is allocated."""

from __future__ import annotations

import resource

import psutil

from part_perception.errors import InputError

MAX_CONTENT = 1 << 30  # bytes of one array or table, expanded
MAX_TEXT = 1 << 27  # bytes of a text with numbers
_COPIES = 4  # a reader makes this many copies of the content
_TEXT_COPIES = 40  # a number of two characters becomes a word and a Python float


def require_room(need: int, what: str) -> None:
    """Raise an InputError if content of this size exceeds the limit or the memory that is left."""
    if need > MAX_CONTENT:
        raise InputError(f"has {what} of {need} bytes; {MAX_CONTENT} is the most that is read")
    if need * _COPIES > free_memory():
        raise InputError(f"needs more memory than there is for {what}")


def require_room_for_text(length: int) -> None:
    """The same check for numbers written as text."""
    if length > MAX_TEXT:
        raise InputError(f"has {length} bytes of text; {MAX_TEXT} is the most that is read: write it binary")
    if length * _TEXT_COPIES > free_memory():
        raise InputError("needs more memory than there is for its text")


def free_memory() -> int:
    """Bytes that this process may still use: what the machine has left, up to the process's own limit."""
    free = psutil.virtual_memory().available
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        free = min(free, limit - psutil.Process().memory_info().vms)
    return free
