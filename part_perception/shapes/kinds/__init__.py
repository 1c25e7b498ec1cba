"""Kinds of object. `@kind(...)` registers a function that assembles one with a Builder; `KINDS` holds them all."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from part_perception.shapes.builder import Builder, Shape

RESTS = ("stands", "lies", "mounted")


@dataclass(frozen=True)
class Kind:
    """A kind of object: its names (best first), how it rests, and the function that assembles one.

    `front`: it stands or hangs against a wall, so it is usually seen from +x.
    """

    name: str
    names: tuple[str, ...]
    rest: str
    assemble: Callable[[Builder], None]
    front: bool = False

    def make(self, rng: np.random.Generator) -> Shape:
        """One random object of this kind."""
        builder = Builder(rng)
        self.assemble(builder)
        return builder.shape(self.name, self.names)


KINDS: dict[str, Kind] = {}


def kind(*names: str, rest: str = "stands", front: bool = False):
    """Register a kind. rest: 'stands' (z up), 'lies' (built flat, thin in z), 'mounted' (on a wall, facing +x).

    front: it stands against a wall, so it is usually seen from +x.
    """
    if rest not in RESTS:
        raise ValueError(f"rest must be one of {RESTS}, not {rest!r}")

    def register(assemble: Callable[[Builder], None]):
        if names[0] in KINDS:
            raise ValueError(f"the kind {names[0]!r} is defined twice")
        KINDS[names[0]] = Kind(names[0], names, rest, assemble, front)
        return assemble

    return register


def _modules() -> list[str]:
    """The modules of all themes, sorted by their own names, so that the order of KINDS does not depend on themes."""
    found = [m.name for m in pkgutil.walk_packages(__path__, f"{__name__}.") if not m.ispkg]
    return sorted(found, key=lambda name: name.rpartition(".")[2])


for _module in _modules():
    importlib.import_module(_module)
