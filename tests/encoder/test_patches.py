"""Patches: the network's inputs do not depend on order, unit, place or duplicate points."""

import numpy as np
import pytest

from part_perception.encoder.patches import PatchSpec, make_patches
from tests.encoder.conftest import SPEC, lamp

FIELDS = ("samples", "centres", "groups", "weight")


def test_shapes_and_the_way_back():
    points = lamp(count=2000) * 0.3 + (4, -2, 1)
    patches = make_patches(points, SPEC)
    assert patches.samples.shape == (96, 3) and patches.groups.shape == (12, 8, 3)
    assert patches.near.shape == patches.weight.shape == (96, 3)
    assert np.allclose(patches.weight.sum(axis=1), 1)
    back = patches.samples[: patches.count] * patches.scale + patches.centre
    means = np.stack([points[patches.member == i].mean(axis=0) for i in range(patches.count)])
    assert np.allclose(back, means, atol=1e-5)


def test_a_patch_is_its_centre_and_the_samples_nearest_to_it():
    patches = make_patches(lamp(), SPEC)
    distance = np.linalg.norm(patches.samples[:, None] - patches.centres[None], axis=2)
    for p in range(12):
        assert np.allclose(np.linalg.norm(patches.groups[p], axis=1), np.sort(distance[:, p])[:8], atol=1e-6)
    assert np.array_equal(patches.near[:, 0], distance.argmin(axis=1))


@pytest.mark.parametrize("factor", [1e-3, 1.0, 1000.0])
def test_unit_and_place_do_not_matter(factor):
    one = make_patches(lamp(), SPEC)
    other = make_patches(lamp() * factor + factor * np.array([5.0, -3.0, 2.0]), SPEC)
    assert other.scale == pytest.approx(one.scale * factor, rel=1e-6)
    for name in FIELDS:
        assert np.allclose(getattr(one, name), getattr(other, name), atol=1e-4), name


def test_the_order_of_points_does_not_matter():
    points, order = lamp(), np.random.default_rng(5).permutation(900)
    one, other = make_patches(points, SPEC), make_patches(points[order], SPEC)
    for name in FIELDS:
        assert np.allclose(getattr(one, name), getattr(other, name), atol=1e-5), name
    assert np.array_equal(one.member[order], other.member)


def test_duplicate_points_do_not_matter():
    """A cell may end between a point and its duplicate, so samples shift within their cells, but no farther."""
    points = lamp(count=2000)
    one, other = make_patches(points, SPEC), make_patches(np.repeat(points, 3, axis=0), SPEC)
    assert np.allclose(one.centre, other.centre, atol=0.01) and one.scale == pytest.approx(
        other.scale, rel=0.03
    )
    off = np.linalg.norm(one.samples[:, None] - other.samples[None], axis=2).min(axis=1)
    cell = np.linalg.norm(points - points[:1], axis=1).max() / one.scale / np.sqrt(96)
    assert np.median(off) < 0.1 * cell and np.quantile(off, 0.9) < cell


def test_edge_on_points_give_no_samples_and_belong_to_the_nearest():
    """A plate that faces the camera, and a skirt that runs from its rim away from it."""
    x, y = np.meshgrid(np.linspace(-0.05, 0.05, 60), np.linspace(-0.05, 0.05, 60))
    plate = np.stack([x, y, np.full(x.shape, 0.6)], axis=-1).reshape(-1, 3)
    away = np.linspace(0.002, 0.1, 10)[:, None]
    skirt = np.stack(
        [0.05 + 0.002 * away + 0 * y[:, 0], y[:, 0] + 0 * away, 0.6 + away + 0 * y[:, 0]], axis=-1
    )
    points = np.concatenate([plate, skirt.reshape(-1, 3)])
    blind, seeing = (make_patches(points, SPEC, viewpoint=place) for place in (None, np.zeros(3)))
    deepest = [(p.samples[:, 2] * p.scale + p.centre[2]).max() for p in (blind, seeing)]
    assert deepest[0] > 0.65 and deepest[1] < 0.61
    assert seeing.member.shape == (len(points),) and seeing.member.max() < seeing.count


def test_the_fewest_points_fill_a_whole_input():
    patches = make_patches(lamp(count=32), PatchSpec())
    assert patches.count == 32
    assert patches.samples.shape == (1024, 3) and patches.centres.shape == (96, 3)
    assert np.array_equal(patches.samples[:32], patches.samples[32:64])
    assert all(np.isfinite(getattr(patches, name)).all() for name in FIELDS)


def test_points_at_one_place_are_handled():
    patches = make_patches(np.ones((40, 3)), SPEC)
    assert all(np.isfinite(getattr(patches, name)).all() for name in FIELDS)


def test_the_published_style_fills_the_unit_sphere_and_is_mirrored():
    spec = PatchSpec(2048, 16, 8, style="patchalign3d")
    points = lamp(count=1500)
    patches = make_patches(points, spec)
    assert np.linalg.norm(patches.samples, axis=1).max() == pytest.approx(1, abs=1e-6)
    assert np.allclose(patches.centre, points.mean(axis=0))
    assert np.allclose(patches.centres[0], patches.samples[0] * (1, -1, 1))
    assert np.allclose(patches.groups[0, 0], 0, atol=1e-6)
    assert np.ptp(patches.centres[:, 2]) > np.ptp(patches.centres[:, 1])  # the lamp is tall, and z is up


def test_the_published_style_never_takes_a_point_of_a_small_cloud_twice():
    patches = make_patches(lamp(count=100), PatchSpec(2048, 16, 8, style="patchalign3d"))
    assert all(len(np.unique(group, axis=0)) == 8 for group in patches.groups)
    few = make_patches(lamp(count=32), PatchSpec(2048, 16, 48, style="patchalign3d"))
    assert few.groups.shape == (16, 48, 3)  # there are no 48 to take


def test_a_blend_of_one_is_the_nearest_patch_alone():
    patches = make_patches(lamp(), PatchSpec(96, 12, 8, blend=1))
    distance = np.linalg.norm(patches.samples[:, None] - patches.centres[None], axis=2)
    assert np.array_equal(patches.near[:, 0], distance.argmin(axis=1))
    assert np.array_equal(patches.weight, np.ones((96, 1), np.float32))


def test_an_unknown_style_is_refused():
    with pytest.raises(ValueError, match="unknown style of patches 'odd'"):
        PatchSpec(style="odd")
