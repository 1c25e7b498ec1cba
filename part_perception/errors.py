"""Errors: the one kind that tells a caller what to change. Other exceptions are bugs or system failures."""

from __future__ import annotations


class InputError(ValueError):
    """The given input cannot be used: one sentence that says what is wrong and what to do."""
