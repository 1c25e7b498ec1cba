"""Valid clouds that could take all memory or time: every step is bounded by the number of points."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest

from part_perception.scene import ScenePerception
from part_perception.scene.config import SceneConfig
from tests.scene.stand_in import StandIn


def dense_and_sparse() -> np.ndarray:
    """A dense cluster among many sparse points: within the spacing of the sparse ones, the cluster has 10^10 pairs."""
    rng = np.random.default_rng(0)
    cluster = rng.normal(size=(150_000, 3)) * 0.06 + (0, 0, 1.0)
    sparse = rng.uniform(-1, 1, (250_000, 3)) * (1.2, 1.2, 1.0) + (0, 0, 1.6)
    return np.concatenate([cluster, sparse]).astype(np.float32)


def speckle(side: int = 5) -> np.ndarray:
    """An organised HD cloud of pieces of a few pixels, each at its own depth."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:720, :1280]
    depth = rng.uniform(0.5, 3.0, (720 // (side + 1) + 1, 1280 // (side + 1) + 1))
    z = depth[rows // (side + 1), columns // (side + 1)]
    z[(rows % (side + 1) == side) | (columns % (side + 1) == side)] = np.nan
    rays = np.stack([(columns - 640) / 900, (rows - 360) / 900, np.ones_like(z)], axis=-1)
    return (rays * z[..., None]).astype(np.float32)


CLOUDS = {
    "dense and sparse": dense_and_sparse,
    "speckle of 5 x 5": speckle,
    "speckle of 10 x 10": lambda: speckle(10),
}


@pytest.mark.parametrize("name", CLOUDS)
def test_no_cloud_takes_all_memory_or_time(name):
    cloud = CLOUDS[name]()
    scene = ScenePerception(StandIn(), SceneConfig(max_seconds=60))
    begin = time.monotonic()
    tracemalloc.start()
    scene.process(cloud, 0.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(name, f"{peak / 1e6:.0f} MB, {time.monotonic() - begin:.1f} s")
    assert peak < 400e6
    assert time.monotonic() - begin < 30


def test_a_cloud_over_its_time_is_refused_and_the_next_one_is_taken():
    dense = speckle()
    begin = time.monotonic()
    ScenePerception(StandIn(), SceneConfig(max_seconds=60)).process(dense, 0.0)
    limit = (time.monotonic() - begin) / 3
    scene = ScenePerception(StandIn(), SceneConfig(max_seconds=limit))
    with pytest.raises(ValueError, match=r"takes more than scene\.max_seconds, [\d.]+ s, most of it for"):
        scene.process(dense, 0.0)
    small = np.random.default_rng(0).normal(size=(200, 3)).astype(np.float32) * 0.02 + (0, 0, 1)
    assert scene.process(small, 1.0).counts["points"] == 200
