"""TensorRT: engines are built here from the model's graph and cached. A thin adapter around the library."""

from __future__ import annotations

import hashlib
import logging
import os

import numpy as np

from part_perception.encoder.runtimes.engine_cache import EngineCache, EngineKey
from part_perception.encoder.store import StoredModel
from part_perception.errors import InputError
from part_perception.storage import cache_dir, write_atomic


class Device:
    """The first GPU, through the cuda-python package."""

    def __init__(self):
        try:
            try:
                from cuda.bindings import runtime as cuda
            except ImportError:  # releases before 12.6
                from cuda import cudart as cuda
        except ImportError as error:
            raise InputError("TensorRT needs the package cuda-python: pip install cuda-python") from error
        self._cuda = cuda
        try:
            properties = self._call(cuda.cudaGetDeviceProperties(0))
            self.stream = int(self._call(cuda.cudaStreamCreate()))
        except RuntimeError as error:
            raise InputError(f"TensorRT cannot use the GPU ({error}): check the driver") from error
        self.name = properties.name.decode().rstrip("\0")
        self.capability = f"{properties.major}.{properties.minor}"
        self._buffers: dict[str, tuple[int, int]] = {}

    def room(self, name: str, size: int) -> int:
        """The address of a buffer of at least that size."""
        address, held = self._buffers.get(name, (0, 0))
        if held < size:
            if address:
                self._call(self._cuda.cudaFree(address))
            self._buffers[name] = int(self._call(self._cuda.cudaMalloc(size))), size
        return self._buffers[name][0]

    def upload(self, name: str, value: np.ndarray) -> int:
        """Copy an array into its buffer; returns the address."""
        address = self.room(name, value.nbytes)
        to_device = self._cuda.cudaMemcpyKind.cudaMemcpyHostToDevice
        self._call(
            self._cuda.cudaMemcpyAsync(address, value.ctypes.data, value.nbytes, to_device, self.stream)
        )
        self.wait()  # the caller may free the array
        return address

    def download(self, name: str, value: np.ndarray) -> None:
        """Fill an array from its buffer."""
        address = self._buffers[name][0]
        to_host = self._cuda.cudaMemcpyKind.cudaMemcpyDeviceToHost
        self._call(self._cuda.cudaMemcpyAsync(value.ctypes.data, address, value.nbytes, to_host, self.stream))

    def wait(self) -> None:
        self._call(self._cuda.cudaStreamSynchronize(self.stream))

    def _call(self, result: tuple):
        """The value of a CUDA call."""
        status, *values = result
        if int(status) != 0:
            raise RuntimeError(f"CUDA failed: {status}")
        return values[0] if values else None


BATCHES = (1, 4, 16)  # min, usual, max
WORKSPACE_BYTES = 1 << 30
_FIRST, _FIRST_WITH_LAYER_NORM, _FIRST_TYPED = (8, 5), (8, 6), (11, 0)
_log = logging.getLogger("part_perception")


def open_tensorrt(model: StoredModel, precision: str, threads: int = 1) -> TensorRtRuntime:
    """The engine from the cache, or a new one; checked with the model's probe either way."""
    try:
        import tensorrt as trt
    except Exception as error:  # a missing dependency of the library can raise anything
        raise InputError(f"TensorRT cannot be loaded: {error}") from error
    version = tuple(int(n) for n in trt.__version__.split(".")[:2])
    if version < _FIRST:
        raise InputError(f"TensorRT {trt.__version__} is too old: 8.5 or newer is needed")
    # From version 11, types are in the graph; before, flags let the library choose, so it gets fp32.
    written_in = precision if precision == "qdq" or version >= _FIRST_TYPED else "fp32"
    kept = model.graph(written_in, 17 if version >= _FIRST_WITH_LAYER_NORM else 13)
    graph = kept if isinstance(kept, bytes) else kept.read_bytes()
    device, dla = Device(), os.environ.get("PART_PERCEPTION_DLA")
    key = EngineKey(
        hashlib.sha256(graph).hexdigest(), f"tensorrt {trt.__version__}", device.name, device.capability,
        precision + (f"-dla{dla}" if dla else ""), f"batch {BATCHES}",
    )  # fmt: skip
    probe = model.probe()

    def use(engine: bytes) -> TensorRtRuntime:
        runtime = TensorRtRuntime(engine, device)
        probe.check(runtime, precision)
        return runtime

    return EngineCache().fetch(key, lambda: build_engine(graph, precision, key, dla), use)


