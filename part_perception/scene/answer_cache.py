"""Answer cache: each observation of an object is asked each set of phrases once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from time import perf_counter
from weakref import WeakKeyDictionary

import numpy as np

from part_perception.parts.answering import worth_a_closer_look
from part_perception.parts.naming import Belief
from part_perception.scene.encoding import Segmenter
from part_perception.scene.memory import Observation
from part_perception.types import Answer, Question

MAX_QUESTIONS = 4  # sets of phrases remembered per observation


class AnswerCache:
    """Answers by observation, dropped with it; all are dropped when a word is taught or unlearned.

    closer_ms: second looks at small parts may take so long in a call, and at least one is taken; the others
    follow in the next calls. 0 = no limit.
    """

    def __init__(self, closer_ms: float = 0.0) -> None:
        self._closer_s = 1e-3 * closer_ms or np.inf
        self._known: WeakKeyDictionary[Observation, OrderedDict[tuple[str, ...], Answer]] = (
            WeakKeyDictionary()
        )
        self._due: WeakKeyDictionary[Observation, set[tuple[str, ...]]] = WeakKeyDictionary()
        self._taught: Mapping[str, object] = {}
        self._beliefs: WeakKeyDictionary[Observation, tuple[int, Belief]] = WeakKeyDictionary()

    def belief(self, segmenter: Segmenter, observations: Sequence[Observation]) -> Belief:
        """What an object is believed to be; updated only when the object is encoded again."""
        newest, count = observations[-1], len(observations)
        known = self._beliefs.get(newest)
        if known is None or known[0] != count:  # observations join at the end and leave at the start
            known = count, segmenter.believed([seen.encoded for seen in observations])
            self._beliefs[newest] = known
        return known[1]

    def answers(
        self, segmenter: Segmenter, observations: Sequence[Observation], phrases: tuple[str, ...]
    ) -> list[Answer]:
        """One answer per observation."""
        if not same(segmenter.lessons, self._taught):
            self._known.clear()
            self._due.clear()
            self._taught = segmenter.lessons
        questions = [Question(phrase, phrase) for phrase in phrases]
        new = [seen for seen in observations if phrases not in self._known.get(seen, ())]
        if new:
            answers = segmenter.answer_read([seen.encoded for seen in new], questions, closer=False)
            for seen, answer in zip(new, answers, strict=True):
                known = self._known.setdefault(seen, OrderedDict())
                known[phrases] = answer
                if len(known) > MAX_QUESTIONS:
                    known.popitem(last=False)
                if worth_a_closer_look(answer).any():
                    self._due.setdefault(seen, set()).add(phrases)
        self._look_closer(segmenter, observations, phrases, questions)
        return [self._known[seen][phrases] for seen in observations]

    def _look_closer(
        self,
        segmenter: Segmenter,
        observations: Sequence[Observation],
        phrases: tuple[str, ...],
        questions: Sequence[Question],
    ) -> None:
        """Replace answers by those of a second look, while there is time."""
        end = perf_counter() + self._closer_s
        for seen in observations:
            if phrases in self._due.get(seen, ()):
                self._due[seen].discard(phrases)
                self._known[seen][phrases] = segmenter.answer_read([seen.encoded], questions)[0]
                if perf_counter() > end:
                    return


def same(taught: Mapping[str, object], before: Mapping[str, object]) -> bool:
    """Whether the same words are taught, each with the same lesson."""
    return taught.keys() == before.keys() and all(taught[word] is before[word] for word in taught)
