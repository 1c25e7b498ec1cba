"""The runtime protocol, and the stacking of patches of several objects into its inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.patches import Patches

Arrays = dict[str, np.ndarray]


class Runtime(Protocol):
    """Runs one encoder."""

    @property
    def name(self) -> str:
        """The runtime and device it runs on."""

    @property
    def alone(self) -> bool:
        """Whether objects are best run one by one, several threads at once, rather than in a batch."""

    def run(self, inputs: Arrays) -> Arrays:
        """Named inputs with a leading batch axis → named outputs."""


class Source(Protocol):
    """The source a runtime is opened from: encoder.store.StoredModel."""

    @property
    def manifest(self) -> Manifest: ...

    def graph(self, precision: str = "fp32", opset: int = 17) -> Path | bytes:
        """The ONNX graph in a precision."""

    def weights(self) -> Arrays:
        """The network's weights by name."""


def stack_inputs(objects: Sequence[Patches]) -> Arrays:
    """Patches of several objects as one batch; `near` indexes the patches of the whole batch."""
    patches = len(objects[0].centres)
    first = (np.arange(len(objects)) * patches)[:, None, None]
    return {
        "groups": np.stack([o.groups for o in objects]),
        "centres": np.stack([o.centres for o in objects]),
        "samples": np.stack([o.samples for o in objects]),
        "near": np.stack([o.near for o in objects]) + first,
        "weight": np.stack([o.weight for o in objects]),
    }


def one_by_one(run: Callable[[Arrays], Arrays], inputs: Arrays) -> Arrays:
    """Run a batch object by object: as fast on a CPU, less memory, and objects cannot affect each other."""
    count, patches = inputs["centres"].shape[:2]
    if count == 1:
        return run(inputs)
    outputs = []
    for i in range(count):
        single = {name: value[i : i + 1] for name, value in inputs.items()}
        if "near" in single:
            single["near"] = single["near"] - i * patches
        outputs.append(run(single))
    return {name: np.concatenate([o[name] for o in outputs]) for name in outputs[0]}


class AtSamples:
    """Turns a runtime's features at patches into features at samples, each from its nearest patches."""

    def __init__(self, inner: Runtime):
        self.inner = inner
        self.name, self.alone = inner.name, inner.alone

    def run(self, inputs: Arrays) -> Arrays:
        language = self.inner.run(inputs)["language"]
        near = language.reshape(-1, language.shape[-1])[inputs["near"]]
        blended = np.einsum("bsjd,bsj->bsd", near, inputs["weight"])
        blended /= np.maximum(np.linalg.norm(blended, axis=-1, keepdims=True), 1e-12)
        return {"language": blended, "field": blended}
