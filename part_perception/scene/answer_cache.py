"""Answer cache: each observation of an object is asked each set of phrases once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

from part_perception.parts.naming import Belief
from part_perception.scene.encoding import Segmenter
from part_perception.scene.memory import Observation
from part_perception.types import Answer, Question

MAX_QUESTIONS = 4  # sets of phrases remembered per observation


class AnswerCache:
    """Answers by observation, dropped with it; all are dropped when a word is taught or unlearned."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Observation, OrderedDict[tuple[str, ...], Answer]] = (
            WeakKeyDictionary()
        )
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
            for seen in self._known:
                seen.measured.clear()  # motions of parts that a word no longer means
            self._known.clear()
            self._taught = segmenter.lessons
        new = [seen for seen in observations if phrases not in self._known.get(seen, ())]
        if new:
            questions = [Question(phrase, phrase) for phrase in phrases]
            answers = segmenter.answer_read([seen.encoded for seen in new], questions)
            for seen, answer in zip(new, answers, strict=True):
                known = self._known.setdefault(seen, OrderedDict())
                known[phrases] = answer
                if len(known) > MAX_QUESTIONS:
                    known.popitem(last=False)
        return [self._known[seen][phrases] for seen in observations]


def same(taught: Mapping[str, object], before: Mapping[str, object]) -> bool:
    """Whether the same words are taught, each with the same lesson."""
    return taught.keys() == before.keys() and all(taught[word] is before[word] for word in taught)
