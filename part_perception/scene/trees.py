"""Trees: boosted decision trees, learned by scikit-learn, as arrays that a robot evaluates without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from part_perception.errors import InputError
from part_perception.jit import compiled

PREFIX = "trees."  # of the arrays' names, where they are stored beside a network's weights


@dataclass(frozen=True)
class Trees:
    """The nodes of all trees (N,), those of a tree one after another.

    A leaf has feature -1 and adds its value to the log-odds. At any other node, evidence up to the value goes on
    with the next node, greater evidence with the node `right`. root (T,): the first node of each tree; base (1,):
    the log-odds before any tree.
    """

    feature: np.ndarray
    value: np.ndarray
    right: np.ndarray
    root: np.ndarray
    base: np.ndarray

    def chances(self, evidence: np.ndarray) -> np.ndarray:
        """(M,) the probability for each row of evidence (M, E) float32."""
        odds = np.full(len(evidence), float(self.base[0]))
        add_leaves(evidence, self.feature, self.value, self.right, self.root, odds)
        return 1.0 / (1.0 + np.exp(-odds))

    def fits(self, evidence: int) -> bool:
        """Whether every path ends in a leaf and asks for nothing beyond the columns of the evidence."""
        arrays, count = vars(self).values(), self.feature.size
        if any(array.ndim != 1 for array in arrays) or len(self.base) != 1:
            return False
        if not len(self.value) == len(self.right) == count:
            return False
        node, inner = np.arange(count), self.feature >= 0
        onward = (self.right > node) & (self.right < count) & (node + 1 < count)
        asked = self.feature < evidence
        known = (self.root >= 0) & (self.root < count)
        return bool(asked.all() and onward[inner].all() and known.all())

    def stored(self) -> dict[str, np.ndarray]:
        """The arrays by the names under which they are stored, as small as possible."""
        kinds = {"feature": np.int8, "right": np.int16, "root": np.int16}
        return {
            PREFIX + name: array.astype(kinds.get(name, np.float32)) for name, array in vars(self).items()
        }

    @classmethod
    def restored(cls, arrays: Mapping[str, np.ndarray]) -> Trees | None:
        """The trees among stored arrays; None if there are none, an InputError if some arrays are missing."""
        missing = [name for name in cls.__annotations__ if PREFIX + name not in arrays]
        if len(missing) == len(cls.__annotations__):
            return None
        if missing:
            raise InputError(f"trees without {' and '.join(missing)} cannot be used")
        whole = {name: arrays[PREFIX + name].astype(np.int32) for name in ("feature", "right", "root")}
        return cls(value=arrays[PREFIX + "value"], base=arrays[PREFIX + "base"], **whole)


@compiled("void(f4[:,::1], i4[::1], f4[::1], i4[::1], i4[::1], f8[::1])")
def add_leaves(evidence, feature, value, right, root, odds):
    """Add to the odds of each row the values of the leaves that it reaches."""
    for row in range(len(evidence)):
        for tree in range(len(root)):
            node = root[tree]
            while feature[node] >= 0:
                node = node + 1 if evidence[row, feature[node]] <= value[node] else right[node]
            odds[row] += value[node]
