"""Vocabulary: the words and phrases of the shipped bank, from the data engine's names and everyday words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from part_perception.language.bank import TextBank, build_bank
from part_perception.language.cleaning import clean
from part_perception.language.encoders import text_encoder
from part_perception.language.everyday import everyday_words
from part_perception.language.language import shipped_bank_path
from part_perception.shapes.kinds import KINDS, Kind

MAX_WORDS = 7_500  # 5.9 MB
_OBJECTS_A_KIND = 40

PartNames = list[tuple[str, ...]]


def collect_words() -> list[str]:
    """The words for the bank, cleaned, most needed first: whatever does not fit is left to the live model."""
    parts = {kind: part_names(kind) for kind in KINDS.values()}
    words = [name for kind in parts for name in kind.names]
    words += [name for listed in parts.values() for names in listed for name in names]
    words += everyday_words()
    words += _phrases(parts)
    return list(dict.fromkeys(clean(word) for word in words))[:MAX_WORDS]


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
    return build_bank(collect_words(), text_encoder("minilm"), path or shipped_bank_path(), progress=progress)
