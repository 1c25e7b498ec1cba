"""Support: the right planes are found among several, whatever the camera's pose, and stay the same over time."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from part_perception.scene import clusters, kernels
from part_perception.scene.config import SceneConfig
from part_perception.scene.decode import decode
from part_perception.scene.support import NO_SUPPORT, bend_at, find_support
from part_perception.simulation.capture import capture, look_at, rolled
from part_perception.simulation.stages import NOTHING, TABLE_ON_FLOOR, Stage, level
from part_perception.simulation.things import block, thing
from tests.simulated import MILD

FAR_FLOOR = Stage((level(-0.7, (5.0, 5.0)),))


def support_of(points, up=None, previous=NO_SUPPORT):
    view = decode(points, np.zeros(3), SceneConfig())
    return find_support(view, up, 20.0, previous), view


def shot_of(things, pose, stage=TABLE_ON_FLOOR, seed=0):
    return capture(things, pose, np.random.default_rng(seed), stage=stage, sensor=MILD)


def levels_of(support, shot) -> list[float]:
    """Heights in the world of the support's planes, below the middle of what is seen, the highest first."""
    assert (degrees(support, shot) < 3.0).all(), degrees(support, shot)
    below = shot.pose[:3, :3].T @ (np.array((0.0, 0.0, 0.0)) - shot.pose[:3, 3])
    return (
        -(support.planes[:, :3] @ below + support.planes[:, 3]) / (support.planes[:, :3] @ shot.up)
    ).tolist()


def degrees(support, shot) -> np.ndarray:
    return np.degrees(np.arccos(np.clip(support.planes[:, :3] @ shot.up, -1, 1)))


def called_support(support, view, chosen) -> float:
    """The share of chosen pixels that are classified as support."""
    state = clusters.classify(view, support)
    chosen = chosen.ravel() & (view.reach > 0)
    return float((state[chosen] == kernels.SUPPORT).mean())


def board(size, at):
    return block(size, "board").moved(at)


def table(width: float, depth: float, height: float = 0.7):
    """A table whose top lies at 0."""
    legs = [
        board((0.03, 0.03, height - 0.02), (x * (width / 2 - 0.03), y * (depth / 2 - 0.03), -height))
        for x in (-1, 1)
        for y in (-1, 1)
    ]
    return [board((width, depth, 0.02), (0, 0, -0.02)), *legs]


def things_on(spread: float):
    return [
        thing("mug", 1).moved((spread, 0.5 * spread, 0)),
        thing("bottle", 1).moved((-spread, -0.5 * spread, 0)),
    ]


@pytest.mark.parametrize("know_up", [False, True])
@pytest.mark.parametrize(("width", "depth"), [(0.6, 0.4), (0.4, 0.3)])
def test_a_small_table_is_not_lost_to_a_far_floor(width, depth, know_up):
    shot = shot_of([*things_on(0.1), *table(width, depth)], look_at(0.4, 0.8, 1.1), FAR_FLOOR)
    support, view = support_of(shot.points, shot.up if know_up else None)
    assert levels_of(support, shot) == pytest.approx([0.0, -0.7], abs=0.015)
    for number in (0, 1):
        assert called_support(support, view, shot.label == number) < 0.1


@pytest.mark.parametrize("know_up", [False, True])
def test_the_support_in_a_bin_is_its_floor_not_its_walls(know_up):
    length, width, wall = 0.5, 0.35, 0.15
    walls = [board((0.01, width, wall), (x * length / 2, 0, 0)) for x in (-1, 1)] + [
        board((length, 0.01, wall), (0, y * width / 2, 0)) for y in (-1, 1)
    ]
    things = [*things_on(0.12), board((length, width, 0.01), (0, 0, -0.01)), *walls]
    shot = shot_of(things, look_at(1.2, np.radians(80), 0.8, (0, 0, 0)), FAR_FLOOR)
    support, view = support_of(shot.points, shot.up if know_up else None)
    assert levels_of(support, shot)[0] == pytest.approx(0.0, abs=0.01)
    for number in (0, 1):
        assert called_support(support, view, shot.label == number) < 0.1


def test_the_support_in_a_shelf_is_its_board_not_its_back():
    boards = [board((0.3, 0.9, 0.02), (0, 0, z - 0.02)) for z in (-0.38, 0.0, 0.38)]
    sides = [
        board((0.02, 0.9, 0.8), (-0.15, 0, -0.4)),
        *(board((0.3, 0.02, 0.8), (0, y, -0.4)) for y in (-0.45, 0.45)),
    ]
    things = [thing("mug", 1).moved((0, 0.15, 0)), thing("bottle", 1).moved((0, -0.15, 0)), *boards, *sides]
    shot = shot_of(things, look_at(0.2, 0.3, 1.0, (0, 0, 0.1)), NOTHING)
    support, view = support_of(shot.points)
    assert min(levels_of(support, shot), key=abs) == pytest.approx(0.0, abs=0.01)
    assert called_support(support, view, shot.label == 0) < 0.1


