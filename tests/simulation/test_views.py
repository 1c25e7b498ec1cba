"""Views: a training cloud lies on the object it shows, names every point correctly, and depends on its seed alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import KINDS
from part_perception.simulation import views
from part_perception.simulation.bodies import Cloud, Mesh
from part_perception.simulation.sensors import SENSORS
from part_perception.simulation.views import MAX_PIXELS, camera_view, cut_out, occlude, whole_view
from part_perception.simulation.worlds import Joints, World, make_world

SPACING = 0.012  # of the object's size: how far apart the points are that stand for its surface


def world_of(kind: str, seed: int = 0) -> World:
    return make_world(KINDS[kind], np.random.default_rng(seed))[1]


def ball(radius: float = 0.1, count: int = 8000) -> World:
    """Points in a spiral from pole to pole: evenly spread."""
    z = 1 - (2 * np.arange(count) + 1) / count
    turn = np.pi * (3 - np.sqrt(5)) * np.arange(count)
    points = np.stack([np.cos(turn), np.sin(turn), z], axis=1)
    points[:, :2] *= np.sqrt(1 - z**2)[:, None]
    points = radius * points + (0, 0, radius)
    return World(Cloud(points, np.zeros(count, int), np.zeros(count, int)), Joints.unknown(1))


def off_the_part(view, world) -> np.ndarray:
    """How far every labelled point is from the surface of the part whose number it bears."""
    points, off = view.points @ view.turn, np.full(len(view.points), np.nan)
    for part in np.unique(view.part[view.part >= 0]):
        mine = view.part == part
        off[mine] = cKDTree(world.surface.points[world.surface.part == part]).query(points[mine])[0]
    return off[view.part >= 0]


@pytest.mark.parametrize("kind", ["mug", "hammer", "chair"])
def test_labelled_points_lie_on_their_part(kind, monkeypatch):
    """By a camera that blurs but has no noise: what a label allows is 8 mm at a metre, more beyond it."""
    quiet = SENSORS["perfect"].__class__(
        **{**vars(SENSORS["primesense"]), "grain": 0, "lumps": 0, "waves": 0}
    )
    monkeypatch.setattr(views, "random_sensor", lambda rng: quiet)
    for seed in range(6):
        world = world_of(kind, seed)
        view = camera_view(world, np.random.default_rng(seed))
        size = float(np.linalg.norm(np.ptp(world.body.corners, axis=0)))
        distance = float(np.linalg.norm(view.viewpoint))
        off = off_the_part(view, world)
        assert len(off) > 100
        assert np.quantile(off, 0.99) < 0.009 * max(1.0, distance**2) + SPACING * size
        assert np.median(off) < 0.002 + SPACING * size / 2


def test_a_whole_scan_lies_on_its_parts_and_has_all_sides():
    world = ball()
    view = whole_view(world, np.random.default_rng(0))
    assert view.viewpoint is None and len(view.points) > 0.95 * 8000
    off = np.abs(np.linalg.norm(view.points - (0, 0, 0.1), axis=1) - 0.1)
    assert off.max() < 0.01


def test_a_camera_sees_the_side_that_is_turned_to_it():
    world = ball()
    for seed in range(20):
        view = camera_view(world, np.random.default_rng(seed), azimuths=(0.0, 0.0))
        own = view.points[view.part == 0] @ view.turn - (0, 0, 0.1)
        towards = view.turn.T @ view.viewpoint - (0, 0, 0.1)
        facing = own @ towards / np.linalg.norm(towards) / 0.1
        assert np.quantile(facing, 0.02) > -0.2, "never its back"
        assert np.degrees(np.arctan2(*towards[1::-1])) == pytest.approx(0, abs=25)


@pytest.mark.parametrize("view_of", [whole_view, camera_view])
def test_views_depend_on_their_seed_alone(view_of):
    world = world_of("mug")
    one, same, other = (view_of(world, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.points, same.points) and np.array_equal(one.part, same.part)
    assert one.points.shape != other.points.shape or not np.array_equal(one.points, other.points)


def test_hanging_things_are_seen_from_the_front():
    for seed in range(15):
        world = world_of("light switch", seed)
        view = camera_view(world, np.random.default_rng(seed))
        front = np.array((np.cos(world.front), np.sin(world.front)))
        middle = world.body.corners.mean(axis=0)
        towards = (view.turn.T @ view.viewpoint - middle)[:2]
        assert towards @ front / np.linalg.norm(towards) > np.cos(np.radians(75))


def test_z_is_up_within_a_robots_accuracy():
    tilts = []
    for seed in range(60):
        turn = camera_view(ball(), np.random.default_rng(seed)).turn
        assert np.allclose(turn @ turn.T, np.eye(3))
        tilts.append(np.degrees(np.arccos(np.clip(turn[2, 2], -1, 1))))
    assert np.median(tilts) < 6 and max(tilts) < 30


def test_views_have_as_many_points_as_real_captures_and_not_more():
    counts = [
        len(camera_view(world_of("mug", seed), np.random.default_rng(seed)).points) for seed in range(12)
    ]
    assert 1500 < np.median(counts) < 15_000 and max(counts) < 2 * MAX_PIXELS**2


def test_skirts_and_surroundings_belong_to_nothing():
    shares = []
    for seed in range(20):
        view = camera_view(world_of("mug", seed), np.random.default_rng(seed), world_of("hammer").body)
        shares.append((view.part == -1).mean())
        assert ((view.part == -1) == (view.primitive == -1)).all()
    assert 0.02 < np.mean(shares) < 0.4 and max(shares) < 0.8


def test_occluders_leave_about_half_or_more():
    kept = []
    for seed in range(30):
        owner = np.full((120, 120), -1, np.int32)
        owner[30:90, 40:80] = 7
        depth = np.where(owner >= 0, 1.0, np.inf)
        occlude(depth, owner, np.random.default_rng(seed))
        kept.append((owner == 7).sum() / 2400)
        assert (depth[owner == views.CONTEXT] < 1.0).all()
    assert min(kept) > 0.4 and max(kept) < 1.0


def test_cut_outs_are_about_the_object():
    owner = np.full((120, 160), views.NOTHING, np.int32)
    owner[30:90, 40:120] = 3
    true_depth = np.where(owner >= 0, 1.0, 1.1)
    own = owner >= 0
    shares = []
    for seed in range(60):
        taken = cut_out(true_depth, true_depth, owner, 0.2, np.random.default_rng(seed))
        shares.append(((taken & own).sum() / own.sum(), (taken & ~own).sum() / own.sum()))
    inside, outside = np.array(shares).T
    assert np.median(inside) > 0.95 and inside.min() > 0.3
    assert 0 < np.mean(outside) < 0.3 and (inside < 0.9).any() and (outside > 0.02).any()


def test_a_whole_view_has_no_points_of_a_case_behind_its_shut_front():
    """A door of 2 cm is thinner than a pixel of the images that find what is seen."""
    b = Builder(np.random.default_rng(0))
    b.part("body")
    b.box((0.4, 1.0, 1.6), (-0.2, 0, 0.8))
    b.part("door")
    b.box((0.02, 0.98, 1.58), (0.011, 0, 0.8))
    world = World(Mesh.of(b.shape("cabinet", ("cabinet",))), Joints.unknown(2))
    view = whole_view(world, np.random.default_rng(0))
    body = view.points[view.part == 0]
    inner = (np.abs(body[:, 1]) < 0.45) & (np.abs(body[:, 2] - 0.8) < 0.75)
    assert (view.part == 1).sum() > 2000
    assert (body[inner, 0] < -0.35).all()
    on_top = (body[:, 2] > 1.56) & (body[:, 0] < -0.02)
    assert on_top.sum() > 0.9 * 8192 * 0.38 / ((0.4 * 1.0 + 0.4 * 1.6 + 1.0 * 1.6) * 2 + 0.98 * 1.58 * 2)
