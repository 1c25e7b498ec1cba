"""Text encoders: their common interface, how to get one by name, and how a word is embedded in several sentences."""

from __future__ import annotations

from collections.abc import Sequence
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


TEMPLATES = ("{}", "a {}", "{} part")


def check_templates(templates: Sequence[str]) -> tuple[str, ...]:
    """The templates as a tuple; each must have exactly one placeholder for the word."""
    if isinstance(templates, str) or not templates:
        raise InputError('templates must be a list such as ["{}", "a {}"]')
    for template in templates:
        if not isinstance(template, str) or template.count("{}") != 1:
            raise InputError(f"a template must have exactly one {{}} for the word, {template!r} has not")
    return tuple(templates)


def encode_words(
    words: Sequence[str], encoder: TextEncoder, templates: Sequence[str] = TEMPLATES
) -> np.ndarray:
    """(n, D) float32: each word in every template encoded, averaged and normalised."""
    templates = check_templates(templates)
    if not words:
        return np.zeros((0, encoder.dim), np.float32)
    said = [template.replace("{}", word) for word in words for template in templates]
    vectors = unit(encoder.encode(said)).reshape(len(words), len(templates), -1)
    return unit(vectors.mean(1))


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows scaled to length one, in float32."""
    vectors = np.asarray(vectors, np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
