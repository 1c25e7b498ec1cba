"""Scenes: score object segmentation in simulated scenes, for all layouts, object counts and sensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import cast

import numpy as np

from part_perception.evaluation import overlap
from part_perception.evaluation.overlap import MIN_PIXELS, Isolation, isolation
from part_perception.pictures.palette import VIVID, colours_of
from part_perception.scene import Frame, ScenePerception
from part_perception.scene.config import SceneConfig
from part_perception.scene.encoding import Segmenter
from part_perception.simulation import scenes
from part_perception.simulation.capture import GROUND, Capture
from part_perception.simulation.scenes import LAYOUTS
from part_perception.simulation.sensors import SENSORS
from part_perception.terminal import counted

# in pixels; in captures of real sensors an object has 2,800 to 22,000 in the median
SIZES = (MIN_PIXELS, 700, 2800)
SENSOR_KINDS = tuple(name for name in SENSORS if name not in ("perfect", "stereo", "structured light"))


@dataclass(frozen=True)
class Scene:
    """Layout, object count and sensor of a scene, and its seed."""

    seed: int
    objects: int
    layout: str
    sensor: str


@dataclass(frozen=True)
class Outcome:
    """One scene, the score of each object, and the number of extra objects in the frame.

    `both` is the number of objects found in the image and in the same points without order; `flat` is how
    many of them agree.
    """

    scene: Scene
    objects: list[Isolation]
    extra: int
    counts: overlap.Counts = overlap.Counts()
    flat: int = 0
    both: int = 0


class NoModel:
    """A segmenter without a model: objects are separated but not named."""

    def encode(
        self, objects: Sequence[np.ndarray], up: np.ndarray, viewpoint: np.ndarray | None = None
    ) -> list[None]:
        return [None] * len(objects)


def draw(seed: int, layout: str) -> tuple[Scene, Capture]:
    """Draw a random scene and capture it once; the seed decides everything but the layout."""
    rng = np.random.default_rng((seed, LAYOUTS.index(layout)))
    drawn = scenes.draw_scene(rng, layout)
    sensor = SENSOR_KINDS[rng.integers(len(SENSOR_KINDS))]
    shot = scenes.photograph(drawn, 0, rng, sensor=SENSORS[sensor])
    return Scene(seed, len(drawn.things), layout, sensor), shot


def look_once(shot: Capture, config: SceneConfig | None = None) -> Frame:
    """Process the first frame of a camera, with nothing known but the cloud."""
    return _perception(config).process(shot.points, 0.0)


def look_flat(shot: Capture, config: SceneConfig | None = None) -> Frame:
    """Process the same points as from a driver that drops unmeasured pixels and so loses the image."""
    return _perception(config).process(shot.points[measured(shot)], 0.0)


def _perception(config: SceneConfig | None) -> ScenePerception:
    # As long as nothing is asked of a frame, the scene calls nothing but `encode`.
    return ScenePerception(cast(Segmenter, NoModel()), config)


def measured(shot: Capture) -> np.ndarray:
    """(H, W) mask of the pixels that the camera measured."""
    return np.isfinite(shot.points).all(axis=-1) & shot.points.any(axis=-1)


def outcome_of(scene: Scene, shot: Capture, frame: Frame, flat: Frame) -> Outcome:
    objects = isolation(frame, shot)
    extra = len(frame.objects) - sum(each.found for each in objects)
    image = frame.labels([])[2].reshape(shot.label.shape)
    things = np.where(shot.label < GROUND, shot.label, -1)
    agree, both = overlap.agreement(image[measured(shot)], flat.labels([])[2], MIN_PIXELS)
    return Outcome(scene, objects, extra, overlap.count(image, things), agree, both)


def evaluate_scenes(
    count: int,
    seed: int,
    keep: Callable[[Outcome, Capture, Frame], None] = lambda *_: None,
    config: SceneConfig | None = None,
) -> dict:
    """Evaluate a number of scenes of each layout. `keep` sees every capture and its frame."""
    outcomes = []
    for number in counted(range(count * len(LAYOUTS)), "scenes"):
        layout, k = LAYOUTS[number // count], number % count
        scene, shot = draw(seed + k, layout)
        frame = look_once(shot, config)
        outcomes.append(outcome_of(scene, shot, frame, look_flat(shot, config)))
        keep(outcomes[-1], shot, frame)
    return {
        "seed": seed,
        "by_layout": {name: summary([o for o in outcomes if o.scene.layout == name]) for name in LAYOUTS},
        "by_count": grouped(outcomes, lambda scene: scene.objects),
        "by_sensor": grouped(outcomes, lambda scene: scene.sensor),
        "by_pixels": by_pixels([each for outcome in outcomes for each in outcome.objects]),
        "scenes": [asdict(outcome) for outcome in outcomes],
    }


def grouped(outcomes: Sequence[Outcome], of: Callable[[Scene], int | str]) -> dict:
    """Summaries of scattered objects, grouped by a property of their scene."""
    scattered = [outcome for outcome in outcomes if outcome.scene.layout == "scattered"]
    return {
        value: summary([o for o in scattered if of(o.scene) == value])
        for value in sorted({of(o.scene) for o in scattered})
    }


def summary(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Rates over visible objects: found, isolated (purity and completeness >= 0.9), and mean scores."""
    return {
        "tables": len(outcomes),
        **rates([each for outcome in outcomes for each in outcome.objects]),
        "extra": sum(outcome.extra for outcome in outcomes),
        **overlap.figures(outcome.counts for outcome in outcomes),
        "flat_agrees": overlap.share(sum(o.flat for o in outcomes), sum(o.both for o in outcomes)),
    }


