"""The graph computes what the network in torch does, whatever the opset, and object by object."""

import numpy as np
import onnx
import pytest

from part_perception.encoder.graph import build_graph
from part_perception.encoder.probe import torch_outputs
from part_perception.encoder.runtimes.onnx import OnnxRuntime
from tests.encoder.conftest import CONFIG, PATCHES_ONLY, SPEC, inputs_of, random_weights

# From the public table of onnx-tensorrt for TensorRT 8.4 (opset 13); LayerNormalization came with 8.6.
TENSORRT_8_4 = {
    "Add", "Cast", "Concat", "Div", "Erf", "Gather", "Identity", "MatMul", "Max", "Mul", "ReduceMax", "ReduceMean",
    "ReduceSum", "Relu", "Reshape", "Slice", "Softmax", "Sqrt", "Sub", "Transpose", "Unsqueeze",
}  # fmt: skip


@pytest.mark.parametrize("config", [CONFIG, PATCHES_ONLY], ids=["decoder", "patches only"])
@pytest.mark.parametrize("opset", [17, 13])
@pytest.mark.parametrize("seed", [0, 1])
def test_parity_with_torch(config, opset, seed):
    weights, inputs = random_weights(config, seed), inputs_of(seed, seed + 7)
    truth = torch_outputs(weights, config, inputs)
    given = OnnxRuntime(build_graph(weights, config, SPEC, opset)).run(inputs)
    assert set(given) == set(truth) == ({"language", "field"} if config.field else {"language"})
    for name in truth:
        assert given[name].shape == truth[name].shape
        assert np.abs(given[name] - truth[name]).max() <= 1e-5
        assert (
            np.ptp(truth[name], axis=1).max() > 0.05
        )  # samples differ: parity of constants would say nothing


def test_batch_norms_count():
    weights, inputs = random_weights(CONFIG), inputs_of(0)
    plain = dict(weights)
    for key, value in weights.items():
        if "running_var" in key:
            plain[key] = np.ones_like(value)
    one, other = (OnnxRuntime(build_graph(w, CONFIG, SPEC)).run(inputs)["language"] for w in (weights, plain))
    assert np.abs(one - other).max() > 1e-3


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_reduced_precisions_stay_close(precision):
    weights, inputs = random_weights(CONFIG), inputs_of(0, 1)
    truth = torch_outputs(weights, CONFIG, inputs)
    given = OnnxRuntime(build_graph(weights, CONFIG, SPEC, precision=precision)).run(inputs)
    for name in truth:
        assert (given[name] * truth[name]).sum(axis=-1).min() > 0.99
        assert np.abs(given[name] - truth[name]).max() > 1e-6  # it is reduced at all


def test_int8_products_are_of_integers():
    model = onnx.load_from_string(build_graph(random_weights(CONFIG), CONFIG, SPEC, precision="int8"))
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("MatMulInteger") >= 4 * CONFIG.depth
    weights = [c for c in model.graph.initializer if c.data_type == onnx.TensorProto.INT8]
    assert sum(np.prod(c.dims) for c in weights) > 0.8 * sum(np.prod(c.dims) for c in model.graph.initializer)


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_an_object_does_not_touch_the_others_of_its_batch(precision):
    runtime = OnnxRuntime(build_graph(random_weights(CONFIG), CONFIG, SPEC, precision=precision))
    together = runtime.run(inputs_of(0, 1, 2))["language"]
    for i in range(3):
        assert np.array_equal(together[i], runtime.run(inputs_of(i))["language"][0])


def test_the_graph_itself_keeps_objects_apart():
    """As GPUs run it: the whole batch in one go."""
    runtime = OnnxRuntime(build_graph(random_weights(CONFIG), CONFIG, SPEC))
    together = runtime._run(inputs_of(0, 1, 2))["language"]
    for i in range(3):
        assert np.abs(together[i] - runtime._run(inputs_of(i))["language"][0]).max() < 1e-6


@pytest.mark.parametrize("opset", [17, 13])
@pytest.mark.parametrize("config", [CONFIG, PATCHES_ONLY], ids=["decoder", "patches only"])
def test_tensorrt_has_every_operator(opset, config):
    model = onnx.load_from_string(build_graph(random_weights(config), config, SPEC, opset))
    onnx.checker.check_model(model, full_check=True)
    used = {node.op_type for node in model.graph.node}
    assert used - TENSORRT_8_4 == ({"LayerNormalization"} if opset == 17 else set())
    constants = {c.name for c in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type in (
            "Slice",
            "Unsqueeze",
            "Reshape",
            "ReduceSum",
        ):  # the table wants these axes constant
            assert set(node.input[1:]) <= constants


def test_only_the_batch_is_free():
    model = onnx.load_from_string(build_graph(random_weights(CONFIG), CONFIG, SPEC))
    for value in [*model.graph.input, *model.graph.output]:
        first, *others = value.type.tensor_type.shape.dim
        assert first.dim_param == "batch"
        assert all(d.dim_value > 0 for d in others)
