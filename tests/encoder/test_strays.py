"""Strays: surfaces seen edge-on and pieces that do not belong to the object."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from part_perception.encoder.neighbours import nearest_of
from part_perception.encoder.strays import connected, edge_on, main_pieces, stand_ins, viewpoint_of
from part_perception.simulation.capture import capture, look_at
from part_perception.simulation.sensors import MIXED, SENSORS, measured
from part_perception.simulation.things import thing

FOCAL = 575.0
ORIGIN = np.zeros(3)


def blurred_disc(distance: float = 0.6, behind: float = 0.12) -> tuple[np.ndarray, np.ndarray]:
    """Points of a disc with a blurred edge in front of a wall, and which of them lie between the two."""
    row, column = np.mgrid[-100:100, -100:100]
    disc = np.hypot(row, column) < 60
    depth = np.where(disc, distance, distance + behind)
    sensor = replace(SENSORS["perfect"], blur_px=2.0)
    seen, told = measured(depth, disc.astype(int), sensor, np.random.default_rng(0))
    kept = (told == 1) | ((told == MIXED) & (np.hypot(row, column) < 65))
    points = np.stack([column * seen / FOCAL, row * seen / FOCAL, seen], axis=-1)[kept]
    return points, (seen[kept] > distance + 0.02) & (seen[kept] < distance + behind - 0.02)


def sphere(count: int = 3000, radius: float = 0.1) -> np.ndarray:
    points = np.random.default_rng(0).normal(size=(count, 3))
    return radius * points / np.linalg.norm(points, axis=1, keepdims=True)


@pytest.mark.parametrize("places", [2, 16, 40])
def test_samples_that_share_a_few_places_are_no_strays(places):
    samples = np.repeat(sphere(places), 12 + 128 // places, axis=0)
    near, square = nearest_of(samples, samples, 8)
    assert main_pieces(samples, near, np.sqrt(square)).all()


def test_the_skirt_of_a_blurred_step_is_edge_on_and_the_surface_is_not():
    points, skirt = blurred_disc()
    flagged = edge_on(points, ORIGIN)
    assert skirt.sum() > 500
    assert flagged[skirt].mean() > 0.9 and flagged[~skirt].mean() < 0.12
    middle = np.hypot(points[:, 0], points[:, 1]) < 0.04
    assert not flagged[middle].any()


def test_the_line_of_a_laser_scanner_needs_no_larger_image_than_it_has_points():
    angle = np.linspace(-0.4, 0.4, 20_000)
    scan = 2.0 * np.column_stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)])
    tracemalloc.start()
    assert np.array_equal(viewpoint_of(scan), ORIGIN)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 * scan.nbytes


@pytest.mark.parametrize("scale", [0.1, 10.0])
def test_the_unit_and_the_frame_do_not_matter(scale):
    points, _ = blurred_disc()
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    moved = scale * (points @ turn.T) + (3.0, -2.0, 1.0)
    assert (edge_on(moved, np.array((3.0, -2.0, 1.0))) == edge_on(points, ORIGIN)).mean() > 0.93


@pytest.mark.parametrize(("slant_deg", "share"), [(50, 0.0), (60, 0.05)])
def test_a_slanted_surface_faces_the_camera(slant_deg, share):
    row, column = np.mgrid[-60:60, -60:60]
    tangent = np.tan(np.radians(slant_deg))
    z = 1.0 / (1.0 - tangent * column / FOCAL)
    points = np.stack([column * z / FOCAL, row * z / FOCAL, z], axis=-1).reshape(-1, 3)
    assert edge_on(points, ORIGIN).mean() <= share


def test_an_object_that_is_edge_on_as_a_whole_is_kept():
    row, column = np.mgrid[-60:60, -20:20]
    z = 1.0 / (1.0 - np.tan(np.radians(80)) * column / FOCAL)
    points = np.stack([column * z / FOCAL, row * z / FOCAL, z], axis=-1).reshape(-1, 3)
    assert not edge_on(points, ORIGIN).any()


def test_a_few_points_show_no_surface():
    assert not edge_on(blurred_disc()[0][:40], ORIGIN).any()


@pytest.mark.parametrize("kind", ["mug", "hammer", "chair"])
def test_what_a_camera_sees_is_a_view_from_the_origin(kind):
    one = thing(kind, 1)
    shot = capture([one], look_at(0.4, 0.6, 4 * float(one.size.max()), (0, 0, one.size[2] / 2)))
    assert np.array_equal(viewpoint_of(shot.points[shot.label == 0].astype(float)), ORIGIN)


@pytest.mark.parametrize("place", [(0.0, 0.0, 0.0), (0.0, 0.1, 0.8)])
def test_a_whole_ball_is_not_a_view(place):
    assert viewpoint_of(sphere() + place) is None


def test_one_side_around_the_origin_is_not_a_view_from_there():
    ball = sphere()
    assert viewpoint_of(ball[ball[:, 2] > 0] - (0, 0, 0.05)) is None


def sheet(count: int, seed: int, at=(0.0, 0.0, 0.0), size: float = 1.0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, size, (count, 3)) * (1, 1, 0) + at


def own_of(samples: np.ndarray) -> np.ndarray:
    near, squared = nearest_of(samples, samples, 9)
    return main_pieces(samples, near, np.sqrt(squared))


def test_pieces_are_those_of_the_graph_and_named_by_their_lowest_sample():
    rng = np.random.default_rng(0)
    near, linked = rng.integers(0, 500, (500, 3)), rng.uniform(size=(500, 3)) < 0.25
    rows, columns = np.nonzero(linked)
    graph = coo_matrix((np.ones(len(rows)), (rows, near[rows, columns])), shape=(500, 500))
    count, labels = connected_components(graph, directed=False)
    assert 5 < count < 300
    lowest = np.array([np.flatnonzero(labels == k)[0] for k in range(count)])
    assert np.array_equal(connected(near, linked, np.ones(500, bool)), lowest[labels])


def test_small_pieces_far_away_are_strays_and_the_nearest_sample_stands_in():
    table, crumb, leg, near = (
        sheet(500, 0), sheet(20, 1, (1.6, 0, 0), 0.1), sheet(60, 2, (0, 0, 0.5), 0.3), sheet(8, 3, (0, 0, 0.06), 0.05)
    )  # fmt: skip
    samples = np.concatenate([crumb, table, leg, near])
    own = own_of(samples)
    assert not own[:20].any(), "4 % of the samples, 0.6 of 1.4 away"
    assert own[20:580].all(), "10 % are not a crumb"
    assert own[580:].all(), "near by, 4 % of the diameter away"
    place = stand_ins(samples, own)
    assert np.array_equal(place[20:], np.arange(568))
    gap = np.linalg.norm(samples[:20, None] - samples[None, 20:], axis=2)
    assert np.array_equal(place[:20], gap.argmin(axis=1))


def test_objects_in_one_piece_or_of_few_samples_are_kept_whole():
    assert own_of(sheet(400, 0)).all()
    assert own_of(np.concatenate([sheet(100, 0), sheet(3, 1, (9, 0, 0), 0.1)])).all()


def test_unselected_samples_belong_to_no_piece_and_connect_nothing():
    near = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 3]])
    linked = np.ones(near.shape, bool)
    assert connected(near, linked, np.ones(5, bool)).tolist() == [0, 0, 0, 0, 0]
    assert connected(near, linked, np.array([1, 1, 0, 1, 1], bool)).tolist() == [0, 0, -1, 3, 3]
