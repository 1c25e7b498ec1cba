"""Fillers: words that name nothing. A text with one name among fillers asks for that name."""

from __future__ import annotations

import re
from collections.abc import Callable

from part_perception.language.frames import asks_what_it_does
from part_perception.language.word_lists import AFTER_TO, BEFORE_TO, DEEDS, FILLERS, TELLS_OF_IT, WAYS

_SAID_LAST = re.compile(
    r"^(?P<before>[^,]+?) (?:to |towards? |about |at )?(?:the|an?|my|your|its|this|that|one|some) (?P<thing>[^,]+)$"
)


def without_fillers(text: str, names_a_thing: Callable[[str], bool]) -> str:
    """The name that a text asks for among fillers or after an action: "pinpoint the lid". Else the text.

    As few fillers as possible are removed from both ends.
    """
    tokens = re.split("[ ,]+", text.strip(" ,"))
    filler = _fillers(tokens)
    first = next((k for k, is_one in enumerate(filler) if not is_one), len(tokens))
    last = next((k for k, is_one in enumerate(filler[::-1]) if not is_one), len(tokens))
    cuts = [(before, behind) for before in range(first + 1) for behind in range(last + 1)]
    for before, behind in sorted(cuts, key=sum)[1:]:
        rest = " ".join(tokens[before : len(tokens) - behind])
        if rest and names_a_thing(rest):
            return rest
    return _said_last(text, names_a_thing) or text


def _said_last(text: str, names_a_thing: Callable[[str], bool]) -> str | None:
    """The name at the end of "steer towards the lid"; None if the words before may name a thing."""
    found = None if asks_what_it_does(text) else _SAID_LAST.match(text)
    if not found or not names_a_thing(found["thing"]):
        return None
    before = found["before"].split()
    about = set(before) - FILLERS - DEEDS
    if before[-1] in WAYS or TELLS_OF_IT & set(before) or any(map(names_a_thing, about)):
        return None
    return found["thing"]


def _fillers(tokens: list[str]) -> list[bool]:
    """The words that are fillers: "to" is one in "move to the" and "to find", but not in "what to press"."""
    out = [False] * len(tokens)
    for k in range(len(tokens) - 1, -1, -1):
        token, behind = tokens[k].removesuffix("'s"), tokens[k + 1] if k + 1 < len(tokens) else ""
        if token == "to":
            out[k] = behind in AFTER_TO or (k > 0 and tokens[k - 1] in BEFORE_TO)
        elif token in DEEDS:
            out[k] = bool(behind) and out[k + 1]
        else:
            out[k] = token in FILLERS or token in BEFORE_TO
    return out
