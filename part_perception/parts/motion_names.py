"""Motion names: what a part's name says about its motion, counted over kinds of object with known joints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.motions import MOTIONS
from part_perception.language import Language
from part_perception.language.cleaning import clean_all
from part_perception.storage import write_atomic

FILE = "motion_names.safetensors"
MAX_NAMES = 1 << 14
_KEY = "part_perception.motion_names"
_WIDTH = 0.06  # of the kernel, in cosine: a name at 0.94 counts a third as much as the word itself
_DOUBT = 1.0  # the weight of the general prior, in kinds of object
_NEAR = 0.5  # in kinds of object: texts that weigh less are not near any name
_LEAST = 1e-3


@dataclass(frozen=True)
class MotionNames:
    """Names of parts (W,), and the number of kinds of object in which such a part has each of MOTIONS (W, 6).

    A kind whose drawers slide in nine of ten shapes counts 0.9 and 0.1.
    """

    names: tuple[str, ...]
    kinds: np.ndarray

    def save(self, path: Path) -> None:
        from safetensors.numpy import save

        rows = np.ascontiguousarray(self.kinds, np.float16)
        write_atomic(path, save({"kinds": rows}, {_KEY: json.dumps(self.names)}))

    @classmethod
    def load(cls, path: Path) -> MotionNames:
        """Read and check a file; anything unexpected is an InputError that names it."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, "numpy") as content:
                names = json.loads((content.metadata() or {})[_KEY])
                kinds = content.get_tensor("kinds")
        except (SafetensorError, OSError, KeyError, ValueError, TypeError, RecursionError) as error:
            raise InputError(f"the motions of names {path} cannot be read: {error}") from None
        listed = (
            isinstance(names, list) and len(names) <= MAX_NAMES and all(isinstance(n, str) for n in names)
        )
        if not listed or clean_all(names) != names or len(set(names)) != len(names):
            raise InputError(f"{path} is damaged: its names are not clean and distinct")
        if kinds.dtype != np.float16 or kinds.shape != (len(names), len(MOTIONS)):
            raise InputError(f"{path} is damaged: {len(names)} names, counts {kinds.dtype} {kinds.shape}")
        if not (np.isfinite(kinds).all() and (kinds >= 0).all()):
            raise InputError(f"{path} is damaged: its counts are not numbers from 0 on")
        return cls(tuple(names), kinds.astype(float))


@dataclass(frozen=True)
class MotionWords:
    """The same with the vectors (W, D) of the names: what a text suggests if it is or nearly means one."""

    names: tuple[str, ...]
    vectors: np.ndarray
    kinds: np.ndarray

    @classmethod
    def of(cls, counted: MotionNames, language: Language) -> MotionWords:
        """Look up the vectors of all names; skip names that the language lacks, and run no text model."""
        known = [i for i, name in enumerate(counted.names) if language.known(name)]
        names = tuple(counted.names[i] for i in known)
        return cls(names, language.embed(names), counted.kinds[known])

    @cached_property
    def usual(self) -> np.ndarray:
        """(6,) the probabilities for a part whose name suggests nothing."""
        total = self.kinds.sum(axis=0) + _LEAST
        return total / total.sum()

    def leaning(self, text: np.ndarray) -> np.ndarray | None:
        """(6,) the log factor by which a text (D,) makes each motion likelier than usual.

        Nearer names count more; None if no name is near.
        """
        if not text.any() or not len(self.vectors):
            return None
        near = np.exp((self.vectors @ text - 1.0) / _WIDTH)
        seen = near @ self.kinds
        if seen.sum() < _NEAR:
            return None
        chances = (seen + _DOUBT * self.usual) / (seen.sum() + _DOUBT)
        return np.log(chances / self.usual)
