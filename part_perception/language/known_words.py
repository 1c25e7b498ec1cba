"""KnownWords: the names that a bank knows, which of them name whole objects, and which name parts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from part_perception.language.english import CALLED_BY_MANY, frequencies, singulars, spellings

_OF_THE = " of the "
_COMMON = 1_000_000  # uses, from which an English word is likely to be part of compounds


@dataclass(frozen=True, eq=False)
class KnownWords:
    """Phrases with a vector. `objects` and `parts` are those that the model learned as such names."""

    words: Collection[str]
    objects: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> frozenset[str]:
        """Phrases that name one thing, rather than a part together with its object, such as "mug handle"."""
        return frozenset(word for word in self.words if self._is_taught(word) or not self._says_owner(word))

    @cached_property
    def joined_names(self) -> tuple[str, ...]:
        """Names of one thing that sound like several, such as "mortar and pestle"."""
        return tuple(name for name in self.names if " and " in name or " or " in name)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Every single word that is used in any of the phrases."""
        return frozenset(token for word in self.words for token in word.split())

    def is_word(self, token: str) -> bool:
        """Whether a word is used in a phrase, is English, or is made of two such words, as "weathervane"."""
        if any(form in self.tokens or form in frequencies() for form in (token, *spellings(token))):
            return True
        return any(
            self._is_half(token[:cut]) and self._is_half(token[cut:]) for cut in range(3, len(token) - 2)
        )

    def _is_half(self, token: str) -> bool:
        return token in self.tokens or (len(token) > 3 and frequencies().get(token, 0) >= _COMMON)

    def _is_taught(self, word: str) -> bool:
        return word in self.parts or word in self.objects

    def _says_owner(self, word: str) -> bool:
        part, of, owner = word.partition(_OF_THE)
        return (owner in self.objects and part in self.parts) if of else self.split(word) is not None

    def split(self, phrase: str) -> tuple[str, str] | None:
        """ "mug handle" → the part and the object that should own it; None if it is not such a compound."""
        tokens = phrase.split()
        for cut in range(len(tokens) - 1, 0, -1):
            part = " ".join(tokens[cut:])
            if part in self.parts and (owner := self.object_of(" ".join(tokens[:cut]))):
                return part, owner
        return None

    def object_of(self, phrase: str) -> str | None:
        """The object that a phrase names, in the singular or plural."""
        if phrase in self.objects:
            return phrase
        return next((form for form in forms(phrase) if form in self.objects), None)

    def names_object(self, phrase: str) -> str:
        """ "only" if a phrase names whole objects, "also" if it may name a part as well, "" if it names none.

        An unknown phrase is judged by its last words: a "red mug" is a mug.
        """
        tokens = phrase.split()
        for start in range(len(tokens)):
            tail = " ".join(tokens[start:])
            if tail in self.objects or tail in self.parts:
                return "" if tail not in self.objects else "also" if tail in self.parts else "only"
        return ""

    def settled(self, phrase: str) -> str:
        """The known form of a phrase: singular, and with the spelling and hyphens that the names have."""
        if phrase in self.names and not self._has_learned_singular(phrase):
            return phrase
        for form in forms(phrase):
            if form in self.names:
                return form
        tokens = [self._settled_token(token) for token in phrase.split()]
        return " ".join([*tokens[:-1], self._one(tokens[-1])])

    def _has_learned_singular(self, phrase: str) -> bool:
        """Whether a plural has a singular that is a learned part; "glasses" are not a part."""
        return phrase not in CALLED_BY_MANY and any(
            form in self.parts for form in with_last(phrase, singulars)
        )

    def _settled_token(self, token: str) -> str:
        if token in self.tokens:
            return token
        return next((other for other in spellings(token) if other in self.tokens), token)

    def _one(self, token: str) -> str:
        """The singular of a plural, if it is the more common word."""
        often = frequencies()
        for one in singulars(token):
            if token not in self.tokens and (one in self.tokens or often.get(one, 0) > often.get(token, 0)):
                return one
        return token


def forms(phrase: str) -> Iterable[str]:
    """Other spellings of a phrase."""
    yield from with_last(phrase, singulars)
    tokens = phrase.split()
    for k in range(len(tokens) - 1):  # "door knob", "doorknob"
        yield " ".join([*tokens[:k], tokens[k] + tokens[k + 1], *tokens[k + 2 :]])
    for k, token in enumerate(tokens):
        for cut in range(3, len(token) - 2):
            yield " ".join([*tokens[:k], token[:cut], token[cut:], *tokens[k + 1 :]])
        for other in spellings(token):
            yield " ".join([*tokens[:k], other, *tokens[k + 1 :]])


def with_last(phrase: str, change) -> Iterable[str]:
    """The phrase with its last word changed."""
    *first, last = phrase.split()
    return (" ".join([*first, other]) for other in change(last))
