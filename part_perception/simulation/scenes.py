"""Scenes: random things on a random stage in front of a random camera, in layouts that robots encounter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.simulation import stages
from part_perception.simulation.capture import VGA, Camera, Capture, capture, look_at, rolled
from part_perception.simulation.layouts import (
    HeightMap,
    any_way,
    let_down,
    outline_of,
    pushed_in,
    random_furniture,
    random_item,
    random_thing,
    table_scene,
    tilted,
    upright,
)
from part_perception.simulation.sensors import random_sensor
from part_perception.simulation.stages import Stage
from part_perception.simulation.things import TINTS, Thing, block, rod

LAYOUTS = ("scattered", "2 cm apart", "touching", "stacked", "leaning", "bin")
# Layouts used only in training: furniture on a floor; large, thin and plain things on counters and desks.
ROOM, COUNTER = "room", "counter"
MIN_OBJECTS, MAX_OBJECTS = 2, 12
SPOTS = 6  # tried for each thing in a pile
UPSIDE_DOWN = 0.05
ON_ITS_SIDE = 0.1  # of the cameras are rolled: half of them by a right angle, the others by any angle
STRAIGHT_DOWN = 0.2
# Metres from the camera to the middle of a table or a bin: objects then have about 4,500 to 7,000 pixels in the median
# of a layout; those of real sensors are 2,800 to 22,000, half of them under 6,500.
DISTANCES = (0.35, 0.9)
ROBOT = 0.12


@dataclass(frozen=True)
class Scene:
    """Things, the stage they stand on, and the camera poses."""

    layout: str
    things: tuple[Thing, ...]
    stage: Stage
    poses: tuple[np.ndarray, ...]


def draw_scene(rng: np.random.Generator, layout: str, views: int = 1) -> Scene:
    """Draw a random scene of a layout with `views` camera poses."""
    count = int(rng.integers(MIN_OBJECTS, MAX_OBJECTS + 1))
    if layout == ROOM:
        return draw_room(rng, views) if rng.random() < 0.5 else draw_open_floor(rng, views)
    if layout == COUNTER:
        return draw_counter(rng, views)
    if layout in ("scattered", "2 cm apart", "touching"):
        things = table_scene(count, rng, 0.0 if layout == "touching" else 0.02, layout != "scattered")
        corners = np.concatenate([one.quads.reshape(-1, 3)[:, :2] for one in things])
        stage = draw_stage(rng, layout, np.abs(corners).max(axis=0))
    else:
        stage = draw_stage(rng, layout)
        things = pile(count, rng, layout, stage)
    if rng.random() < ROBOT:
        things = [*things, robot_hand(rng)]
    painted = tuple(one.painted(TINTS[k % len(TINTS)]) for k, one in enumerate(things))
    return Scene(layout, painted, stage, tuple(draw_pose(rng, layout, stage) for _ in range(views)))


def draw_room(rng: np.random.Generator, views: int) -> Scene:
    """Draw one to three pieces of furniture side by side on a floor, mostly against a wall at x < 0."""
    things, edge = [], 0.0
    for k in range(int(rng.integers(1, 4))):
        one = random_furniture(rng)
        one = one.moved((0, 0, 0), rng.normal(0, 0.03) if rng.random() < 0.7 else rng.uniform(0, 2 * np.pi))
        low = one.quads.reshape(-1, 3).min(axis=0)
        one = one.moved((-low[0] + rng.uniform(0.0, 0.03), edge - low[1], 0)).painted(TINTS[k % len(TINTS)])
        edge = one.quads.reshape(-1, 3)[:, 1].max() + rng.choice([0.002, rng.uniform(0.05, 0.6)])
        things.append(one)
    stage = Stage((*stages.FLOOR.rectangles, *([stages.wall(np.pi, 0.0)] if rng.random() < 0.8 else [])))
    poses = []
    for _ in range(views):
        target = (0.2, rng.uniform(0, edge), rng.uniform(0.2, 0.9))
        azimuth, elevation = rng.uniform(-0.9, 0.9), np.radians(rng.uniform(-5, 40))
        poses.append(
            rolled(look_at(azimuth, elevation, rng.uniform(0.8, 2.6), target), np.radians(rng.normal(0, 4)))
        )
    return Scene(ROOM, tuple(things), stage, tuple(poses))


def draw_open_floor(rng: np.random.Generator, views: int) -> Scene:
    """Draw one to four pieces of furniture anywhere on a floor, at least a hand's width apart."""
    things: list[Thing] = []
    outlines: list[np.ndarray] = []
    for k in range(int(rng.integers(1, 5))):
        one = random_furniture(rng).moved((0, 0, 0), rng.uniform(0, 2 * np.pi)).painted(TINTS[k % len(TINTS)])
        corners = outline_of(one)
        spot = pushed_in(corners, outlines, rng.uniform(0, 2 * np.pi), np.exp(rng.uniform(np.log(0.05), 0.0)))
        things.append(one.moved((*spot, 0)))
        outlines.append(corners + spot)
    reach = np.abs(np.concatenate(outlines)).max()
    stage, poses = stages.floor(rng, np.full(2, reach)), []
    for _ in range(views):
        aim = things[int(rng.integers(len(things)))].quads.reshape(-1, 3)
        low, high = aim.min(axis=0), aim.max(axis=0)
        target = (low + high) / 2 + rng.normal(0, 0.1, 3)
        away = rng.uniform(0.9, 2.8) + float(np.linalg.norm(high - low)) / 4
        pose = look_at(rng.uniform(0, 2 * np.pi), np.radians(rng.uniform(0, 60)), away, target)
        poses.append(rolled(pose, random_roll(rng)))
    return Scene(ROOM, tuple(things), stage, tuple(poses))


