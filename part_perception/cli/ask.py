"""Where is the handle? Finds parts by words in a cloud file: of one object, or of a whole scene."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from part_perception.cli.clouds import files_meant, open_cloud, up_of, write_labelled
from part_perception.cli.reports import part_facts, parts_table, print_json, save_picture
from part_perception.cli.usage import (
    add_files,
    add_json,
    add_model,
    add_outputs,
    add_settings,
    add_up,
    settings_given,
)
from part_perception.config import DEFAULTS, Config, unhurried
from part_perception.errors import InputError
from part_perception.files import CloudFile
from part_perception.files.depth_image import DEPTH_ENDINGS
from part_perception.geometry import AXES
from part_perception.language.english import clean_all
from part_perception.types import Part

EXAMPLES = """examples:
  part-perception ask mug.ply -q handle rim
  part-perception ask table.pcd --scene -q "handle of the mug" --picture answer.png
  part-perception ask drill.npz -q trigger --out labelled.ply --json
  part-perception ask --depth d.png --intrinsics 525,525,320,240 --scene -q handle
  part-perception ask '*.ply' -q handle --gripper 0.14

The node's scene and gripper settings are options under their own names: --scene.object_gap 0.02"""

NOT_CALIBRATED = (
    "the confidence of {0} is not calibrated, so it finds nothing; run part-perception train calibrate {0}"
)
IS_IT_A_SCENE = (
    "the file is a camera's image, taken for one object; if it shows a table or several objects, add --scene"
)


