"""Graphs: write ONNX graphs node by node, keep them in the user's cache, and run them in ONNX Runtime.

A graph derives from weights, so it is not shipped but written on first use. Only writing needs onnx.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np

from part_perception.errors import InputError
from part_perception.storage import cache_dir, file_hash, write_atomic


class GraphNodes:
    """Collects nodes and constants under unique names; calling it adds a node and returns its output."""

    def __init__(self, opset: int = 17):
        self.opset = opset
        self.nodes: list = []
        self.constants: list = []

    def constant(self, value, dtype=np.float32) -> str:
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype, order="C"), name))
        return name

    def __call__(self, operator: str, *inputs: str, **attributes) -> str:
        name = f"v{len(self.nodes)}"
        self.add(operator, list(inputs), [name], **attributes)
        return name

    def add(self, operator: str, inputs: list[str], outputs: list[str], **attributes) -> None:
        """Add a node with outputs named by the caller."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, outputs, name=outputs[0], **attributes))

    def shape(self, *sizes: int) -> str:
        return self.constant(sizes, np.int64)

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None = None) -> str:
        product = self("MatMul", x, self.constant(weight.T))
        return product if bias is None else self("Add", product, self.constant(bias))

    def norm(self, x: str, weight: np.ndarray, bias: np.ndarray, epsilon: float) -> str:
        """Layer norm over the last axis; written out if the opset has none."""
        if self.opset >= 17:
            inputs = (x, self.constant(weight), self.constant(bias))
            return self("LayerNormalization", *inputs, axis=-1, epsilon=epsilon)
        centred = self("Sub", x, self("ReduceMean", x, axes=[-1], keepdims=1))
        variance = self("ReduceMean", self("Mul", centred, centred), axes=[-1], keepdims=1)
        deviation = self("Sqrt", self("Add", variance, self.constant(epsilon)))
        scaled = self("Mul", self("Div", centred, deviation), self.constant(weight))
        return self("Add", scaled, self.constant(bias))

    def gelu(self, x: str) -> str:
        """x * (1 + erf(x / sqrt 2)) / 2, in the form that runtimes recognise and fuse."""
        curve = self("Erf", self("Div", x, self.constant(np.sqrt(2))))
        return self("Mul", self("Mul", x, self("Add", curve, self.constant(1.0))), self.constant(0.5))

    def unit(self, x: str) -> str:
        """Rows scaled to length one."""
        square = self("ReduceSum", self("Mul", x, x), self.shape(-1), keepdims=1)
        length = self("Sqrt", self("Add", square, self.constant(1e-24)))
        return self("Mul", x, self("Div", self.constant(1.0), length))

    def name_output(self, produced: str, name: str) -> None:
        """Give the node's output its public name."""
        self.add("Identity", [produced], [name])

    def model(self, graph_name: str, inputs: list, outputs: list) -> bytes:
        """The serialised model."""
        from onnx import helper

        graph = helper.make_graph(self.nodes, graph_name, inputs, outputs, self.constants)
        opset = [helper.make_opsetid("", self.opset)]
        return helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()


MAX_KEPT = 16  # the least recently used graphs are removed
_log = logging.getLogger("part_perception")


def kept_graph(name: str, made_from: object, writer: Callable, build: Callable[[], bytes]) -> Path | bytes:
    """The file of a graph, built if it is not in the cache; its bytes if the cache cannot be written.

    made_from: everything the graph depends on, as JSON. writer: the function that writes it; if its module
    changes, the graph is built again. A file's name ends with its own hash, so a damaged file is built again
    as well. The hash is not fixed in advance: another onnx release may serialise the same graph differently.
    """
    folder, stem = cache_dir() / "graphs", f"{name}-{_key(made_from, writer)}"
    for path in folder.glob(f"{stem}-*.onnx"):
        with contextlib.suppress(OSError):
            if file_hash(path) == path.stem.removeprefix(f"{stem}-"):
                os.utime(path)
                return path
    graph = _built(name, build)
    path = folder / f"{stem}-{hashlib.sha256(graph).hexdigest()}.onnx"
    try:
        write_atomic(path, graph)
    except OSError as error:
        _log.warning(
            "the graph of %s cannot be stored in %s (%s): it is built at every start", name, folder, error
        )
        return graph
    _remove_unused(folder)
    return path


def _key(made_from: object, writer: Callable) -> str:
    """A hash of the graph's inputs and of the code that writes it."""
    digest = hashlib.sha256(json.dumps(made_from, sort_keys=True).encode())
    for file in (__file__, inspect.getfile(writer)):
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()[:16]


def _built(name: str, build: Callable[[], bytes]) -> bytes:
    try:
        return build()
    except ModuleNotFoundError as error:
        if error.name != "onnx":
            raise
        raise InputError(
            f"the graph of {name} must be written once, which needs the package onnx: pip install onnx"
        ) from None


def _remove_unused(folder: Path) -> None:
    with contextlib.suppress(OSError):
        by_use = sorted(folder.glob("*.onnx"), key=lambda file: file.stat().st_mtime)
        for file in by_use[:-MAX_KEPT]:
            file.unlink()


OFF = "ORT_DISABLE_TELEMETRY"


def onnx_runtime() -> ModuleType:
    """Import onnxruntime with telemetry off; an ImportError if it cannot be switched off."""
    os.environ[OFF] = "1"  # read on loading; after that, a host has been looked up and an id written
    import onnxruntime

    switch_off = getattr(onnxruntime, "disable_telemetry_events", None)
    if switch_off is None:
        version = getattr(onnxruntime, "__version__", "of unknown version")
        raise ImportError(f"onnxruntime {version} has no switch for its telemetry; install another version")
    switch_off()
    return onnxruntime