def draw_counter(rng: np.random.Generator, views: int) -> Scene:
    """Draw large, thin and plain things among others: side by side, with small ones on top of flat ones."""
    count = int(rng.integers(1, 9))
    items = sorted((random_item(rng) for _ in range(count)), key=lambda one: -one.size[:2].prod())
    heights, things, reach = HeightMap(), list[Thing](), 0.1 + 0.06 * count
    for one in items:
        spots = rng.uniform(-reach, reach, (1 if rng.random() < 0.25 else SPOTS, 2)) * (1.2, 0.9)
        turn = any_way(rng) if rng.random() < 0.1 else upright(rng)
        things.append(let_down(one, turn, spots, heights))
    corners = np.concatenate([one.quads.reshape(-1, 3)[:, :2] for one in things])
    stage = draw_stage(rng, COUNTER, np.abs(corners).max(axis=0))
    if rng.random() < ROBOT:
        things = [*things, robot_hand(rng)]
    painted = tuple(one.painted(TINTS[k % len(TINTS)]) for k, one in enumerate(things))
    return Scene(COUNTER, painted, stage, tuple(draw_pose(rng, COUNTER, stage) for _ in range(views)))


def draw_stage(rng: np.random.Generator, layout: str, needed: np.ndarray = stages.NO_NEED) -> Stage:
    """Draw a random stage for a layout; needed: the half extents of what stands on it."""
    if layout == "bin":
        return stages.bin_or_tray(rng)
    kinds = (stages.table, stages.floor, stages.bin_or_tray, stages.shelf)
    return kinds[rng.choice(4, p=(0.6, 0.2, 0.1, 0.1))](rng, needed)


def pile(count: int, rng: np.random.Generator, layout: str, stage: Stage) -> list[Thing]:
    """Lower things one after another: onto others, leaning against others, or in any orientation."""
    things: list[Thing] = []
    heights, reach = HeightMap(), np.array(stage.reach) * (1.0 if layout == "bin" else 0.6)
    for number in range(count):
        one = random_thing(rng)
        spots = rng.uniform(-reach, reach, (SPOTS, 2))
        turn = upright(rng)
        if layout == "bin":
            turn = any_way(rng)
        elif number > 0 and rng.random() < 0.65:
            other = things[int(rng.integers(number))].quads.reshape(-1, 3)[:, :2]
            middle, half = (other.min(axis=0) + other.max(axis=0)) / 2, np.ptp(other, axis=0) / 2
            aside = 0.25 if layout == "stacked" else 1.4
            spots = middle + rng.uniform(-aside, aside, (SPOTS if layout == "leaning" else 1, 2)) * half
            turn = tilted(rng) if layout == "leaning" else turn
        things.append(let_down(one, turn, spots, heights))
    return things


def draw_pose(rng: np.random.Generator, layout: str, stage: Stage) -> np.ndarray:
    """Draw a camera pose, from close by to beyond arm's length; some look straight down, some are rolled."""
    steep = rng.random() < (0.5 if layout == "bin" else STRAIGHT_DOWN)
    low, high = (12, 75) if layout != "bin" else (35, 75)
    if stage.opening == stages.SHELF_OPENING:
        steep, high = False, 35
    elevation = rng.uniform(75, 89) if steep else rng.uniform(low, high)
    distance = np.exp(rng.uniform(*np.log(DISTANCES)))
    target = (*rng.uniform(-0.12, 0.12, 2), rng.uniform(0.0, 0.15))
    pose = look_at(rng.uniform(*stage.opening), np.radians(elevation), distance, target)
    return rolled(pose, random_roll(rng))


def random_roll(rng: np.random.Generator) -> float:
    """Draw a roll angle: mostly about level, sometimes upside down, on its side or at any angle."""
    chance = rng.random()
    if chance < UPSIDE_DOWN:
        return np.pi
    if chance < UPSIDE_DOWN + ON_ITS_SIDE:
        return rng.choice((-0.5, 0.5)) * np.pi if rng.random() < 0.5 else rng.uniform(-np.pi, np.pi)
    return np.radians(rng.normal(0, 8))


def robot_hand(rng: np.random.Generator) -> Thing:
    """A gripper above the table, with an arm that leads out of view."""
    width, opening = rng.uniform(0.015, 0.03), rng.uniform(0.02, 0.09)
    fingers = [block((width, 0.012, 0.06)).moved((0, s * opening / 2, 0)).quads for s in (1, -1)]
    palm = block((0.05, 0.12, 0.06)).moved((0, 0, 0.06)).quads
    joint = np.array((rng.uniform(-0.1, 0.1), rng.uniform(-0.1, 0.1), rng.uniform(0.25, 0.45)))
    away = np.array((np.cos(a := rng.uniform(0, 2 * np.pi)), np.sin(a), rng.uniform(0.0, 0.6)))
    arm = [
        rod((0, 0, 0.1), joint, rng.uniform(0.03, 0.06)),
        rod(joint, joint + away, rng.uniform(0.04, 0.07)),
    ]
    quads = np.concatenate([*fingers, palm, *arm])
    hand = Thing("robot", ("robot",), quads, np.zeros(len(quads), int), (("gripper",),))
    return hand.moved((*rng.uniform(-0.3, 0.3, 2), rng.uniform(0.03, 0.3)), rng.uniform(0, 2 * np.pi))


def photograph(
    scene: Scene, number: int, rng: np.random.Generator, camera: Camera = VGA, sensor=None
) -> Capture:
    """Capture one of the scene's views, by a random sensor unless one is given."""
    return capture(scene.things, scene.poses[number], rng, scene.stage, camera, sensor or random_sensor(rng))
