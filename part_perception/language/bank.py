"""TextBank: words and their vectors in one small file, so that common questions need no text model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from part_perception.errors import InputError
from part_perception.language.encoders import TEMPLATES, TextEncoder, check_templates, encode_words, unit
from part_perception.language.english import clean, clean_all
from part_perception.language.known_words import KnownWords
from part_perception.storage import checksum, write_atomic

_KEY = "part_perception.text_bank"
_FIELDS = {"encoder", "templates", "words"}
_ROLES = {"objects", "parts"}
_CHECKSUM = "sha256"  # of everything else; banks of 0.1 have none
_SIZES = "sizes"
_CHUNK = 64


@dataclass(frozen=True)
class TextBank:
    """Cleaned words, their unit vectors (n, D) float32, and the encoder and templates that made them.

    `objects` and `parts` are the words that a model learns as names of objects or parts; others are just
    words. `sizes` has, for names of objects, the lengths in metres of the smallest and the largest.
    """

    words: tuple[str, ...]
    vectors: np.ndarray
    encoder: str
    templates: tuple[str, ...] = TEMPLATES
    objects: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    sizes: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @cached_property
    def known_words(self) -> KnownWords:
        """The names among these words."""
        return KnownWords(self.words, frozenset(self.objects), frozenset(self.parts))

    @cached_property
    def index(self) -> dict[str, int]:
        """The row of each word."""
        return {word: i for i, word in enumerate(self.words)}

    @property
    def dim(self) -> int:
        return self.vectors.shape[1]

    @cached_property
    def hash(self) -> str:
        """SHA-256 of this bank's file."""
        return hashlib.sha256(self._content()).hexdigest()

    def _content(self) -> bytes:
        """The file's bytes: vectors in half precision, and everything else as one JSON text in the header."""
        from safetensors.numpy import save

        about: dict[str, Any] = {"encoder": self.encoder, "templates": self.templates, "words": self.words}
        about |= {"objects": self.objects, "parts": self.parts, _SIZES: self.sizes}
        tensors = {"vectors": np.ascontiguousarray(self.vectors, np.float16)}
        about[_CHECKSUM] = checksum(about, tensors)
        return save(tensors, {_KEY: json.dumps(about)})

    def save(self, path: str | Path) -> None:
        """Write the file atomically."""
        write_atomic(Path(path), self._content())

    @classmethod
    def load(cls, path: str | Path) -> TextBank:
        """Read and check a bank; anything unexpected is an InputError that names it."""
        about, tensors = _read(Path(path))
        stored = about.pop(_CHECKSUM, None)
        if stored is not None and stored != checksum(about, tensors):
            raise InputError(f"the text bank {path} is damaged: its checksum differs")
        if not _FIELDS <= set(about) <= _FIELDS | _ROLES | {_SIZES} or set(tensors) != {"vectors"}:
            raise InputError(
                f"{path} is not a text bank: its fields are {sorted(about)} and {sorted(tensors)}"
            )
        words, vectors = about["words"], tensors["vectors"]
        if vectors.dtype != np.float16 or vectors.ndim != 2 or len(vectors) != len(words):
            raise InputError(
                f"the text bank {path} is damaged: {len(words)} words, vectors {vectors.dtype} {vectors.shape}"
            )
        if len(set(words)) != len(words) or clean_all(words) != words:
            raise InputError(f"the text bank {path} is damaged: its words are not clean and distinct")
        lengths = np.linalg.norm(vectors.astype(np.float32), axis=1)
        if not np.all(np.abs(lengths - 1) < 1e-2):  # also false for NaN
            raise InputError(f"the text bank {path} is damaged: not all vectors have length one")
        roles = [tuple(about.get(role, ())) for role in ("objects", "parts")]
        if not set().union(*roles) <= set(words):
            raise InputError(f"the text bank {path} is damaged: it lacks some of the names that it lists")
        sizes = _checked_sizes(about.get(_SIZES, {}), roles[0], path)
        templates = check_templates(about["templates"])
        return cls(tuple(words), unit(vectors), about["encoder"], templates, roles[0], roles[1], sizes)


def _checked_sizes(sizes: Any, objects: Iterable[str], path: str | Path) -> dict[str, tuple[float, float]]:
    """Object lengths, checked against the bank's format."""
    try:
        read = {name: (float(low), float(high)) for name, (low, high) in dict(sizes).items()}
        if set(read) <= set(objects) and all(0 < low <= high < np.inf for low, high in read.values()):
            return read
    except (TypeError, ValueError):
        pass
    raise InputError(f"the text bank {path} is damaged: its sizes are not lengths of its objects")


def _read(path: Path) -> tuple[dict, dict[str, np.ndarray]]:
    """The description and the tensors of a bank file."""
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise InputError(f"there is no text bank at {path}: make one with `part-perception models bank`")
    try:
        with safe_open(path, "numpy") as content:
            about = json.loads((content.metadata() or {}).get(_KEY, "null"))
            tensors = {name: content.get_tensor(name) for name in content.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError, TypeError) as error:
        raise InputError(f"the text bank {path} cannot be read: {error}") from None
    if not isinstance(about, dict):
        raise InputError(f"{path} is not a text bank: it describes no words")
    return about, tensors


def build_bank(
    words: Iterable[str],
    encoder: TextEncoder,
    path: str | Path,
    templates: Sequence[str] = TEMPLATES,
    keep: TextBank | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    objects: Iterable[str] = (),
    parts: Iterable[str] = (),
    sizes: Mapping[str, tuple[float, float]] = MappingProxyType({}),
) -> TextBank:
    """Encode words (cleaned, each once), write the bank, read it back. The bank `keep` is copied as is.

    Entries of `objects`, `parts` and `sizes` that are not among the words are dropped.
    """
    templates = check_templates(templates)
    if keep is not None and (keep.encoder, keep.templates) != (encoder.name, templates):
        raise InputError(
            f"the existing bank was made with {keep.encoder!r} and {keep.templates}: make a new one"
        )
    vectors = dict(zip(keep.words, keep.vectors, strict=True)) if keep else {}
    new = sorted({clean(word) for word in words} - vectors.keys())
    for start in range(0, len(new), _CHUNK):
        chunk = new[start : start + _CHUNK]
        vectors.update(zip(chunk, encode_words(chunk, encoder, templates), strict=True))
        progress(start + len(chunk), len(new))
    if not vectors:
        raise InputError("a text bank needs at least one word")
    listed = tuple(sorted(vectors))
    roles = [
        tuple(sorted(vectors.keys() & {*before, *map(clean, names)}))
        for before, names in ((keep.objects if keep else (), objects), (keep.parts if keep else (), parts))
    ]
    known = {
        name: size for name, size in {**(keep.sizes if keep else {}), **sizes}.items() if name in roles[0]
    }
    rows = np.stack([vectors[word] for word in listed])
    TextBank(listed, rows, encoder.name, templates, roles[0], roles[1], known).save(path)
    return TextBank.load(path)
