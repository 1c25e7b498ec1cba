"""What a process with megabytes to handle ten times a second asks of allocator, interpreter and shared memory."""

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
    """Memory that was used once is kept; a thread that has to answer does not wait long for one that computes."""
    # Else every cloud's megabytes go back to the system and are paged in again: 10 ms a frame.
    glibc("mallopt", M_MMAP_THRESHOLD, LARGEST)
    glibc("mallopt", M_TRIM_THRESHOLD, KEPT)
    glibc("mallopt", M_ARENA_MAX, ARENAS)  # else every thread keeps megabytes of its own
    sys.setswitchinterval(SWITCH_INTERVAL)


def settle() -> None:
    """Once everything is loaded: what is there now stays, and what was only needed on the way goes back."""
    gc.collect()
    gc.freeze()  # looking through it again and again would hold up every thread
    glibc("malloc_trim", 0)


def glibc(name: str, *arguments: int) -> None:
    """Call a function of glibc's allocator; other C libraries have none of them."""
    function = getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
    if function is not None:
        function(*arguments)


def remove_abandoned(folder: Path = SHARED_MEMORY) -> list[str]:
    """Remove what killed processes left of Fast DDS's shared memory: whoever opens that later may wait for ever.

    Living owners hold a lock on a file beside theirs, so what nobody has locked is nobody's.
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
    """Whether nobody has the file locked, and nobody is about to."""
    try:
        if time.time() - lock.stat().st_mtime < SETTLED:
            return False
        with open(lock, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # locked, another user's, or just gone
        return False
    return True
