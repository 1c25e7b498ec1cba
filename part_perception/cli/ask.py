"""Where is the handle? Finds parts by words in a cloud file: of one object, or of a whole scene."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np

from part_perception.cli.clouds import open_cloud, up_of, write_labelled
from part_perception.cli.reports import part_facts, place, print_json, save_picture
from part_perception.cli.usage import add_file, add_json, add_model, add_outputs, add_up
from part_perception.errors import InputError
from part_perception.files import CloudFile
from part_perception.language.cleaning import clean_all
from part_perception.text_table import table
from part_perception.types import Part

EXAMPLES = """examples:
  part-perception ask mug.ply -q handle rim
  part-perception ask table.pcd --scene -q "handle of the mug" --picture answer.png
  part-perception ask drill.npz -q trigger --out labelled.ply --json"""

NOT_CALIBRATED = (
    "the confidence of {0} is not calibrated, so it finds nothing: part-perception train calibrate {0}"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_file(parser)
    parser.add_argument(
        "-q", "--query", nargs="+", action="extend", required=True, metavar="TEXT", help="what to look for"
    )
    parser.add_argument(
        "--scene", action="store_true", help="the cloud is a scene with several objects, not one object"
    )
    parser.add_argument("--taught", metavar="F", help="also know the words taught into this file")
    add_up(parser)
    add_outputs(parser)
    add_model(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    clean_all(args.query)
    cloud = open_cloud(args.file)
    start = time.perf_counter()
    segmenter = load_segmenter(args)
    loaded = time.perf_counter()
    if args.scene:
        parts, draw, note = ask_scene(segmenter, cloud, args)
    else:
        parts, draw, note = ask_object(segmenter, cloud, args)
    answered = time.perf_counter()
    remarks = list(dict.fromkeys(part.remark for part in parts if part.remark))
    if not any(part.understood for part in parts):
        raise InputError("; ".join(remarks))
    if args.out:
        labels, scores = labels_of(parts, args.query, len(cloud.points))
        write_labelled(args.out, cloud, labels, scores, tuple(args.query))
    if args.picture:
        save_picture(args.picture, draw())
    times = {"load": 1e3 * (loaded - start), "answer": 1e3 * (answered - loaded)}
    if args.json:
        print_json({"file": args.file, "points": len(cloud.points), "note": note, "milliseconds": times,
                    "parts": [part_facts(p) for p in parts]})  # fmt: skip
    else:
        report(parts, remarks, note, times)
    return 0 if any(p.found for p in parts) else 1


def load_segmenter(args: argparse.Namespace):
    """The model asked for, and the words taught to it."""
    from part_perception import PartSegmenter

    segmenter = PartSegmenter.load(args.model, args.runtime)
    if getattr(args, "taught", None):
        segmenter.load_taught(args.taught)
    return segmenter


def ask_object(segmenter, cloud: CloudFile, args: argparse.Namespace):
    """Parts of one object, how to draw them, and a remark."""
    from part_perception.pictures import picture_of_answer

    up = up_of(cloud, args.up)
    answer = segmenter.ask(cloud.points, args.query, up=up)
    groups = answer.instances or [[part] for part in answer.parts]
    parts = [p for group, best in zip(groups, answer.parts, strict=True) for p in (group or [best])]
    notes = [f"{answer.dropped} points were not finite"] * bool(answer.dropped)
    if not answer.calibrated:
        notes.append(NOT_CALIBRATED.format(segmenter.manifest.name))
    note = "; ".join(notes)
    return parts, lambda: picture_of_answer(cloud.points, answer, up, cloud.colours), note


def ask_scene(segmenter, cloud: CloudFile, args: argparse.Namespace):
    """Parts of everything that stands apart in a scene."""
    from part_perception import ScenePerception
    from part_perception.pictures import picture_of_frame

    frame = ScenePerception(segmenter).process(cloud.grid, 0.0, args.up)
    parts = frame.ask(args.query)
    note = frame.reason or f"{len(frame.objects)} objects"
    if not segmenter.manifest.confidence.calibrated:
        note += "; " + NOT_CALIBRATED.format(segmenter.manifest.name)
    return parts, lambda: picture_of_frame(frame, parts, cloud.colours), note


def labels_of(parts: Sequence[Part], queries: Sequence[str], count: int) -> tuple[np.ndarray, np.ndarray]:
    """For each point the number of the surest query it belongs to, or -1, and that confidence."""
    labels, scores = np.full(count, -1, np.int32), np.zeros(count, np.float32)
    for part in sorted((p for p in parts if p.found), key=lambda p: p.confidence):
        labels[part.indices], scores[part.indices] = list(queries).index(part.query), part.confidence
    return labels, scores


def report(parts: Sequence[Part], remarks: Sequence[str], note: str, times: dict[str, float]) -> None:
    rows = [_row(part) for part in parts]
    print(table(["query", "found", "confidence", "points", "centroid x y z", "opening", "motion"], rows))
    for remark in remarks:
        print(remark)
    took = f"answered in {times['answer']:.0f} ms, after {times['load']:.0f} ms of loading"
    print(f"{note}; {took}" if note else took)


def _row(part: Part) -> list[str]:
    name = part.query if len(part.query) <= 40 else part.query[:39] + "…"
    if not part.understood:
        return [name, "not understood", "–", "–", "–", "–", "–"]
    if not part.found:
        return [name, "no", f"{part.confidence:.2f}", "–", "–", "–", "–"]
    opening = f"{part.grasp.width:.3f}" if part.grasp else "–"
    sure = f"{part.confidence:.2f}"
    motion = f"{part.motion.kind} {part.motion.confidence:.2f}"
    return [name, "yes", sure, str(len(part.indices)), place(part.centroid), opening, motion]
