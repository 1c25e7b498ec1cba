"""Cleaning: reduces typed text and names from label files to the same words."""

from __future__ import annotations

import importlib.util
import re
import string
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from part_perception.errors import InputError

MAX_TEXT = 200

_NOT_WORD = re.compile(r"[\W_]+")


def clean(text: str) -> str:
    """Lower case, `_` and punctuation to spaces, spaces folded; refuses text that cannot be a question."""
    if not isinstance(text, str):
        raise InputError(f"a query must be text, not {type(text).__name__}")
    if len(text) > MAX_TEXT:
        raise InputError(f"a query may have at most {MAX_TEXT} characters; this one has {len(text)}")
    cleaned = _NOT_WORD.sub(" ", unicodedata.normalize("NFC", text).lower()).strip()
    if not cleaned:
        raise InputError(f"a query needs at least one letter or digit; {text!r} has none")
    return cleaned


def clean_all(texts: Sequence[str]) -> list[str]:
    """Every text cleaned, in order."""
    if isinstance(texts, str):
        raise InputError(f"queries must be a list of texts, not the single text {texts[:50]!r}: write [text]")
    return [clean(text) for text in texts]


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
# Objects named by the plural of one of their parts.
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


_MIN_LENGTH = 4
_LONG = 6  # letters
_TWO_SLIPS_FROM = 8
_FAR_MORE_OFTEN = 10.0
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def meant(word: str, known: frozenset[str]) -> tuple[str, ...]:
    """The known words that may have been mistyped as a word, likeliest first."""
    if len(word) < _MIN_LENGTH or not word.isalpha() or not word.isascii():
        return ()
    near = one_slip(word) & known
    if not near and len(word) >= _TWO_SLIPS_FROM:
        near = {other for other in known if other[0] == word[0] and _within_two(word, other)}
    often = frequencies()
    return tuple(sorted(near, key=lambda other: (-often.get(other, 0), other)))


def put_right(word: str, known: frozenset[str], names: Collection[str] = ()) -> str | None:
    """The one known word that was meant, or None if it may have been something else.

    Swapped neighbours and doubled letters (or missing ones) count as slips in any word. Other slips are only
    accepted in longer words and between nearby keys, because many short words of other languages are one
    letter away from one of ours. In longer words, names by themselves win over words that only occur in
    names.
    """
    near, long = meant(word, known), len(word) >= _LONG
    # singular and plural are one word
    near = tuple(other for other in near if set(singulars(other)).isdisjoint(near))
    if long and len(near) > 1:
        near = tuple(other for other in near if other in names)
    if len(near) != 1:
        return None
    often, (other,) = frequencies(), near
    swapped = len(word) == len(other) and sorted(word) == sorted(other)
    if word in often:  # English, even if not one of our names
        return other if swapped and often.get(other, 0) >= _FAR_MORE_OFTEN * often[word] else None
    if swapped or _without_doubles(word) == _without_doubles(other):
        return other
    return other if long and other in one_slip(word) and _is_of_the_hand(word, other) else None


def one_slip(word: str) -> set[str]:
    """Every text with one letter more, less or changed, or two neighbours swapped."""
    cuts = [(word[:k], word[k:]) for k in range(len(word) + 1)]
    letters = string.ascii_lowercase
    less = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    other = {a + c + b[1:] for a, b in cuts if b for c in letters}
    more = {a + c + b for a, b in cuts for c in letters}
    return (less | swapped | other | more) - {word, ""}


def _is_of_the_hand(word: str, other: str) -> bool:
    """Whether the slip is a typical typing error; a distant key suggests another language."""
    if len(word) != len(other):
        return True
    wrong = [(a, b) for a, b in zip(word, other, strict=True) if a != b]
    return len(wrong) != 1 or _side_by_side(*wrong[0])


def _without_doubles(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))


def _side_by_side(a: str, b: str) -> bool:
    (row, place), (other_row, other_place) = _key(a), _key(b)
    return abs(row - other_row) <= 1 and abs(place - other_place) <= 1


def _key(letter: str) -> tuple[int, int]:
    row = next(k for k, keys in enumerate(_ROWS) if letter in keys)
    return row, _ROWS[row].index(letter)


def _within_two(a: str, b: str) -> bool:
    """Whether two words differ by at most two letters."""
    if abs(len(a) - len(b)) > 2:
        return False
    before = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        now = [i]
        for j, other in enumerate(b, 1):
            now.append(min(before[j] + 1, now[-1] + 1, before[j - 1] + (letter != other)))
        before = now
    return before[-1] <= 2
