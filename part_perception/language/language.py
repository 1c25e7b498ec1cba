"""Language: gets the vectors of words from the cheapest source that has them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.language.bank import TextBank
from part_perception.language.encoders import (
    TEMPLATES,
    TextEncoder,
    check_templates,
    encode_words,
    text_encoder,
)
from part_perception.language.english import clean, clean_all
from part_perception.language.known_words import KnownWords
from part_perception.language.questions import read_question
from part_perception.storage import cache_dir, models_dir, write_atomic
from part_perception.types import Question

MAX_FILES = 20_000
_DIGEST = 16


class VectorCache:
    """Vectors of one encoder and its templates. Damaged files are dropped; a full disk only costs time."""

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


MAX_REMEMBERED = 2_048  # 4 MB; the others are on disk
MAX_READ = 4_096


class Language:
    """Looks in the bank, memory, disk and the live text model, in order; loads no model when constructed."""

    def __init__(
        self,
        bank: TextBank | None = None,
        encoder: TextEncoder | str | None = None,
        templates: Sequence[str] = TEMPLATES,
    ):
        self.bank = bank
        self.encoder: TextEncoder | None = text_encoder(encoder) if isinstance(encoder, str) else encoder
        self.templates = check_templates(templates)
        if bank is not None:
            self.name = bank.encoder
        elif self.encoder is not None:
            self.name = self.encoder.name
        else:
            raise InputError("a language needs a text bank, a text encoder, or both")
        self._check_same_space()
        self._cache = VectorCache(self.name, self.templates)
        self._remembered: dict[str, np.ndarray] = {}
        self._lock = threading.Lock()

    @classmethod
    def shipped(cls) -> Language:
        """The shipped bank, with MiniLM for other words."""
        return cls(TextBank.load(shipped_bank_path()), "minilm")

    @property
    def dim(self) -> int:
        """Length of the vectors."""
        if self.bank is not None:
            return self.bank.dim
        assert self.encoder is not None  # at least one of the two is set
        return self.encoder.dim

    def known(self, word: str) -> bool:
        """Whether a word can be answered without a text model."""
        return self._find(clean(word)) is not None

    def read(self, text: str, taught: Iterable[str] = ()) -> Question:
        """What a text asks for; taught words are always understood."""
        clean(text)  # refuses what is not text
        return self._read(text, frozenset(taught))

    @cached_property
    def objects(self) -> tuple[tuple[str, ...], np.ndarray]:
        """The names (W,) that the model learned for whole objects, with their vectors (W, D)."""
        bank = self.bank
        if bank is None or not bank.objects:
            return (), np.zeros((0, self.dim), np.float32)
        return bank.objects, bank.vectors[[bank.index[name] for name in bank.objects]]

    @cached_property
    def sizes(self) -> np.ndarray:
        """(W, 2) lengths (metres) of the smallest and largest object of each name; NaN if unknown."""
        names, known = self.objects[0], self.bank.sizes if self.bank else {}
        return np.array([known.get(name, (np.nan, np.nan)) for name in names]).reshape(-1, 2)

    def names_object(self, phrase: str) -> str:
        """ "only" if a phrase names whole objects, "also" if it may name a part as well, "" if it names none."""
        return self.bank.known_words.names_object(phrase) if self.bank else ""

    @cached_property
    def _read(self) -> Callable[[str, frozenset[str]], Question]:
        """A cached reader, because standing queries repeat with every frame."""
        known = self.bank.known_words if self.bank else KnownWords(())
        return lru_cache(maxsize=MAX_READ)(lambda text, taught: read_question(text, known, taught))

    def embed(self, words: Sequence[str]) -> np.ndarray:
        """(n, D) float32, every row of length one; a word without any source is an InputError."""
        cleaned = clean_all(words)
        looked_up = {word: self._find(word) for word in dict.fromkeys(cleaned)}
        found = {word: vector for word, vector in looked_up.items() if vector is not None}
        if missing := [word for word in looked_up if word not in found]:
            found.update(zip(missing, self._ask_model(missing), strict=True))
        return np.stack([found[word] for word in cleaned]) if cleaned else np.zeros((0, self.dim), np.float32)

    def _check_same_space(self) -> None:
        """Check that the bank and the encoder use the same vector space."""
        if self.bank is None:
            return
        if self.encoder is not None and self.encoder.name != self.bank.encoder:
            raise InputError(
                f"the text bank was made with {self.bank.encoder!r} and cannot be mixed with {self.encoder.name!r}"
            )
        if self.bank.templates != self.templates:
            raise InputError(
                f"the text bank was made with the templates {self.bank.templates}, not {self.templates}"
            )

    def _find(self, word: str) -> np.ndarray | None:
        """The vector of a cleaned word from bank, memory or disk."""
        if self.bank is not None and (row := self.bank.index.get(word)) is not None:
            return self.bank.vectors[row]
        if (vector := self._remembered.get(word)) is None and (vector := self._cache.get(word)) is not None:
            self._remember(word, vector)
        return vector

    def _ask_model(self, words: list[str]) -> np.ndarray:
        """Vectors from the live model, stored in memory and on disk."""
        if self.encoder is None:
            raise InputError(_lacking(words, self.name, "no text model is installed"))
        try:
            vectors = encode_words(words, self.encoder, self.templates)
        except InputError as error:
            raise InputError(_lacking(words, self.name, str(error))) from error
        for word, vector in zip(words, vectors, strict=True):
            self._remember(word, vector)
            self._cache.put(word, vector)
        return vectors

    def _remember(self, word: str, vector: np.ndarray) -> None:
        """Keep a vector in memory and drop the oldest if it is full."""
        with self._lock:
            while len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.pop(next(iter(self._remembered)))
            self._remembered[word] = vector


def shipped_bank_path() -> Path:
    """The path of the shipped text bank."""
    return models_dir() / "text_bank.safetensors"


def _lacking(words: list[str], encoder: str, reason: str) -> str:
    """Explain what is missing, why, and what to do."""
    listed = ", ".join(repr(word) for word in words[:3]) + (", ..." if len(words) > 3 else "")
    return (
        f"the text bank lacks {listed} and no model can read it ({reason}): "
        f"add it with `part-perception models bank --encoder {encoder} --words FILE`"
    )
