"""A segmenter that learns instantly; its words are stored in real files."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.manifest import Manifest
from part_perception.parts.taught import TaughtWord, load_taught, save_taught

POINTS = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
MASK = POINTS[:, 2] > 0.5


class Pupil:
    """A taught word is the number and the mean of its marked points."""

    def __init__(self, encoder: str = "one"):
        self.manifest = Manifest("m", files={"weights.safetensors": encoder})
        self.lessons: dict[str, TaughtWord] = {}

    def teach(self, word, examples):
        looks = np.stack([points[mask].mean(axis=0) for points, mask in examples])
        self.lessons[word] = TaughtWord(word, looks[0], looks[0], float(len(looks)), looks[0][:2], looks)

    def forget(self, word):
        del self.lessons[word]

    def save_taught(self, path, examples=None):
        save_taught(path, self.lessons, self.manifest, examples)

    def load_taught(self, path):
        words = load_taught(path, self.manifest)
        self.lessons.update(words)
        return tuple(words)

    @property
    def known(self) -> dict[str, int]:
        """Each word, and the number of examples that it was learned from."""
        return {word: int(taught.null) for word, taught in self.lessons.items()}
