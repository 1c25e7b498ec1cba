"""StoredModel: a model's folder with its manifest, and the graphs that runtimes open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from part_perception.encoder.graph import build_graph
from part_perception.encoder.manifest import Manifest
from part_perception.encoder.probe import Probe
from part_perception.encoder.store import GRAPH, INT8_GRAPH, PROBE, load_ranges, load_weights, verified


@dataclass(frozen=True)
class StoredModel:
    """A model's folder with its manifest."""

    folder: Path
    manifest: Manifest

    def graph(self, precision: str = "fp32") -> Path | bytes:
        """The graph in a precision: a checked file, or built from the weights."""
        if precision in ("fp32", "int8"):
            return verified(self.folder, self.manifest, GRAPH if precision == "fp32" else INT8_GRAPH)
        return self.written(precision=precision)

    def written(self, opset: int = 17, precision: str = "fp32") -> bytes:
        """The graph built from the weights; qdq also needs the measured ranges."""
        ranges = load_ranges(self.folder, self.manifest) if precision == "qdq" else ()
        return build_graph(
            self.weights(), self.manifest.encoder, self.manifest.patches, opset, precision, ranges
        )

    def weights(self) -> dict[str, np.ndarray]:
        return load_weights(self.folder, self.manifest)

    def probe(self) -> Probe:
        return Probe.load(verified(self.folder, self.manifest, PROBE))
