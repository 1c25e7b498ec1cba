"""Kept: graphs derive from weights; each is written once, at its first use, and kept in the user's cache."""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path

from part_perception.errors import InputError
from part_perception.graphs import nodes
from part_perception.storage import cache_dir, file_hash, write_atomic

MAX_KEPT = 16  # the graphs that were unused for longest are removed
_log = logging.getLogger("part_perception")


def kept_graph(name: str, made_from: object, writer: Callable, build: Callable[[], bytes]) -> Path | bytes:
    """The file of a graph, which is built if the cache lacks it; its bytes if nothing can be kept there.

    made_from: everything that it depends on, as JSON. writer: the function that writes it; if its module
    changes, the graph is built again. A file's name ends with its own hash, so a damaged file is built again
    as well. That hash is not fixed in advance: another release of onnx may write the same graph as other bytes.
    """
    folder, stem = cache_dir() / "graphs", f"{name}-{_key(made_from, writer)}"
    for path in folder.glob(f"{stem}-*.onnx"):
        with contextlib.suppress(OSError):
            if file_hash(path) == path.stem.removeprefix(f"{stem}-"):
                os.utime(path)
                return path
    graph = _built(name, build)
    path = folder / f"{stem}-{hashlib.sha256(graph).hexdigest()}.onnx"
    try:
        write_atomic(path, graph)
    except OSError as error:
        _log.warning(
            "the graph of %s cannot be kept in %s (%s): it is built at every start", name, folder, error
        )
        return graph
    _remove_unused(folder)
    return path


def _key(made_from: object, writer: Callable) -> str:
    """A hash of what a graph is made from and of the code that writes it."""
    digest = hashlib.sha256(json.dumps(made_from, sort_keys=True).encode())
    for file in (nodes.__file__, inspect.getfile(writer)):
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()[:16]


def _built(name: str, build: Callable[[], bytes]) -> bytes:
    try:
        return build()
    except ModuleNotFoundError as error:
        if error.name != "onnx":
            raise
        raise InputError(
            f"the graph of {name} must be written once, which needs the package onnx: pip install onnx"
        ) from None


def _remove_unused(folder: Path) -> None:
    with contextlib.suppress(OSError):
        by_use = sorted(folder.glob("*.onnx"), key=lambda file: file.stat().st_mtime)
        for file in by_use[:-MAX_KEPT]:
            file.unlink()
