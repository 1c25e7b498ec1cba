"""PartSegmenter: one object in, named parts out. The library's front door."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.patches import make_patches
from part_perception.encoder.runtimes.base import Runtime, stack_inputs
from part_perception.encoder.runtimes.choosing import choose_runtime
from part_perception.encoder.store import load_manifest
from part_perception.inputs import finite_points, level, query_list, unit_up
from part_perception.language import Language
from part_perception.language.cleaning import clean_all
from part_perception.model_zoo.places import find_model, language_of
from part_perception.parts.answering import answer, best_names
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.hierarchy import Hierarchy, build_hierarchy
from part_perception.types import Answer

Up = Sequence[float] | np.ndarray
_UP = (0.0, 0.0, 1.0)


class PartSegmenter:
    """Text → part on one object's points. `load` is the way to get one."""

    def __init__(self, manifest: Manifest, runtime: Runtime, language: Language):
        self.manifest = manifest
        self.runtime = runtime
        self.language = language

    @classmethod
    def load(cls, model: str | Path | None = None, runtime: str = "auto", threads: int = 1) -> PartSegmenter:
        """The shipped model, or another by its name or folder; on the best runtime here, or on the one asked for."""
        folder = find_model(model)
        manifest = load_manifest(folder)
        return cls(manifest, choose_runtime(folder, manifest, runtime, threads), language_of(folder, manifest))

    # --- asking -----------------------------------------------------------------------------------------------
    def ask(self, points, queries: Sequence[str], up: Up = _UP) -> Answer:
        """Where is each of the queries on this object, and how sure is that?"""
        queries = query_list(queries)
        clean_all(queries)
        return self.answer(self.encode([points], up)[0], queries)

    def label(self, points, names: Sequence[str], up: Up = _UP) -> np.ndarray:
        """(N,) the index of the best of the names for every point; -1 only for rows that were not finite."""
        text = self.language.embed(query_list(names))
        encoded = self.encode([points], up)[0]
        return encoded.to_points(best_names(encoded, text, self.manifest.confidence), -1)

    def features(self, points, up: Up = _UP) -> np.ndarray:
        """(N, D) normalised language features of every point; rows that were not finite are zero."""
        encoded = self.encode([points], up)[0]
        return np.ascontiguousarray(encoded.to_points(encoded.features.T, np.float32(0)).T)

    # --- without words ----------------------------------------------------------------------------------------
    def hierarchy(self, points, up: Up = _UP) -> Hierarchy:
        """The whole tree of merges, from samples to the object; `cut(k)` gives labels at any level."""
        return build_hierarchy(self.encode([points], up)[0])

    def decompose(self, points, parts: int | None = None, up: Up = _UP) -> np.ndarray:
        """(N,) part labels without words, the largest part first; parts=None lets the tree choose how many."""
        if parts is not None and (isinstance(parts, bool) or not isinstance(parts, (int, np.integer))):
            raise ValueError(f"parts must be a whole number or None, not {parts!r}")
        tree = self.hierarchy(points, up)
        return tree.cut(tree.natural_parts() if parts is None else int(parts))

    # --- in two steps, for callers with many objects or many questions ----------------------------------------
    def encode(self, objects: Sequence, up: Up = _UP) -> list[EncodedObject]:
        """Several objects in one go: the expensive step."""
        upright = level(unit_up(up))
        checked = [finite_points(points) for points in objects]
        if not checked:
            return []
        patches = [make_patches(points @ upright.T, self.manifest.patches, clean=True) for points, _, _ in checked]
        out = self.runtime.run(stack_inputs(patches))
        return [
            EncodedObject(
                points, rows, total, upright[2], p,
                (p.samples[: p.count] * p.scale + p.centre) @ upright,
                out["language"][i, : p.count], out["field"][i, : p.count],
            )
            for i, ((points, rows, total), p) in enumerate(zip(checked, patches, strict=True))
        ]  # fmt: skip

    def answer(self, encoded: EncodedObject, queries: Sequence[str]) -> Answer:
        """Ask an encoded object: cheap."""
        return self.answer_many([encoded], queries)[0]

    def answer_many(self, encoded: Sequence[EncodedObject], queries: Sequence[str]) -> list[Answer]:
        """Ask several encoded objects the same."""
        queries = query_list(queries)
        text = self.language.embed(queries)
        return [answer(e, queries, text, self.manifest.confidence) for e in encoded]

    def known(self, word: str) -> bool:
        """Whether a word can be answered without a text model."""
        return self.language.known(word)

    def embed(self, words: Sequence[str]) -> np.ndarray:
        """(Q, D) text vectors."""
        return self.language.embed(query_list(words))
