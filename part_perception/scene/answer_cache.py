"""AnswerCache: what was asked of a look before is not asked again; what an encoding says of a word does not change."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary, finalize

from part_perception.scene.memory import Observation
from part_perception.types import Answer

MAX_QUESTIONS = 4  # sets of phrases that are remembered of a look


class AnswerCache:
    """Answers by look, gone with the look; all of them are forgotten when a word is taught or unlearned."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Observation, dict[tuple[str, ...], Answer]] = WeakKeyDictionary()
        self._taught: dict[str, Any] = {}

    def answers(
        self, segmenter: Any, observations: Sequence[Observation], phrases: tuple[str, ...]
    ) -> list[Answer]:
        """One answer a look."""
        taught = getattr(segmenter, "lessons", {})
        if not same(taught, self._taught):
            self._known.clear()
            self._taught = taught
        new = [look for look in observations if phrases not in self._known.get(look, ())]
        if new:
            said = segmenter.answer_many([look.encoded for look in new], list(phrases))
            for look, answer in zip(new, said, strict=True):
                known = self._known.get(look)
                if known is None:
                    known = self._known[look] = {}
                    finalize(look, let_go, known).atexit = False
                known[phrases] = answer
                if len(known) > MAX_QUESTIONS:
                    let_go({phrases: known.pop(next(iter(known)))})
        return [self._known[look][phrases] for look in observations]


def let_go(known: dict[tuple[str, ...], Answer]) -> None:
    """Answers that work things out later refer to themselves; else they would wait for the garbage collector."""
    for answer in known.values():
        for name in ("instances", "parts"):
            if isinstance(getattr(type(answer), name, None), cached_property):
                answer.__dict__.pop(name, None)  # made again should anybody still look


def same(taught: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether the same words are taught, each by the same lesson."""
    return taught.keys() == before.keys() and all(taught[word] is before[word] for word in taught)
