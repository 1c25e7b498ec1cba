"""Taught words: the node's taught words and their examples, kept in one file over restarts."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from part_perception.errors import InputError
from part_perception.files.arrays import Npz
from part_perception.parts.taught import FORMAT, Marked, TaughtFile, holds_taught_words, read_taught
from part_perception.storage import clear_drafts, data_dir, read_file

if TYPE_CHECKING:
    from part_perception.segmenter import PartSegmenter

NOWHERE = "none"


def place_of(setting: str, node_name: str) -> Path | None:
    """The file of a node's words: the configured one, or one in the user's data folder under the node's name."""
    if setting:
        return None if setting == NOWHERE else Path(os.path.expanduser(setting))
    name = node_name.strip("/").replace("/", ".")
    return data_dir() / "taught" / f"{name}.safetensors"


class TaughtWordStore:
    """Taught words and their examples, in one file that begins with our mark.

    The words belong to one encoder; for another one, they are taught again from the examples.
    """

    def __init__(
        self, segmenter: PartSegmenter, path: Path | None = None, warn: Callable[[str], object] = print
    ):
        self._segmenter, self._warn = segmenter, warn
        # a link stays, its file is replaced
        self._path = None if path is None else Path(os.path.realpath(path))
        self._lock = threading.RLock()
        self.examples: dict[str, list[Marked]] = {}
        # why the newest state is not saved; empty if it is
        self.trouble = "" if path else "taught_words is none"

    def open(self) -> tuple[str, ...]:
        """Load earlier words and return them; an InputError if the file is not ours."""
        path = self._path
        try:
            present = path is not None and holds_taught_words(path)
        except PermissionError as error:
            return self._give_up(error)
        if path is None:
            return ()
        clear_drafts(path)
        kept: TaughtFile | None = None
        known: tuple[str, ...] = ()
        why: InputError | None = None
        if present:
            try:
                kept = read_taught(path)
                known = self._segmenter.load_taught(path)
            except InputError as error:
                why = error
        old = {} if kept and kept.format == FORMAT else self._old_examples(path)
        examples = old or (kept.examples if kept else {})
        self.examples = {word: examples.get(word, []) for word in known}
        again = [word for word in examples if word not in known and self._taught_again(word, examples[word])]
        if why is not None:
            self._tell(why, again, self._set_aside(path))
        if (why or old) and self._save() and old:
            _beside(path).unlink(missing_ok=True)  # the examples are in the one file now
        return tuple(self.examples)

    def learn(self, word: str, marked: list[Marked]) -> list[Marked]:
        """Learn the word from these and its earlier examples, and return all; `trouble` says why it is not saved."""
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

    def _taught_again(self, word: str, examples: list[Marked]) -> bool:
        try:
            self._segmenter.teach(word, examples)
        except InputError as error:
            self._warn(f"The taught word {word!r} is lost: {error}")
            return False
        self.examples[word] = examples
        return True

    def _tell(self, why: InputError, again: list[str], aside: Path | None) -> None:
        taught = f"; taught again from their examples: {', '.join(again)}" if again else ""
        kept = f"; the file is kept as {aside.name}" if aside else ""
        self._warn(f"Taught words cannot be used: {why}{taught}{kept}")

    def _save(self) -> bool:
        """Write the file; if that fails, `trouble` says why."""
        if self._path is None:
            return False
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._segmenter.save_taught(self._path, self.examples)
        except (OSError, InputError) as error:
            self.trouble = f"{error}"
            self._warn(f"Taught words are not kept across restarts: {error}")
            return False
        self.trouble = ""
        return True

    def _give_up(self, error: OSError) -> tuple[str, ...]:
        """A place that we may not read: words are known while the node lives."""
        self.trouble = f"{self._path} cannot be read: {error.strerror}"
        self._warn(f"Taught words are not kept across restarts: {self.trouble}")
        self._path = None
        return ()

    def _set_aside(self, path: Path) -> Path | None:
        """Move our file aside, to an unused name."""
        aside, number = path.with_suffix(".unused" + path.suffix), 1
        while os.path.lexists(aside):
            number += 1
            aside = path.with_suffix(f".unused{number}{path.suffix}")
        try:
            os.rename(path, aside)
        except OSError as error:
            self._warn(f"{path} cannot be set aside: {error.strerror}")
            self._path = None
            return None
        return aside

    # --- before format 3, examples had a file of their own ---------------------------------------------
    def _old_examples(self, path: Path) -> dict[str, list[Marked]]:
        try:
            return load_examples(_beside(path))
        except InputError as error:
            self._warn(f"{error}; their words are known, but their examples are not")
            return {}


def _beside(path: Path) -> Path:
    return path.with_suffix(".examples.npz")


def load_examples(path: Path) -> dict[str, list[Marked]]:
    """Empty if there is no file; an InputError if it is damaged."""
    if not path.exists():
        return {}
    try:
        with Npz(read_file(path)) as arrays:
            words = arrays.get("words", most=1 << 20)
            if words is None:
                raise InputError("has no words")
            examples: dict[str, list[Marked]] = {}
            for k, word in enumerate(words.ravel()):
                count = sum(name.startswith(f"{k}.") for name in arrays.names) // 2
                pairs = [(arrays.get(f"{k}.{j}.points"), arrays.get(f"{k}.{j}.mask")) for j in range(count)]
                whole = [(points, mask) for points, mask in pairs if points is not None and mask is not None]
                if len(whole) < count:
                    raise InputError(f"lacks an example of {str(word)!r}")
                examples[str(word)] = [(points, mask.astype(bool)) for points, mask in whole]
            return examples
    except InputError as error:
        raise InputError(f"The examples in {path} are damaged: {error}") from None
