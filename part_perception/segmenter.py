"""PartSegmenter: finds named parts on one object. The main entry point of the library."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.runtimes.base import Runtime
from part_perception.encoder.runtimes.registry import choose_runtime
from part_perception.encoder.store import load_manifest, verified
from part_perception.errors import InputError
from part_perception.inputs import pose_of, query_list
from part_perception.language import Language
from part_perception.language.english import clean
from part_perception.model_folders import find_model, language_of
from part_perception.parts.answering import HANDLE, Moving, answer, best_names
from part_perception.parts.encoded import EncodedObject, at_places, checked_cores, encode_objects, object_list
from part_perception.parts.fusion import FILE as FUSION
from part_perception.parts.fusion import Fusion, SaidPart, fused_by_words
from part_perception.parts.hierarchy import Hierarchy, build_hierarchy, kmeans
from part_perception.parts.matching import Match, carried, carry_over, correspond
from part_perception.parts.motion import FILE as MOTION_NAMES
from part_perception.parts.motion import MotionNames, MotionWords
from part_perception.parts.motion_axes import FILE as MOTION_AXES
from part_perception.parts.motion_axes import MotionAxes
from part_perception.parts.naming import Belief
from part_perception.parts.second_look import likely_places, looked_closer, margins
from part_perception.parts.taught import TaughtWord, load_taught, save_taught
from part_perception.parts.teaching import check_examples, learn, marked_examples, nearest_rows
from part_perception.parts.vocabulary import Vocabulary
from part_perception.types import Answer, Question

Up = Sequence[float] | np.ndarray
_UP = (0.0, 0.0, 1.0)
BATCH = 8  # objects that a GPU encodes together where time is limited
_log = logging.getLogger("part_perception")


class PartSegmenter:
    """Text → part on one object's points. Use `load` to get one."""

    def __init__(
        self,
        manifest: Manifest,
        runtime: Runtime,
        language: Language,
        motion_names: MotionNames | None = None,
        motion_axes: MotionAxes | None = None,
        cores: int = 1,
        fusion: Fusion | None = None,
    ):
        self.manifest = manifest
        self.fusion = fusion
        self.motion_names = motion_names
        self.motion_axes = motion_axes
        self.runtime = runtime
        self.language = language
        self.words = Vocabulary(language, manifest.confidence)
        self.cores = cores

    @classmethod
    def load(cls, model: str | Path | None = None, runtime: str = "auto", cores: int = 0) -> PartSegmenter:
        """The shipped model, or another by its name or folder; on the best runtime, or the requested one.

        cores: how many of a CPU's cores encode objects at once; 0: half of them, at most two.
        """
        folder = find_model(model)
        manifest = load_manifest(folder)
        if not manifest.confidence.calibrated:
            told = "the confidence of %s is not calibrated, so it finds no word: part-perception train calibrate %s"
            _log.warning(told, manifest.name, folder)
        counted, axes, fusion = (
            verified(folder, manifest, name) if name in manifest.files else None
            for name in (MOTION_NAMES, MOTION_AXES, FUSION)
        )
        return cls(
            manifest,
            choose_runtime(folder, manifest, runtime),
            language_of(folder, manifest),
            MotionNames.load(counted) if counted else None,
            MotionAxes.load(axes, manifest.encoder.language) if axes else None,
            checked_cores(cores),
            Fusion.load(fusion) if fusion else None,
        )

    # --- asking -----------------------------------------------------------------------------------------------
    def ask(self, points, queries: Sequence[str], up: Up = _UP) -> Answer:
        """Find each of the queries on this object, with its confidence."""
        questions = [self.read(query) for query in query_list(queries)]
        return self.answer_read(self.encode([points], up), questions, metres=False)[0]

    def read(self, text: str) -> Question:
        """What a text asks for: the plain phrase behind it. An InputError says why it cannot be a question."""
        return self.words.read(text)

    def label(self, points, names: Sequence[str], up: Up = _UP, looks: int = 2) -> np.ndarray:
        """(N,) the index of the best name for every point; -1 only for rows that were not finite.

        looks: with 2, regions where names compete are encoded again on their own, which helps small parts.
        """
        if looks not in (1, 2):
            raise InputError(f"looks must be 1 or 2, not {looks!r}")
        names = query_list(names)
        text, taught = self.words.vectors(names), self.words.taught_among(names)
        encoded = self.encode([points], up)[0]
        rule = self.manifest.confidence
        if looks > 1 and len(names) > 1 and self.manifest.encoder.decoder:
            regions = likely_places(encoded, margins(encoded, text, rule))
            encoded = looked_closer(encoded, regions, self._encode_close(encoded))
        return encoded.to_points(best_names(encoded, text, rule, taught), -1)

    def features(self, points, at=None, up: Up = _UP) -> np.ndarray:
        """(N, D) normalised language features per point, or (M, D) at any positions (M, 3), smoothly blended.

        Rows that are not finite are zero.
        """
        encoded = self.encode([points], up)[0]
        if at is not None:
            return at_places(encoded, encoded.features, at)
        return np.ascontiguousarray(encoded.to_points(encoded.features.T, np.float32(0)).T)

    def field(self, points, at, up: Up = _UP) -> np.ndarray:
        """(M, F) the part field at any positions (M, 3): similar within a part, normalised, smooth."""
        encoded = self.encode([points], up)[0]
        return at_places(encoded, encoded.field, at)

    # --- without words ----------------------------------------------------------------------------------------
    def hierarchy(self, points, up: Up = _UP) -> Hierarchy:
        """The whole tree of merges, from samples to the object; `cut(k)` gives labels at any level."""
        return self._hierarchy(self.encode([points], up)[0])

    def decompose(self, points, parts: int | None = None, up: Up = _UP, method: str = "tree") -> np.ndarray:
        """(N,) part labels without words, largest part first; with parts=None, the tree chooses how many.

        method "tree" cuts the hierarchy, "kmeans" groups the same features without it.
        """
        if method not in ("tree", "kmeans"):
            raise InputError(f"method must be tree or kmeans, not {method!r}")
        encoded = self.encode([points], up)[0]
        tree = self._hierarchy(encoded)
        parts = tree.natural_parts() if parts is None else parts
        return tree.cut(parts) if method == "tree" else kmeans(encoded, parts)

    def cosegment(self, points, others: Sequence, parts: int | None = None, up: Up = _UP) -> list[np.ndarray]:
        """Labels of the first object's decomposition, then of each other object, numbered alike."""
        first, *rest = self.encode([points, *object_list(others)], up)
        tree = self._hierarchy(first)
        labels = tree.cut_samples(tree.natural_parts() if parts is None else parts)
        carried = [(first, labels), *((e, carry_over(first, labels, e)) for e in rest)]
        return [e.to_points(of_samples, -1) for e, of_samples in carried]

    def match(self, a, b, up: Up = _UP) -> Match:
        """For each point of an object, its place on another of its kind, and the confidence in that."""
        return correspond(*self.encode([a, b], up)).of_points()

    def transfer(self, place, a, b, up: Up = _UP) -> tuple[np.ndarray, float]:
        """A place on a or within its length of it, (3,) or a pose (4, 4), in the same form on b, and its confidence."""
        pose = pose_of(place)
        moved, sure = carried(pose, correspond(*self.encode([a, b], up)))
        return (moved if np.ndim(place) == 2 else moved[:3, 3]), sure

    def _hierarchy(self, encoded: EncodedObject) -> Hierarchy:
        return build_hierarchy(encoded, self.manifest.natural_height)

    # --- taught words -----------------------------------------------------------------------------------------
    @property
    def taught(self) -> tuple[str, ...]:
        """The taught words, in order."""
        return tuple(self.words.taught)

    @property
    def lessons(self) -> dict[str, TaughtWord]:
        """What was learned for each taught word."""
        return dict(self.words.taught)

    def teach(self, word: str, examples: Sequence[tuple], up: Up = _UP) -> None:
        """Learn a word from 1 to 8 examples (points, mask), effective at once. A refusal changes nothing."""
        key = clean(word)
        checked = check_examples(examples)
        marked = marked_examples(lambda points: self.encode([points], up)[0], checked)
        self.words.taught[key] = learn(key, marked)

    def forget(self, word: str) -> None:
        """Unlearn a taught word, which then regains its earlier meaning."""
        if self.words.taught.pop(clean(word), None) is None:
            raise InputError(f"{word!r} was not taught, so it cannot be forgotten")

    def save_taught(self, path: str | Path, examples: Mapping[str, Sequence[tuple]] | None = None) -> None:
        """Store all taught words in a file (safetensors) that says which encoder they belong to.

        With the examples of each word, they can be taught to another encoder.
        """
        save_taught(path, self.words.taught, self.manifest, examples)

    def load_taught(self, path: str | Path) -> tuple[str, ...]:
        """Add the words of a file and return them; refuse those that belong to another encoder."""
        words = load_taught(path, self.manifest)
        self.words.taught.update(words)
        return tuple(words)

    def grow(self, points, clicks, not_part=(), up: Up = _UP) -> np.ndarray:
        """(N,) bool: the region meant by clicked places (K, 3), without `not_part`; a mask for teaching."""
        encoded = self.encode([points], up)[0]
        inside, outside = (nearest_rows(encoded, places) for places in (clicks, not_part))
        return self._hierarchy(encoded).region(inside, outside)

    # --- in two steps, for callers with many objects or many questions ----------------------------------------
    def encode(self, objects: Sequence, up: Up = _UP, viewpoint=None) -> list[EncodedObject]:
        """Encode several objects at once: the expensive step.

        viewpoint: the position of the single camera; None: found from the points if they are a single view.
        """
        return encode_objects(self.runtime, self.manifest.patches, objects, up, viewpoint, self.cores)

    @property
    def at_once(self) -> int:
        """How many objects are encoded together: one on each core, or a batch on a GPU."""
        return self.cores if self.runtime.alone else BATCH

    def answer(self, encoded: EncodedObject, queries: Sequence[str]) -> Answer:
        """Ask an encoded object: the cheap step."""
        return self.answer_many([encoded], queries)[0]

    def answer_many(self, encoded: Sequence[EncodedObject], queries: Sequence[str]) -> list[Answer]:
        """Ask several encoded objects the same queries."""
        return self.answer_read(encoded, [self.read(query) for query in query_list(queries)], metres=False)

    def answer_read(
        self,
        encoded: Sequence[EncodedObject],
        questions: Sequence[Question],
        metres: bool = True,
    ) -> list[Answer]:
        """Ask several encoded objects questions that were read before.

        metres: their points are in metres, so size also limits what a whole object may be.
        """
        phrases = [question.phrase for question in questions]
        text, taught = self.words.vectors_of(questions), self.words.taught_among(phrases)
        whole = self.words.whole_objects(encoded, phrases, text, metres)
        rule, moving = self.manifest.confidence, self._moving
        return [
            answer(e, questions, text, rule, taught, {q: chance[i] for q, chance in whole.items()}, moving)
            for i, e in enumerate(encoded)
        ]

    def _encode_close(self, encoded: EncodedObject) -> Callable[[list[np.ndarray]], list[EncodedObject]]:
        """Encodes regions of an object, seen from where the object was seen."""
        runtime, style, up, seen_from = self.runtime, self.manifest.patches, encoded.up, encoded.seen_from
        return lambda regions: encode_objects(runtime, style, regions, up, seen_from, self.cores, close=True)

    def fused(self, answer: Answer, said: Sequence[SaidPart], rows: np.ndarray | None = None) -> Answer:
        """An answer of this segmenter that also considers which parts a 2-D model names on the same object.

        rows (M,): for each of the M points that `said` describes, its row among the object's points, -1 for
        none; None: they are the same points. Only the surest 16 parts count. Without learned weights, nothing
        changes.
        """
        return fused_by_words(answer, said, rows, self.words, self.fusion) if self.fusion else answer

    def role(self, word: str) -> str:
        """What a word names: "part", "object", "both", or "" if it is not understood."""
        return self.words.role(word)

    @cached_property
    def _moving(self) -> Moving:
        handle = self.language.embed([HANDLE])[0] if self.language.known(HANDLE) else None
        return Moving(self.manifest.motion_rule, self.motion_axes, self.motion_words, handle)

    @cached_property
    def motion_words(self) -> MotionWords | None:
        """What part names suggest about motion; None if this model has no such data."""
        return MotionWords.of(self.motion_names, self.language) if self.motion_names else None

    # --- what whole objects are -------------------------------------------------------------------------------
    @property
    def object_found_at(self) -> float:
        """The minimum confidence in a name for an object to be found by it."""
        return self.manifest.confidence.object_found_at

    def called(self, encoded: Sequence[EncodedObject], name: str) -> np.ndarray | None:
        """(N,) the confidence that each encoded object is a named owner; None if the model names none."""
        return self.words.called(encoded, name)

    def believed(self, observations: Sequence[EncodedObject]) -> Belief:
        """What one object is believed to be, from one or several encodings of it."""
        return self.words.believed(observations)

    def known(self, word: str) -> bool:
        """Whether a word can be answered without a text model."""
        return self.words.known(word)

    def embed(self, words: Sequence[str]) -> np.ndarray:
        """(Q, D) text vectors."""
        return self.language.embed(query_list(words))
