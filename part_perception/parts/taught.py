"""Taught word: a word learned from marked examples, stored as a few hundred numbers on frozen features."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import Manifest
from part_perception.errors import InputError
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.hierarchy import build_hierarchy
from part_perception.parts.scoring import sigmoid
from part_perception.storage import checksum, path_of, read_file, require_regular, write_atomic

LEVELS = (4, 8, 16, 32)
_FIELD_SHARE = 0.5
_LOW, _TOP = 0.05, 20


def frozen(encoded: EncodedObject) -> np.ndarray:
    """(S, d) language features and part field of every sample."""
    return np.concatenate([encoded.features, _FIELD_SHARE * encoded.field], axis=1)


def span(encoded: EncodedObject, weights: np.ndarray) -> tuple[np.ndarray, float, float]:
    """(S,) the smoothed votes of each sample, and the low and high of those votes on this object."""
    votes = encoded.even_out(frozen(encoded) @ weights)
    top = min(_TOP, len(votes))
    return votes, float(np.quantile(votes, _LOW)), float(np.partition(votes, len(votes) - top)[-top:].mean())


def standing(encoded: EncodedObject, weights: np.ndarray) -> np.ndarray:
    """(L, S) votes of samples, and of segments at every level, scaled from the object's low to high (0..1).

    The contrast of a part against its own object transfers to other objects better than the votes themselves.
    """
    votes, low, high = span(encoded, weights)
    return np.stack(pooled(encoded, ((votes - low) / max(high - low, 1e-9))[:, None]))[..., 0]


def pooled(encoded: EncodedObject, values: np.ndarray) -> list[np.ndarray]:
    """`values` (S, d) as they are, and averaged over the segments at every level of the object's tree."""
    tree = build_hierarchy(encoded)
    out = [values]
    for parts in LEVELS:
        segment = tree.cut_samples(min(parts, tree.leaves))
        sums = np.zeros((segment.max() + 1, values.shape[1]), values.dtype)
        np.add.at(sums, segment, values)
        out.append((sums / np.bincount(segment)[:, None].astype(values.dtype))[segment])
    return out


FOUND_AT = 0.5


@dataclass(frozen=True)
class TaughtWord:
    """A sample's logit: the votes of the sample and of its segments, weighted by level share, minus the null.

    `weights` (d,) turn frozen features into votes, `shares` (L,) weight the levels, `usual` (2,) are the low
    and high of the votes on the examples, `looks` (n, f) is the mean feature of each marked part.
    """

    word: str
    weights: np.ndarray
    shares: np.ndarray
    null: float
    usual: np.ndarray
    looks: np.ndarray

    def logits(self, encoded: EncodedObject) -> np.ndarray:
        """(S,) above 0 on the part, if it is present."""
        return (self.shares @ standing(encoded, self.weights) - self.null).astype(np.float32)

    def mask(self, logits: np.ndarray) -> np.ndarray:
        """(S,) bool, never empty."""
        return (logits > 0) | (logits == logits.max())

    def confidence(self, encoded: EncodedObject, logits: np.ndarray, odds: Sequence[float]) -> float:
        """Confidence that the part is present, from its votes relative to the examples' and its look.

        odds: the weight of each piece of evidence with this encoder.
        """
        return float(sigmoid(np.asarray(odds) @ self.evidence(encoded, logits)))

    def evidence(self, encoded: EncodedObject, logits: np.ndarray) -> np.ndarray:
        """(4,) 1, the level, the rise, and the look.

        The level is the highest votes minus those of the examples, the rise is the highest minus the lowest
        votes, both in units of the examples' range. The look is the similarity of the found part to the most
        similar marked part.
        """
        _, low, high = span(encoded, self.weights)
        usual_low, usual_high = self.usual
        spread = max(usual_high - usual_low, 1e-9)
        look = mean_look(encoded, self.mask(logits))
        level = np.clip((high - usual_high) / spread, -3, 1)
        rise = np.clip((high - low) / spread, 0, 2)
        return np.array([1.0, level, rise, float((self.looks @ look).max())])


def mean_look(encoded: EncodedObject, mask: np.ndarray) -> np.ndarray:
    """(f,) the mean feature of some samples, normalised."""
    look = np.concatenate([encoded.features[mask].mean(axis=0), encoded.field[mask].mean(axis=0)])
    return (look / max(float(np.linalg.norm(look)), 1e-9)).astype(np.float32)


FORMAT = 3
MAX_SIZE = 1 << 28  # bytes
# A file of taught words begins with its header's length and one of these marks, so we recognise ours.
MARKS = (b'{"__metadata__":{"part_perception.taught":"', b'{"__metadata__":{"taught":"')
_KEY, _OLD_KEY, _OLD_FORMAT = "part_perception.taught", "taught", 2
_AXES = {"weights": 1, "shares": 1, "usual": 1, "looks": 2}
Marked = tuple[np.ndarray, np.ndarray]
Tensors = dict[str, np.ndarray]


@dataclass(frozen=True)
class TaughtFile:
    """The contents of a file: words, their examples, and their encoder. Format 2 had no examples."""

    encoder: str
    model: str
    words: dict[str, TaughtWord]
    examples: dict[str, list[Marked]] = field(default_factory=dict)
    format: int = FORMAT


def encoder_of(manifest: Manifest) -> str:
    """The identity of an encoder: the hash of its weights."""
    return manifest.files.get("weights.safetensors") or f"the unsaved encoder of {manifest.name}"


