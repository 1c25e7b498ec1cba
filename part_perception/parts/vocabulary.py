"""Vocabulary: what words mean to a model: their vectors, the words it was taught, and the names of whole objects."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.errors import InputError
from part_perception.language import Language
from part_perception.language.english import clean
from part_perception.parts.encoded import EncodedObject, lengths_of
from part_perception.parts.naming import Belief, Naming, pooled
from part_perception.parts.taught import TaughtWord
from part_perception.types import Question


class Vocabulary:
    """Reads texts and gives their vectors. `taught` holds what was learned for each taught word."""

    def __init__(self, language: Language, rule: Confidence):
        self.language, self.rule = language, rule
        self.taught: dict[str, TaughtWord] = {}

    def read(self, text: str) -> Question:
        """What a text asks for: the plain phrase behind it. An InputError says why it cannot be a question."""
        return self.language.read(text, self.taught)

    def known(self, word: str) -> bool:
        """Whether a word can be answered without a text model."""
        phrase = self.read(word).phrase
        return phrase in self.taught or self.language.known(phrase)

    def role(self, word: str) -> str:
        """What a word names: "part", "object", "both", or "" if it is not understood."""
        try:
            question = self.read(word)
        except InputError:
            return ""
        if not question.understood:
            return ""
        return {"only": "object", "also": "both"}.get(self.language.names_object(question.phrase), "part")

    # --- vectors ----------------------------------------------------------------------------------------------
    def taught_among(self, phrases: Sequence[str]) -> dict[int, TaughtWord]:
        """Which of the phrases are taught words, by their place in the list."""
        cleaned = [clean(phrase) for phrase in phrases] if self.taught else []
        return {q: self.taught[word] for q, word in enumerate(cleaned) if word in self.taught}

    def vectors(self, phrases: Sequence[str]) -> np.ndarray:
        """(Q, D) text vectors; zeros for taught words, so that the others do not depend on what is taught."""
        taught = self.taught_among(phrases)
        if not taught:
            return self.language.embed(phrases)
        text = np.zeros((len(phrases), self.language.dim), np.float32)
        others = [q for q in range(len(phrases)) if q not in taught]
        if others:
            text[others] = self.language.embed([phrases[q] for q in others])
        return text

    def vectors_of(self, questions: Sequence[Question]) -> np.ndarray:
        """(Q, D) text vectors of questions; zeros for those that are not understood, too."""
        text = np.zeros((len(questions), self.language.dim), np.float32)
        asked = [q for q, question in enumerate(questions) if question.understood]
        if asked:
            text[asked] = self.vectors([questions[q].phrase for q in asked])
        return text

    # --- whole objects ----------------------------------------------------------------------------------------
    @cached_property
    def naming(self) -> Naming:
        """The names of whole objects, and the rule of their confidence."""
        return Naming(*self.language.objects, self.rule, self.language.sizes)

    def called(self, encoded: Sequence[EncodedObject], name: str) -> np.ndarray | None:
        """(N,) the confidence that each encoded object is a named owner; None if the model names none."""
        if not self.naming.works:
            return None
        features, vector = pooled(encoded), self.language.embed([name])[0]
        return self.naming.chances(features, name, vector, lengths_of(encoded))

    def believed(self, observations: Sequence[EncodedObject]) -> Belief:
        """What one object is believed to be, from one or several encodings of it."""
        length = float(np.median(lengths_of(observations)))
        return self.naming.belief(pooled(observations), length)

    def whole_objects(
        self, encoded: Sequence[EncodedObject], phrases: Sequence[str], text: np.ndarray, metres: bool
    ) -> dict[int, np.ndarray]:
        """By place of the phrases that name whole objects: the confidence that each object (N,) is one.

        If a phrase may also name a part, as "cup" does, the whole object answers only if it is found.
        """
        if not self.naming.works or not encoded:
            return {}
        taught = self.taught_among(phrases)
        features, lengths = pooled(encoded), lengths_of(encoded) if metres else None
        out = {}
        for q, phrase in enumerate(phrases):
            if q not in taught and text[q].any() and (role := self.language.names_object(phrase)):
                chance = self.naming.chances(features, phrase, text[q], lengths)
                surely = chance >= self.rule.object_found_at
                out[q] = chance if role == "only" else np.where(surely, chance, np.nan)
        return out
