"""Encoder time for one object on one core: ours, the published network, and the machine's lower bound.

The floor of a network is the time its matrix products would take at the best rate this machine reaches for
large square products (see SIZES) on the same runtime, thread count and precision. In an int8 graph, the
products for attention and coordinates stay in floating point and count at the fp32 rate. All measurements are
interleaved in one run and use processor time, so other programs on the machine have little effect.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from part_perception.encoder.runtimes.base import Runtime
from part_perception.encoder.runtimes.onnx import OnnxRuntime
from part_perception.encoder.runtimes.openvino import OpenVinoRuntime
from part_perception.encoder.runtimes.registry import choose_runtime, present, processor
from part_perception.encoder.store import StoredModel, load_manifest
from part_perception.evaluation.yardsticks import (
    SIZES,
    eager_network,
    large_product,
    node_times,
    product_flop,
    published_inputs,
    published_weights,
)
from part_perception.terminal import counted, table

ROUNDS = 15
PUBLISHED, OURS = "published", "shipped"
METHOD = (
    "floor: the network's products at the best rate of square products of 512 and 1024, same runtime and one thread; "
    "in int8, what stays real counts at fp32's rate"
)
Flop = dict[str, float]


@dataclass(frozen=True)
class Row:
    """One network on one runtime. `floor_ms` is the time of its products alone.

    `of_eager` is the speed-up over the published network in eager torch.
    """

    network: str
    runtime: str
    ms: float
    floor_ms: float
    over_floor: float
    of_eager: float | None


@dataclass(frozen=True)
class Target:
    """A limit and the value measured against it."""

    text: str
    measured: float
    limit: float

    @property
    def met(self) -> bool:
        return self.measured <= self.limit


def bench_encoder(folder: Path, rounds: int = ROUNDS) -> dict[str, Any]:
    """Run the benchmark; return rows, rates and targets."""
    shipped = StoredModel(folder, load_manifest(folder))
    default = choose_runtime(folder, shipped.manifest).name
    runs, flop, notes = _networks(shipped)
    rated = [p for p in ("fp32", "int8", "bf16") if p != "bf16" or present("openvino")]
    best = in_turns({**runs, **{(p, size): large_product(p, size) for p in rated for size in SIZES}}, rounds)
    each = {p: min(best[p, size] / (2.0 * size**3) for size in SIZES) for p in rated}
    eager = best.get((PUBLISHED, "torch eager:fp32"))
    rows = []
    for (network, runtime), seconds in ((k, best[k]) for k in runs):
        precision = runtime.partition(":")[2]
        parts = flop[network, "int8" if precision == "int8" else "fp32"]
        least = (
            parts["whole"] * each["int8"] + parts["real"] * each["fp32" if precision == "int8" else precision]
        )
        rows.append(
            Row(network, runtime, 1e3 * seconds, 1e3 * least, seconds / least, eager and eager / seconds)
        )
    return {
        "processor": processor(),
        "default": default,
        "method": METHOD,
        "gflops": {p: 1e-9 / each[p] for p in each},
        "gflop": {n: 1e-9 * value["real"] for (n, precision), value in flop.items() if precision == "fp32"},
        "rows": [asdict(row) for row in rows],
        "parts_ms": _parts(shipped),
        "targets": [asdict(t) | {"met": t.met} for t in _targets(rows, default)],
        "notes": notes,
    }


def _parts(shipped: StoredModel) -> dict[str, dict[str, float]]:
    """Time of the shipped network by kind of work, in each precision."""
    inputs = shipped.probe().inputs
    return {p: node_times(shipped.written(precision=p), inputs) for p in ("fp32", "int8")}


def _networks(
    shipped: StoredModel,
) -> tuple[dict[tuple[str, str], Callable], dict[tuple[str, str], Flop], list[str]]:
    """One-object calls by network and runtime, FLOPs of each graph, and notes on what is left out."""
    inputs = shipped.probe().inputs
    graphs = {OURS: ({p: shipped.written(precision=p) for p in ("fp32", "int8")}, inputs)}
    runs: dict[tuple[str, str], Callable] = {}
    notes = []
    try:
        weights = published_weights()
    except ModuleNotFoundError:
        notes.append(
            "torch is not installed: the published network and every comparison with it are left out"
        )
    else:
        runs[PUBLISHED, "torch eager:fp32"] = eager_network(weights)
        graphs[PUBLISHED] = ({p: _published_graph(weights, p) for p in ("fp32", "int8")}, published_inputs())
    if not present("openvino"):
        notes.append("OpenVINO is not installed: no bf16")
    for network, (written, given) in graphs.items():
        opened: dict[str, Runtime] = {f"onnx:{p}": OnnxRuntime(graph) for p, graph in written.items()}
        if present("openvino"):
            opened |= {f"openvino:{p}": OpenVinoRuntime(written["fp32"], p) for p in ("fp32", "bf16")}
        for name, runtime in opened.items():
            runs[network, name] = lambda runtime=runtime, given=given: runtime.run(given)
    flop = {(n, p): product_flop(graph) for n, (written, _) in graphs.items() for p, graph in written.items()}
    return runs, flop, notes


def _published_graph(weights: dict[str, np.ndarray], precision: str) -> bytes:
    from part_perception.encoder.graph import build_graph
    from part_perception.encoder.importing import PUBLISHED_CONFIG, PUBLISHED_PATCHES

    return build_graph(weights, PUBLISHED_CONFIG, PUBLISHED_PATCHES, precision=precision)


def in_turns(calls: dict[Any, Callable], rounds: int) -> dict[Any, float]:
    """Minimum processor time of each call over `rounds` interleaved rounds, after one warm-up round."""
    best = dict.fromkeys(calls, float("inf"))
    for i in counted(range(rounds + 1), "rounds"):
        for name, call in calls.items():
            start = time.process_time()
            call()
            if i:
                best[name] = min(best[name], time.process_time() - start)
    return best


def _targets(rows: list[Row], default: str) -> list[Target]:
    by_name = {(r.network, r.runtime): r for r in rows}
    out = []
    if ours := by_name.get((OURS, default)):
        if ours.of_eager:
            text = (
                "the shipped encoder on the default runtime, as a share of the published one in eager torch"
            )
            out.append(Target(text, 1 / ours.of_eager, 1 / 8))
        out.append(Target("the shipped encoder on the default runtime, over its floor", ours.over_floor, 1.3))
    if (exact := by_name.get((OURS, "onnx:fp32"))) and default != "onnx:fp32":
        out.append(Target("the shipped encoder on onnx:fp32, over its floor", exact.over_floor, 1.3))
    for runtime, limit in (("onnx:fp32", 85.0), ("onnx:int8", 35.0), ("openvino:bf16", 35.0)):
        if row := by_name.get((PUBLISHED, runtime)):
            out.append(Target(f"the published encoder on {runtime}, in ms", row.ms, limit))
    return out


def report(result: dict[str, Any]) -> str:
    """Format the figures as a readable table."""
    lines = [f"{result['processor']}, one core, default runtime {result['default']}"]
    lines.append(result["method"])
    lines += [f"large products in {p}: {rate:.0f} GFLOP/s" for p, rate in result["gflops"].items()]
    lines += [
        f"products of the {n} network: {value:.2f} GFLOP an object" for n, value in result["gflop"].items()
    ]
    head = ("network", "runtime", "ms", "floor ms", "x floor", "x faster than eager")
    rows = [
        (row["network"], row["runtime"], f"{row['ms']:.1f}", f"{row['floor_ms']:.1f}", f"{row['over_floor']:.2f}",
         f"{row['of_eager']:.1f}" if row["of_eager"] else "")
        for row in result["rows"]
    ]  # fmt: skip
    lines.append(table(head, rows))
    for precision, parts in result["parts_ms"].items():
        shares = ", ".join(f"{kind} {ms:.2f}" for kind, ms in parts.items())
        lines.append(f"shipped onnx:{precision}, ms by kind of work: {shares}")
    for target in result["targets"]:
        state = "met   " if target["met"] else "MISSED"
        lines.append(f"{state} {target['text']}: {target['measured']:.3g}, limit {target['limit']:.3g}")
    return "\n".join(lines + result["notes"])