def holds_taught_words(path: Path) -> bool:
    """Whether the path holds one of our files, intact or damaged. An InputError if it holds another file."""
    if not os.path.lexists(path):
        return False
    require_regular(path)
    if path.stat().st_size == 0:  # an empty file holds nothing to lose
        return False
    with open(path, "rb") as file:
        start = file.read(64)[8:]
    if not start.startswith(MARKS):
        raise InputError(f"{path} is not a file of taught words and is left as it is; choose another name")
    return True


def save_taught(
    path: str | Path,
    words: Mapping[str, TaughtWord],
    manifest: Manifest,
    examples: Mapping[str, Sequence[Marked]] | None = None,
) -> None:
    """Write all words and the encoder they belong to, atomically, and never over a file that is not ours."""
    from safetensors.numpy import save

    path, kept = path_of(path), _checked(examples, words)
    tensors: dict[str, np.ndarray] = {}
    for i, taught in enumerate(words.values()):
        tensors |= {f"{i}.{name}": np.ascontiguousarray(getattr(taught, name)) for name in _AXES}
        for j, (points, mask) in enumerate(kept.get(taught.word, ())):
            tensors |= {f"{i}.{j}.points": points, f"{i}.{j}.mask": mask}
    entries = [
        {"word": t.word, "null": float(t.null), "examples": len(kept.get(t.word, ()))} for t in words.values()
    ]
    about = {"format": FORMAT, "model": manifest.name, "encoder": encoder_of(manifest), "words": entries}
    tensors = tensors or {"none": np.zeros(1, np.float32)}
    data = save(tensors, metadata={_KEY: json.dumps(about | {"sha256": checksum(about, tensors)})})
    if len(data) > MAX_SIZE:
        raise InputError(
            f"{path} cannot be written: all words need {len(data)} bytes, {MAX_SIZE} is the maximum"
        )
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}")
    try:
        holds_taught_words(path)
        write_atomic(path, data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from None


def _checked(examples, words: Mapping[str, TaughtWord]) -> dict[str, list[Marked]]:
    """The examples of each taught word, as they are stored."""
    if not isinstance(examples or {}, Mapping):
        raise InputError("examples must be a dictionary: for each word, a list of (points, mask)")
    kept: dict[str, list[Marked]] = {}
    for word, marked in (examples or {}).items():
        if word not in words:
            raise InputError(f"there are examples of {word!r}, which was not taught")
        try:
            kept[word] = [
                (np.ascontiguousarray(points, np.float32), np.ascontiguousarray(mask, bool))
                for points, mask in marked
            ]
            fits = all(points.shape == (*mask.shape, 3) and mask.ndim == 1 for points, mask in kept[word])
        except (TypeError, ValueError):
            fits = False
        if not fits:
            raise InputError(
                f"the examples of {word!r} must be a list of (points, mask), with a mark for each point"
            )
    return kept


def load_taught(path: str | Path, manifest: Manifest) -> dict[str, TaughtWord]:
    """Words from a file, which is refused if they were taught to another encoder."""
    kept = read_taught(path_of(path))
    if kept.encoder != encoder_of(manifest):
        raise InputError(
            f"the words in {path} were taught to another encoder ({kept.model}): "
            f"teach them again to {manifest.name}"
        )
    return kept.words


def read_taught(path: Path) -> TaughtFile:
    """Everything in a file; an InputError if it is not ours or is damaged anywhere."""
    if not path.exists():
        raise InputError(f"there is no file of taught words {path}")
    if not holds_taught_words(path):
        raise InputError(f"{path} is not a file of taught words: it is empty")
    about, tensors = _parts_of(path, read_file(path, MAX_SIZE))
    try:
        old = about["format"] == _OLD_FORMAT
        if not old and about.pop("sha256") != checksum(about, tensors):
            raise InputError(f"{path} is damaged: its checksum differs")
        words, examples = {}, {}
        for i, entry in enumerate(about["words"]):
            taught = _word(entry, {name: tensors[f"{i}.{name}"] for name in _AXES})
            words[taught.word] = taught
            count = 0 if old else entry["examples"]
            examples[taught.word] = [
                (tensors[f"{i}.{j}.points"], tensors[f"{i}.{j}.mask"]) for j in range(count)
            ]
        return TaughtFile(str(about["encoder"]), str(about["model"]), words, examples, about["format"])
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise InputError(f"{path} is damaged: it lacks {error}") from None


def _word(entry: dict, arrays: Tensors) -> TaughtWord:
    """One word, after checking its arrays."""
    for name, axes in _AXES.items():
        values = arrays[name]
        if values.ndim != axes or values.dtype.kind != "f" or not np.isfinite(values).all():
            raise TypeError(f"finite numbers in {name}")
    null = float(entry["null"])
    if not np.isfinite(null):
        raise TypeError("a finite null")
    return TaughtWord(
        str(entry["word"]), arrays["weights"], arrays["shares"], null, arrays["usual"], arrays["looks"]
    )


def _parts_of(path: Path, data: bytes) -> tuple[dict, Tensors]:
    """The description and the tensors of a file that begins with our mark."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors = load(data)
        told = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
        about = json.loads(told.get(_KEY) or told[_OLD_KEY])
    except (SafetensorError, ValueError, TypeError, KeyError, RecursionError, MemoryError) as error:
        raise InputError(f"{path} is damaged: {error}") from None
    if not isinstance(about, dict) or about.get("format") != (FORMAT if _KEY in told else _OLD_FORMAT):
        raise InputError(f"{path} is not a file of taught words of format {FORMAT}")
    return about, tensors
