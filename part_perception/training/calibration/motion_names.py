"""Count, over many shapes of every kind of object, how the parts move that have a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from part_perception.geometry.motions import MOTIONS
from part_perception.parts.motion_names import MotionNames, MotionWords
from part_perception.shapes.builder import joint_of
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import cleaned

SHAPES_A_KIND = 16

Shares = Mapping[str, np.ndarray]


def shares_of(key: str, shapes: int = SHAPES_A_KIND) -> dict[str, np.ndarray]:
    """Of every name that parts of a kind have, the share (6,) of such parts that has each motion."""
    counts: dict[str, np.ndarray] = {}
    for seed in range(shapes):
        shape = KINDS[key].make(np.random.default_rng(seed))
        for number, part in enumerate(shape.parts):
            joint = joint_of(shape, number)
            motion = MOTIONS.index(joint.kind if joint else "fixed")
            for name in cleaned(part.names):
                counts.setdefault(name, np.zeros(len(MOTIONS)))[motion] += 1
    return {name: count / count.sum() for name, count in counts.items()}


def count_kinds(
    keys: Iterable[str] | None = None, progress: Callable[[int, int], None] = lambda *_: None
) -> dict[str, Shares]:
    """The shares of names by kind of object."""
    keys = list(KINDS if keys is None else keys)
    out: dict[str, Shares] = {}
    for key in keys:
        out[key] = shares_of(key)
        progress(len(out), len(keys))
    return out


def counted(of_kinds: Mapping[str, Shares]) -> MotionNames:
    """The sum over kinds of object, each counting the same."""
    total: dict[str, np.ndarray] = {}
    for shares in of_kinds.values():
        for name, share in shares.items():
            total[name] = total.get(name, 0.0) + share
    names = tuple(sorted(total))
    return MotionNames(names, np.array([total[name] for name in names]).reshape(-1, len(MOTIONS)))


def without(words: MotionWords, shares: Shares) -> MotionWords:
    """What the words say of an object of a kind that was not counted, which has these shares."""
    own = np.array([shares.get(name, np.zeros(len(MOTIONS))) for name in words.names])
    return replace(words, kinds=np.maximum(words.kinds - own, 0.0))
