"""The TensorRT adapter against a stand-in for the library: what it requests, what it keeps, and when it rebuilds.

The library itself is not available where these tests run. The stand-in follows its documented interface, runs a graph
through ONNX Runtime, and copies between "device" and host by address, so that a wrong name, shape, type or order shows.
"""

import ctypes
import io
import sys
from enum import IntEnum
from types import SimpleNamespace

import numpy as np
import onnx
import pytest

from part_perception.encoder.runtimes import tensorrt
from part_perception.encoder.runtimes.onnx import OnnxRuntime
from part_perception.encoder.runtimes.registry import choose_runtime
from part_perception.encoder.store import load_manifest
from part_perception.errors import InputError
from tests.encoder.conftest import inputs_of

MAGIC = b"stand-in engine "


class Layer:
    def __init__(self, kind):
        self.type, self.num_outputs, self.precision, self.kept = kind, 1, None, None

    def get_output(self, _):
        return SimpleNamespace(dtype="float32")

    def set_output_type(self, _, kind):
        self.kept = kind


class Library:
    """The module `tensorrt`."""

    float32 = "float32"
    BuilderFlag = IntEnum("BuilderFlag", "FP16 INT8 OBEY_PRECISION_CONSTRAINTS GPU_FALLBACK")
    LayerType = IntEnum("LayerType", "NORMALIZATION SOFTMAX REDUCE UNARY MATRIX_MULTIPLY")
    DeviceType = IntEnum("DeviceType", "GPU DLA")
    MemoryPoolType = IntEnum("MemoryPoolType", "WORKSPACE")
    TensorIOMode = IntEnum("TensorIOMode", "INPUT OUTPUT")

    def __init__(self, version="10.9.0"):
        self.__version__ = version
        self.NetworkDefinitionCreationFlag = SimpleNamespace(EXPLICIT_BATCH=0)
        if version.startswith("11"):  # types stand in the graph: these are gone
            self.BuilderFlag = IntEnum("BuilderFlag", "GPU_FALLBACK")
            self.NetworkDefinitionCreationFlag = SimpleNamespace()
        self.builds, self.configs, self.networks = 0, [], []

    class Logger:
        WARNING = 2

        def __init__(self, level):
            assert level == 2

    @staticmethod
    def nptype(kind):
        return kind

    def Builder(self, logger):  # noqa: N802
        return self

    def create_network(self, flags):
        layers = [Layer(kind) for kind in self.LayerType]
        network = SimpleNamespace(
            graph=b"", layers=layers, num_layers=len(layers), get_layer=layers.__getitem__
        )
        self.networks.append(network)
        return network

    def OnnxParser(self, network, logger):  # noqa: N802
        def parse(graph):
            network.graph = graph
            inputs = onnx.load_from_string(graph).graph.input
            tensors = [
                SimpleNamespace(
                    name=i.name, shape=[-1, *(d.dim_value for d in i.type.tensor_type.shape.dim[1:])]
                )
                for i in inputs
            ]
            network.num_inputs, network.get_input = len(tensors), tensors.__getitem__
            return True

        return SimpleNamespace(parse=parse)

    def create_builder_config(self):
        config = SimpleNamespace(flags=set(), pools={}, profiles=[], timing=None)
        config.set_flag = config.flags.add
        config.set_memory_pool_limit = config.pools.__setitem__
        config.add_optimization_profile = config.profiles.append
        config.create_timing_cache = lambda content: (
            SimpleNamespace(serialize=lambda: b"timing", start=content)
            if content in (b"", b"timing")
            else None
        )
        config.set_timing_cache = lambda cache, ignore_mismatch: setattr(config, "timing", cache)
        config.get_timing_cache = lambda: config.timing
        self.configs.append(config)
        return config

    def create_optimization_profile(self):
        shapes = {}
        return SimpleNamespace(shapes=shapes, set_shape=lambda name, *three: shapes.__setitem__(name, three))

    def build_serialized_network(self, network, config):
        self.builds += 1
        return MAGIC + network.graph

    def Runtime(self, logger):  # noqa: N802
        return SimpleNamespace(deserialize_cuda_engine=self._engine)

    def _engine(self, content):
        if not content.startswith(MAGIC):
            return None
        runtime = OnnxRuntime(content[len(MAGIC) :])
        names = runtime._wanted + runtime._given
        return SimpleNamespace(
            num_io_tensors=len(names),
            get_tensor_name=names.__getitem__,
            get_tensor_mode=lambda n: (
                self.TensorIOMode.INPUT if n in runtime._wanted else self.TensorIOMode.OUTPUT
            ),
            get_tensor_dtype=lambda n: np.int64 if n == "near" else np.float32,
            create_execution_context=lambda: Context(runtime),
        )


