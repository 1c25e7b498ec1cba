"""`eval --decompose`, `--teach`, `--clicks` and `--motion`, on labelled or generated shapes."""

from __future__ import annotations

from pathlib import Path

from part_perception.errors import InputError
from part_perception.text_table import table

_DECOMPOSED_SHAPES = 100
_CLICKED_SHAPES = 80


def decomposed(segmenter, folder: Path | None) -> dict:
    from part_perception.evaluation.decomposition import evaluate_decomposition, fresh_shapes
    from part_perception.files.labelled_shapes import load_shapes

    shapes = load_shapes(folder) if folder else fresh_shapes(_DECOMPOSED_SHAPES)
    return evaluate_decomposition(segmenter, shapes)


def clicked(segmenter, folder: Path | None) -> dict:
    from part_perception.evaluation.decomposition import fresh_shapes
    from part_perception.evaluation.growing import evaluate_growing
    from part_perception.files.labelled_shapes import load_shapes

    return evaluate_growing(segmenter, load_shapes(folder) if folder else fresh_shapes(_CLICKED_SHAPES))


def taught(segmenter, folder: Path | None) -> dict:
    """Shapes of a folder are grouped by their category."""
    from part_perception.evaluation.taught_shapes import TAUGHT_KINDS, generated_groups
    from part_perception.evaluation.teaching import COUNTS, KINDS, SHAPES, evaluate_teaching
    from part_perception.files.labelled_shapes import load_shapes

    if folder:
        groups: dict = {}
        for shape in load_shapes(folder):
            groups.setdefault(shape.category, []).append(shape)
    else:
        groups = generated_groups(TAUGHT_KINDS[:KINDS], SHAPES)
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
