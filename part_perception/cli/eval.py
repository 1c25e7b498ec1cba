"""How good are the answers on a folder of labelled shapes? Whole shapes, and simulated views.
Closed set: every point takes the best of its shape's part names (mIoU and cIoU).
Open queries: parts that are there and parts that are not, and an answer may be "not there".
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from part_perception.cli.ask import load_segmenter
from part_perception.cli.eval_reports import (
    asking,
    asking_summary,
    clicked,
    clicks_summary,
    decomposed,
    decomposition_summary,
    fusion_summary,
    instances_summary,
    matching_summary,
    motion,
    motion_summary,
    scenes,
    scenes_summary,
    sensors,
    sensors_summary,
    taught,
    teaching_summary,
)
from part_perception.cli.reports import plain, print_json, save_picture
from part_perception.cli.usage import add_json, add_model, at_least_one, output, whole
from part_perception.errors import InputError
from part_perception.scene.config import SEPARATORS, SceneConfig
from part_perception.storage import write_atomic
from part_perception.terminal import table

_MOTION_VIEWS, _SMALL_VIEWS, _GRASP_SCENES = 400, 200, 48
BENCHMARKS = ("shapenetpart", "partnete", "partnet-mobility", "partobjaverse-tiny", "scanobjectnn", "faust")

EXAMPLES = """examples:
  part-perception eval scenes/ --captures      in the same way: --teach, --decompose, --match
  part-perception eval shapes/ --views 4 --out report.json --picture report.png
  part-perception eval --scenes 66 --seed 5000 --picture scenes.png"""

# These generate what they ask about, and have no picture.
GENERATING = (
    "decompose",
    "teach",
    "clicks",
    "match",
    "instances",
    "fusion",
    "questions",
    "sensors",
    "motion",
    "small",
    "grasps",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = "%(prog)s [DIR] [what is evaluated, by default answers] [options]"
    parser.add_argument(
        "folder", type=Path, nargs="?", metavar="DIR",
        help="labelled-shape files (.npz); --decompose, --teach, --clicks work without it",
    )  # fmt: skip
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--captures",
        action="store_true",
        help="scenes of real depth cameras: is the answer in the true part?",
    )
    what.add_argument("--decompose", action="store_true", help="parts without words against the true parts")
    what.add_argument(
        "--teach",
        action="store_true",
        help="a new word taught with 1, 4 and 8 shapes, tested on others of their kind",
    )
    what.add_argument("--clicks", action="store_true", help="what 1, 2 and 3 clicks on a part grow into")
    what.add_argument(
        "--questions",
        action="store_true",
        help="paraphrases, other languages, what parts are for; without a folder",
    )
    what.add_argument(
        "--instances", action="store_true", help="each instance of a part: mAP50 on generated views"
    )
    what.add_argument(
        "--fusion",
        action="store_true",
        help="boxes of a faulty 2-D detector beside the features, and both fused",
    )
    what.add_argument(
        "--match", action="store_true", help="places found again on generated objects of a kind"
    )
    what.add_argument(
        "--scenes",
        type=at_least_one,
        metavar="N",
        help="how well objects are separated: N simulated scenes of each layout",
    )
    what.add_argument(
        "--motion", type=at_least_one, nargs="?", const=_MOTION_VIEWS, metavar="N",
        help=f"how parts move, on N generated views (default {_MOTION_VIEWS}) or on DIR's joints",
    )  # fmt: skip
    what.add_argument(
        "--small", type=at_least_one, nargs="?", const=_SMALL_VIEWS, metavar="N",
        help=f"gain of a second look at small parts, on N generated views (default {_SMALL_VIEWS})",
    )  # fmt: skip
    what.add_argument(
        "--grasps", type=at_least_one, nargs="?", const=_GRASP_SCENES, metavar="N",
        help=f"grasps that would hit something, in N simulated scenes (default {_GRASP_SCENES})",
    )  # fmt: skip
    what.add_argument(
        "--benchmark", choices=BENCHMARKS, metavar="NAME", help=', '.join(BENCHMARKS),
    )  # fmt: skip
    what.add_argument(
        "--sensors", action="store_true",
        help="noise and holes of simulated sensors, and of captures in a folder",
    )  # fmt: skip
    parser.add_argument(
        "--views", type=int, default=2, metavar="N", help="single views of each shape; default 2"
    )
    parser.add_argument(
        "--most",
        type=at_least_one,
        metavar="N",
        help="with --benchmark: N shapes of each category",
    )
    parser.add_argument(
        "--separator", choices=SEPARATORS, default=SceneConfig.separator,
        metavar="S", help="with --scenes and --captures: objects by a network (learned) or by gaps",
    )  # fmt: skip
    parser.add_argument("--seed", type=whole, default=0, help="seed of the simulation; default 0")
    parser.add_argument(
        "--out", type=output(".json"), metavar="F.json", help="write everything, shape by shape"
    )
    parser.add_argument(
        "--picture",
        type=output(".png"),
        metavar="F.png",
        help="draw IoUs and reliability; with --scenes the tables that came out worst",
    )
    add_model(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    if args.folder is None and not any(getattr(args, name) for name in (*GENERATING, "scenes")):
        raise InputError(
            "eval needs a folder; only --decompose, --teach, --clicks, --match, --instances, --fusion, --questions, "
            "--scenes, --sensors, --small, --grasps and --motion have shapes of their own"
        )
    if (args.match or args.instances or args.fusion or args.small) and args.folder:
        raise InputError(
            "--match, --instances, --fusion and --small generate their own objects: give no folder"
        )
    if args.questions and args.folder:
        raise InputError("--questions brings its own words and shapes: give no folder")
    if (args.scenes or args.grasps) and (args.folder or args.model):
        raise InputError(
            "--scenes and --grasps simulate scenes and use no model: give neither a folder nor --model"
        )
    if args.sensors and args.model:
        raise InputError("--sensors looks at depth images and uses no model: leave out --model")
    if args.folder and not args.folder.is_dir():
        raise InputError(f"{args.folder} is not a folder")
    if args.views < 0:
        raise InputError("--views must be 0 or more")
    if args.most and not args.benchmark:
        raise InputError("--most works only with --benchmark")
    if args.picture and any(getattr(args, name) for name in (*GENERATING, "captures", "benchmark")):
        raise InputError(
            "--picture draws answers about labelled shapes, or with --scenes tables: "
            f"leave out --captures, {', '.join(f'--{name}' for name in GENERATING)} and --benchmark"
        )
    report, summary = evaluated(args)
    if args.out:
        write_atomic(args.out, (json.dumps(plain(report), indent=1) + "\n").encode())
    if args.picture and not args.scenes:
        from part_perception.evaluation.report import picture_of

        save_picture(args.picture, picture_of(report))
    if args.json:
        print_json(report)
    else:
        print(summary(report))
    return 0


def evaluated(args: argparse.Namespace) -> tuple[dict, Callable[[dict], str]]:
    """The report, and the function that turns it into text."""
    if args.scenes:
        return scenes(args), scenes_summary
    if args.sensors:
        return sensors(args), sensors_summary
    if args.grasps:
        from part_perception.evaluation.grasps import evaluate_grasps, grasps_summary

        return evaluate_grasps(args.grasps), grasps_summary
    segmenter = load_segmenter(args)
    if args.captures:
        from part_perception.evaluation.captures import evaluate_captures

        config = SceneConfig(separator=args.separator)
        return evaluate_captures(segmenter, args.folder, config), capture_summary
    if args.benchmark:
        from part_perception.evaluation.benchmark_protocols import benchmark_summary, evaluate_benchmark

        return evaluate_benchmark(segmenter, args.benchmark, args.folder, args.most), benchmark_summary
    if args.questions:
        return asking(segmenter), asking_summary
    if args.decompose:
        return decomposed(segmenter, args.folder), decomposition_summary
    if args.instances:
        from part_perception.evaluation.instances import evaluate_instances

        return evaluate_instances(segmenter), instances_summary
    if args.fusion:
        from part_perception.evaluation.fusion import evaluate_fusion

        return evaluate_fusion(segmenter), fusion_summary
    if args.small:
        from part_perception.evaluation.small_parts import evaluate_small_parts, small_parts_summary

        return evaluate_small_parts(segmenter, args.small), small_parts_summary
    if args.match:
        from part_perception.evaluation.decomposition import evaluate_matching

        return evaluate_matching(segmenter), matching_summary
    if args.teach:
        return taught(segmenter, args.folder), teaching_summary
    if args.motion:
        return motion(segmenter, args.folder, args.motion), motion_summary
    if args.clicks:
        return clicked(segmenter, args.folder), clicks_summary
    from part_perception.evaluation.evaluate import evaluate
    from part_perception.evaluation.report import text_of

    report = evaluate(segmenter, args.folder, args.views, args.seed)
    return report, lambda report: text_of(report, table)


def capture_summary(report: dict) -> str:
    names = {"questions": "questions"}
    for sort, text in (("part", "part"), ("object", "whole object"), ("owned", "part of a named object")):
        names |= {f"{sort}_hit_rate": f"{text}: hits", f"{sort}_strict_rate": f"{text}: strict hits",
                  f"{sort}_mask_iou": f"{text}: mask IoU"}  # fmt: skip
    names |= {"all_hit_rate": "hits in all", "absent_found_rate": "absent words found"}
    rows = [[text, *(f"{figures[key]:.3g}" for figures in report.values())] for key, text in names.items()]
    return table(["", *(name.replace("_", " ") for name in report)], rows)
