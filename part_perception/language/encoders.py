"""Text encoders: their common interface, and how to get one by name."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np

from part_perception.errors import InputError
from part_perception.language.open_clip import PREFIX, OpenClip


@runtime_checkable
class TextEncoder(Protocol):
    """Turns texts into normalised vectors. It is cheap until first used."""

    name: str

    @property
    def dim(self) -> int:
        """Length of its vectors."""
        ...

    def encode(self, texts: list[str]) -> np.ndarray:
        """(n, dim) float32, every row of length one."""
        ...


def text_encoder(spec: str) -> TextEncoder:
    """The encoder with a name: "minilm", or "open_clip:MODEL/WEIGHTS"; the encoder's `.name` is the same."""
    if spec == "minilm":
        from part_perception.language.minilm import MiniLM

        return MiniLM()
    if isinstance(spec, str) and spec.startswith(PREFIX):
        return OpenClip(spec)
    raise InputError(f'unknown text encoder {spec!r}: give "minilm" or "open_clip:MODEL/WEIGHTS"')
