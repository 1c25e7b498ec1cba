"""English: whether a word is English, and its other forms: singular and plural, British and American."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = "symspellpy"
_FILE = "frequency_dictionary_en_82_765.txt"

_IRREGULAR = {
    "feet": "foot",
    "teeth": "tooth",
    "men": "man",
    "people": "person",
    "mice": "mouse",
    "dice": "die",
}
_SPELLINGS = (
    "grey gray, tyre tire, aluminium aluminum, plough plow, mould mold, axe ax, draught draft, kerb curb, disc disk, "
    "jewellery jewelry, doughnut donut, aeroplane airplane, programme program, catalogue catalog, licence license, "
    "pyjamas pajamas, cheque check, defence defense, moulding molding, sceptre scepter, travelling traveling, "
    "carburettor carburetor, epaulette epaulet"
)
# Objects that are named by the plural of one of their parts.
CALLED_BY_MANY = frozenset(("glasses", "stairs", "steps", "skis", "chopsticks", "earbuds", "coat hooks"))
_ENDINGS = (("our", "or"), ("re", "er"), ("ise", "ize"), ("yse", "yze"), ("lled", "led"), ("lling", "ling"))


def word_list() -> Path | None:
    """The path of the list of English words and their frequencies; None if it is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    for folder in found.submodule_search_locations or () if found else ():
        if (path := Path(folder) / _FILE).is_file():
            return path
    return None


@cache
def frequencies() -> dict[str, int]:
    """The frequency of each English word; empty if the list is not installed. Read on first use."""
    path = word_list()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines() if path else ()
    except (OSError, UnicodeDecodeError):
        return {}
    return {word: int(count) for word, _, count in (line.partition(" ") for line in lines) if count.isdigit()}


def singulars(word: str) -> Iterator[str]:
    """Words that a word may be the plural of, likeliest first."""
    if word in _IRREGULAR:
        yield _IRREGULAR[word]
    elif word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        if word.endswith("ies"):
            yield word[:-3] + "y"
        if word.endswith("ves"):
            yield from (word[:-3] + "f", word[:-3] + "fe")
        if re.search("(s|x|z|ch|sh|o)es$", word):
            yield word[:-2]
        yield word[:-1]


def spellings(word: str) -> Iterator[str]:
    """The spelling of the same word on the other side of the Atlantic."""
    if word in _other_side():
        yield _other_side()[word]
    for one, other in _ENDINGS:
        for end, instead in ((one, other), (other, one)):
            for many in ("", "s"):
                if word.endswith(end + many) and len(word) > len(end) + 2:
                    yield word.removesuffix(end + many) + instead + many


@cache
def _other_side() -> dict[str, str]:
    pairs = [pair.split() for pair in _SPELLINGS.split(", ")]
    return {a: b for one, other in pairs for a, b in ((one, other), (other, one))}
