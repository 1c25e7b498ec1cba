"""Exporting: write a model's graph for other runtimes; offer reduced precisions that cost little accuracy."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.runtimes.base import Arrays, AtSamples, Runtime
from part_perception.encoder.runtimes.onnx import OnnxRuntime
from part_perception.encoder.runtimes.openvino import OpenVinoRuntime
from part_perception.encoder.runtimes.registry import present
from part_perception.encoder.store import (
    EXPORT_TOLERANCE,
    MANIFEST,
    PROBE,
    RANGES,
    WEIGHTS,
    Probe,
    StoredModel,
    load_manifest,
    load_weights,
    save_ranges,
    sign,
)
from part_perception.errors import InputError
from part_perception.language import Language
from part_perception.metrics import part_ious
from part_perception.model_folders import give_words, language_of, own_models_dir
from part_perception.parts.fusion import FILE as FUSION
from part_perception.parts.motion import FILE as MOTION_NAMES
from part_perception.parts.motion_axes import FILE as MOTION_AXES
from part_perception.segmenter import PartSegmenter
from part_perception.storage import write_atomic

VIEWS = 200
_SEED = 2_000_003


def names_asked(views: int = VIEWS) -> list[str]:
    """Names that compete on the views."""
    return list(dict.fromkeys(name for i in range(views) for name in _first_names(i)[0]))


def measure_miou(
    manifest: Manifest,
    language: Language,
    runtimes: Mapping[str, Runtime],
    views: int = VIEWS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, float]:
    """Mean closed-set IoU of each runtime, in percent, on the same views of the same objects."""
    segmenters = {name: PartSegmenter(manifest, runtime, language) for name, runtime in runtimes.items()}
    scores: dict[str, list[float]] = {name: [] for name in runtimes}
    for i in range(views):
        names, points, truth = _first_names(i)
        for name, segmenter in segmenters.items():
            ious = part_ious(segmenter.label(points, names), truth, len(names))
            scores[name].append(float(np.nanmean(ious)))
        progress(i + 1, views)
    return {name: 100 * float(np.mean(values)) for name, values in scores.items()}


def _first_names(number: int) -> tuple[list[str], np.ndarray, np.ndarray]:
    """First names of a view's parts, its points, and the name index of each point (-1: none)."""
    from part_perception.shapes.names import concepts_of
    from part_perception.training.calibration.fitting import fresh_view

    shape, view = fresh_view(number, _SEED)
    firsts = [concept.names[0] for concept in concepts_of(shape)]
    names = list(dict.fromkeys(firsts))
    return names, view.points, np.array([names.index(first) for first in firsts] + [-1])[view.part]


RANGE_VIEWS = 64
_RANGE_SEED = 3_000_017  # differs from the seeds for accuracy and for confidence


def activation_ranges(model: StoredModel, language: Language, views: int = RANGE_VIEWS) -> np.ndarray:
    """Largest absolute input of each wide layer over the views."""
    from part_perception.training.calibration.fitting import fresh_view

    watching = _Watching(model.written(precision="ranges"))
    at_samples = watching if model.manifest.encoder.decoder else AtSamples(watching)
    segmenter = PartSegmenter(model.manifest, at_samples, language)
    for i in range(views):
        segmenter.encode([fresh_view(i, _RANGE_SEED)[1].points])
    return watching.ranges


class _Watching:
    """A runtime that records the largest input ranges over all its runs."""

    name, alone = "watching", True

    def __init__(self, graph: bytes):
        self._inner = OnnxRuntime(graph)
        self.ranges = np.zeros(0, np.float32)

    def run(self, inputs: Arrays) -> Arrays:
        out = self._inner.run(inputs)
        seen = out.pop("ranges")
        self.ranges = np.maximum(seen, self.ranges) if len(self.ranges) else seen
        return out | {"field": out.get("field", out["language"])}


OPSETS = (17, 13)  # 13 for TensorRT before 8.6, which has no layer normalisation
PRECISIONS = ("fp32", "fp16", "int8", "qdq")


def export_graph(folder: Path, out: Path, opset: int = 17, precision: str = "fp32") -> None:
    """Write a model's graph; fp32 must agree with torch, other precisions must be offered by the model."""
    manifest = load_manifest(folder)
    if opset not in OPSETS or precision not in PRECISIONS:
        raise InputError(f"graphs are written for opset {OPSETS} in {', '.join(PRECISIONS)}")
    if not manifest.offers(precision):
        raise InputError(
            f"the model {manifest.name} is not offered in {precision}: `part-perception models measure` says why"
        )
    graph = StoredModel(folder, manifest).written(opset, precision)
    probe = Probe.make(load_weights(folder, manifest), manifest.encoder, manifest.patches)
    probe.check(OnnxRuntime(graph), precision, EXPORT_TOLERANCE)
    write_atomic(out, graph)


def offer_reduced(
    folder: Path, views: int = VIEWS, progress: Callable[[int, int], None] = lambda done, total: None
) -> tuple[Manifest, dict[str, float]]:
    """Measure each reduced precision that runs here and record its loss; also return all mIoUs."""
    manifest = load_manifest(folder)
    names = (WEIGHTS, PROBE, RANGES, *({MOTION_NAMES, MOTION_AXES, FUSION} & manifest.files.keys()))
    give_words(folder, manifest, names_asked(views), progress)
    language = language_of(folder, manifest)
    graph = StoredModel(folder, manifest).written()
    StoredModel(folder, manifest).probe().check(OnnxRuntime(graph), "fp32", EXPORT_TOLERANCE)
    save_ranges(folder, activation_ranges(StoredModel(folder, manifest), language))
    model = StoredModel(folder, sign(folder, manifest, names))
    runtimes: dict[str, Runtime] = {
        precision: OnnxRuntime(model.written(precision=precision)) for precision in PRECISIONS
    }
    if present("openvino"):
        runtimes["bf16"] = OpenVinoRuntime(graph, "bf16")
    if not manifest.encoder.decoder:
        runtimes = {name: AtSamples(runtime) for name, runtime in runtimes.items()}
    miou = measure_miou(manifest, language, runtimes, views, progress)
    lost = {name: round(miou["fp32"] - value, 3) for name, value in miou.items() if name != "fp32"}
    manifest = replace(manifest, lost=manifest.lost | lost)
    return sign(folder, manifest, names), miou


def measure_beside(
    folder: Path, views: int, progress: Callable[[int, int], None]
) -> tuple[Path, Manifest, dict[str, float]]:
    """Measure a copy, then replace the model with it (in the user's folder if the model's is read-only)."""
    place = folder if writable(folder) else own_models_dir() / folder.name
    place.mkdir(parents=True, exist_ok=True)
    with tidy_when_terminated(), tempfile.TemporaryDirectory(prefix=".measured", dir=place) as name:
        draft = Path(name)
        for file in folder.iterdir():
            if file.is_file():
                shutil.copy2(file, draft)
        manifest, miou = offer_reduced(draft, views, progress)
        put_in_place(draft, place)
    return place, manifest, miou


def writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK)


def put_in_place(draft: Path, place: Path) -> None:
    """Move all files without interruption by Ctrl-C; the manifest with their hashes comes last."""
    files = sorted(
        (file for file in draft.iterdir() if file.is_file()), key=lambda file: file.name == MANIFEST
    )
    with uninterrupted():
        for file in files:
            os.replace(file, place / file.name)


@contextmanager
def tidy_when_terminated() -> Iterator[None]:
    """SIGTERM ends the block as an exception, so that nothing is left behind."""

    def end(number: int, _) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back SIGINT and SIGTERM until the block ends."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
