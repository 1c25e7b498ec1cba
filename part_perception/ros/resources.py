"""Resources: settings of allocator and interpreter for megabytes ten times a second, and shared memory."""

from __future__ import annotations

import ctypes
import fcntl
import gc
import sys
import time
from pathlib import Path

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # of mallopt
KEPT, LARGEST, ARENAS = 64 << 20, 32 << 20, 2
SWITCH_INTERVAL = 0.001  # seconds
SHARED_MEMORY = Path("/dev/shm")
SETTLED = 10.0  # seconds: a younger file may be one that its owner is about to lock


def prepare() -> None:
    """Keep memory that was used once, and switch threads often enough for quick answers."""
    # Otherwise each cloud's memory is returned to the system and paged in again: 10 ms a frame.
    glibc("mallopt", M_MMAP_THRESHOLD, LARGEST)
    glibc("mallopt", M_TRIM_THRESHOLD, KEPT)
    glibc("mallopt", M_ARENA_MAX, ARENAS)  # otherwise every thread keeps megabytes of its own
    sys.setswitchinterval(SWITCH_INTERVAL)


def settle() -> None:
    """Once everything is loaded, freeze the remaining objects and return freed memory to the system."""
    gc.collect()
    gc.freeze()  # the garbage collector would hold up every thread
    glibc("malloc_trim", 0)


def glibc(name: str, *arguments: int) -> None:
    """Call a function of glibc's allocator, which other C libraries lack."""
    function = getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
    if function is not None:
        function(*arguments)


def remove_abandoned(folder: Path = SHARED_MEMORY) -> list[str]:
    """Remove shared memory that killed Fast DDS processes left behind: opening it may block forever.

    Living owners hold a lock on a file beside theirs, so an unlocked file has no owner.
    """
    removed = []
    for lock in sorted(folder.glob("fastdds_*_[es]l")):
        base = lock.name[:-3]
        locks = [each for each in (folder / f"{base}_el", folder / f"{base}_sl") if each.exists()]
        if not locks or not all(abandoned(each) for each in locks):
            continue
        for path in (folder / base, *locks, folder / f"sem.{base}_mutex"):
            path.unlink(missing_ok=True)
        removed.append(base)
    return removed


def abandoned(lock: Path) -> bool:
    """Whether a file is not locked and not about to be."""
    try:
        if time.time() - lock.stat().st_mtime < SETTLED:
            return False
        with open(lock, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # locked, another user's, or just removed
        return False
    return True
