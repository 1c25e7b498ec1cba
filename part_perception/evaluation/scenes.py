"""Scenes: how well simulated tables are taken apart, for all numbers of objects, sensors, tilts and distances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from part_perception.evaluation.isolation import Isolation, isolation
from part_perception.scene import Frame, ScenePerception
from part_perception.simulation.capture import Capture, capture, look_at, rolled
from part_perception.simulation.sensors import SENSORS
from part_perception.simulation.tables import table_scene

COUNTS = range(2, 13)
LAYOUTS = {"strewn": (False, 0.02), "2 cm apart": (True, 0.02), "touching": (True, 0.0)}
MIN_ELEVATION, MAX_ELEVATION = 25.0, 70.0  # degrees
NEAREST, FARTHEST = 0.7, 1.3  # metres
MAX_ROLL = 15.0  # degrees


@dataclass(frozen=True)
class Scene:
    """How a table was set and seen."""

    seed: int
    objects: int
    layout: str
    sensor: str
    elevation_deg: float
    distance: float


@dataclass(frozen=True)
class Outcome:
    """One scene, how each object came out, and what the frame holds that is no object."""

    scene: Scene
    objects: list[Isolation]
    extra: int


class NoModel:
    """Objects are told apart without knowing what they are."""

    def encode(self, objects: Sequence, up=None) -> list[None]:
        return [None] * len(objects)


def draw_scene(seed: int, layout: str) -> tuple[Scene, Capture]:
    """A random table: the seed decides everything but the layout."""
    rng = np.random.default_rng((seed, list(LAYOUTS).index(layout)))
    count = COUNTS[seed % len(COUNTS)]
    together, gap = LAYOUTS[layout]
    things = table_scene(count, rng, gap, together)
    elevation, distance = rng.uniform(MIN_ELEVATION, MAX_ELEVATION), rng.uniform(NEAREST, FARTHEST)
    pose = look_at(rng.uniform(0, 2 * np.pi), np.radians(elevation), distance)
    pose = rolled(pose, np.radians(rng.uniform(-MAX_ROLL, MAX_ROLL)))
    sensor = str(rng.choice(sorted(SENSORS)))
    shot = capture(things, pose, rng, sensor=SENSORS[sensor])
    return Scene(seed, count, layout, sensor, float(elevation), float(distance)), shot


def look_once(shot: Capture) -> Frame:
    """The one frame of a camera that was just switched on, with nothing known but the cloud."""
    return ScenePerception(NoModel()).process(shot.points, 0.0)


def evaluate_scenes(
    count: int, seed: int, keep: Callable[[Outcome, Capture, Frame], None] = lambda *_: None
) -> dict:
    """So many tables of each layout. `keep` sees every capture and its frame."""
    outcomes = []
    for layout in LAYOUTS:
        for k in range(count):
            scene, shot = draw_scene(seed + k, layout)
            frame = look_once(shot)
            objects = isolation(frame, shot)
            outcomes.append(Outcome(scene, objects, len(frame.objects) - sum(o.found for o in objects)))
            keep(outcomes[-1], shot, frame)
    return {
        "seed": seed,
        "by_layout": {name: summary([o for o in outcomes if o.scene.layout == name]) for name in LAYOUTS},
        "by_count": grouped(outcomes, lambda scene: scene.objects),
        "by_sensor": grouped(outcomes, lambda scene: scene.sensor),
        "scenes": [asdict(outcome) for outcome in outcomes],
    }


def grouped(outcomes: Sequence[Outcome], of: Callable[[Scene], int | str]) -> dict:
    """Strewn tables by something."""
    strewn = [outcome for outcome in outcomes if outcome.scene.layout == "strewn"]
    return {
        value: summary([o for o in strewn if of(o.scene) == value])
        for value in sorted({of(o.scene) for o in strewn})
    }


def summary(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Shares of the objects that show: found, isolated (purity and completeness >= 0.9), and their means."""
    objects = [each for outcome in outcomes for each in outcome.objects]
    return {
        "tables": len(outcomes),
        "objects": len(objects),
        "found": float(np.mean([o.found for o in objects])),
        "isolated": float(np.mean([o.good for o in objects])),
        "purity": float(np.mean([o.purity for o in objects])),
        "completeness": float(np.mean([o.completeness for o in objects])),
        "extra": sum(outcome.extra for outcome in outcomes),
    }
