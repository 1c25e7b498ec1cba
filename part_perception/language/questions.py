"""Questions: turns typed text into the plain phrase to embed, the owner of the part, and any corrections.

A question about several things, or about what a thing is not, is refused with a sentence. A text in another
language, or in none, is "not understood", which is a separate answer and never "not there".
"""

from __future__ import annotations

import re
import unicodedata

from part_perception.errors import InputError
from part_perception.language.english import clean, frequencies, meant, put_right
from part_perception.language.frames import (
    ADJECTIVES,
    ARTICLES,
    FRAME_WORDS,
    NO_OWNER,
    OTHER_TONGUES,
    POINTED_AT,
    SIDES,
    WHOLE,
    asks_what_it_does,
    unframed,
    without_fillers,
)
from part_perception.language.known_words import KnownWords
from part_perception.types import Question

MAX_SUGGESTIONS = 3

_NOT_SAID = re.compile(r"[^\w',;&+/]|_")
_NEGATED = re.compile(
    r"\b(?:not|never|without|except|excluding|neither|nor|cannot)\b|\w+n't\b|\b(?:is|are|do|does|wo|ca)nt\b"
    r"|^(?:no|none of|nothing) "
    r"|\b(?:everything|anything|all|nothing|every part) but\b|\b(?:other|rather) than\b|\bapart from\b|\binstead of\b"
)
_JOINED = re.compile(r"\s*[,;&+]\s*(?:and |or )?|\s+(?:and|or|plus|as well as|together with|along with)\s+")
_JOINS = re.compile(r"[,;&+/]")
_NUMBERS_SAID = re.compile(r"^(?:\d\w*|\w)$")
_WHAT_IS_IT = re.compile(r"^(?:what|where|which)(?:'s|s| is| are) (?:it|this|that|these|those|they)\b.*")
_BELONGS = re.compile(
    r" (?:(?:that|which) )?(?:(?:is|are) )?"
    r"(?:belongs?|belonging|attached|fixed|mounted|fastened) (?:to|on|at|in) "
    r"| (?:that|which) (?:is|are) of "
)
_LIES = re.compile(
    r" (?:(?:that|which) )?(?:(?:is|are) )?(?:found|sitting|standing|lying) (?:to|on|at|in) "
    r"| (?:that|which) (?:is|are) (?:on|in|at) "
)
_BESIDE = re.compile(
    r" (?:(?:that|which) (?:is|are) )?(?:right |just )?"
    r"(?:(?:next|close|closer|closest|nearest|adjacent) to|to the (?:left|right)(?: side)? of|in front of"
    rf"|(?:near|beside|behind|under|underneath|below|above)(?= (?:{ARTICLES}))) .+$"
)
_OWNED = re.compile(r"^(?P<part>.+) (?P<how>of|on|from|in|for|to|at|with) (?P<owner>.+)$")
_OF_SOMETHING = re.compile(r"^(?P<part>.+?) (?:of|on) (?:the|an?|this|that|my|your|its) .+$")
_LOOSE = frozenset(("for", "to", "at", "in", "with"))  # words that mean ownership only before a known object
_POSSESSIVE = re.compile(r"^(?P<owner>.+?(?:(?='s)|s(?=')))'s? (?P<part>.+)$")
_ARTICLES = re.compile(f"^(?:{ARTICLES})")
_DONE_TO = re.compile(rf"^(?P<what>.+?) (?:{ARTICLES})(?P<owner>.+)$")


def read_question(text: str, known: KnownWords, taught: frozenset[str] = frozenset()) -> Question:
    """Read what a text asks for. An InputError says why not: empty, too long, negated, several things."""
    cleaned = clean(text)
    if cleaned in taught or (
        cleaned in known.names and known.settled(cleaned) == cleaned and not _JOINS.search(text)
    ):
        return Question(text, cleaned)
    return _Reading(text, known, taught).question()


