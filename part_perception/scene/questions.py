"""Questions: what a text asks for, of which object."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

ARTICLE = r"(?:the|a|an|my|this|that)\s+"
OWNED = re.compile(rf"^(?P<part>.+?)\s+(?:of|on|from)\s+{ARTICLE}(?P<owner>.+)$", re.IGNORECASE)
SMALL_WORDS = {
    "to",
    "of",
    "the",
    "a",
    "an",
    "it",
    "where",
    "what",
    "that",
    "is",
    "for",
    "by",
    "with",
    "on",
    "in",
    "you",
}
MAX_NAME_WORDS = 4


@dataclass(frozen=True)
class Question:
    """A text as asked; the phrases that may name the part, the likeliest first; the object that should own it.

    certain: the text says for sure that there is an owner.
    """

    text: str
    phrases: tuple[str, ...]
    owner: str | None = None
    certain: bool = False


def parse(text: str, object_words: str | None = None) -> Question:
    """'handle of the mug' names an owner; 'mug handle' may, so the whole phrase is asked too."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError("a query must be a text that is not empty")
    return read(text, object_words)


@lru_cache(maxsize=1024)
def read(text: str, object_words: str | None) -> Question:
    """Standing queries come with every frame."""
    phrase = re.sub(rf"^{ARTICLE}", "", " ".join(text.split()), flags=re.IGNORECASE)
    if object_words:
        return Question(text, (phrase,), object_words, True)
    owned = OWNED.match(phrase)
    if owned:
        return Question(text, (owned["part"],), owned["owner"], True)
    words = phrase.split()
    if 2 <= len(words) <= MAX_NAME_WORDS and not SMALL_WORDS & {word.lower() for word in words}:
        return Question(text, (phrase, words[-1]), " ".join(words[:-1]), False)
    return Question(text, (phrase,))
