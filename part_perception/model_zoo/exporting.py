"""Exporting: a model's graph for other runtimes, and reduced precisions, offered where they cost hardly anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.probe import EXPORT_TOLERANCE, Probe
from part_perception.encoder.runtimes.base import AtSamples, Runtime
from part_perception.encoder.runtimes.onnx import OnnxRuntime
from part_perception.encoder.runtimes.openvino import OpenVinoRuntime
from part_perception.encoder.runtimes.registry import present
from part_perception.encoder.store import (
    GRAPH,
    INT8_GRAPH,
    PROBE,
    RANGES,
    WEIGHTS,
    load_manifest,
    load_weights,
    save_ranges,
    sign,
)
from part_perception.encoder.stored_model import StoredModel
from part_perception.errors import InputError
from part_perception.model_folders import give_words, language_of
from part_perception.model_zoo.accuracy import VIEWS, measure_miou, names_asked
from part_perception.model_zoo.calibration import activation_ranges
from part_perception.parts.motion_names import FILE as MOTION_NAMES
from part_perception.storage import write_atomic

OPSETS = (17, 13)  # 13 for TensorRT before 8.6, which has no layer normalisation
PRECISIONS = ("fp32", "fp16", "int8", "qdq")


def export_graph(folder: Path, out: Path, opset: int = 17, precision: str = "fp32") -> None:
    """Write a model's graph; fp32 has to agree with torch, others have to be offered by the model."""
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
    """Measure every reduced precision that can run here, and record what each loses. The mIoU of all comes back.

    The graphs are written again from the weights, fp32's too.
    """
    manifest = load_manifest(folder)
    names = (WEIGHTS, GRAPH, PROBE, RANGES, *({MOTION_NAMES} & manifest.files.keys()))
    give_words(folder, manifest, names_asked(views), progress)
    language = language_of(folder, manifest)
    graph = StoredModel(folder, manifest).written()
    StoredModel(folder, manifest).probe().check(OnnxRuntime(graph), "fp32", EXPORT_TOLERANCE)
    write_atomic(folder / GRAPH, graph)
    save_ranges(folder, activation_ranges(StoredModel(folder, manifest), language))
    model = StoredModel(folder, sign(folder, manifest, names))
    runtimes: dict[str, Runtime] = {
        precision: OnnxRuntime(model.written(precision=precision)) for precision in PRECISIONS
    }
    if present("openvino"):
        runtimes["bf16"] = OpenVinoRuntime(model.graph(), "bf16")
    if not manifest.encoder.decoder:
        runtimes = {name: AtSamples(runtime) for name, runtime in runtimes.items()}
    miou = measure_miou(manifest, language, runtimes, views, progress)
    lost = {name: round(miou["fp32"] - value, 3) for name, value in miou.items() if name != "fp32"}
    manifest = replace(manifest, lost=manifest.lost | lost)
    if not manifest.offers("int8"):
        return sign(folder, manifest, names), miou
    write_atomic(folder / INT8_GRAPH, model.written(precision="int8"))
    return sign(folder, manifest, (*names, INT8_GRAPH)), miou
