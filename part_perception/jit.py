"""Compiled loops: machine code is cached on disk if possible, and otherwise compiled in each process."""

from __future__ import annotations

from collections.abc import Callable

import numba


def compiled(signature: str) -> Callable[[Callable], Callable]:
    """Compile for exactly this signature when the module is imported."""

    def decorate(function: Callable) -> Callable:
        try:
            return numba.njit(signature, cache=True, fastmath={"contract"}, nogil=True)(function)
        except RuntimeError:  # no writable place for the cache
            return numba.njit(signature, fastmath={"contract"}, nogil=True)(function)

    return decorate