class _Reading:
    """The reading of one text, step by step."""

    def __init__(self, text: str, known: KnownWords, taught: frozenset[str]):
        self.text, self.known, self.taught = text, known, taught
        self.accented = {spoken(word) for word in text.split() if not word.isascii()}  # hardly English
        self._righted: set[str] = set()
        self._by_place = False

    def question(self) -> Question:
        plain = unframed(self._put_right(spoken(self.text)), self._is_name)
        if not self._is_name(clean(plain)):
            self._refuse_negations(plain)
        if not self._names_a_thing(plain):
            plain = without_fillers(plain, self._names_a_thing)
        self._refuse_several(plain)
        phrase, owner = self._whose(_LIES.sub(" on ", _BELONGS.sub(" of ", plain)))
        if not phrase or phrase in POINTED_AT or _WHAT_IS_IT.match(plain):
            raise InputError(f'{self.text!r} names no part: ask for one, as in "where is the handle?"')
        read = f"{phrase} of the {owner}" if owner else phrase
        correction = read if self._righted & set(read.split()) else None
        certain = owner is not None and self._is_certain(phrase, owner, plain)
        strange = [
            w for of in (phrase, owner or "") if of and of not in self.taught for w in self._strange(of)
        ]
        if strange:
            return Question(
                self.text, phrase, owner, certain, None, False, self._suggestions(phrase, strange)
            )
        return Question(self.text, phrase, owner, certain, correction)

    def _is_name(self, phrase: str) -> bool:
        return phrase in self.taught or phrase in self.known.names

    def _names_a_thing(self, phrase: str) -> bool:
        """Whether a phrase is a name, singular or plural, or "handle of the mug"."""
        found = _OF_SOMETHING.match(phrase)
        phrase = clean(found["part"] if found else phrase) if phrase.strip("',;&+/ ") else ""
        return bool(phrase) and (self._is_name(phrase) or self._is_name(self.known.settled(phrase)))

    def _put_right(self, said: str) -> str:
        """The text with typing slips corrected, word by word."""
        tokens = self.known.tokens
        if self.taught:
            tokens = tokens.union(*(word.split() for word in self.taught))

        def right(found: re.Match) -> str:
            word = found[0]
            fine = word in tokens or word in FRAME_WORDS or word in self.accented
            if fine or (other := put_right(word, tokens, self.known.names)) is None:
                return word
            self._righted.add(other)
            return other

        return re.sub(r"[^\W\d_]{4,}", right, said)

    # --- refusals ---------------------------------------------------------------------------------------------
    def _refuse_negations(self, plain: str) -> None:
        if _NEGATED.search(plain):
            raise InputError(f"{self.text!r} asks for what a part is not: ask for the part itself")

    def _refuse_several(self, plain: str) -> None:
        by_stroke = [piece.strip() for piece in plain.split("/")]
        several = len(by_stroke) > 1 and all(map(self._is_name, by_stroke))
        if self._is_name(clean(plain)) and not several:
            return
        for name in self.known.joined_names:
            plain = re.sub(rf"\b{name}\b", "name", plain)
        pieces = (
            by_stroke if several else [_ARTICLES.sub("", piece).strip() for piece in _JOINED.split(plain)]
        )
        pieces = [piece for piece in pieces if piece and not set(piece.split()) <= ADJECTIVES]
        if len(pieces) > 1 and not asks_what_it_does(plain):
            one, other, *_ = pieces
            raise InputError(
                f'{self.text!r} asks for several things: ask for each by itself, "{one}" and "{other}"'
            )

    # --- part and owner ---------------------------------------------------------------------------------------
    def _whose(self, plain: str) -> tuple[str, str | None]:
        """The part's phrase and its owner; just the part if no owner is named."""
        bare = clean(plain) if any(map(str.isalnum, plain)) else ""
        if not bare or self._is_name(bare) or self._is_name(self._settled(bare)):
            return self._settled(bare), None
        if asks_what_it_does(bare):
            return self._done_to(bare)
        if found := _BESIDE.search(plain):  # where it is says nothing about what it is
            return self._whose(plain[: found.start()])
        if found := _POSSESSIVE.match(plain):
            return self._part(found["part"]), self._owner(found["owner"])
        if found := _OWNED.match(bare):
            if whose := self._owned(**found.groupdict()):
                return whose
            if self._is_content(**found.groupdict()):
                return self._whose(found["part"])
        if whose := self.known.split(self._settled(bare)):
            return self._settled(whose[0]), whose[1]
        return self._settled(bare), None

    def _owned(self, part: str, how: str, owner: str) -> tuple[str, str | None] | None:
        """A part with an owner; None if the phrase is a single name, such as "roll of tape"."""
        named, bare = self._owner(owner), _ARTICLES.sub("", owner)
        if named is None:
            return self._part(part), None
        itself, whose = self._whose(part) if how != "of" else (part, None)
        if (side := named.removesuffix(" side")) in SIDES:
            return self._settled(f"{side} {itself if whose else self._part(part)}"), whose
        sure = named in self.known.objects or self._is_name(named)
        if not (sure or bare != owner) or (how in _LOOSE and not sure):
            return None
        if how == "with" or (whose and not self._belong(whose, named)):
            return itself, whose  # a mug with a lid, or the handle of the mug on the table
        part = self._part(part)
        if part in WHOLE and part not in self.known.parts:
            return named, None
        self._by_place = how != "of" and not self._belong(whose or part, named)
        if part in self.known.objects and (self._by_place or part not in self.known.parts):
            return part, None  # a mug on the table is not part of the table
        return part, named

    def _is_content(self, part: str, how: str, owner: str) -> bool:
        """Whether a phrase ends with what is in an object, as "cup of coffee" does."""
        is_held = self.known.object_of(part.split()[-1]) is not None
        return how == "of" and is_held and all(map(self._is_word, owner.split()))

    def _belong(self, part: str, owner: str) -> bool:
        """Whether the word lists know a part of this object."""
        return f"{owner} {part}" in self.known.words or f"{part} of the {owner}" in self.known.words

    def _part(self, phrase: str) -> str:
        """The phrase of the part alone; "knob of the lid" is the lid's knob."""
        phrase = unframed(clean(phrase), self._is_name)
        if not self._is_name(phrase) and (found := _OWNED.match(phrase)):
            return self._settled(f"{_ARTICLES.sub('', found['owner'])} {found['part']}", found["part"])
        return self._settled(phrase)

    def _is_certain(self, phrase: str, owner: str, plain: str) -> bool:
        """Whether the owner is named outright, or the word lists know that it has such a part."""
        outright = not self._by_place and self.known.split(clean(plain)) is None
        return outright or self._belong(phrase, owner)

    def _settled(self, phrase: str, otherwise: str | None = None) -> str:
        if phrase in self.taught or not phrase:
            return phrase
        settled = self.known.settled(phrase)
        return settled if otherwise is None or self._is_name(settled) else self.known.settled(otherwise)

    def _owner(self, phrase: str) -> str | None:
        """The named owner; None if the phrase names no particular owner."""
        named = _ARTICLES.sub("", clean(phrase))
        return None if named in NO_OWNER else self.known.object_of(named) or self._settled(named)

    def _done_to(self, bare: str) -> tuple[str, str | None]:
        """Split "where to hold the mug" into "where to hold it" and its owner, the mug."""
        for pattern in (_DONE_TO, _OWNED):
            if (found := pattern.match(bare)) and (
                owner := self.known.object_of(self._whose(_ARTICLES.sub("", found["owner"]))[0])
            ):
                what = found[1]
                short = next((p for p in (f"{what} it", what) if self._is_name(p)), None)
                self._by_place = False
                if short:
                    return short, owner
        return next((p for p in (bare, f"{bare} it") if self._is_name(p)), bare), None

    # --- understanding ----------------------------------------------------------------------------------------
    def _strange(self, phrase: str) -> list[str]:
        """Words that make a phrase unknown: its last one, most of them, or small words of other languages.

        A word before the last may be unknown, because makers and models have names.
        """
        if not frequencies():
            return []  # without the list of English words this cannot be decided
        tokens = [token for token in phrase.split() if not _NUMBERS_SAID.match(token)]
        strange = [token for token in tokens if not self._is_word(token)]
        foreign = [token for token in tokens if token in OTHER_TONGUES]
        if not tokens:
            return [phrase]
        if foreign and not self._is_name(phrase):
            return foreign
        return strange if strange and (tokens[-1] in strange or 2 * len(strange) > len(tokens)) else []

    def _is_word(self, token: str) -> bool:
        return token in self.known.tokens or (token not in self.accented and self.known.is_word(token))

    def _suggestions(self, phrase: str, strange: list[str]) -> tuple[str, ...]:
        """The phrase with an unknown word replaced by what may have been meant."""
        near = [
            clean(f" {phrase} ".replace(f" {word} ", f" {other} "))
            for word in strange
            for other in meant(word, self.known.tokens)
        ]
        return tuple(near[:MAX_SUGGESTIONS])


def spoken(text: str) -> str:
    """Lower case and plain letters; of the punctuation, only joining and possessive signs are kept."""
    text = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'").replace("\u2018", "'"))
    text = unicodedata.normalize("NFC", "".join(c for c in text if not _accent(c)))
    text = " ".join(_NOT_SAID.sub(" ", text).split())
    text = re.sub(r"(?<![\w])'|'(?![\w])(?<!s')", "", text)  # quotation marks
    return re.sub(r"[,;&+ ]+$|^[,;&+ ]+", "", re.sub(r" *([,;])", r"\1", text))


def _accent(sign: str) -> bool:
    return "\u0300" <= sign <= "\u036f"
