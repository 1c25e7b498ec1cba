"""Examples: marked regions with their names, for teaching, and each in a file of its own."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from part_perception.files.labelled_shapes import LabelledShape, save_shape
from part_perception.geometry.poses import level
from part_perception.view.pointing import Marked


@dataclass(frozen=True)
class Example:
    """A marked region named by a word, for teaching and saving."""

    word: str
    marked: Marked
    mask: np.ndarray

    @property
    def upright(self) -> np.ndarray:
        """(N, 3) the object's points with z upwards."""
        return self.marked.points @ level(self.marked.up).T


def counted(examples: int) -> str:
    return "1 example" if examples == 1 else f"{examples} examples"


class ExampleFiles:
    """The files of a session's examples, in the folders that they are saved in."""

    def __init__(self) -> None:
        self._files: dict[tuple[int, Path], Path] = {}

    def save(self, number: int, example: Example, folder: Path) -> None:
        """Write an example as a labelled shape: over its own file, but never over that of another session."""
        place = (number, folder.resolve())
        if place not in self._files:
            self._files[place] = free_file(folder, example.word.replace(" ", "_"))
        labels = np.where(example.mask, 0, -1)
        shape = LabelledShape(example.word, example.upright, labels, (example.word,), "object", (0, 0, 1))
        save_shape(self._files[place], shape)


def free_file(folder: Path, stem: str) -> Path:
    """The first numbered file of this name that does not exist."""
    names = (folder / f"{stem}_{number:03d}.npz" for number in itertools.count(1))
    return next(file for file in names if not file.exists())
