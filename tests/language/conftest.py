"""Language tests share one built graph, and keep everything else that is cached to themselves."""

import hashlib
import os
import shutil

import numpy as np
import pytest

from part_perception.language.minilm import MiniLM


@pytest.fixture(scope="session")
def built_cache(tmp_path_factory):
    """A cache folder in which the text model was built once."""
    folder = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PART_PERCEPTION_CACHE", str(folder))
        MiniLM.load()
    return folder


@pytest.fixture
def cache(built_cache, tmp_path, monkeypatch):
    """A cache folder of the test's own, with the text model in it as links: replace files, never write into them."""
    folder = tmp_path / "cache"
    shutil.copytree(built_cache, folder, copy_function=os.link)
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(folder))
    return folder


class Speller:
    """A text encoder whose vectors come from the letters, and that writes down what it is asked."""

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
