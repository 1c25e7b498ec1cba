"""Grasp cache: grasps of a part that stays are planned once, and again when anything about it changes."""

from types import SimpleNamespace

import numpy as np
import pytest

from part_perception.geometry.poses import inverse
from part_perception.grasping.cache import Cover, GraspCache
from part_perception.simulation.capture import look_at
from part_perception.types import Grasp, Part

RNG = np.random.default_rng(0)
HANDLE = RNG.uniform((-0.05, -0.01, 0.05), (0.05, 0.01, 0.07), (900, 3))  # in the world
NOTHING = np.zeros((0, 3))
WALL = RNG.uniform((-0.2, 0.2, 0.0), (0.2, 0.21, 0.2), (4000, 3))
POST = RNG.uniform((-0.01, -0.06, 0.0), (0.01, -0.04, 0.15), (400, 3))
BODY = RNG.uniform((-0.04, 0.01, 0.0), (0.04, 0.09, 0.1), (3000, 3))


class Scene:
    """A handle and its object seen from a pose, and the number of times that grasps were planned."""

    def __init__(self):
        self.kept, self.planned = GraspCache(), 0

    def grasps(
        self, azimuth: float = 0.5, handle=HANDLE, body=BODY, query: str = "handle", arm=None, near=NOTHING
    ):
        """In the world."""
        pose = look_at(azimuth, 0.7, 0.8)
        to_camera, noise = inverse(pose), RNG.normal(0, 0.0012, (len(handle) + len(body), 3))
        seen = np.concatenate([handle, body]) @ to_camera[:3, :3].T + to_camera[:3, 3] + noise
        points = seen[: len(handle)].astype(np.float32)
        seen = seen.astype(np.float32)
        thing = SimpleNamespace(points=seen, to_world=pose, cover=Cover(seen, pose[:3, :3], pose[:3, 3]))
        part = Part.located(query, 0.9, lambda: (np.arange(len(points)), points), self.plan, object_id=3)
        others = (near + RNG.normal(0, 0.0012, near.shape)) @ to_camera[:3, :3].T + to_camera[:3, 3]
        held = self.kept.held(part, thing, np.zeros(3), arm, lambda _: others)
        return [moved(grasp, pose) for grasp in held.grasps]

    def plan(self, points):
        self.planned += 1
        return (Grasp(points.mean(axis=0), np.eye(3), 0.03, 0.8),)


def moved(grasp: Grasp, pose: np.ndarray) -> Grasp:
    turn = pose[:3, :3]
    return Grasp(turn @ grasp.position + pose[:3, 3], turn @ grasp.rotation, grasp.width, grasp.quality)


@pytest.fixture
def scene():
    return Scene()


def test_grasps_of_a_part_that_stays_are_planned_once_and_follow_the_camera(scene):
    (first,) = scene.grasps(0.5)
    for azimuth in (0.5, 0.55, 0.45):
        (again,) = scene.grasps(azimuth)
        np.testing.assert_allclose(again.position, first.position, atol=1e-6)
        np.testing.assert_allclose(again.rotation, first.rotation, atol=1e-6)
    assert scene.planned == 1
    assert np.linalg.norm(first.position - HANDLE.mean(axis=0)) < 1e-3


def test_grasps_are_planned_again_when_something_is_put_beside_the_part_or_taken_away(scene):
    for near, planned in (
        (WALL, 1),
        (WALL, 1),
        (WALL[:3500], 1),
        (np.concatenate([WALL, POST]), 2),
        (np.concatenate([WALL, POST]), 2),
        (WALL, 3),
        (NOTHING, 4),
    ):
        scene.grasps(near=near)
        assert scene.planned == planned


def test_grasps_within_an_arms_reach_are_planned_again_when_its_base_moves(scene):
    arm = np.eye(4)
    for pose, planned in (
        (None, 1),
        (arm, 2),
        (arm + 1e-4, 2),
        (arm + 0.05, 3),
        (None, 4),
        (np.full((4, 4), np.nan), 5),
    ):
        scene.grasps(arm=pose)
        assert scene.planned == planned
    scene.grasps(arm=np.full((4, 4), np.nan))
    assert scene.planned == 6, "an unknown place may have changed"


@pytest.mark.parametrize(
    "change",
    [
        {"handle": HANDLE + (0.008, 0, 0), "body": BODY + (0.008, 0, 0)},
        {"handle": HANDLE * (1, 1, 2)},
        {"handle": HANDLE @ ((0, -1, 0), (1, 0, 0), (0, 0, 1))},
        {"body": BODY[BODY[:, 1] < 0.05]},
        {"azimuth": 1.0},
        {"query": "ear"},
    ],
    ids=["pushed", "larger", "turned", "object changed", "seen from elsewhere", "another question"],
)
def test_grasps_are_planned_again_after_any_change(scene, change):
    scene.grasps()
    scene.grasps(**change)
    assert scene.planned == 2
