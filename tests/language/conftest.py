"""Shared by language tests: a text encoder that needs no model."""

import hashlib

import numpy as np
import pytest


class Speller:
    """A text encoder whose vectors come from the letters, and that records what it is asked."""

    name, dim = "speller", 8

    def __init__(self):
        self.texts = []

    def encode(self, texts):
        self.texts += texts
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little") for text in texts]
        vectors = np.array([np.random.default_rng(seed).normal(size=self.dim) for seed in seeds])
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def speller(tmp_path, monkeypatch):
    """The stand-in encoder, with an empty cache folder."""
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(tmp_path / "cache"))
    return Speller()
