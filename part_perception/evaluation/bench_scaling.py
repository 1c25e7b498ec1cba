"""Scaling of cost with objects, points and words. A slope of 1 is linear: twice as many take twice as long.

Each figure is the minimum processor time over several runs, so other programs on the machine have little
effect. The slope is a straight-line fit through the upper half of the figures on log-log axes; at small
counts, the fixed cost of a frame hides the growth.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from part_perception.evaluation.bench_scene import PIXEL, TABLE_Z, UP, cylinder, table_cloud

OBJECTS = (1, 2, 4, 8, 16, 32, 64)
SIZES = ((366, 274), (640, 480), (1155, 866), (1920, 1080), (3652, 2738))  # 0.1 to 10 million points
WORDS = (1, 3, 10, 30, 100, 300, 1000)
AT_MOST = 1.2  # measured slope of linear code: large clouds no longer fit the caches
Figure = tuple[int, float]


def bench_scaling(segmenter: Any, runs: int = 5) -> dict[str, Any]:
    """Figures (count, milliseconds), slope and limit for each kind of growth."""
    kinds = {"objects": growing_objects, "points": growing_points, "words": growing_words}
    out = {}
    for name, grow in kinds.items():
        figures = list(grow(segmenter, runs))
        out[name] = {"ms": figures, "slope": slope(figures), "limit": AT_MOST}
    return out


def growing_objects(segmenter: Any, runs: int) -> Iterator[Figure]:
    """Time a frame in which all objects are new, with one word asked about them."""
    from part_perception.scene import SceneConfig, ScenePerception

    scene = ScenePerception(segmenter, SceneConfig(max_objects=max(OBJECTS)))
    for count in OBJECTS:
        cloud = pegs(count)

        def look(cloud: np.ndarray = cloud) -> int:
            scene.forget()
            frame = scene.process(cloud, 0.0)
            frame.ask("handle")
            return len(frame.objects)

        yield look(), least_ms(look, runs)


def growing_points(segmenter: Any, runs: int) -> Iterator[Figure]:
    """Time a frame of four known objects at increasing image resolution."""
    from part_perception.scene import SceneConfig, ScenePerception

    for size in SIZES:
        scene = ScenePerception(segmenter, SceneConfig(max_seconds=600.0))
        cloud = table_cloud(4, size)
        scene.process(cloud, 0.0)
        yield size[0] * size[1], least_ms(lambda: scene.process(cloud, 0.0), runs)  # noqa: B023


def growing_words(segmenter: Any, runs: int) -> Iterator[Figure]:
    """Time the first answers about four objects, with known words."""
    from part_perception.scene import ScenePerception
    from part_perception.scene.answer_cache import AnswerCache

    frame = ScenePerception(segmenter).process(table_cloud(4, (640, 480)), 0.0)
    words = known_words(segmenter, max(WORDS))
    for count in WORDS:

        def ask(some: Sequence[str] = words[:count]) -> None:
            frame.answer_cache = AnswerCache()
            frame.ask(some)

        ask()
        yield count, least_ms(ask, runs)


def known_words(segmenter: Any, count: int) -> list[str]:
    """Words understood without a text model, sampled evenly from the bank."""
    words = [word for word in segmenter.language.bank.words if segmenter.read(word).understood]
    return [words[k] for k in np.linspace(0, len(words) - 1, count).astype(int)]


def pegs(count: int) -> np.ndarray:
    """A square grid of short pegs on a table, all in view: an organised cloud (480, 640, 3) with noise."""
    v, u = np.mgrid[:480, :640]
    ray = np.stack([(u - 320) * PIXEL, (v - 240) * PIXEL, np.ones(u.shape)], axis=-1)
    foot, right = np.array((0.0, 0.0, TABLE_Z)), np.array((1.0, 0.0, 0.0))
    forward = np.cross(right, UP)
    depth = (UP @ foot) / (ray @ UP)
    depth[(depth < 0) | (depth > 3)] = np.nan
    across = int(np.ceil(np.sqrt(count)))
    for k in range(count):
        row, column = divmod(k, across)
        at = foot + 0.1 * ((column - (across - 1) / 2) * right + (row - (across - 1) / 2) * forward)
        depth = np.fmin(depth, cylinder(ray, at, 0.022, 0.04))
    depth = depth + 0.001 * depth**2 * np.random.default_rng(0).normal(size=depth.shape)
    return (ray * depth[..., None]).astype(np.float32)


def least_ms(call: Callable[[], object], runs: int) -> float:
    taken = []
    for _ in range(runs):
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return 1e3 * min(taken)


def slope(figures: Sequence[Figure]) -> float:
    """Exponent of the cost's power law, fitted to the upper half of the figures."""
    upper = np.log(np.array(figures[len(figures) // 2 :], float))
    return float(np.polyfit(upper[:, 0], upper[:, 1], 1)[0])


def as_text(result: dict[str, Any]) -> str:
    """Format one line of figures for each kind of growth."""
    lines = []
    for name, grown in result.items():
        state = "linear or less" if grown["slope"] <= grown["limit"] else "MORE than linear"
        told = ", ".join(f"{count:,}: {ms:.1f}" for count, ms in grown["ms"])
        lines.append(f"{name}: slope {grown['slope']:.2f}, {state}; ms of {told}")
    return "\n".join(lines)


def save_plot(result: dict[str, Any], path: Path) -> None:
    """Plot each kind of growth on its own log-log axes; the thin line marks linear growth."""
    from part_perception.pictures.overlay import INK, SOFT, Overlay, text_width
    from part_perception.pictures.palette import PALETTE
    from part_perception.pictures.rendering import write_picture

    side, left, low, size = 400, 60, 340, 16
    sheet = Overlay(np.full((side, side * len(result), 3), 255, np.uint8))
    for k, (name, grown) in enumerate(result.items()):
        figures = np.log10(np.array(grown["ms"], float))
        start, span = figures.min(axis=0), max(float(np.ptp(figures, axis=0).max()), 1e-9)
        places = (figures - start) / span * (side - 110)
        xs, ys = k * side + left + places[:, 0], low - places[:, 1]
        reach = places[-1, 0]
        fall = low - places[-1, 1] + reach  # linear growth, through the last figure
        red, green, blue = (int(c) for c in PALETTE[k])
        sheet.draw.line([2 * v for v in (xs[0], fall, xs[-1], ys[-1])], fill=SOFT, width=2)
        sheet.draw.line(
            [2 * v for pair in zip(xs, ys, strict=True) for v in pair], fill=(red, green, blue), width=6
        )
        for (count, ms), x, y in zip(grown["ms"], xs, ys, strict=True):
            sheet.disc(x, y, 5, (red, green, blue))
            sheet.text(x - text_width(f"{ms:.0f}", 13) / 2, y - 18, f"{ms:.0f}", 13, INK)
            told = f"{count / 1e6:.1f}M" if count >= 100_000 else f"{count}"
            sheet.text(x - text_width(told, 13) / 2, low + 24, told, 13, SOFT)
        sheet.text(k * side + left, 24, f"ms by {name}: slope {grown['slope']:.2f}", size, INK)
    write_picture(path, sheet.finished())
