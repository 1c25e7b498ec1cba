"""Measuring a model beside the installed one: whatever ends it in the middle, the installed model stays whole."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.store import MANIFEST
from part_perception.model_folders import own_models_dir
from part_perception.model_zoo.exporting import offer_reduced


def measure_beside(
    folder: Path, views: int, progress: Callable[[int, int], None]
) -> tuple[Path, Manifest, dict[str, float]]:
    """Measure a copy, then put it in the model's place: in the user's own folder where the model's is read-only."""
    place = folder if writable(folder) else own_models_dir() / folder.name
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".measured", dir=place) as name:
        draft = Path(name)
        for file in folder.iterdir():
            if file.is_file():
                shutil.copy2(file, draft)
        manifest, miou = offer_reduced(draft, views, progress)
        put_in_place(draft, place)
    return place, manifest, miou


def writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK)


def put_in_place(draft: Path, place: Path) -> None:
    """All files at once, so far as Ctrl-C can see; the manifest, which vouches for the others, is the last."""
    files = sorted(
        (file for file in draft.iterdir() if file.is_file()), key=lambda file: file.name == MANIFEST
    )
    with uninterrupted():
        for file in files:
            os.replace(file, place / file.name)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Signals that end a process wait until the block is left."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