def test_two_levels_are_both_supports():
    raised = [board((0.28, 0.5, 0.015), (-0.15, 0, 0.185)), board((0.02, 0.5, 0.185), (-0.28, 0, 0))]
    things = [
        thing("mug", 1).moved((0.15, 0.1, 0)),
        thing("bottle", 1).moved((-0.15, 0.05, 0.2)),
        *table(0.6, 0.5),
        *raised,
    ]
    shot = shot_of(things, look_at(0.2, 0.8, 1.1, (0, 0, 0.1)), FAR_FLOOR)
    support, _ = support_of(shot.points)
    levels = levels_of(support, shot)
    for height in (0.2, 0.0):
        assert min(abs(np.array(levels) - height)) < 0.015, levels
    assert levels == sorted(levels, reverse=True)


@pytest.mark.parametrize("roll", [0.0, np.pi / 2, np.pi])
@pytest.mark.parametrize("elevation", [0.5, 1.5])
def test_up_is_found_however_the_camera_is_held(roll, elevation):
    shot = shot_of(things_on(0.15), rolled(look_at(0.4, elevation, 0.9), roll))
    support, _ = support_of(shot.points)
    assert levels_of(support, shot)[0] == pytest.approx(0.0, abs=0.01)


def test_a_wall_is_not_a_support_for_an_upside_down_camera():
    things = [*things_on(0.1), board((0.05, 4, 4), (-0.5, 0, -1.5))]
    shot = shot_of(things, rolled(look_at(0.0, 0.4, 0.9), np.pi))
    support, _ = support_of(shot.points)
    assert levels_of(support, shot)[0] == pytest.approx(0.0, abs=0.01)


def test_the_top_of_a_box_is_not_a_support():
    shot = shot_of([block((0.35, 0.3, 0.2)), thing("mug", 1).moved((0.4, 0, 0))], look_at(0.4, 0.7, 1.0))
    support, view = support_of(shot.points)
    assert max(levels_of(support, shot)) == pytest.approx(0.0, abs=0.01)
    assert called_support(support, view, shot.label == 0) < 0.1


def test_without_a_plane_there_is_no_support():
    things = [
        thing("mug", 1),
        thing("bottle", 1).moved((0.0, 0.25, 0)),
        thing("ball", 0).moved((0.1, -0.2, 0)),
    ]
    support, _ = support_of(shot_of(things, look_at(0.0, 0.5, 0.8), NOTHING).points)
    assert not support
    empty, _ = support_of(np.full((480, 640, 3), np.nan, np.float32))
    assert not empty


def bent(shot, along: float, across: float, waves: float, seed: int = 0) -> np.ndarray:
    """The depth from a sensor that bends it across the image and adds waves, in metres at one metre."""
    rows, columns = shot.points.shape[:2]
    row, column = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    field = gaussian_filter(np.random.default_rng(seed).normal(size=(rows, columns)), 40)
    z = shot.points[..., 2].astype(float)
    error = along * row**2 + across * column**2 + waves * field / field.std()
    return (shot.points * (1 + z * error)[..., None]).astype(np.float32)


def test_a_plane_bent_by_the_sensor_is_followed():
    shot = shot_of(things_on(0.15), look_at(0.4, 0.8, 0.9))
    support, view = support_of(bent(shot, 0.012, -0.012, 0.0))
    assert support.bends[0, 9] > 0.002
    table = view.points[(shot.label.ravel() == 100) & (view.reach > 0)][::50].astype(float)
    flat = table @ support.planes[0, :3] + support.planes[0, 3]
    assert np.std(flat - bend_at(table, support.bends)[:, 0]) < 0.7 * np.std(flat)
    assert called_support(support, view, shot.label == 100) > 0.95


@pytest.mark.parametrize("seed", range(3))
def test_waves_of_8_mm_leave_the_support_in_place(seed):
    shot = shot_of(things_on(0.15), look_at(0.4, 0.8, 0.9))
    support, view = support_of(bent(shot, 0.0, 0.0, 0.008, seed))
    assert degrees(support, shot).max() < 3.0
    assert called_support(support, view, shot.label == 100) > 0.9
    for number in (0, 1):
        assert called_support(support, view, shot.label == number) < 0.2


@pytest.mark.parametrize("stage", [TABLE_ON_FLOOR, FAR_FLOOR])
def test_the_support_stays_the_same_from_frame_to_frame(stage):
    things = [*things_on(0.1), *(table(0.4, 0.3) if stage is FAR_FLOOR else [])]
    previous, seen = NO_SUPPORT, []
    for seed in range(8):
        shot = shot_of(things, look_at(0.4, 0.8, 1.0), stage, seed)
        previous, _ = support_of(shot.points, None, previous)
        seen.append(levels_of(previous, shot))
    assert {len(levels) for levels in seen} == {2 if stage is FAR_FLOOR else 1}
    assert np.ptp(np.array(seen)[:, 0]) < 0.003


def test_an_unordered_cloud_has_the_same_support():
    shot = shot_of([*things_on(0.1), *table(0.5, 0.4)], look_at(0.4, 0.8, 1.0), FAR_FLOOR)
    order = np.random.default_rng(0).permutation(shot.label.size)
    flat, _ = support_of(shot.points.reshape(-1, 3)[order])
    assert levels_of(flat, shot) == pytest.approx([0.0, -0.7], abs=0.015)


def test_a_tilted_plane_is_not_a_support_if_up_is_known():
    shot = shot_of(things_on(0.15), look_at(0.4, 0.8, 0.9), Stage((level(0.0, (0.8, 0.8)),)))
    support, _ = support_of(shot.points, shot.pose[0, :3])
    assert not support
