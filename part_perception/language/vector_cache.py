"""VectorCache: word vectors from the live model, kept on disk in one small checked file per word."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from part_perception.storage import cache_dir, write_atomic

MAX_FILES = 20_000
_DIGEST = 16


class VectorCache:
    """Vectors of one encoder with one set of templates. Damaged files are dropped; a full disk only costs time."""

    def __init__(self, encoder: str, templates: Sequence[str]):
        key = hashlib.sha256(json.dumps([encoder, list(templates)]).encode()).hexdigest()[:16]
        self.folder = cache_dir() / "text" / f"vectors-{key}"
        self._room: int | None = None  # how many more files fit; counted at the first write

    def get(self, word: str) -> np.ndarray | None:
        """The vector of a word, or None."""
        path = self._path(word)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        digest, vector = content[:_DIGEST], content[_DIGEST:]
        if not vector or digest != _digest(word, vector):
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        return np.frombuffer(vector, np.float32)

    def put(self, word: str, vector: np.ndarray) -> None:
        """Store a vector if the disk allows it."""
        content = np.asarray(vector, np.float32).tobytes()
        with contextlib.suppress(OSError):
            self._make_room()
            write_atomic(self._path(word), _digest(word, content) + content)

    def _path(self, word: str) -> Path:
        return self.folder / hashlib.sha256(word.encode()).hexdigest()[:32]

    def _make_room(self) -> None:
        """Delete the older half when the folder is full."""
        if self._room is None:
            self._room = MAX_FILES - (len(os.listdir(self.folder)) if self.folder.is_dir() else 0)
        if self._room <= 0:
            oldest_first = sorted(self.folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
            for file in oldest_first[: len(oldest_first) // 2 + 1]:
                file.unlink(missing_ok=True)
                self._room += 1
        self._room -= 1


def _digest(word: str, vector: bytes) -> bytes:
    return hashlib.sha256(word.encode() + b"\0" + vector).digest()[:_DIGEST]
