"""Taught words: all that a segmenter was taught, and the file that keeps them. They belong to one encoder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import Manifest
from part_perception.errors import InputError
from part_perception.parts.teaching.word import TaughtWord
from part_perception.storage import write_atomic

FORMAT = 2
_ARRAYS = ("weights", "shares", "usual", "looks")


def encoder_of(manifest: Manifest) -> str:
    """What tells one encoder from another: the hash of its weights."""
    return manifest.files.get("weights.safetensors") or f"the unsaved encoder of {manifest.name}"


def save_taught(path: str | Path, words: dict[str, TaughtWord], manifest: Manifest) -> None:
    """Write all words with the encoder they belong to; the file appears whole or not at all."""
    from safetensors.numpy import save

    path = Path(path)
    tensors = {f"{i}.{name}": getattr(t, name) for i, t in enumerate(words.values()) for name in _ARRAYS}
    about = {
        "format": FORMAT,
        "model": manifest.name,
        "encoder": encoder_of(manifest),
        "words": [{"word": t.word, "null": t.null} for t in words.values()],
    }
    data = save(
        {k: np.ascontiguousarray(v) for k, v in tensors.items()} or {"none": np.zeros(1, np.float32)},
        metadata={"taught": json.dumps(about)},
    )
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}")
    try:
        write_atomic(path, data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None


def load_taught(path: str | Path, manifest: Manifest) -> dict[str, TaughtWord]:
    """Words from a file; refused if they were taught to another encoder."""
    about, tensors = _read(Path(path))
    if about["encoder"] != encoder_of(manifest):
        raise InputError(
            f"the words in {path} were taught to another encoder ({about['model']}): "
            f"teach them again to {manifest.name}"
        )
    try:
        return {
            entry["word"]: TaughtWord(
                entry["word"],
                tensors[f"{i}.weights"],
                tensors[f"{i}.shares"],
                float(entry["null"]),
                tensors[f"{i}.usual"],
                tensors[f"{i}.looks"],
            )
            for i, entry in enumerate(about["words"])
        }
    except (KeyError, TypeError) as error:
        raise InputError(f"{path} is damaged: it lacks {error}") from error


def _read(path: Path) -> tuple[dict, dict[str, np.ndarray]]:
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise InputError(f"there is no file of taught words {path}")
    try:
        with safe_open(path, "np") as file:
            about = json.loads((file.metadata() or {}).get("taught", "null"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, json.JSONDecodeError) as error:
        raise InputError(f"{path} is no file of taught words, or damaged: {error}") from error
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise InputError(f"{path} is no file of taught words of format {FORMAT}")
    if not {"encoder", "model", "words"} <= about.keys():
        raise InputError(f"{path} is damaged: its manifest is not complete")
    return about, tensors
