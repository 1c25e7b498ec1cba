"""Frame time by stage and in total, for new and known objects, by object count and image size; and memory."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from part_perception.pictures.rendering import write_picture
from part_perception.terminal import counted

COUNTS = (1, 4, 8)
SIZES = ((640, 480), (1280, 720))
WORDS = (
    "handle", "lid", "spout", "body", "base", "neck", "rim", "cap", "blade", "trigger",
    "leg", "seat", "back", "wheel", "button", "knob", "nozzle", "strap", "head", "stem",
)  # fmt: skip
RUNS = 15
PIXEL = 0.00175  # radians, at an image width of 640
TABLE_Z = 0.9
UP = np.array((0.0, -0.8, -0.6))


@dataclass(frozen=True)
class Row:
    """Median milliseconds for one setup; `state` is 'new' (all objects encoded) or 'known' (none)."""

    size: str
    objects: int
    state: str
    stages: dict[str, float]
    total: float
    ask_20_words: float


def bench_scene(segmenter: Any, runs: int = RUNS) -> dict[str, Any]:
    """Measure every setup, and the process memory after all of them."""
    rows = []
    situations = [(size, count) for size in SIZES for count in COUNTS]
    for size, count in counted(situations, "situations"):
        clouds = [table_cloud(count, size, seed) for seed in range(3)]
        rows += [measure(segmenter, clouds, size, count, state, runs) for state in ("new", "known")]
    return {"rows": [asdict(row) for row in rows], "memory_mb": resident_mb()}


def measure(segmenter: Any, clouds: list[np.ndarray], size, count: int, state: str, runs: int) -> Row:
    """Measure one setup: medians over runs, after a warm-up frame."""
    from part_perception.scene import ScenePerception

    scene = ScenePerception(segmenter)
    scene.process(clouds[0], 0.0).ask(list(WORDS))
    timings, asks = [], []
    for k in range(1, runs + 1):
        if state == "new":
            scene.forget()
        frame = scene.process(clouds[k % len(clouds)], 0.1 * k)
        if len(frame.objects) != count:
            raise RuntimeError(f"the bench scene has {count} objects, but {len(frame.objects)} were found")
        timings.append(frame.timing)
        start = perf_counter()
        frame.ask(list(WORDS))
        asks.append(1e3 * (perf_counter() - start))
    stages = {name: float(np.median([t[name] for t in timings])) for name in timings[0]}
    total = stages.pop("total")
    return Row(f"{size[0]}x{size[1]}", count, state, stages, total, float(np.median(asks)))


def memory_over(segmenter: Any, frames: int, size: tuple[int, int] = SIZES[0]) -> tuple[float, float]:
    """Memory in MB after a fifth of the frames and after all of them; now and then all objects are new."""
    from part_perception.scene import ScenePerception

    scene, clouds = ScenePerception(segmenter), [table_cloud(4, size, seed) for seed in range(3)]
    early = 0.0
    for k in range(frames):
        if k % 100 == 50:
            scene.forget()
        for part in scene.process(clouds[k % 3], 0.05 * k).ask(list(WORDS)):
            part.box, part.grasps if k % 10 == 0 else ()
        if k == frames // 5:
            early = resident_mb()
    return early, resident_mb()


def table_cloud(count: int, size: tuple[int, int], seed: int = 0) -> np.ndarray:
    """Mugs in rows on a table, by ray casting: an organised cloud (H, W, 3) with noise."""
    width, height = size
    pitch = PIXEL * 640 / width
    v, u = np.mgrid[:height, :width]
    ray = np.stack([(u - width / 2) * pitch, (v - height / 2) * pitch, np.ones(u.shape)], axis=-1)
    foot = np.array((0.0, 0.0, TABLE_Z))
    depth = (UP @ foot) / (ray @ UP)
    depth[(depth < 0) | (depth > 3)] = np.nan
    right, forward = np.array((1.0, 0, 0)), np.cross(UP, (1.0, 0, 0))
    forward = forward if forward[2] > 0 else -forward
    for k in range(count):
        row, column = divmod(k, 4)
        at = foot + right * (0.16 * (column - (min(count, 4) - 1) / 2)) + forward * (0.2 * row - 0.1)
        depth = np.fmin(depth, cylinder(ray, at, 0.042, 0.1))
        depth = np.fmin(depth, cylinder(ray, at + 0.052 * right + 0.02 * UP, 0.012, 0.06))
    rng = np.random.default_rng(seed)
    depth = depth + 0.001 * depth**2 * rng.normal(size=depth.shape)
    return (ray * depth[..., None]).astype(np.float32)


def cylinder(ray: np.ndarray, foot: np.ndarray, radius: float, height: float) -> np.ndarray:
    """Depth along each ray to an upright solid cylinder; NaN where the ray misses it."""
    level_ray = ray - (ray @ UP)[..., None] * UP
    level_foot = foot - (foot @ UP) * UP
    a, b = (level_ray**2).sum(axis=-1), level_ray @ level_foot
    inside = b**2 - a * (level_foot @ level_foot - radius**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        wall = (b - np.sqrt(inside)) / a
        rise = wall * (ray @ UP) - foot @ UP
        wall = np.where((rise >= 0) & (rise <= height) & (wall > 0), wall, np.nan)
        top = (foot @ UP + height) / (ray @ UP)
        aside = np.linalg.norm(ray * top[..., None] - foot - height * UP, axis=-1)
        top = np.where((aside <= radius) & (top > 0), top, np.nan)
    return np.fmin(wall, top)


def resident_mb() -> float:
    """Resident memory of this process, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    import resource

    return pages * resource.getpagesize() / 2**20