def build_engine(graph: bytes, precision: str, key: EngineKey, dla: str | None) -> bytes:
    """The serialised engine for batches in range. fp16 and qdq: norms and softmax stay in fp32."""
    import tensorrt as trt

    logger = trt.Logger(trt.Logger.WARNING)
    builder = trt.Builder(logger)
    flag = getattr(trt.NetworkDefinitionCreationFlag, "EXPLICIT_BATCH", None)
    network = builder.create_network(0 if flag is None else 1 << int(flag))
    parser = trt.OnnxParser(network, logger)
    if not parser.parse(graph):
        raise InputError(f"TensorRT cannot read the graph: {parser.get_error(0)}")
    config = builder.create_builder_config()
    config.set_memory_pool_limit(trt.MemoryPoolType.WORKSPACE, WORKSPACE_BYTES)
    profile = builder.create_optimization_profile()
    for i in range(network.num_inputs):
        tensor = network.get_input(i)
        profile.set_shape(tensor.name, *[(batch, *tuple(tensor.shape)[1:]) for batch in BATCHES])
    config.add_optimization_profile(profile)
    if precision != "fp32" and hasattr(trt.BuilderFlag, "FP16"):
        for flag in ("FP16", "OBEY_PRECISION_CONSTRAINTS", *(["INT8"] if precision == "qdq" else [])):
            config.set_flag(getattr(trt.BuilderFlag, flag))
        keep_exact(trt, network)
    if dla:
        config.default_device_type, config.DLA_core = trt.DeviceType.DLA, int(dla)
        config.set_flag(trt.BuilderFlag.GPU_FALLBACK)
    timing_path = (
        cache_dir() / "engines" / f"timing-{hashlib.sha256(key.runtime.encode()).hexdigest()[:8]}.bin"
    )
    stored = timing_path.read_bytes() if timing_path.is_file() else b""
    timing = config.create_timing_cache(stored) or config.create_timing_cache(b"")  # empty if damaged
    config.set_timing_cache(timing, ignore_mismatch=False)
    engine = builder.build_serialized_network(network, config)
    if engine is None:
        raise InputError("TensorRT could not build an engine: its messages above say why")
    try:
        write_atomic(timing_path, bytes(config.get_timing_cache().serialize()))
    except OSError as error:
        _log.warning("the timing cache cannot be stored: %s", error)
    return bytes(engine)


def keep_exact(trt, network) -> None:
    """Keep fp32 where fp16 loses accuracy: norms, softmax, and their sums, roots and quotients."""
    exact = {getattr(trt.LayerType, n, None) for n in ("NORMALIZATION", "SOFTMAX", "REDUCE", "UNARY")} - {
        None
    }
    for i in range(network.num_layers):
        layer = network.get_layer(i)
        if layer.type in exact and all(
            layer.get_output(k).dtype == trt.float32 for k in range(layer.num_outputs)
        ):
            layer.precision = trt.float32
            for k in range(layer.num_outputs):
                layer.set_output_type(k, trt.float32)


class TensorRtRuntime:
    """A deserialised engine. Batches larger than it was built for run in chunks."""

    alone = False

    def __init__(self, engine: bytes, device: Device):
        import tensorrt as trt

        self._device = device
        self._runtime = trt.Runtime(trt.Logger(trt.Logger.WARNING))
        self._engine = self._runtime.deserialize_cuda_engine(engine)
        if self._engine is None:
            raise InputError("TensorRT does not accept the engine")
        self._context = self._engine.create_execution_context()
        names = [self._engine.get_tensor_name(i) for i in range(self._engine.num_io_tensors)]
        self._inputs = [n for n in names if self._engine.get_tensor_mode(n) == trt.TensorIOMode.INPUT]
        self._outputs = [n for n in names if n not in self._inputs]
        self._types = {n: np.dtype(trt.nptype(self._engine.get_tensor_dtype(n))) for n in names}
        self.name = "tensorrt"

    def run(self, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        pieces = []
        patches = inputs["centres"].shape[1]
        for first in range(0, len(inputs["centres"]), BATCHES[-1]):
            piece = {n: inputs[n][first : first + BATCHES[-1]] for n in self._inputs}
            if "near" in piece:
                piece["near"] = piece["near"] - first * patches
            pieces.append(self._run(piece))
        return {n: np.concatenate([p[n] for p in pieces]) for n in self._outputs}

    def _run(self, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        for name in self._inputs:
            value = np.ascontiguousarray(inputs[name], self._types[name])
            self._context.set_input_shape(name, value.shape)
            self._context.set_tensor_address(name, self._device.upload(name, value))
        outputs = {
            n: np.empty(tuple(self._context.get_tensor_shape(n)), self._types[n]) for n in self._outputs
        }
        for name, value in outputs.items():
            self._context.set_tensor_address(name, self._device.room(name, value.nbytes))
        if not self._context.execute_async_v3(self._device.stream):
            raise RuntimeError("TensorRT could not run the engine")
        for name, value in outputs.items():
            self._device.download(name, value)
        self._device.wait()
        return {name: value.astype(np.float32, copy=False) for name, value in outputs.items()}
