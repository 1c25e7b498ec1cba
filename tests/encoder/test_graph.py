"""The graph computes what the network in torch does, whatever the opset, and object by object."""

import numpy as np
import onnx
import pytest

from part_perception.encoder.graph import build_graph
from part_perception.encoder.runtimes.onnx import OnnxRuntime
from part_perception.encoder.store import torch_outputs
from tests.encoder.conftest import CONFIG, MOVING, PATCHES_ONLY, SPEC, inputs_of, random_weights

# From the public table of onnx-tensorrt for TensorRT 8.4 (opset 13); LayerNormalization came with 8.6.
TENSORRT_8_4 = {
    "Add", "Cast", "Concat", "DequantizeLinear", "Div", "Erf", "Gather", "Gemm", "Identity", "MatMul", "Mul",
    "QuantizeLinear", "ReduceMax", "ReduceMean", "ReduceSum", "Relu", "Reshape", "Slice", "Softmax", "Sqrt", "Sub",
    "Transpose", "Unsqueeze",
}  # fmt: skip


FORMS = pytest.mark.parametrize(
    "config", [CONFIG, MOVING, PATCHES_ONLY], ids=["decoder", "decoder with motion", "patches only"]
)


@FORMS
@pytest.mark.parametrize("opset", [17, 13])
@pytest.mark.parametrize("seed", [0, 1])
def test_parity_with_torch(config, opset, seed):
    weights, inputs = random_weights(config, seed), inputs_of(seed, seed + 7)
    truth = torch_outputs(weights, config, inputs)
    given = OnnxRuntime(build_graph(weights, config, SPEC, opset)).run(inputs)
    heads = {"language": True, "field": config.field, "motion": config.motion}
    assert set(given) == set(truth) == {name for name, there in heads.items() if there}
    for name in truth:
        assert given[name].shape == truth[name].shape
        assert np.abs(given[name] - truth[name]).max() <= 1e-5
        # samples differ: parity of constants would prove nothing
        assert np.ptp(truth[name], axis=1).max() > 0.05


def test_batch_norms_have_an_effect():
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
        assert np.abs(given[name] - truth[name]).max() > 1e-6  # precision really is reduced


def test_int8_products_are_of_integers():
    model = onnx.load_from_string(build_graph(random_weights(CONFIG), CONFIG, SPEC, precision="int8"))
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("MatMulInteger") >= 4 * CONFIG.depth
    weights = [c for c in model.graph.initializer if c.data_type == onnx.TensorProto.INT8]
    assert sum(np.prod(c.dims) for c in weights) > 0.8 * sum(np.prod(c.dims) for c in model.graph.initializer)


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_an_object_does_not_affect_others_in_its_batch(precision):
    runtime = OnnxRuntime(build_graph(random_weights(CONFIG), CONFIG, SPEC, precision=precision))
    together = runtime.run(inputs_of(0, 1, 2))["language"]
    for i in range(3):
        assert np.array_equal(together[i], runtime.run(inputs_of(i))["language"][0])


def test_the_graph_itself_keeps_objects_apart():
    """The way GPUs run it: the whole batch at once."""
    runtime = OnnxRuntime(build_graph(random_weights(CONFIG), CONFIG, SPEC))
    together = runtime._run(inputs_of(0, 1, 2))["language"]
    for i in range(3):
        assert np.abs(together[i] - runtime._run(inputs_of(i))["language"][0]).max() < 1e-6


def calibrated(weights, *seeds):
    """The inputs of each wide layer, on lamps."""
    return OnnxRuntime(build_graph(weights, CONFIG, SPEC, precision="ranges")).run(inputs_of(*seeds))[
        "ranges"
    ]


def test_ranges_are_those_of_what_enters_the_layers():
    """The last two layers see the same value: the decoder's output, whose largest entry torch computes."""
    import torch

    from part_perception.encoder.runtimes.torch import TorchRuntime

    weights, inputs = random_weights(CONFIG), inputs_of(0)
    network = TorchRuntime(weights, CONFIG, "cpu").network
    seen = {}
    network.decoder.out.register_forward_pre_hook(lambda _, given: seen.update(out=given[0]))
    network.blocks[0].fc2.register_forward_pre_hook(lambda _, given: seen.update(fc2=given[0]))
    with torch.no_grad():
        network.hidden(
            *(torch.from_numpy(inputs[n]) for n in ("groups", "centres", "samples", "near", "weight"))
        )
    ranges = calibrated(weights, 0)
    assert ranges[-1] == ranges[-2] == pytest.approx(float(seen["out"].abs().max()), rel=1e-5)
    # five of the patch network, one of the position, then query, key, value, projection and the first of the MLP
    assert ranges[5 + 1 + 5] == pytest.approx(float(seen["fc2"].abs().max()), rel=1e-5)


def test_qdq_is_symmetric_and_by_column():
    weights, inputs = random_weights(CONFIG), inputs_of(0, 1)
    ranges = calibrated(weights, 0)
    graph = build_graph(weights, CONFIG, SPEC, precision="qdq", ranges=ranges)
    model = onnx.load_from_string(graph)
    constants = {c.name: onnx.numpy_helper.to_array(c) for c in model.graph.initializer}
    quantised = [n for n in model.graph.node if n.op_type in ("QuantizeLinear", "DequantizeLinear")]
    assert len([n for n in quantised if n.input[0] in constants]) == len(ranges)  # every wide layer's weights
    for node in quantised:
        zero = constants[node.input[2]]
        assert zero.dtype == np.int8 and not zero.any()
        if node.input[0] in constants:
            assert constants[node.input[1]].shape == (constants[node.input[0]].shape[1],)
            assert node.attribute[0].i == 1
        else:
            assert constants[node.input[1]].shape == ()
    truth, given = torch_outputs(weights, CONFIG, inputs), OnnxRuntime(graph).run(inputs)
    for name in truth:
        assert (given[name] * truth[name]).sum(axis=-1).min() > 0.98
        assert np.abs(given[name] - truth[name]).max() > 1e-6


def test_ranges_that_are_too_narrow_spoil_qdq():
    weights, inputs = random_weights(CONFIG), inputs_of(0)
    truth = torch_outputs(weights, CONFIG, inputs)["language"]
    narrow = build_graph(weights, CONFIG, SPEC, precision="qdq", ranges=calibrated(weights, 0) / 10)
    assert (OnnxRuntime(narrow).run(inputs)["language"] * truth).sum(axis=-1).mean() < 0.9


@pytest.mark.parametrize("opset", [17, 13])
@pytest.mark.parametrize("precision", ["fp32", "fp16", "qdq"])
@FORMS
def test_tensorrt_has_every_operator(opset, config, precision):
    graph = build_graph(random_weights(config), config, SPEC, opset, precision, np.ones(99))
    model = onnx.load_from_string(graph)
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
        ):
            # the table wants these axes constant
            assert set(node.input[1:]) <= constants


def test_only_the_batch_is_free():
    model = onnx.load_from_string(build_graph(random_weights(CONFIG), CONFIG, SPEC))
    for value in [*model.graph.input, *model.graph.output]:
        first, *others = value.type.tensor_type.shape.dim
        assert first.dim_param == "batch"
        assert all(d.dim_value > 0 for d in others)