def as_text(result: dict[str, Any]) -> str:
    """Format the result as a readable table."""
    stages = list(result["rows"][0]["stages"])
    head = ["size", "objects", "state", *stages, "total", "20 words"]
    lines = [head]
    for row in result["rows"]:
        times = [*(row["stages"][s] for s in stages), row["total"], row["ask_20_words"]]
        lines.append([row["size"], str(row["objects"]), row["state"], *(f"{t:.1f}" for t in times)])
    widths = [max(len(line[k]) for line in lines) for k in range(len(head))]
    table = "\n".join("  ".join(c.rjust(w) for c, w in zip(line, widths, strict=True)) for line in lines)
    return f"{table}\nmedians in ms; {result['memory_mb']:.0f} MB in memory"


def save_plot(result: dict[str, Any], path: Path) -> None:
    """Plot a bar for each setup, stacked by stage, next to the time for 20 words."""

    from part_perception.pictures.overlay import INK, SOFT, Overlay, text_width
    from part_perception.pictures.palette import PALETTE

    rows, stages = result["rows"], list(result["rows"][0]["stages"])
    colours = dict(zip(stages, (tuple(int(c) for c in colour) for colour in PALETTE), strict=False))
    longest = max(row["total"] for row in rows)
    width, left, right, line, size = 1200, 210, 310, 34, 18
    sheet = Overlay(np.full((line * (len(rows) + 2), width, 3), 255, np.uint8))
    for k, row in enumerate(rows):
        y, x = line * (k + 0.7), float(left)
        sheet.text(16, y, f"{row['size']}, {row['objects']} {row['state']}", size, INK)
        for stage in stages:
            length = row["stages"][stage] * (width - left - right) / longest
            sheet.draw.rectangle([2 * v for v in (x, y - 11, x + length, y + 11)], fill=colours[stage])
            x += length
        words = f"{row['total']:.1f} ms"
        sheet.text(x + 10, y, words, size, INK)
        sheet.text(
            x + 20 + text_width(words, size), y, f"+ {row['ask_20_words']:.1f} ms for 20 words", size, SOFT
        )
    x, y = float(left), line * (len(rows) + 1.2)
    for stage in stages:
        sheet.disc(x, y, 7, colours[stage])
        sheet.text(x + 14, y, stage, size, INK)
        x += 50 + text_width(stage, size)
    write_picture(path, sheet.finished())
