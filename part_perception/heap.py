"""Heap: how a process of ours keeps memory, for frames and for months, by settings of glibc's allocator.

It is imported before rclpy, and imports nothing of ours.
"""

from __future__ import annotations

import ctypes
import gc
import sys

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # of mallopt
KEPT, LARGEST = 64 << 20, 32 << 20
RELEASE_EVERY = 15.0  # seconds; it takes a millisecond


def prepare() -> None:
    """Keep memory that was used once, in one heap for all threads.

    glibc counts heaps when a thread first allocates, and never removes one: rclpy starts threads as it is imported.
    """
    # The free end of any heap but the first is kept for good. Frames, answers and lessons are made by different
    # threads, each with its own such end, and together they grew for hours.
    glibc("mallopt", M_ARENA_MAX, 1)
    # Otherwise each cloud's memory is returned to the system and paged in again: 10 ms a frame.
    glibc("mallopt", M_MMAP_THRESHOLD, LARGEST)
    glibc("mallopt", M_TRIM_THRESHOLD, KEPT)


def settle() -> None:
    """Once everything is loaded, freeze the remaining objects and return freed memory to the system."""
    gc.collect()
    gc.freeze()  # the garbage collector would hold up every thread
    release()


def release() -> None:
    """Return free pages to the system: requests of many sizes leave gaps everywhere, which otherwise only grow."""
    glibc("malloc_trim", 0)


def glibc(name: str, *arguments: int) -> None:
    """Call a function of glibc's allocator, which other C libraries lack."""
    function = getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
    if function is not None:
        function(*arguments)