class Context:
    """Reads and writes at the addresses it is given."""

    def __init__(self, runtime):
        self.runtime, self.shapes, self.addresses = runtime, {}, {}
        self.set_input_shape = self.shapes.__setitem__
        self.set_tensor_address = self.addresses.__setitem__

    def _inputs(self):
        kinds = {n: np.int64 if n == "near" else np.float32 for n in self.runtime._wanted}
        out = {}
        for name, kind in kinds.items():
            size = int(np.prod(self.shapes[name])) * np.dtype(kind).itemsize
            out[name] = np.frombuffer(ctypes.string_at(self.addresses[name], size), kind).reshape(
                self.shapes[name]
            )
        return out

    def get_tensor_shape(self, name):
        return self.runtime._run(self._inputs())[name].shape

    def execute_async_v3(self, stream):
        assert stream == 77
        for name, value in self.runtime._run(self._inputs()).items():
            ctypes.memmove(self.addresses[name], np.ascontiguousarray(value).ctypes.data, value.nbytes)
        return True


class Cuda:
    """The module `cuda.bindings.runtime`, whose device is the host."""

    cudaMemcpyKind = SimpleNamespace(cudaMemcpyHostToDevice=1, cudaMemcpyDeviceToHost=2)  # noqa: N815

    def __init__(self):
        self.blocks = {}

    def cudaGetDeviceProperties(self, _):  # noqa: N802
        return 0, SimpleNamespace(name=b"Orin\0\0", major=8, minor=7)

    def cudaStreamCreate(self):  # noqa: N802
        return 0, 77

    def cudaStreamSynchronize(self, stream):  # noqa: N802
        return (0,)

    def cudaMalloc(self, size):  # noqa: N802
        block = ctypes.create_string_buffer(size)
        self.blocks[ctypes.addressof(block)] = block
        return 0, ctypes.addressof(block)

    def cudaFree(self, address):  # noqa: N802
        del self.blocks[address]
        return (0,)

    def cudaMemcpyAsync(self, to, source, size, kind, stream):  # noqa: N802
        ctypes.memmove(to, source, size)
        return (0,)


@pytest.fixture
def library(monkeypatch):
    def install(version="10.9.0"):
        fake = Library(version)
        cuda = Cuda()
        monkeypatch.setitem(sys.modules, "tensorrt", fake)
        monkeypatch.setitem(sys.modules, "cuda", SimpleNamespace(bindings=SimpleNamespace(runtime=cuda)))
        monkeypatch.setitem(sys.modules, "cuda.bindings", SimpleNamespace(runtime=cuda))
        return fake

    return install


def test_it_computes_the_model_and_keeps_the_engine(model, library, tmp_path):
    fake, manifest = library(), load_manifest(model)
    truth = choose_runtime(model, manifest, "onnx:fp32").run(inputs_of(0, 1, 2))
    for _ in range(2):
        given = choose_runtime(model, manifest, "tensorrt:fp32").run(inputs_of(0, 1, 2))
        assert all(np.abs(given[name] - truth[name]).max() < 1e-6 for name in truth)
    assert fake.builds == 1
    kept = {p.suffix for p in (tmp_path / "cache" / "engines").iterdir()}
    assert kept == {".engine", ".json", ".lock", ".bin"}


def test_batches_beyond_the_profile_run_in_pieces(model, library):
    library()
    seeds = range(18)
    truth = choose_runtime(model, load_manifest(model), "onnx:fp32").run(inputs_of(*seeds))["language"]
    given = choose_runtime(model, load_manifest(model), "tensorrt:fp32").run(inputs_of(*seeds))["language"]
    assert given.shape == truth.shape and np.abs(given - truth).max() < 1e-6


def test_the_profile_and_the_workspace(model, library):
    fake = library()
    choose_runtime(model, load_manifest(model), "tensorrt:fp32")
    (config,) = fake.configs
    assert config.profiles[0].shapes["centres"] == ((1, 12, 3), (4, 12, 3), (16, 12, 3))
    assert set(config.profiles[0].shapes) == {"groups", "centres", "samples", "near", "weight"}
    assert config.pools == {fake.MemoryPoolType.WORKSPACE: 1 << 30}
    assert config.flags == set()


def test_fp16_keeps_norms_and_softmax_exact_and_dla_is_an_option(model, library, monkeypatch):
    from dataclasses import replace

    fake = library()
    monkeypatch.setenv("PART_PERCEPTION_DLA", "1")
    choose_runtime(model, replace(load_manifest(model), lost={"fp16": 0.0}), "tensorrt")
    (config,), (network,) = fake.configs, fake.networks
    assert config.flags == set(fake.BuilderFlag) - {fake.BuilderFlag.INT8}
    assert (config.default_device_type, config.DLA_core) == (fake.DeviceType.DLA, 1)
    exact = {layer.type for layer in network.layers if layer.precision == layer.kept == "float32"}
    assert exact == set(fake.LayerType) - {fake.LayerType.MATRIX_MULTIPLY}


