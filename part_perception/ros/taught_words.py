"""The book of taught words: what was taught, by which examples, kept in files over restarts of the node."""

from __future__ import annotations

import io
import os
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.storage import write_atomic

Marked = tuple[np.ndarray, np.ndarray]
NOWHERE = "none"


def place_of(setting: str, node_name: str) -> Path | None:
    """Where a node keeps its words: as it is set, or in the user's data folder under the node's name."""
    if setting:
        return None if setting == NOWHERE else Path(setting).expanduser()
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    name = node_name.strip("/").replace("/", ".")
    return Path(data) / "part_perception" / "taught" / f"{name}.safetensors"


class TaughtWordStore:
    """Words as the segmenter learned them in one file, their examples in another beside it.

    The words belong to one encoder. To another one they are taught again, by the examples.
    """

    def __init__(self, segmenter, path: Path | None = None, warn: Callable[[str], object] = print):
        self._segmenter, self._path, self._warn = segmenter, path, warn
        self._lock = threading.RLock()
        self.examples: dict[str, list[Marked]] = {}

    def open(self) -> tuple[str, ...]:
        """Know again what was taught before; gives the words."""
        if self._path is None or not self._path.exists():
            return ()
        try:
            self.examples = load_examples(self._beside())
        except InputError as error:
            self._warn(f"{error}; their words are known, but examples can no longer be added to")
        try:
            words = self._segmenter.load_taught(self._path)
        except InputError as error:
            words = self._taught_again(error)
        for word in words:
            self.examples.setdefault(word, [])
        return words

    def learn(self, word: str, marked: list[Marked]) -> list[Marked]:
        """Learn the word from these and its earlier examples, all of which come back."""
        with self._lock:
            examples = [*self.examples.get(word, ()), *marked]
            self._segmenter.teach(word, examples)
            self.examples[word] = examples
            self._save()
            return examples

    def forget(self, word: str) -> None:
        with self._lock:
            self._segmenter.forget(word)
            del self.examples[word]
            self._save()

    def _taught_again(self, why: InputError) -> tuple[str, ...]:
        """By the examples, where there are any; files that cannot be used are set aside."""
        self._set_aside()
        known, self.examples = self.examples, {}
        for word, examples in known.items():
            try:
                self.learn(word, examples)
            except InputError as error:
                self._warn(f"The taught word {word!r} is lost: {error}")
        again = f"; taught again by their examples: {', '.join(self.examples)}" if self.examples else ""
        self._warn(f"Taught words cannot be used: {why}{again}; the file is kept as {self._aside().name}")
        return tuple(self.examples)

    def _save(self) -> None:
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            save_examples(self._beside(), self.examples)
            self._segmenter.save_taught(self._path)
        except (OSError, InputError) as error:
            self._warn(f"Taught words will be gone after a restart: {error}")

    def _beside(self) -> Path:
        return self._path.with_suffix(".examples.npz")

    def _aside(self) -> Path:
        return self._path.with_suffix(".unused" + self._path.suffix)

    def _set_aside(self) -> None:
        try:
            os.replace(self._path, self._aside())
        except OSError as error:
            self._warn(f"{self._path} cannot be set aside: {error}")


def save_examples(path: Path, examples: dict[str, list[Marked]]) -> None:
    """Whole or not at all."""
    arrays: dict[str, np.ndarray] = {"words": np.array(list(examples), dtype=str)}
    for k, marked in enumerate(examples.values()):
        for j, (points, mask) in enumerate(marked):
            arrays[f"{k}.{j}.points"], arrays[f"{k}.{j}.mask"] = points.astype(np.float32), mask
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    write_atomic(path, content.getvalue())


def load_examples(path: Path) -> dict[str, list[Marked]]:
    """Nothing where there is no file; an InputError where it is damaged."""
    if not path.exists():
        return {}
    try:
        with np.load(path, allow_pickle=False) as arrays:
            examples: dict[str, list[Marked]] = {}
            for k, word in enumerate(arrays["words"]):
                count = sum(name.startswith(f"{k}.") for name in arrays.files) // 2
                examples[f"{word}"] = [
                    (arrays[f"{k}.{j}.points"], arrays[f"{k}.{j}.mask"].astype(bool)) for j in range(count)
                ]
            return examples
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(f"The examples in {path} are damaged: {error}") from None
