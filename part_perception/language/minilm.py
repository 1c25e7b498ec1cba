"""MiniLM: all-MiniLM-L6-v2 on ONNX Runtime, without torch. Nothing is loaded until the first text."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from functools import cached_property

import numpy as np

from part_perception.errors import InputError
from part_perception.language.minilm_files import WEIGHTS_SHA256, MiniLMFiles, find_files
from part_perception.language.minilm_graph import WIDTH, build_graph
from part_perception.onnx_runtime import onnx_runtime
from part_perception.storage import cache_dir, file_hash, write_atomic

_GRAPH_VERSION = 1
_LONGEST_TOKENS = 256
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
        tokenizer.enable_truncation(_LONGEST_TOKENS)
        return tokenizer

    @cached_property
    def _session(self):
        """The graph from the cache if it is valid, otherwise rebuilt and stored."""
        stem = f"minilm-{WEIGHTS_SHA256[:12]}-v{_GRAPH_VERSION}"
        for path in (cache_dir() / "text").glob(f"{stem}-*.onnx"):
            try:
                if file_hash(path) != path.stem.removeprefix(f"{stem}-"):  # its name contains its hash
                    continue
                session = _open(str(path))  # from the file: 40 MB less memory than from its bytes
                if self._sound(session):
                    return session
            except Exception:  # damaged in any way: it is only a copy
                continue
        graph = build_graph(self._files.tensor)
        session = _open(graph)
        if not self._sound(session):
            raise InputError(
                "the text model computes wrong vectors with this ONNX Runtime: use another version"
            )
        with contextlib.suppress(OSError):  # no space or permission: it is built again next time
            for damaged in (cache_dir() / "text").glob(f"{stem}*.onnx"):
                damaged.unlink()
            write_atomic(cache_dir() / "text" / f"{stem}-{hashlib.sha256(graph).hexdigest()}.onnx", graph)
        return session

    def _sound(self, session) -> bool:
        """Whether the graph reproduces a known vector."""
        vector = self._run(session, [self._tokenizer.encode(_PROBE).ids])[0]
        return bool(np.allclose(vector[: len(_PROBE_VECTOR)], _PROBE_VECTOR, atol=1e-4))


def _open(graph: bytes | str):
    """A session from a graph or its path, on one thread that sleeps between texts."""
    onnxruntime = onnx_runtime()

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
