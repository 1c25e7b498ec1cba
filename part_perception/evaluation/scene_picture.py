"""Scene picture: how well tables were taken apart by number of objects, and those that came out worst."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from part_perception.evaluation.scenes import Outcome
from part_perception.pictures.palette import VIVID, colours_of
from part_perception.scene import Frame
from part_perception.simulation.capture import Capture

MAX_SHOWN = 4  # of each layout
STEP = 2  # every second pixel is shown


@dataclass
class Gallery:
    """Keeps the worst tables, drawn: what the camera saw beside what was made of it."""

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
    """(H, W, 3) the page."""
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
    """Shares found and isolated."""
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
