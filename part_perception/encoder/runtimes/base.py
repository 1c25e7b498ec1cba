"""The protocol of a runtime, and how patches of several objects become its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from part_perception.encoder.patches import Patches


class Runtime(Protocol):
    """Runs one encoder. `name` says where."""

    name: str

    def run(self, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Named inputs with a leading batch axis → named outputs."""


def stack_inputs(objects: Sequence[Patches]) -> dict[str, np.ndarray]:
    """Patches of several objects as one batch; `near` counts the patches of the whole batch."""
    patches = len(objects[0].centres)
    first = (np.arange(len(objects)) * patches)[:, None, None]
    return {
        "groups": np.stack([o.groups for o in objects]),
        "centres": np.stack([o.centres for o in objects]),
        "samples": np.stack([o.samples for o in objects]),
        "near": np.stack([o.near for o in objects]) + first,
        "weight": np.stack([o.weight for o in objects]),
    }
