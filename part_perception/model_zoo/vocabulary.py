"""Vocabulary: the words and phrases of the shipped bank, from the data engine's names and everyday words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from part_perception.language.bank import TextBank, build_bank
from part_perception.language.cleaning import clean
from part_perception.language.encoders import text_encoder
from part_perception.language.everyday import everyday_words
from part_perception.language.language import shipped_bank_path
from part_perception.shapes.kinds import KINDS, Kind

MAX_WORDS = 7_300  # 5.8 MB
_OBJECTS_A_KIND = 40

PartNames = list[tuple[str, ...]]


class Vocabulary(NamedTuple):
    """The words for the bank, cleaned, most needed first, and which of them the model learns as names of what."""

    words: list[str]
    objects: list[str]
    parts: list[str]


def collect_words() -> Vocabulary:
    """All words that the bank has room for; whatever does not fit is left to the live model."""
    listed = {kind: part_names(kind) for kind in KINDS.values()}
    objects = _cleaned(name for kind in listed for name in kind.names)
    parts = _cleaned(name for of_kind in listed.values() for names in of_kind for name in names)
    words = _cleaned([*objects, *parts, *everyday_words(), *_phrases(listed)])
    return Vocabulary(words[:MAX_WORDS], objects, parts)


def _cleaned(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(clean(word) for word in words))


def part_names(kind: Kind) -> PartNames:
    """The names of all parts that objects of a kind turn out to have, in order of appearance."""
    objects = (kind.make(np.random.default_rng(seed)) for seed in range(_OBJECTS_A_KIND))
    return list(dict.fromkeys(part.names for made in objects for part in made.parts))


def _phrases(parts: dict[Kind, PartNames]) -> Iterator[str]:
    """Parts with their object said: first by the best names of both, then by the object's second name."""
    for place in range(2):
        for phrase in ("{kind} {part}", "{part} of the {kind}"):
            for kind, listed in parts.items():
                for names in listed:
                    if place < len(kind.names):
                        yield phrase.format(kind=kind.names[place], part=names[0])


def build_shipped_bank(
    path: Path | None = None, progress: Callable[[int, int], None] = lambda done, total: None
) -> TextBank:
    """Make the bank that is shipped, from nothing but the code: MiniLM's vectors of the vocabulary."""
    words, objects, parts = collect_words()
    return build_bank(
        words,
        text_encoder("minilm"),
        path or shipped_bank_path(),
        progress=progress,
        objects=objects,
        parts=parts,
    )