def rates(objects: Sequence[Isolation]) -> dict[str, float]:
    return {
        "objects": len(objects),
        "found": float(np.mean([o.found for o in objects])),
        "isolated": float(np.mean([o.good for o in objects])),
        "purity": float(np.mean([o.purity for o in objects])),
        "completeness": float(np.mean([o.completeness for o in objects])),
    }


def by_pixels(objects: Sequence[Isolation]) -> dict[str, dict[str, float]]:
    """Rates by the number of an object's visible pixels: far and small objects are the hardest."""
    groups = {}
    for low, high in pairwise((*SIZES, np.inf)):
        inside = [each for each in objects if low <= each.pixels < high]
        if inside:
            groups[f"{low:,} to {high:,}" if np.isfinite(high) else f"{low:,} and more"] = rates(inside)
    return groups


MAX_SHOWN = 4  # of each layout
STEP = 2  # every second pixel is shown


@dataclass
class Gallery:
    """Keep pictures of the worst tables: the camera image next to the segmentation."""

    kept: dict[str, list[tuple[int, str, np.ndarray]]] = field(default_factory=dict)

    def keep(self, outcome: Outcome, shot: Capture, frame: Frame) -> None:
        wrong = sum(not each.good for each in outcome.objects)
        kept = self.kept.setdefault(outcome.scene.layout, [])
        if wrong == 0 or (len(kept) == MAX_SHOWN and wrong <= kept[-1][0]):
            return
        found = colours_of(frame.labels([])[2]).reshape(shot.colours.shape)
        pair = np.concatenate([shot.colours[::STEP, ::STEP], found[::STEP, ::STEP]], axis=1)
        scene = outcome.scene
        title = f"table {scene.seed}, {scene.layout}, {scene.sensor}: {wrong} of {len(outcome.objects)} not isolated"
        kept.append((wrong, title, pair))
        kept.sort(key=lambda each: -each[0])
        del kept[MAX_SHOWN:]


def picture_of_scenes(report: dict, gallery: Gallery) -> np.ndarray:
    """(H, W, 3) image of the page."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    worst = [each for kept in gallery.kept.values() for each in kept]
    rows = 1 + (len(worst) + 1) // 2
    figure = Figure((14, 4.2 + 2.7 * (rows - 1)), dpi=100, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    grid = figure.add_gridspec(rows, 2, height_ratios=[1.4] + [1] * (rows - 1))
    _bars(figure.add_subplot(grid[0, 0]), report["by_layout"], "by how they stand")
    _bars(figure.add_subplot(grid[0, 1]), report["by_count"], "scattered, by number of objects")
    for k, (_, title, pair) in enumerate(worst):
        axes = figure.add_subplot(grid[1 + k // 2, k % 2])
        axes.imshow(pair)
        axes.set_title(title, loc="left", fontsize=11)
        axes.axis("off")
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _bars(axes, groups: dict, title: str) -> None:
    """Plot the shares of objects found and isolated."""
    at = np.arange(len(groups))
    for k, name in enumerate(("found", "isolated")):
        axes.bar(at + 0.4 * k, [g[name] for g in groups.values()], 0.36, label=name, color=VIVID[k] / 255)
    axes.axhline(0.95, color="0.4", linewidth=1, linestyle=":")
    axes.set_xticks(at + 0.2, [str(name) for name in groups])
    axes.set_ylim(0, 1)
    axes.set_title(title, loc="left")
    axes.grid(axis="y", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2)
