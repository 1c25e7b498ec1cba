"""Banks: word vectors of a model, built on a workstation so that a robot needs no large text model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.boxes import longest
from part_perception.language import TextBank, build_bank, shipped_bank_path, text_encoder
from part_perception.language.english import clean
from part_perception.language.everyday import everyday_words
from part_perception.shapes.kinds import KINDS, Kind
from part_perception.simulation.worlds import make_world

MAX_WORDS = 7_300  # 5.8 MB
_OBJECTS_A_KIND = 40
_SIZES_A_KIND, _SIZES_SEED = 12, 7

PartNames = list[tuple[str, ...]]


class Vocabulary(NamedTuple):
    """Cleaned words for the bank, most needed first, and those that the model learns as object or part names.

    sizes: lengths (metres) of the smallest and the largest object of each name.
    """

    words: list[str]
    objects: list[str]
    parts: list[str]
    sizes: dict[str, tuple[float, float]]


def collect_words() -> Vocabulary:
    """Collect the words that fit in the bank; all others are left to the live model."""
    listed = {kind: part_names(kind) for kind in KINDS.values()}
    objects = _cleaned(name for kind in listed for name in kind.names)
    parts = _cleaned(name for of_kind in listed.values() for names in of_kind for name in names)
    words = _cleaned([*objects, *parts, *everyday_words(), *_phrases(listed)])
    return Vocabulary(words[:MAX_WORDS], objects, parts, sizes_of_names())


def sizes_of_names() -> dict[str, tuple[float, float]]:
    """Smallest and largest length of the objects with each name, over all kinds with that name."""
    lengths: dict[str, list[float]] = {}
    for kind in KINDS.values():
        for seed in range(_SIZES_A_KIND):
            _, world = make_world(kind, np.random.default_rng([_SIZES_SEED, seed]))
            for name in _cleaned(kind.names):
                lengths.setdefault(name, []).append(longest(world.body.corners.reshape(-1, 3)))
    return {name: (round(min(each), 3), round(max(each), 3)) for name, each in lengths.items()}


def _cleaned(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(clean(word) for word in words))


def part_names(kind: Kind) -> PartNames:
    """Names of all parts found in sampled objects of a kind, in order of appearance."""
    objects = (kind.make(np.random.default_rng(seed)) for seed in range(_OBJECTS_A_KIND))
    return list(dict.fromkeys(part.names for made in objects for part in made.parts))


def _phrases(parts: dict[Kind, PartNames]) -> Iterator[str]:
    """Yield part names with their object: first the best names of both, then the object's second name."""
    for place in range(2):
        for phrase in ("{kind} {part}", "{part} of the {kind}"):
            for kind, listed in parts.items():
                for names in listed:
                    if place < len(kind.names):
                        yield phrase.format(kind=kind.names[place], part=names[0])


def build_shipped_bank(
    path: Path | None = None, progress: Callable[[int, int], None] = lambda done, total: None
) -> TextBank:
    """Build the shipped bank from code alone: MiniLM's vectors of the vocabulary."""
    vocabulary = collect_words()
    return build_bank(
        vocabulary.words,
        text_encoder("minilm"),
        path or shipped_bank_path(),
        progress=progress,
        objects=vocabulary.objects,
        parts=vocabulary.parts,
        sizes=vocabulary.sizes,
    )


Progress = Callable[[int, int], None]


def make_bank(
    encoder: str, words: Path | None, out: Path | None, progress: Progress = lambda done, total: None
) -> tuple[Path, TextBank]:
    """Add the words of a file, one per line, to a bank. Without a file, rebuild the shipped bank."""
    if words is None:
        if encoder != "minilm":
            raise InputError(f"a bank of {encoder} needs --words FILE, with a word or phrase on each line")
        out = out or shipped_bank_path()
        return out, build_shipped_bank(out, progress)
    if out is None:
        raise InputError("give the bank's file with --out")
    keep = TextBank.load(out) if out.is_file() else None
    return out, build_bank(read_words(words), text_encoder(encoder), out, keep=keep, progress=progress)


def read_words(path: Path) -> list[str]:
    """Non-empty lines of a text file."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the words {path} cannot be read: {error}") from error
    found = [line.strip() for line in lines if line.strip()]
    if not found:
        raise InputError(f"{path} holds no words")
    return found
