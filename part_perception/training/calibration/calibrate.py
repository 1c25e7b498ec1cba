"""Calibrate: `part-perception train calibrate`, from a model's folder to its new manifest and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.encoder.runtimes.registry import present
from part_perception.encoder.store import MANIFEST, load_manifest
from part_perception.metrics import auroc, calibration_error, iou
from part_perception.model_folders import give_words
from part_perception.parts.fusion import FILE as FUSION
from part_perception.parts.motion import FILE as MOTION_NAMES
from part_perception.parts.motion_axes import FILE as MOTION_AXES
from part_perception.parts.scoring import sigmoid
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.names import collect_names
from part_perception.storage import cache_dir, file_hash
from part_perception.training import vocabulary
from part_perception.training.calibration.fitting import (
    RIGHT,
    Asked,
    ask_in_processes,
    fit,
    numbers_of,
    overlaps,
    words_asked,
)
from part_perception.training.calibration.motion import count_kinds, counted, fit_axes, fit_motion, votes
from part_perception.training.calibration.questions import name_figures
from part_perception.training.progress import Say, counting

MORE = 6  # times as many views for motion: most parts are fixed and teach nothing about axes
_ABSENT_RATES = (0.01, 0.02, 0.03, 0.05)


class Judged(NamedTuple):
    """Answers for one view: part present, top logit, confidence, found, IoU, and best IoU at any cut."""

    there: np.ndarray
    top: np.ndarray
    sure: np.ndarray
    found: np.ndarray
    overlap: np.ndarray
    best: np.ndarray


def held_out_figures(asked: Sequence[Asked], rule: Confidence, absent_rate: float) -> dict[str, float]:
    """Figures for all, whole and single views, each by a rule fitted to the other half of the kinds."""
    half = {kind: i % 2 for i, kind in enumerate(sorted({a.kind for a in asked}))}
    judged: dict[str, list[Judged]] = {"": [], "whole_": [], "single_": []}
    for side in (0, 1):
        fitted = fit([a for a in asked if half[a.kind] != side], rule, absent_rate)
        for a in (a for a in asked if half[a.kind] == side):
            answers = _judge(a, fitted)
            for sort in ("", "whole_" if a.whole else "single_"):
                judged[sort].append(answers)
    figures = {
        f"{sort}{name}": value
        for sort, some in judged.items()
        if some
        for name, value in _figures(Judged(*map(np.concatenate, zip(*some, strict=True)))).items()
    }
    named = [(a.names, half[a.kind]) for a in asked if a.names and not a.whole]
    return figures | name_figures([n for n, _ in named], rule, [h for _, h in named], absent_rate)


def _judge(asked: Asked, rule: Confidence) -> Judged:
    sure = sigmoid(rule.weights[0] + rule.weights[1] * asked.top)
    odds = asked.evidence @ np.asarray(rule.sample_weights, np.float32)
    best = [_best_cut(o, t) for o, t in zip(odds.T, asked.truth.T, strict=True)]
    overlap = overlaps(asked, rule)
    return Judged(asked.present, asked.top, sure, sure >= rule.found_at, overlap, np.array(best))


def _best_cut(odds: np.ndarray, truth: np.ndarray) -> float:
    """Return the highest IoU that any threshold on these odds reaches."""
    levels = np.quantile(odds, np.linspace(0, 1, 101))
    return max(iou(odds >= level, truth) for level in levels)


def _figures(judged: Judged) -> dict[str, float]:
    there, top, sure, found, overlap, best = judged
    out = {"questions": len(there), "auroc": auroc(top[there], top[~there])}
    for rate in _ABSENT_RATES:
        level = np.quantile(top[~there], 1 - rate) if (~there).any() else np.nan
        out[f"found_at_{rate:.0%}_absent"] = float((top[there] >= level).mean())
    return out | {
        "found_when_present": float(found[there].mean()),
        "found_when_absent": float(found[~there].mean()),
        "mask_iou": float(overlap[there].mean()),
        "best_cut_iou": float(best.mean()),
        "right_when_present": float((overlap[there] >= RIGHT).mean()),
        "calibration_error": calibration_error(sure, overlap >= RIGHT),
    }


_ANY_WORD = "handle"


def calibrate(
    folder: Path,
    views: int = 1500,
    processes: int = 2,
    absent_rate: float = 0.02,
    names: Path | None = None,
    say: Say = print,
) -> dict:
    """Fit a model's masks and confidence on fresh views, and write them into its manifest.

    The figures come from rules fitted without the kinds they are evaluated on, as for new objects.
    """
    manifest = load_manifest(folder)
    if manifest.text_encoder != "minilm":
        say(f"words of {manifest.text_encoder}, whose weights are downloaded once if missing")
        give_words(folder, manifest, [_ANY_WORD])  # before the slow part
    path = names or cache_dir() / vocabulary.FILE
    table = vocabulary.names_for(path, collect_names(), counting(say, "names"))
    numbers = numbers_of(views)
    if manifest.text_encoder != table.encoder:
        give_words(folder, manifest, words_asked(table, numbers), counting(say, "words"))
    asked = ask_in_processes(folder, path, numbers, processes, counting(say, "views"))
    rule = fit(asked, manifest.confidence, absent_rate)
    about = manifest.about | {"calibration": f"{views} fresh views of generated objects"}
    motion = manifest.motion_rule
    if manifest.encoder.motion:
        of_kinds = count_kinds(progress=counting(say, "kinds"))
        more = [MORE * number + k for number in numbers for k in range(MORE)]
        seen = votes(PartSegmenter.load(folder), of_kinds, more, counting(say, "motions"))
        motion = fit_motion(seen)
        counted(of_kinds).save(folder / MOTION_NAMES)
        fit_axes(seen).save(folder / MOTION_AXES)
        hashes = {name: file_hash(folder / name) for name in (MOTION_NAMES, MOTION_AXES)}
        manifest = replace(manifest, files=manifest.files | hashes)
    manifest = replace(manifest, confidence=rule, motion_rule=motion, about=about)
    manifest.save(folder / MANIFEST)
    if manifest.encoder.field and present("torch"):
        from part_perception.training.calibration.fusion import BOXED_VIEWS, fit_fusion

        fusion = fit_fusion(
            PartSegmenter.load(folder), min(views, BOXED_VIEWS), counting(say, "views with boxes")
        )
        if fusion is not None:
            fusion.save(folder / FUSION)
            files = manifest.files | {FUSION: file_hash(folder / FUSION)}
            replace(manifest, files=files).save(folder / MANIFEST)
    return held_out_figures(asked, manifest.confidence, absent_rate) | {"found_at": rule.found_at}
