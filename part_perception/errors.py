"""Errors: the one kind that tells a caller what to change. Every other exception is a defect or a broken machine."""

from __future__ import annotations


class InputError(ValueError):
    """What was given cannot be used: one sentence that says what is wrong and what to do."""
