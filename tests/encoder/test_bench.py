"""The encoder's benchmark: operations are counted, targets compared, and without torch it reports what it omits."""

import sys

import pytest

from part_perception.encoder.graph import build_graph
from part_perception.encoder.store import StoredModel, load_manifest
from part_perception.evaluation import bench_encoder as bench
from part_perception.evaluation.bench_encoder import Row, report
from part_perception.evaluation.yardsticks import (
    eager_network,
    large_product,
    node_times,
    product_flop,
    published_inputs,
    published_weights,
)
from tests.encoder.conftest import PATCHES_ONLY, SPEC, random_weights


def test_operations_are_those_of_the_products():
    rows, tokens, dim = 12 * 8, 13, 48
    patch_net = rows * (3 * 16 + 16 * (24 + 32) + 32 * 40) + 12 * (24 * 32 + 40 * dim)
    position = 12 * (3 * 20 + 20 * dim)
    block = tokens * dim * 12 * dim + 2 * tokens * tokens * dim
    wanted = 2 * (patch_net + position + 2 * block + 12 * dim * 28)
    weights = random_weights(PATCHES_ONLY)
    assert product_flop(build_graph(weights, PATCHES_ONLY, SPEC)) == {"real": wanted, "whole": 0}
    stays_real = 2 * (rows * 3 * 16 + 12 * 3 * 20 + 2 * 2 * tokens * tokens * dim)  # coordinates, attention
    told = product_flop(build_graph(weights, PATCHES_ONLY, SPEC, precision="int8"))
    assert told == {"real": stays_real, "whole": wanted - stays_real}


def test_the_yardstick_computes_what_the_folded_network_does():
    """Only the way there differs: it repeats the pooled half for every point."""
    import numpy as np

    from part_perception.encoder.importing import PUBLISHED_CONFIG
    from part_perception.encoder.store import torch_outputs

    weights = published_weights()
    truth = torch_outputs(weights, PUBLISHED_CONFIG, published_inputs())["language"]
    assert truth.shape == (1, 128, 1280)
    assert np.abs(eager_network(weights)()["language"] - truth).max() < 1e-5


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_the_large_product_is_as_large_as_is_said(precision):
    assert large_product(precision, 96)()["y"].shape == (1, 96, 96)


def test_a_graphs_time_is_told_by_kind_of_work(model):
    stored = StoredModel(model, load_manifest(model))
    times = node_times(stored.written(), stored.probe().inputs)
    assert {"products", "gelu", "norms and softmax", "copies"} <= set(times)
    assert all(ms > 0 for ms in times.values()) and list(times.values()) == sorted(
        times.values(), reverse=True
    )


def test_targets_compare_the_default_runtime():
    rows = [
        Row("published", "torch eager:fp32", 100.0, 30.0, 3.3, 1.0),
        Row("shipped", "onnx:int8", 5.0, 2.0, 2.5, 20.0),
        Row("shipped", "onnx:fp32", 6.0, 5.0, 1.2, 17.0),
        Row("published", "onnx:fp32", 90.0, 70.0, 1.3, 1.1),
    ]
    targets = bench._targets(rows, "onnx:int8")
    assert [(t.measured, t.limit, t.met) for t in targets] == [
        (0.05, 0.125, True),
        (2.5, 1.3, False),
        (1.2, 1.3, True),
        (90.0, 85.0, False),
    ]


def test_without_torch_the_published_network_is_left_out(model, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    result = bench.bench_encoder(model, rounds=1)
    assert {row["network"] for row in result["rows"]} == {"shipped"}
    assert any(note.startswith("torch is not installed") for note in result["notes"])
    assert all(row["ms"] > 0 and row["over_floor"] > 0 and row["of_eager"] is None for row in result["rows"])
    text = report(result)
    assert "onnx:int8" in text and "over its floor" in text and bench.METHOD in text
    assert all(f"shipped onnx:{p}, ms by kind of work: " in text for p in ("fp32", "int8"))
