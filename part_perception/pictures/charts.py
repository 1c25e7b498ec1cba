"""Charts: figures as a picture."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from part_perception.pictures.palette import VIVID

_MOST = 40


def bars(series: Mapping[str, Mapping[str, float]], title: str) -> np.ndarray:
    """One group of bars for every name, one bar in it for every series; values are shares from 0 to 1."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = sorted({name for values in series.values() for name in values})[:_MOST]
    figure = Figure((9, 1.4 + 0.36 * len(names)), dpi=110, layout="constrained")
    canvas, axes = FigureCanvasAgg(figure), figure.add_subplot()
    thick = 0.8 / max(len(series), 1)
    for k, (label, values) in enumerate(series.items()):
        heights = [values.get(name, 0.0) for name in names]
        axes.barh(
            np.arange(len(names)) + k * thick,
            heights,
            thick * 0.9,
            label=label,
            color=VIVID[k % len(VIVID)] / 255,
        )
    axes.set_yticks(np.arange(len(names)) + (len(series) - 1) * thick / 2, names)
    axes.set_xlim(0, 1)
    axes.set_title(title, loc="left")
    axes.invert_yaxis()
    axes.grid(axis="x", alpha=0.3)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()
