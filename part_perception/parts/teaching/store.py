"""Taught words: everything a segmenter was taught, and the file that stores it, bound to one encoder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import Manifest
from part_perception.errors import InputError
from part_perception.parts.teaching.word import TaughtWord
from part_perception.storage import checksum, read_file, require_regular, write_atomic

FORMAT = 3
MAX_SIZE = 1 << 28  # bytes
# A file of taught words begins with its header's length and one of these marks, so we recognise ours.
MARKS = (b'{"__metadata__":{"part_perception.taught":"', b'{"__metadata__":{"taught":"')
_KEY, _OLD_KEY, _OLD_FORMAT = "part_perception.taught", "taught", 2
_AXES = {"weights": 1, "shares": 1, "usual": 1, "looks": 2}
Marked = tuple[np.ndarray, np.ndarray]
Tensors = dict[str, np.ndarray]


@dataclass(frozen=True)
class TaughtFile:
    """The contents of a file: words, their examples, and their encoder. Format 2 had no examples."""

    encoder: str
    model: str
    words: dict[str, TaughtWord]
    examples: dict[str, list[Marked]] = field(default_factory=dict)
    format: int = FORMAT


def encoder_of(manifest: Manifest) -> str:
    """The identity of an encoder: the hash of its weights."""
    return manifest.files.get("weights.safetensors") or f"the unsaved encoder of {manifest.name}"


def holds_taught_words(path: Path) -> bool:
    """Whether one of our files is there, sound or damaged. An InputError if another file is there."""
    if not os.path.lexists(path):
        return False
    require_regular(path)
    if path.stat().st_size == 0:  # an empty file holds nothing to lose
        return False
    with open(path, "rb") as file:
        start = file.read(64)[8:]
    if not start.startswith(MARKS):
        raise InputError(f"{path} is not a file of taught words and is left as it is; choose another name")
    return True


def save_taught(
    path: str | Path,
    words: Mapping[str, TaughtWord],
    manifest: Manifest,
    examples: Mapping[str, Sequence[Marked]] | None = None,
) -> None:
    """Write all words and the encoder they belong to, atomically, and never over a file that is not ours."""
    from safetensors.numpy import save

    path, examples = Path(path), examples or {}
    tensors: dict[str, np.ndarray] = {}
    for i, taught in enumerate(words.values()):
        tensors |= {f"{i}.{name}": np.ascontiguousarray(getattr(taught, name)) for name in _AXES}
        for j, (points, mask) in enumerate(examples.get(taught.word, ())):
            tensors[f"{i}.{j}.points"] = np.ascontiguousarray(points, np.float32)
            tensors[f"{i}.{j}.mask"] = np.ascontiguousarray(mask, bool)
    entries = [
        {"word": t.word, "null": float(t.null), "examples": len(examples.get(t.word, ()))}
        for t in words.values()
    ]
    about = {"format": FORMAT, "model": manifest.name, "encoder": encoder_of(manifest), "words": entries}
    tensors = tensors or {"none": np.zeros(1, np.float32)}
    data = save(tensors, metadata={_KEY: json.dumps(about | {"sha256": checksum(about, tensors)})})
    if len(data) > MAX_SIZE:
        raise InputError(
            f"{path} cannot be written: all words need {len(data)} bytes, {MAX_SIZE} is the most"
        )
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}")
    try:
        holds_taught_words(path)
        write_atomic(path, data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from None


def load_taught(path: str | Path, manifest: Manifest) -> dict[str, TaughtWord]:
    """Words from a file, which is refused if they were taught to another encoder."""
    kept = read_taught(Path(path))
    if kept.encoder != encoder_of(manifest):
        raise InputError(
            f"the words in {path} were taught to another encoder ({kept.model}): "
            f"teach them again to {manifest.name}"
        )
    return kept.words


def read_taught(path: Path) -> TaughtFile:
    """Everything in a file; an InputError if it is not ours or is damaged anywhere."""
    if not path.exists():
        raise InputError(f"there is no file of taught words {path}")
    if not holds_taught_words(path):
        raise InputError(f"{path} is not a file of taught words: it is empty")
    about, tensors = _parts_of(path, read_file(path, MAX_SIZE))
    try:
        old = about["format"] == _OLD_FORMAT
        if not old and about.pop("sha256") != checksum(about, tensors):
            raise InputError(f"{path} is damaged: its checksum differs")
        words, examples = {}, {}
        for i, entry in enumerate(about["words"]):
            taught = _word(entry, {name: tensors[f"{i}.{name}"] for name in _AXES})
            words[taught.word] = taught
            count = 0 if old else entry["examples"]
            examples[taught.word] = [
                (tensors[f"{i}.{j}.points"], tensors[f"{i}.{j}.mask"]) for j in range(count)
            ]
        return TaughtFile(str(about["encoder"]), str(about["model"]), words, examples, about["format"])
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise InputError(f"{path} is damaged: it lacks {error}") from None


def _word(entry: dict, arrays: Tensors) -> TaughtWord:
    """One word, after checking its arrays."""
    for name, axes in _AXES.items():
        values = arrays[name]
        if values.ndim != axes or values.dtype.kind != "f" or not np.isfinite(values).all():
            raise TypeError(f"finite numbers in {name}")
    null = float(entry["null"])
    if not np.isfinite(null):
        raise TypeError("a finite null")
    return TaughtWord(
        str(entry["word"]), arrays["weights"], arrays["shares"], null, arrays["usual"], arrays["looks"]
    )


def _parts_of(path: Path, data: bytes) -> tuple[dict, Tensors]:
    """The description and the tensors of a file that begins with our mark."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors = load(data)
        told = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
        about = json.loads(told.get(_KEY) or told[_OLD_KEY])
    except (SafetensorError, ValueError, TypeError, KeyError, RecursionError, MemoryError) as error:
        raise InputError(f"{path} is damaged: {error}") from None
    if not isinstance(about, dict) or about.get("format") != (FORMAT if _KEY in told else _OLD_FORMAT):
        raise InputError(f"{path} is not a file of taught words of format {FORMAT}")
    return about, tensors