@dataclass
class Found:
    """The result of one file: parts with the names of their objects, a note, how to draw it, and how long it took."""

    parts: list[Part]
    owners: list[str]
    note: str
    draw: Callable[[], np.ndarray]
    milliseconds: dict[str, float] = field(default_factory=dict)

    @property
    def remarks(self) -> list[str]:
        return list(dict.fromkeys(part.remark for part in self.parts if part.remark))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_files(parser)
    parser.add_argument(
        "-q", "--query", nargs="+", action="extend", required=True, metavar="TEXT", help="what to look for"
    )
    parser.add_argument(
        "--scene", action="store_true", help="the cloud is a scene with several objects, not one object"
    )
    parser.add_argument("--taught", metavar="F", help="also use the words taught into this file")
    parser.add_argument(
        "--gripper",
        dest="gripper.max_opening",
        metavar="M",
        help="how far the fingers open, metres; default 0.085",
    )
    add_settings(parser, DEFAULTS, "scene.", "gripper.")
    add_up(parser)
    add_outputs(parser)
    add_model(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    files = files_to_ask(args)
    config = unhurried(settings_given(args, DEFAULTS))
    # a single file that cannot be read is reported before the model loads
    only = open_cloud(files[0], args.intrinsics) if len(files) == 1 else None
    start = time.perf_counter()
    segmenter = load_segmenter(args)
    warm_up(segmenter, args.query)
    loaded = 1e3 * (time.perf_counter() - start)
    told, any_found, refused = [], False, 0
    for file in files:
        try:
            cloud = only or open_cloud(file, args.intrinsics)
            start = time.perf_counter()
            ask = ask_scene if args.scene else ask_object
            found = ask(segmenter, cloud, args, config)
        except InputError as error:
            if len(files) == 1:
                raise
            refused += 1  # the others are answered nevertheless
            print(f"part-perception: {about(file, error)}", file=sys.stderr)
            continue
        found.milliseconds = {"load": loaded, "answer": 1e3 * (time.perf_counter() - start)}
        keep(found, cloud, args)
        any_found |= any(part.found for part in found.parts)
        if args.json:
            told.append(facts_of(found, file, cloud))
        else:
            report(found, f"{file}:" if len(files) > 1 else "")
    if told:
        print_json(told if len(files) > 1 else told[0])
    return 2 if refused else 0 if any_found else 1


def about(file: Path, error: InputError) -> str:
    """The refusal of one of several files; what is wrong with its content does not name it yet."""
    return str(error) if str(file) in str(error) else f"{file}: {error}"


def files_to_ask(args: argparse.Namespace) -> list[Path]:
    """The files; `args.query` keeps only the queries."""
    files = files_meant([*args.files, *args.depth], args.query)
    args.query = list(dict.fromkeys(args.query))
    if not args.query:
        raise InputError("give at least one query: part-perception ask FILE -q TEXT")
    if not files:
        raise InputError("give at least one file: part-perception ask FILE -q TEXT")
    if len(files) > 1 and (args.out or args.picture):
        raise InputError("--out and --picture work with one file only")
    if args.intrinsics and not any(file.suffix.lower() in DEPTH_ENDINGS for file in files):
        raise InputError("--intrinsics works only with depth images, and none is given")
    if not args.scene and (
        given := [name for name in vars(args) if name.startswith("scene.") and vars(args)[name]]
    ):
        raise InputError(f"--{given[0]} works only with --scene: without it, the file is one object")
    clean_all(args.query)
    return files


def load_segmenter(args: argparse.Namespace):
    """The model that was asked for, with the words taught to it."""
    from part_perception import PartSegmenter

    segmenter = PartSegmenter.load(args.model, args.runtime)
    if getattr(args, "taught", None):
        segmenter.load_taught(args.taught)
    return segmenter


def warm_up(segmenter, queries: Sequence[str]) -> None:
    """Do what happens once: read and embed the words, load the runtime and the planner."""
    import part_perception.grasping.candidates
    import part_perception.scene.perception  # noqa: F401

    segmenter.ask(np.random.default_rng(0).uniform(-0.05, 0.05, (256, 3)), queries, up=(0, 0, 1))


def ask_object(segmenter, cloud: CloudFile, args: argparse.Namespace, config: Config) -> Found:
    """Parts of one object."""
    from part_perception.grasping.lone_object import with_grasps
    from part_perception.pictures import picture_of_answer

    up = up_of(cloud, args.up)
    answer = segmenter.ask(cloud.points, args.query, up=up)
    groups = answer.instances or [[part] for part in answer.parts]
    parts = [p for group, best in zip(groups, answer.parts, strict=True) for p in (group or [best])]
    parts = with_grasps(parts, cloud.points, up, config.gripper)
    notes = [f"{answer.dropped} points were not finite"] * bool(answer.dropped)
    if not answer.calibrated:
        notes.append(NOT_CALIBRATED.format(segmenter.manifest.name))
    if cloud.size is not None and min(cloud.size) > 1 and not answer.found.any():
        notes.append(IS_IT_A_SCENE)
    draw = lambda: picture_of_answer(cloud.points, answer, up, cloud.colours)  # noqa: E731
    return Found(parts, [""] * len(parts), "; ".join(notes), draw)


def ask_scene(segmenter, cloud: CloudFile, args: argparse.Namespace, config: Config) -> Found:
    """Parts of everything that stands apart in a scene."""
    from part_perception import ScenePerception
    from part_perception.pictures import picture_of_frame

    scene = ScenePerception(segmenter, config.scene, config.gripper)
    frame = scene.process(cloud.grid, 0.0, args.up or AXES.get(cloud.up_axis))
    parts = frame.ask(args.query)
    names = {thing.id: thing.belief.name for thing in frame.objects}
    count = len(frame.objects)
    note = frame.reason or f"{count} object{'s' * (count != 1)}"
    if not segmenter.manifest.confidence.calibrated:
        note += "; " + NOT_CALIBRATED.format(segmenter.manifest.name)
    owners = [names.get(part.object_id, "") for part in parts]
    return Found(parts, owners, note, lambda: picture_of_frame(frame, parts, cloud.colours))


def keep(found: Found, cloud: CloudFile, args: argparse.Namespace) -> None:
    """Write the labelled cloud and the picture that were asked for; text that means nothing is refused first."""
    if not any(part.understood for part in found.parts):
        raise InputError("; ".join(found.remarks))
    if args.out:
        labels, scores = labels_of(found.parts, args.query, len(cloud.points))
        write_labelled(args.out, cloud, labels, scores, tuple(args.query))
    if args.picture:
        save_picture(args.picture, found.draw())


def labels_of(parts: Sequence[Part], queries: Sequence[str], count: int) -> tuple[np.ndarray, np.ndarray]:
    """For each point the number of the surest query it belongs to, or -1, and that confidence."""
    labels, scores = np.full(count, -1, np.int32), np.zeros(count, np.float32)
    for part in sorted((p for p in parts if p.found), key=lambda p: p.confidence):
        labels[part.indices], scores[part.indices] = list(queries).index(part.query), part.confidence
    return labels, scores


def facts_of(found: Found, file: Path, cloud: CloudFile) -> dict:
    """The answer for programs."""
    parts = [part_facts(part) for part in found.parts]
    for facts, owner in zip(parts, found.owners, strict=True):
        if facts.get("object_id", -1) >= 0:  # of a scene
            facts["object_name"] = owner
    return {"file": file, "points": len(cloud.points), "note": found.note, "milliseconds": found.milliseconds,
            "parts": parts}  # fmt: skip


def report(found: Found, title: str) -> None:
    """The answer for people."""
    if title:
        print(title)
    print(parts_table(found.parts, found.owners))
    for remark in found.remarks:
        print(remark)
    times = found.milliseconds
    took = f"answered in {times['answer']:.0f} ms, after {times['load']:.0f} ms of loading"
    print(f"{found.note}; {took}" if found.note else took)
