"""What `eval` measures besides labelled shapes: how each is run, and its figures as text."""

from __future__ import annotations

import argparse
from pathlib import Path

from part_perception.cli.reports import save_picture
from part_perception.errors import InputError
from part_perception.terminal import table

_FIGURES = {
    "paraphrases": {"frames": "frames", "words": "part words", "same_answer": "answered as the plain word"},
    "understanding": {"new_words": "English names that are new", "refused_of_new_words": "of them refused",
                      "other_texts": "texts that are not English", "accepted_of_other_texts": "of them accepted"},
    "functional": {"questions": "questions about what parts are for", "auroc": "AUROC",
                   "found_when_there": "found when there", "found_when_absent": "found when not there",
                   "mask_iou": "mask IoU", "right": "IoU of at least 0.5"},
}  # fmt: skip
_SHOWN = 12


def asking(segmenter) -> dict:
    from part_perception.evaluation.asking import evaluate_asking

    return evaluate_asking(segmenter)


def asking_summary(report: dict) -> str:
    rows = [
        [text, f"{report[group][key]:.3g}"]
        for group, names in _FIGURES.items()
        for key, text in names.items()
    ]
    failed = report["paraphrases"]["other_answer"]
    lists = {
        "answered otherwise": [f"{frame} ({len(words)})" for frame, words in failed.items()],
        "refused": report["understanding"]["refused"],
        "accepted": report["understanding"]["accepted"],
    }
    shown = [
        f"{what}: {', '.join(some[:_SHOWN])}{', ...' * (len(some) > _SHOWN)}"
        for what, some in lists.items()
        if some
    ]
    return "\n\n".join([table(["", ""], rows), *shown])


_DECOMPOSED_SHAPES = 100
_CLICKED_SHAPES = 80


def decomposed(segmenter, folder: Path | None) -> dict:
    from part_perception.evaluation.decomposition import evaluate_decomposition, fresh_shapes
    from part_perception.files.labelled_shapes import load_shapes

    shapes = load_shapes(folder) if folder else fresh_shapes(_DECOMPOSED_SHAPES)
    return evaluate_decomposition(segmenter, shapes)


def clicked(segmenter, folder: Path | None) -> dict:
    from part_perception.evaluation.decomposition import evaluate_growing, fresh_shapes
    from part_perception.files.labelled_shapes import load_shapes

    return evaluate_growing(segmenter, load_shapes(folder) if folder else fresh_shapes(_CLICKED_SHAPES))


def taught(segmenter, folder: Path | None) -> dict:
    """Shapes of a folder are grouped by their category."""
    from part_perception.evaluation.taught_shapes import TAUGHT_KINDS, generated_groups
    from part_perception.evaluation.teaching import COUNTS, MAX_KINDS, SHAPES, evaluate_teaching
    from part_perception.files.labelled_shapes import load_shapes

    if folder:
        groups: dict = {}
        for shape in load_shapes(folder):
            groups.setdefault(shape.category, []).append(shape)
    else:
        groups = generated_groups(TAUGHT_KINDS[:MAX_KINDS], SHAPES)
    report = evaluate_teaching(segmenter, groups)
    if not any(figures["words"] for figures in report.values()):
        raise InputError(
            f"no category in {folder} has a part that enough shapes show: {max(COUNTS)} to teach by, and more to ask"
        )
    return report


def motion(segmenter, folder: Path | None, views: int) -> dict:
    from part_perception.evaluation.motion import evaluate_motion

    return evaluate_motion(segmenter, folder, views)


def motion_summary(report: dict) -> str:
    header = ["", *next(iter(report.values()))]
    return table(header, [[name, *(f"{v:.3g}" for v in of.values())] for name, of in report.items()])


def decomposition_summary(report: dict) -> str:
    names = {"shapes": "shapes", "oracle": "mIoU at the best k", "automatic": "mIoU at the chosen k",
             "four_parts": "mIoU at four parts", "pooled_recall": "true parts found, of all",
             "pooled_best_node": "best IoU of a true part", "median_seconds": "seconds a shape"}  # fmt: skip
    return table(["", ""], [[text, f"{report[key]:.3g}"] for key, text in names.items()])


def clicks_summary(report: dict) -> str:
    rows = [["parts", str(report["parts"])]]
    rows += [[f"IoU after clicks: {count}", f"{value:.3g}"] for count, value in report["iou"].items()]
    return table(["", ""], rows)


