"""Vocabulary: all names with their vectors in one file, so that a training machine needs no text model."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from part_perception.errors import InputError
from part_perception.shapes.names import NameTable, cleaned, collect_names, name_lists
from part_perception.storage import replacing

if TYPE_CHECKING:
    from part_perception.language import Language

FILE = "names.safetensors"
_KEY = "part_perception.names"
_CHUNK = 256
Progress = Callable[[int, int], None]


def save_names(table: NameTable, path: Path) -> None:
    """Write vectors in half precision; names and their lists are JSON in the header."""
    from safetensors.numpy import save_file

    about = json.dumps({"names": table.names, "lists": table.lists or (), "encoder": table.encoder})
    with replacing(path) as draft:
        save_file({"vectors": table.vectors.astype(np.float16)}, draft, {_KEY: about})


def load_names(path: Path) -> NameTable:
    """Read a file written by `save_names`."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as file:
            about = json.loads((file.metadata() or {})[_KEY])
            vectors = file.get_tensor("vectors").astype(np.float32)
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise InputError(f"{path} holds no names: {error}") from None
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    lists = tuple(map(tuple, about["lists"]))
    return NameTable(tuple(about["names"]), vectors, lists, about.get("encoder", "minilm"))


def make_names(
    path: Path,
    more: Sequence[str] = (),
    progress: Progress = lambda done, total: None,
    text: str = "minilm",
    generated: bool = True,
) -> NameTable:
    """Write the names of the user's data and of the data engine, with vectors from a text encoder, to a file."""
    language = _language(text)
    names = collect_names(more) if generated else list(cleaned(tuple(more)))
    vectors = []
    for first in range(0, len(names), _CHUNK):
        vectors.append(language.embed(names[first : first + _CHUNK]))
        progress(min(first + _CHUNK, len(names)), len(names))
    path.parent.mkdir(parents=True, exist_ok=True)
    lists = name_lists() if generated else ()
    save_names(NameTable(tuple(names), np.concatenate(vectors), lists, text), path)
    return load_names(path)


def _language(text: str) -> Language:
    """Return the text model that embeds the names, checking at once that it works."""
    from part_perception.language import Language

    if text == "minilm":
        return Language.shipped()
    language = Language(encoder=text)
    try:
        _ = language.dim
    except InputError as error:
        raise InputError(
            f"{error}; names can be read on another machine: part-perception train vectors F --text {text}"
        ) from error
    return language


def names_for(
    path: Path,
    more: Sequence[str] = (),
    progress: Progress = lambda done, total: None,
    text: str = "minilm",
    generated: bool = True,
) -> NameTable:
    """Return the names in a file, which is rebuilt if it is missing or lacks names of the user's data."""
    if path.is_file():
        table = load_names(path)
        if table.encoder != text:
            raise InputError(f"the names in {path} were encoded by {table.encoder}, not by {text}")
        if all(name in table.index for name in more):
            return table
    return make_names(path, more, progress, text, generated)
