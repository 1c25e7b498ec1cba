"""A stand-in for the segmenter: names parts by simple geometry, so that tests need no model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.language.known_words import KnownWords
from part_perception.language.questions import read_question
from part_perception.parts.naming import Belief
from part_perception.types import Answer, KnownAnswer, Part

PARTS = ("top", "handle", "lid", "wheel")
WORDS = KnownWords((*PARTS, "mug", "object"), frozenset({"mug"}), frozenset(PARTS))


@dataclass
class EncodedObject:
    points: np.ndarray
    up: np.ndarray


class StandIn:
    """'top' is the highest quarter, 'handle' whatever sticks out sideways, 'object' and 'mug' are everything."""

    lessons: dict = {}
    at_once = 1

    def __init__(self):
        self.encoded = 0

    def encode(self, objects, up=(0, 0, 1), viewpoint=None):
        self.encoded += len(objects)
        return [EncodedObject(np.asarray(o), np.asarray(up, float)) for o in objects]

    def answer(self, encoded, queries):
        masks = np.stack([self.mask(encoded, q) for q in queries])
        found = masks.any(axis=1)
        confidence = np.where(found, 0.9, 0.05)
        parts = [
            Part(q, bool(f), float(c), np.flatnonzero(m), encoded.points[m].mean(axis=0) if f else None)
            for q, f, c, m in zip(queries, found, confidence, masks, strict=True)
        ]
        known = KnownAnswer(masks, masks.astype(np.float32), [(part,) for part in parts])
        return Answer(queries, confidence, found, known)

    def read(self, text):
        return read_question(text, WORDS)

    object_found_at = 0.6

    def called(self, encoded, name):
        return np.array([0.9 if self.mask(e, name).any() else 0.02 for e in encoded])

    def believed(self, observations):
        return Belief("mug", 0.9)

    def answer_read(self, encoded, questions):
        return [self.answer(e, [question.phrase for question in questions]) for e in encoded]

    def role(self, word):
        return {"only": "object", "also": "both"}.get(
            WORDS.names_object(word), "part" if word in PARTS else ""
        )

    def fused(self, answer, said, rows=None):
        """Finds everything that is named, in the place that was named."""
        masks, confidence = answer.masks.copy(), answer.confidence.copy()
        for each in said:
            for q in np.flatnonzero(np.array(answer.queries) == each.word):
                masks[q], confidence[q] = False, each.score
                masks[q, rows[each.inside]] = True
        found = masks.any(axis=1)
        parts = [
            (Part(q, bool(f), float(c), np.flatnonzero(m)),)
            for q, f, c, m in zip(answer.queries, found, confidence, masks, strict=True)
        ]
        return Answer(answer.queries, confidence, found, KnownAnswer(masks, masks.astype(np.float32), parts))

    def mask(self, encoded, query):
        height = encoded.points @ encoded.up
        if query in ("object", "mug"):
            return np.ones(len(height), bool)
        if query == "top":
            return height > height.min() + 0.75 * np.ptp(height)
        if query == "handle":
            level = encoded.points - np.outer(height, encoded.up)
            away = np.linalg.norm(level - np.median(level, axis=0), axis=1)
            far = away > 0.75 * away.max()
            return far if away.max() > 1.5 * np.median(away) else np.zeros(len(height), bool)
        return np.zeros(len(height), bool)