@pytest.fixture
def reduced(model):
    """The small model, offered in fp16 and, with measured ranges, in qdq."""
    from dataclasses import replace

    from part_perception.encoder.store import RANGES, StoredModel, save_ranges, sign

    manifest = replace(load_manifest(model), lost={"fp16": 0.0, "qdq": 0.2})
    graph = StoredModel(model, manifest).written(precision="ranges")
    save_ranges(model, OnnxRuntime(graph).run(inputs_of(0))["ranges"])
    return sign(model, manifest, (*manifest.files, RANGES))


def operators(network) -> set[str]:
    return {node.op_type for node in onnx.load_from_string(network.graph).graph.node}


def test_qdq_is_read_from_the_graph_and_int8_is_allowed(model, library, reduced):
    fake = library()
    assert choose_runtime(model, reduced, "tensorrt:qdq").name == "tensorrt:qdq"
    (config,), (network,) = fake.configs, fake.networks
    assert {"QuantizeLinear", "DequantizeLinear"} <= operators(network)
    assert config.flags == set(fake.BuilderFlag) - {fake.BuilderFlag.GPU_FALLBACK}


@pytest.mark.parametrize(("precision", "sign"), [("fp16", "Cast"), ("qdq", "QuantizeLinear"), ("fp32", None)])
def test_from_version_11_the_graph_holds_the_types(model, library, reduced, precision, sign):
    fake = library("11.4.1")
    choose_runtime(model, reduced, f"tensorrt:{precision}")
    (config,), (network,) = fake.configs, fake.networks
    assert config.flags == set()
    assert operators(network) & {"Cast", "QuantizeLinear"} == ({sign} if sign else set())
    assert all(layer.precision is None for layer in network.layers)


def test_versions_without_named_tensors_are_refused(model, library):
    library("8.4.1")
    with pytest.raises(ValueError, match=r"TensorRT 8\.4\.1 is too old: 8\.5 or newer is needed"):
        choose_runtime(model, load_manifest(model), "tensorrt:fp32")


def test_a_damaged_timing_cache_is_started_afresh(model, library, tmp_path):
    fake = library()
    choose_runtime(model, load_manifest(model), "tensorrt:fp32")
    (timing,) = (tmp_path / "cache" / "engines").glob("timing-*.bin")
    assert timing.read_bytes() == b"timing"
    for content, start in ((b"timing", b"timing"), (b"\xff" * 9, b"")):
        timing.write_bytes(content)
        for engine in timing.parent.glob("*.engine"):
            engine.unlink()
        choose_runtime(model, load_manifest(model), "tensorrt:fp32")
        assert fake.configs[-1].timing.start == start


@pytest.mark.parametrize(("version", "opset"), [("8.5.2", 13), ("8.6.1", 17), ("10.9.0.34", 17)])
def test_old_versions_get_the_graph_without_layer_norms(model, library, version, opset):
    fake = library(version)
    choose_runtime(model, load_manifest(model), "tensorrt:fp32")
    assert onnx.load(io.BytesIO(fake.networks[0].graph)).opset_import[0].version == opset


def test_another_version_builds_its_own(model, library):
    library("10.9.0")
    choose_runtime(model, load_manifest(model), "tensorrt:fp32")
    newer = library("10.10.0")
    choose_runtime(model, load_manifest(model), "tensorrt:fp32")
    assert newer.builds == 1


@pytest.mark.parametrize("spoilt", [b"", b"\x07" * 500])
def test_a_damaged_engine_is_rebuilt(model, library, tmp_path, spoilt):
    fake = library()
    choose_runtime(model, load_manifest(model), "tensorrt:fp32")
    (engine,) = (tmp_path / "cache" / "engines").glob("*.engine")
    engine.write_bytes(spoilt)
    choose_runtime(model, load_manifest(model), "tensorrt:fp32")
    assert fake.builds == 2 and engine.read_bytes().startswith(MAGIC)


def test_a_gpu_that_cannot_be_used_is_refused(model, library, monkeypatch):
    library()
    monkeypatch.setattr(Cuda, "cudaStreamCreate", lambda self: (35, 0))
    with pytest.raises(InputError, match="CUDA failed: 35"):
        choose_runtime(model, load_manifest(model), "tensorrt:fp32")


def test_a_cuda_error_while_running_is_not_the_callers_fault(model, library, monkeypatch):
    library()
    runtime = choose_runtime(model, load_manifest(model), "tensorrt:fp32")
    monkeypatch.setattr(Cuda, "cudaStreamSynchronize", lambda self, stream: (2,))
    with pytest.raises(RuntimeError, match="CUDA failed: 2"):
        runtime.run(inputs_of(0))


def test_buffers_grow_and_are_freed(library):
    library()
    device = tensorrt.Device()
    assert (device.name, device.capability) == ("Orin", "8.7")
    small = device.room("x", 10)
    assert device.room("x", 8) == small
    device.room("x", 1000)
    assert small not in device._cuda.blocks and len(device._cuda.blocks) == 1
