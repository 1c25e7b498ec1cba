"""Fresh questions: queries about a generated view's parts and whole object, with ground truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from part_perception.encoder.manifest import OBJECT_EVIDENCE, Confidence
from part_perception.language.everyday import LOOSELY_GENERIC
from part_perception.parts.naming import Naming, tails
from part_perception.parts.scoring import sigmoid
from part_perception.shapes.builder import Shape
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import Names, NameTable, concepts_of
from part_perception.simulation.views import View

ABSENT = 4
_SHOWN_SHARE = 0.01
_FIRST_NAME = 0.6
_TOO_LIKE = 0.5
_TRIES = 200
_SMALL_WORDS = {
    "a", "an", "the", "of", "to", "it", "its", "in", "on", "at", "for", "up", "by", "from", "with", "is", "one", "or",
    "what", "where", "which", "that", "part", "goes",
}  # fmt: skip


def questions(shape: Shape, view: View, table: NameTable, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return names of visible parts with their points, and names of parts that only other objects have."""
    concepts = concepts_of(shape)
    asked: dict[str, np.ndarray] = {}
    for concept in dict.fromkeys(concepts):
        if (name := _pick(concept.names, table, rng)) is None:
            continue
        true = np.array([table.truth(c)[table.index[name]] == 1 for c in concepts] + [False])[view.part]
        if true.mean() >= _SHOWN_SHARE and true.sum() >= 8:
            asked[name] = true
    for name in absent_names(shape, table, rng, ABSENT):
        asked[name] = np.zeros(len(view.part), bool)
    return asked


def absent_names(shape: Shape, table: NameTable, rng: np.random.Generator, count: int) -> list[str]:
    """Draw names of other objects' parts, as frequent as there, that do not apply to any part of this one.

    Names that share a word with this object's, mean nearly the same or fit most objects are not asked,
    because finding their parts would not be wrong.
    """
    concepts = concepts_of(shape)
    said = {n for c in concepts for n in (*c.kind, *c.names, *c.above)}
    own_words = set().union(*map(_words, said))
    own = table.vectors[[table.index[n] for n in said if n in table.index]]
    untrue = (np.stack([table.truth(c) for c in concepts]) == 0).all(axis=0)
    found: dict[str, None] = {}
    for _ in range(_TRIES):
        other = concepts_of(list(KINDS.values())[rng.integers(len(KINDS))].make(rng))
        name = _pick(other[rng.integers(len(other))].names, table, rng)
        if name is None or not untrue[table.index[name]]:
            continue
        words = _words(name)
        like = own @ table.vectors[table.index[name]]
        if not words & own_words and words - LOOSELY_GENERIC and like.max(initial=-1) <= _TOO_LIKE:
            found[name] = None
        if len(found) == count:
            break
    return list(found)


def _pick(names: Names, table: NameTable, rng: np.random.Generator) -> str | None:
    """Pick one of a part's names, usually the first."""
    known = [n for n in names if n in table.index]
    if not known:
        return None
    return known[0] if rng.random() < _FIRST_NAME else known[rng.integers(len(known))]


def _words(name: str) -> set[str]:
    """Return the content words of a name, with singular and plural treated alike."""
    return {word.rstrip("s") for word in name.split() if word not in _SMALL_WORDS}


_ABSENT = 6


@dataclass(frozen=True)
class AskedNames:
    """Evidence (Q, 2) and truth (Q,) for names of one object, and the same for its most likely name.

    The false names fit the object's size, as a share `sized` of all false names does; the rest are never
    found.
    """

    evidence: np.ndarray
    true: np.ndarray
    likeliest: np.ndarray
    likeliest_true: bool
    sized: float = 1.0


def ask_names(
    naming: Naming, pooled: np.ndarray, length: float, kind: Names, rng: np.random.Generator
) -> AskedNames | None:
    """Ask one name of the object (D,) and some false ones of its size; None if the model knows no name."""
    own = [naming.rows[name] for name in kind if name in naming.rows]
    if not own:
        return None
    lengths = np.array([length])
    foreign = np.all([naming.rivals(naming.names[row], naming.vectors[row]) for row in own], axis=0)
    sized = foreign & np.isfinite(naming.logits(pooled[None], lengths)[0])
    share = max(sized.sum(), 1) / max(foreign.sum(), 1)
    foreign = sized if sized.any() else foreign
    true = own[0] if rng.random() < _FIRST_NAME else own[rng.integers(len(own))]
    asked = [true, *rng.choice(np.flatnonzero(foreign), _ABSENT)]
    evidence = [
        naming.evidence(pooled[None], naming.names[row], naming.vectors[row], lengths)[0] for row in asked
    ]
    best, why = naming.likeliest(pooled, length)
    right = any(best in tails(name) for name in kind)
    return AskedNames(np.array(evidence), np.arange(len(asked)) == 0, why, right, float(share))


def fit_names(asked: Sequence[AskedNames], rule: Confidence, absent_rate: float) -> Confidence:
    """Fit the chance that a name is true by logistic regression, and the threshold for few wrong names."""
    if not asked:
        return rule
    evidence, true = np.concatenate([a.evidence for a in asked]), np.concatenate([a.true for a in asked])
    likeliest, right = np.stack([a.likeliest for a in asked]), np.array([a.likeliest_true for a in asked])
    weights = _odds_of(evidence, true)
    rate = min(absent_rate / float(np.mean([a.sized for a in asked])), 1.0)
    level = np.quantile(weights[0] + evidence[~true] @ np.array(weights[1:]), 1 - rate)
    return replace(
        rule,
        object_weights=weights,
        name_weights=_odds_of(likeliest, right),
        object_found_at=float(sigmoid(level)),
    )


def _odds_of(evidence: np.ndarray, true: np.ndarray) -> tuple[float, ...]:
    """Fit bias and slopes of the log-odds; if all or none are true, only the bias, from their count."""
    from sklearn.linear_model import LogisticRegression

    if not 0 < true.sum() < len(true):
        share = (true.sum() + 1) / (len(true) + 2)
        return float(np.log(share / (1 - share))), *([0.0] * OBJECT_EVIDENCE)
    fitted = LogisticRegression(C=10.0, max_iter=2000).fit(evidence, true)
    return float(fitted.intercept_[0]), *(float(slope) for slope in fitted.coef_[0])


def name_figures(
    asked: Sequence[AskedNames], rule: Confidence, half: Sequence[int], absent_rate: float
) -> dict[str, float]:
    """Return figures for one half (0 or 1) of the kinds, judged by a rule fitted to the other half."""
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for side in (0, 1):
        there = [a for a, h in zip(asked, half, strict=True) if h == side]
        other = [a for a, h in zip(asked, half, strict=True) if h != side]
        if there and other:
            fitted = fit_names(other, rule, absent_rate)
            for a in there:
                odds = fitted.object_weights[0] + a.evidence @ np.array(fitted.object_weights[1:])
                found.append((sigmoid(odds) >= fitted.object_found_at, a.true))
    if not found:
        return {}
    was_found, true = (np.concatenate(each) for each in zip(*found, strict=True))
    return {
        "object_found_when_present": float(was_found[true].mean()),
        "object_found_when_absent": float(was_found[~true].mean() * np.mean([a.sized for a in asked])),
    }
