"""Shared by training tests: a tiny network, a vocabulary that needs no text model, and runs with them."""

from __future__ import annotations

import hashlib
import os
from functools import cache

import numpy as np
import pytest

from part_perception.encoder.manifest import EncoderConfig
from part_perception.encoder.patches import PatchSpec
from part_perception.shapes import names as names_module
from part_perception.shapes.names import NameTable, collect_names, name_lists
from part_perception.training.config import TrainConfig

_TINY = EncoderConfig(
    dim=24, depth=1, heads=2, patch_widths=(8, 16, 16, 16), position_width=8, language=256, field=8
)
_SPEC = PatchSpec(samples=256, patches=24, neighbours=12)


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Bitwise equal sums need a fixed number of threads, and small networks need one."""
    torch = pytest.importorskip("torch")
    os.environ["OMP_NUM_THREADS"] = "1"
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def vector_of(name: str, size: int = 256) -> np.ndarray:
    """A direction for every word; a name lies between those of its words, as with a real text model."""
    vector = sum(_direction(word, size) for word in name.split())
    return (vector / np.linalg.norm(vector)).astype(np.float32)


@cache
def _direction(word: str, size: int) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
    return np.random.default_rng(seed).normal(size=size)


@pytest.fixture(scope="session", autouse=True)
def few_seeds():
    """Names of two objects of each kind: nearly all of them, in a twentieth of the time."""
    before, names_module._SEEDS_A_KIND = names_module._SEEDS_A_KIND, 2
    yield
    names_module._SEEDS_A_KIND = before
    names_module._said_of.cache_clear()


@pytest.fixture(scope="session")
def table(few_seeds) -> NameTable:
    names = tuple(collect_names())
    return NameTable(names, np.stack([vector_of(n) for n in names]), name_lists())


@pytest.fixture(scope="session")
def spec() -> PatchSpec:
    return _SPEC


@pytest.fixture(scope="session")
def tiny() -> TrainConfig:
    """Six steps of a network small enough for tests, in this process alone."""
    return TrainConfig(
        steps=6,
        batch=4,
        heard=64,
        warmup=2,
        workers=0,
        save_every=3,
        validate=0,
        encoder=_TINY,
        patches=_SPEC,
    )
