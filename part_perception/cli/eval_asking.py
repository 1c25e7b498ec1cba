"""`eval --questions`: paraphrases against the plain word, English names and other texts, and what parts are for."""

from __future__ import annotations

from part_perception.text_table import table

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
