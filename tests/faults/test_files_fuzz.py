"""A few hundred mutated files into every reader; `make fuzz` does it for longer."""

from __future__ import annotations

import warnings

import pytest

from tests.faults.fuzz.__main__ import SLOW, Fuzz
from tests.faults.fuzz.targets import TARGETS

RUNS = 300


@pytest.mark.parametrize("name", TARGETS)
def test_readers_of_mutated_files_raise_nothing_but_input_errors(name):
    if name == "cdr":
        pytest.importorskip("rclpy")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fuzz = Fuzz(name, seed=1)
        for _ in range(RUNS if name != "mcap" else RUNS // 10):
            fuzz.once()
    assert fuzz.foreign == {}
    assert fuzz.refused > 0 or name == "cdr"
    assert fuzz.slowest < SLOW
