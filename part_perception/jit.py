"""Compiled loops: machine code is cached on disk if possible, and otherwise compiled in each process."""

from __future__ import annotations

from collections.abc import Callable

import numba


def compiled(signature: str, reorder_sums: bool = False) -> Callable[[Callable], Callable]:
    """Compile for exactly this signature when the module is imported.

    reorder_sums: sums may be taken in another order, several terms at once.
    """
    fastmath = {"contract", "reassoc"} if reorder_sums else {"contract"}

    def decorate(function: Callable) -> Callable:
        try:
            return numba.njit(signature, cache=True, fastmath=fastmath, nogil=True)(function)
        except RuntimeError:  # no writable place for the cache
            return numba.njit(signature, fastmath=fastmath, nogil=True)(function)

    return decorate
