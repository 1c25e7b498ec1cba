"""Cleaning: reduces typed text and names from label files to the same words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from part_perception.errors import InputError

LONGEST_TEXT = 200

_NOT_WORD = re.compile(r"[\W_]+")


def clean(text: str) -> str:
    """Lower case, `_` and punctuation to spaces, spaces folded; refuses text that cannot be a question."""
    if not isinstance(text, str):
        raise InputError(f"a query must be text, not {type(text).__name__}")
    if len(text) > LONGEST_TEXT:
        raise InputError(f"a query may have at most {LONGEST_TEXT} characters, this one has {len(text)}")
    cleaned = _NOT_WORD.sub(" ", unicodedata.normalize("NFC", text).lower()).strip()
    if not cleaned:
        raise InputError(f"a query needs at least one letter or digit, {text!r} has none")
    return cleaned


def clean_all(texts: Sequence[str]) -> list[str]:
    """Every text cleaned, in order."""
    if isinstance(texts, str):
        raise InputError(f"queries must be a list of texts, not the single text {texts[:50]!r}: write [text]")
    return [clean(text) for text in texts]
