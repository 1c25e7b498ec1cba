"""A table with three mugs in a file, and the shipped model."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from part_perception import PartSegmenter
from part_perception.files import write_cloud
from part_perception.view.moments import StillSource, moments_of
from part_perception.view.session import Session

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "ros")]
from table import view  # noqa: E402


@pytest.fixture(scope="session")
def segmenter() -> PartSegmenter:
    return PartSegmenter.load()


@pytest.fixture(scope="session")
def table_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("table") / "mugs.npz"
    write_cloud(path, view(3).points)
    return path


@pytest.fixture
def session(segmenter, table_file) -> Session:
    """The mugs, with nothing asked."""
    made = Session(StillSource(moments_of([table_file]), segmenter))
    made.show(0)
    yield made
    for word in segmenter.taught:
        segmenter.forget(word)


@pytest.fixture(scope="session")
def truth() -> tuple[np.ndarray, np.ndarray]:
    """For each point: which mug (-1 = table), and 1 where it is a handle."""
    seen = view(3)
    return seen.label.reshape(-1), seen.part.reshape(-1)
