"""Scenes that several tests share."""

import numpy as np
import pytest

from part_perception.scene import ScenePerception
from part_perception.simulation.capture import capture, look_at
from part_perception.simulation.layouts import table_scene
from part_perception.simulation.things import thing
from tests.scene.stand_in import StandIn

FEW = [("mug", (0.0, 0.0)), ("hammer", (0.15, 0.22)), ("bowl", (-0.2, 0.15)), ("bottle", (-0.15, -0.2))]


@pytest.fixture
def scene() -> ScenePerception:
    return ScenePerception(StandIn())


@pytest.fixture(scope="session")
def few_things():
    return [thing(kind, 1).moved((*spot, 0.0)) for kind, spot in FEW]


@pytest.fixture(scope="session")
def few(few_things):
    """Four objects well apart, seen with noise."""
    return capture(few_things, look_at(0.4, 0.8, 0.8), np.random.default_rng(1))


@pytest.fixture(scope="session")
def crowded():
    """Two tables with twelve objects each."""
    scenes = []
    for seed in (3, 7):
        rng = np.random.default_rng(seed)
        things = table_scene(12, rng)
        pose = look_at(rng.uniform(0, 2 * np.pi), np.radians(rng.uniform(35, 55)), 1.1)
        scenes.append(capture(things, pose, rng))
    return scenes
