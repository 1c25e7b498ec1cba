"""Vocabulary: all names with their vectors in one file, so that a training machine needs no text model."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from part_perception.shapes.names import NameTable, collect_names, name_lists
from part_perception.storage import replacing

FILE = "names.safetensors"
_KEY = "part_perception.names"
_CHUNK = 256


def save_names(table: NameTable, path: Path) -> None:
    """Vectors in half precision; names and their lists as JSON in the header."""
    from safetensors.numpy import save_file

    about = json.dumps({"names": table.names, "lists": table.lists or (), "encoder": table.encoder})
    with replacing(path) as draft:
        save_file({"vectors": table.vectors.astype(np.float16)}, draft, {_KEY: about})


def load_names(path: Path) -> NameTable:
    """Read a file that `save_names` wrote."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as file:
            about = json.loads((file.metadata() or {})[_KEY])
            vectors = file.get_tensor("vectors").astype(np.float32)
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise ValueError(f"{path} holds no names: {error}") from None
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    lists = tuple(map(tuple, about["lists"]))
    return NameTable(tuple(about["names"]), vectors, lists, about.get("encoder", "minilm"))


def make_names(
    path: Path, more: Sequence[str] = (), progress: Callable[[int, int], None] = lambda done, total: None
) -> NameTable:
    """The names of data engine and own data with vectors from the text model, kept in a file."""
    from part_perception.language import Language

    language, names = Language.shipped(), collect_names(more)
    vectors = []
    for first in range(0, len(names), _CHUNK):
        vectors.append(language.embed(names[first : first + _CHUNK]))
        progress(min(first + _CHUNK, len(names)), len(names))
    path.parent.mkdir(parents=True, exist_ok=True)
    save_names(NameTable(tuple(names), np.concatenate(vectors), name_lists()), path)
    return load_names(path)


def names_for(
    path: Path, more: Sequence[str] = (), progress: Callable[[int, int], None] = lambda done, total: None
) -> NameTable:
    """The names kept in a file; made anew where there is none or own data brought names that it lacks."""
    if path.is_file():
        table = load_names(path)
        if all(name in table.index for name in more):
            return table
    return make_names(path, more, progress)
