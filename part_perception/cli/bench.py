"""How fast is it on this machine? Times every stage of a live scene, on clouds of a simulated depth camera (640x480).

cold: every object is new and has to be encoded. steady: the same objects, seen again with other noise.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np

from part_perception.cli.ask import load_segmenter
from part_perception.cli.reports import print_json, save_picture, table
from part_perception.cli.usage import add_json, add_model, at_least_one, output

EXAMPLES = """examples:
  part-perception bench
  part-perception bench --objects 1 4 8 --frames 30 --json
  part-perception bench --picture bench.png"""
KINDS = ("mug", "bottle", "hammer", "kettle", "spray bottle", "bowl", "cooking pot", "screwdriver")
WORDS = ("handle", "lid", "spout", "rim", "base", "blade", "button", "trigger", "cap", "neck", "body", "leg", "seat",
         "back", "wheel", "knob", "shaft", "head", "grip", "nozzle")  # fmt: skip
SPACING = 0.24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--objects",
        type=at_least_one,
        nargs="+",
        default=[1, 4, 8],
        metavar="N",
        help="on the table; default 1 4 8",
    )
    parser.add_argument(
        "--frames", type=at_least_one, default=15, metavar="N", help="of each measurement; default 15"
    )
    parser.add_argument("--picture", type=output(".png"), metavar="F.png", help="draw the stages")
    add_model(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    from part_perception.cli.checks import machine

    segmenter = load_segmenter(args)
    segmenter.embed(WORDS)
    rows = [row for count in args.objects for row in measure(segmenter, count, args.frames)]
    if args.picture:
        from part_perception.pictures.charts import stacked

        stages = {f"{r['objects']} objects, {r['state']}": r["stages_ms"] for r in rows}
        save_picture(args.picture, stacked(stages, "milliseconds a frame"))
    if args.json:
        print_json(
            {"machine": machine(), "runtime": segmenter.runtime.name, "frames": args.frames, "rows": rows}
        )
    else:
        print(f"{machine()}, {segmenter.runtime.name}; medians of {args.frames} frames in milliseconds")
        print(report(rows))
    return 0


def measure(segmenter, count: int, frames: int) -> list[dict]:
    """Cold and steady, with so many objects."""
    clouds = scene_clouds(count, frames)
    perception(segmenter).process(clouds[0], 0.0)  # what is compiled on first use is no part of a frame
    cold = [perception(segmenter).process(cloud, 0.0) for cloud in clouds]
    known = perception(segmenter)
    known.process(clouds[0], 0.0)
    steady = [known.process(cloud, 0.1 * (k + 1)) for k, cloud in enumerate(clouds)]
    return [summary(state, got) for state, got in (("cold", cold), ("steady", steady))]


def perception(segmenter):
    from part_perception import ScenePerception

    return ScenePerception(segmenter)


def scene_clouds(count: int, frames: int) -> list[np.ndarray]:
    """One table with objects in rows, measured again and again."""
    from part_perception.ros.simulation import TINTS, Place, build, look_at, render

    across = int(np.ceil(np.sqrt(count)))
    places = [Place(KINDS[k % len(KINDS)], *spot(k, across), yaw=0.7 * k, seed=k) for k in range(count)]
    objects = [build(place, TINTS[k % len(TINTS)]) for k, place in enumerate(places)]
    pose = look_at(-0.6, 0.8, 0.95)
    return [render(objects, pose, np.random.default_rng(k)).points for k in range(frames)]


def spot(k: int, across: int) -> tuple[float, float]:
    """Where the k-th object stands: in rows about the middle of the table."""
    middle = (across - 1) / 2
    return SPACING * (k % across - middle), SPACING * (k // across - middle)


def summary(state: str, frames: Sequence) -> dict:
    """Medians of the stages, and of asking 20 words."""
    import psutil

    stages = {name: float(np.median([f.timing[name] for f in frames])) for name in frames[0].timing}
    total = stages.pop("total")
    return {
        "objects": int(np.median([len(f.objects) for f in frames])),
        "state": state,
        "stages_ms": stages,
        "total_ms": total,
        "ask_20_words_ms": float(np.median([asked(f) for f in frames])),
        "resident_mb": psutil.Process().memory_info().rss / 1e6,
    }


def asked(frame) -> float:
    start = time.perf_counter()
    frame.ask(WORDS)
    return 1e3 * (time.perf_counter() - start)


def report(rows: Sequence[dict]) -> str:
    header = ["objects", "", *rows[0]["stages_ms"], "frame", "ask 20 words", "memory MB"]
    lines = [
        [str(r["objects"]), r["state"], *(f"{ms:.1f}" for ms in r["stages_ms"].values()), f"{r['total_ms']:.1f}",
         f"{r['ask_20_words_ms']:.1f}", f"{r['resident_mb']:.0f}"]
        for r in rows
    ]  # fmt: skip
    return table(header, lines)