def matching_summary(report: dict) -> str:
    names = {"pairs": "pairs", "features_alone": "same part, features alone", "match": "same part, match",
             "surer_half": "same part, surer half", "confidence_auroc": "AUROC of confidence",
             "mean_confidence": "mean confidence"}  # fmt: skip
    rows = [[text, *(f"{figures[key]:.3g}" for figures in report.values())] for key, text in names.items()]
    return table(["", *report], rows)


def instances_summary(report: dict) -> str:
    names = {"views": "views", "instances": "instances in view", "ap50": "AP50 (all words pooled)",
             "map50": "mAP50 (mean over words)", "recall": "found, of all", "several": "found, of several"}  # fmt: skip
    rows = [[text, *(f"{figures[key]:.3g}" for figures in report.values())] for key, text in names.items()]
    return table(["", *(name.replace("_", " ") for name in report)], rows)


def fusion_summary(report: dict) -> str:
    names = {"words": "words there", "boxed_words": "of these with a box", "boxed_mask_iou": "mask IoU of these",
             "mask_iou": "mask IoU of all", "found_when_present": "found", "found_when_absent": "absent words found",
             "found_and_right": "found, mask right"}  # fmt: skip
    rows = [[text, *(f"{figures[key]:.3g}" for figures in report.values())] for key, text in names.items()]
    return table(["", *report], rows)


def teaching_summary(report: dict) -> str:
    counts = next(iter(report.values()))["iou"]
    header = ["learned by", "words", "own name", *(f"IoU of {n}" for n in counts), "longest s"]
    rows = [
        [
            objective,
            *(f"{v:.3g}" for v in (of["words"], of["zero_shot"], *of["iou"].values(), of["longest_seconds"])),
        ]
        for objective, of in report.items()
    ]
    text = table(header, rows)
    finding = report.get("overlap", {}).get("finding")
    if finding:
        rows = [[name.replace("_", " "), f"{value:.3g}"] for name, value in finding.items()]
        text += "\n\n" + table(["taught for the overlap", ""], rows)
    return text


SHARES = ("found", "isolated", "purity", "completeness", "overlap_f", "boundary_f", "flat_agrees")
HEADS = {"overlap_f": "overlap F", "boundary_f": "boundary F", "flat_agrees": "flat agrees"}


def scenes(args: argparse.Namespace) -> dict:
    from part_perception.evaluation.scenes import Gallery, evaluate_scenes, picture_of_scenes
    from part_perception.scene.config import SceneConfig

    gallery = Gallery()
    report = evaluate_scenes(args.scenes, args.seed, gallery.keep, SceneConfig(separator=args.separator))
    if args.picture:
        save_picture(args.picture, picture_of_scenes(report, gallery))
    return report


def scenes_summary(report: dict) -> str:
    groups = dict(report["by_layout"])
    groups |= {f"all, {pixels} pixels": figures for pixels, figures in report["by_pixels"].items()}
    groups |= {f"scattered, {name}": figures for name, figures in report["by_sensor"].items()}
    rows = [
        [
            name,
            str(f.get("tables", "")),
            str(f["objects"]),
            *(f"{f[key]:.3f}" if key in f else "" for key in SHARES),
            str(f.get("extra", "")),
        ]
        for name, f in groups.items()
    ]
    heads = [HEADS.get(name, name) for name in SHARES]
    return table(["tables", "number", "objects", *heads, "extra"], rows)


COLUMNS = {
    "grain": "grain_mm", "lumps": "lumps_mm", "waves": "waves_mm", "step": "step_mm", "alike at 1 px": "alike_1_px",
    "3 px": "alike_3_px", "6 px": "alike_6_px", "holes": "holes", "at objects": "holes_at_objects",
    "shadow px": "shadow_px", "points": "points", "skirts": "skirts",
}  # fmt: skip
NOTE = """Medians. Grain, lumps and waves are errors narrower than 3 pixels, 3 to 15 and wider, step is that of
disparity, all in mm at 1 m; alike is the correlation of errors so many pixels apart. Of objects: the share of pixels
without depth, the shadow beside them, points, and the share of points on surfaces steeper than 72 degrees."""


def sensors(args: argparse.Namespace) -> dict:
    from part_perception.evaluation.sensors import compare_sensors

    return compare_sensors(args.folder, args.seed)


def sensors_summary(report: dict) -> str:
    rows = [
        [
            name,
            f"{figures['images']}/{figures['objects']}",
            *(number(figures[key]) for key in COLUMNS.values()),
        ]
        for name, figures in report.items()
    ]
    return table(["sensor", "images/objects", *COLUMNS], rows) + "\n\n" + NOTE


def number(value: float) -> str:
    if value != value:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}"
