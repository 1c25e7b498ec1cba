"""Grasps: would they hit anything that is really there? On the visible parts of simulated scenes.

The planner sees what the camera measured; a grasp is judged by all surfaces, seen or not. Objects come from the scene
stage, the points of their parts from the truth, so no model is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import numpy as np

from part_perception.evaluation.scenes import SENSOR_KINDS, NoModel
from part_perception.grasping.candidates import PALM_HALF, PALM_REACH
from part_perception.grasping.gripper import Gripper
from part_perception.scene import Frame, ScenePerception
from part_perception.scene.objects import SceneObject
from part_perception.simulation import scenes
from part_perception.simulation.capture import GROUND, Capture
from part_perception.simulation.scenes import COUNTER, Scene
from part_perception.simulation.sensors import SENSORS
from part_perception.terminal import counted, table
from part_perception.types import Grasp

SCENES = 48
LAYOUTS = ("scattered", "2 cm apart", "touching", "leaning", "stacked", COUNTER)
DEPTHS = ("measured", "exact")
MIN_PIXELS = 60  # of a part
GRAZED = 0.001  # metres: contact no deeper than this is no hit
MIN_HIT = 3  # surface points, of which an object has 20,000
_SEED = 77


def evaluate_grasps(number: int = SCENES) -> dict[str, dict[str, float]]:
    """The share of parts with a grasp, and how many grasps hit something, from measured and from exact depth."""
    judged: dict[str, list[list[bool]]] = {depth: [] for depth in DEPTHS}
    for k in counted(range(number), "scenes"):
        scene, shots = drawn(k)
        for depth, shot in shots.items():
            frame = ScenePerception(NoModel()).process(shot.points, 0.0)  # type: ignore[arg-type]
            surfaces = seen_from_camera(scene, shot)
            for thing, rows in parts_of(frame, shot):
                grasps = frame.plan(frame.view.points[rows], thing)
                judged[depth].append([hits(grasp, surfaces, frame.gripper) for grasp in grasps])
    return {depth: figures(parts) for depth, parts in judged.items()}


def drawn(number: int) -> tuple[Scene, dict[str, Capture]]:
    """A scene, and its captures from one place by DEPTHS: by a random sensor and by a perfect one."""
    rng = np.random.default_rng([number, _SEED])
    scene = scenes.draw_scene(rng, LAYOUTS[number % len(LAYOUTS)])
    kinds = (SENSOR_KINDS[rng.integers(len(SENSOR_KINDS))], "perfect")
    # each with the same numbers to come, so that the camera stands in the same place
    shots = [scenes.photograph(scene, 0, deepcopy(rng), sensor=SENSORS[kind]) for kind in kinds]
    return scene, dict(zip(DEPTHS, shots, strict=True))


def seen_from_camera(scene: Scene, shot: Capture) -> np.ndarray:
    """(N, 3) points all over the surfaces of all things, in the camera's frame."""
    everywhere = np.concatenate([thing.surface.points for thing in scene.things])
    return (everywhere - shot.pose[:3, 3]) @ shot.pose[:3, :3]


def parts_of(frame: Frame, shot: Capture) -> Iterator[tuple[SceneObject, np.ndarray]]:
    """Every large enough part of the thing that most of an object's points belong to, with its indices."""
    label, part = shot.label.ravel(), shot.part.ravel()
    for thing in frame.objects:
        of = label[thing.indices]
        if not (of >= 0).any() or (most := np.bincount(of[of >= 0]).argmax()) >= GROUND:
            continue
        own = thing.indices[of == most]
        for k in np.unique(part[own]):
            rows = own[part[own] == k]
            if len(rows) >= MIN_PIXELS:
                yield thing, rows


def hits(grasp: Grasp, surfaces: np.ndarray, gripper: Gripper) -> bool:
    """Whether fingers or palm would be in something."""
    x, y, z = ((surfaces - grasp.position) @ grasp.rotation).T
    x, y, inner = np.abs(x), np.abs(y), grasp.width / 2
    outer, root = inner + gripper.finger_thickness, gripper.hold - gripper.finger_length
    finger = (x > inner + GRAZED) & (x < outer - GRAZED) & (y < gripper.finger_breadth / 2 - GRAZED)
    finger &= (z < gripper.hold - GRAZED) & (z > root + GRAZED)
    palm = (x < outer) & (y < PALM_HALF - GRAZED) & (z < root - GRAZED) & (z > -PALM_REACH)
    return bool(finger.sum() >= MIN_HIT or palm.sum() >= MIN_HIT)


def figures(parts: list[list[bool]]) -> dict[str, float]:
    """`parts`: for each part, whether each of its grasps hits something, best first."""
    some = [hit for hit in parts if hit]
    return {
        "parts": len(parts),
        "with_grasp": len(some) / max(len(parts), 1),
        "grasps": sum(map(len, some)),
        "hit": float(np.mean(np.concatenate(some))) if some else float("nan"),
        "best_hits": float(np.mean([hit[0] for hit in some])) if some else float("nan"),
        "best_free": sum(not hit[0] for hit in some) / max(len(parts), 1),
    }


def grasps_summary(report: dict[str, dict[str, float]]) -> str:
    names = {
        "parts": "parts",
        "with_grasp": "parts with a grasp",
        "grasps": "grasps",
        "hit": "grasps that hit something",
        "best_hits": "best grasps that hit something",
        "best_free": "parts whose best grasp is free",
    }
    rows = [[text, *(f"{one[name]:.3g}" for one in report.values())] for name, text in names.items()]
    return table(["", *(f"{depth} depth" for depth in report)], rows)
