"""Data: the user's own labelled shapes as a source of training views, beside the data engine or instead of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.language.everyday import GENERIC
from part_perception.training.own_files import Entry, scan
from part_perception.training.own_shapes import OwnShape, load

_REMEMBERED = 256


@dataclass(frozen=True)
class OwnData:
    """A catalogue file, the share of views that come from it, and the size of its teacher's features (0 = none)."""

    catalogue: str
    share: float
    teacher: int = 0

    def pick(self, rng: np.random.Generator) -> OwnShape:
        """One of the shapes at random."""
        return self.shape(int(rng.integers(len(load_catalogue(self.catalogue)))))

    def shape(self, number: int) -> OwnShape:
        """The shape of a number."""
        return _shape(self.catalogue, number)

    def numbers(self, followed: bool = False) -> list[int]:
        """The numbers of all shapes, or of those that have 2-D features."""
        return [i for i, entry in enumerate(load_catalogue(self.catalogue)) if entry.teacher or not followed]


def own_data(folders: Sequence[Path], share: float, catalogue: Path) -> OwnData | None:
    """Look through the folders once, and write what is in them for the processes that make views."""
    if not folders:
        return None
    if not 0 < share <= 1:
        raise InputError(f"the share of own data must be above 0 and at most 1, not {share}")
    entries = [entry for folder in folders for entry in scan(folder)]
    sizes = {entry.teacher for entry in entries} - {0}
    if len(sizes) > 1:
        raise InputError(f"the 2-D features of the data have different sizes: {sorted(sizes)}")
    catalogue.write_text(json.dumps([asdict(entry) for entry in entries], indent=0))
    load_catalogue.cache_clear()
    _shape.cache_clear()
    return OwnData(str(catalogue), share, max(sizes, default=0))


@lru_cache
def load_catalogue(path: str) -> list[Entry]:
    return [Entry(**{**e, "names": tuple(e["names"])}) for e in json.loads(Path(path).read_text())]


def names_in(catalogue: str) -> list[str]:
    """Every name and category that the data say."""
    entries = load_catalogue(catalogue)
    return list(dict.fromkeys(n for e in entries for n in (*e.names, e.category)))


@lru_cache(_REMEMBERED)
def _shape(catalogue: str, number: int) -> OwnShape:
    entries = load_catalogue(catalogue)
    return load(entries[number], _foreign_names(catalogue, entries[number].category))


@lru_cache
def _foreign_names(catalogue: str, category: str) -> frozenset[str]:
    """Names of other categories' parts that share no word with this category or its parts: they are not there."""
    entries = load_catalogue(catalogue)
    own = {
        word for e in entries if e.category == category for n in (*e.names, category) for word in n.split()
    }
    others = {n for e in entries if e.category != category for n in e.names}
    return frozenset(n for n in others if not (own | GENERIC) & set(n.split()))
