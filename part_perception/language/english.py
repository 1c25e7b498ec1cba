"""English: which words are English at all, and the other forms of a word: one and many, British and American."""

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
# Things that are called by the plural of a part of them.
CALLED_BY_MANY = frozenset(("glasses", "stairs", "steps", "skis", "chopsticks", "earbuds", "coat hooks"))
_ENDINGS = (("our", "or"), ("re", "er"), ("ise", "ize"), ("yse", "yze"), ("lled", "led"), ("lling", "ling"))


def word_list() -> Path | None:
    """Where the list of English words lies, with how often each is used; None: it is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    for folder in found.submodule_search_locations or () if found else ():
        if (path := Path(folder) / _FILE).is_file():
            return path
    return None


@cache
def frequencies() -> dict[str, int]:
    """How often each English word is used; empty where the list is not installed. Read when first needed."""
    path = word_list()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines() if path else ()
    except (OSError, UnicodeDecodeError):
        return {}
    return {word: int(count) for word, _, count in (line.partition(" ") for line in lines) if count.isdigit()}


def singulars(word: str) -> Iterator[str]:
    """What a word may be the plural of, the likeliest first."""
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
    """The same word as the other side of the Atlantic writes it."""
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
