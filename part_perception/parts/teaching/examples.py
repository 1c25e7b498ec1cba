"""Teaching examples: a person's marks, checked and mapped onto encoded objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.poses import level
from part_perception.metrics import iou
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.teaching.learn import MAX_EXAMPLES, MIN_MARKED, Example

_SAME, _DIFFERENT = 1e-6, 0.5
_COPIES, _MIN_COPIES, _GRAIN = 8, 2, 0.003
_REACH = 0.1  # times the object's size: the farthest a click may be from the nearest point


def check_examples(examples) -> list[tuple[np.ndarray, np.ndarray]]:
    """Check a list of (points, mask), each mask a bool per point; refuse bad ones with the reason."""
    if isinstance(examples, (str, bytes)) or not isinstance(examples, Sequence) or len(examples) == 0:
        raise InputError("examples must be a list of (points, mask) with at least one of them")
    if len(examples) > MAX_EXAMPLES:
        raise InputError(f"at most {MAX_EXAMPLES} examples can be learned from, not {len(examples)}")
    checked = [_checked(example, number) for number, example in enumerate(examples, 1)]
    if all(mask.all() for _, mask in checked):
        raise InputError("every point of every example is marked: nothing tells the part from the rest")
    _refuse_contradictions(checked)
    return checked


def _checked(example, number: int) -> tuple[np.ndarray, np.ndarray]:
    if not isinstance(example, (tuple, list)) or len(example) != 2:
        raise InputError(f"example {number} must be a pair (points, mask)")
    points, mask = np.asarray(example[0]), np.asarray(example[1])
    if mask.shape != points.shape[:1]:
        raise InputError(
            f"the mask of example {number} must be of shape {points.shape[:1]}, one mark a point, not {mask.shape}"
        )
    if mask.dtype != bool and not (mask.dtype.kind in "iuf" and np.isin(mask, (0, 1)).all()):
        raise InputError(f"the mask of example {number} must hold True and False, or 1 and 0")
    mask = mask.astype(bool)
    marked = int(mask.sum())
    if marked < MIN_MARKED:
        raise InputError(
            f"example {number} marks {marked} points, at least {MIN_MARKED} are needed; "
            "grow() makes a region of a click"
        )
    return points, mask


def _refuse_contradictions(checked: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """Refuse examples that mark the same cloud differently."""
    for b, (points, mask) in enumerate(checked):
        for a, (before, other) in enumerate(checked[:b]):
            if before.shape != points.shape or not np.allclose(
                before, points, rtol=0, atol=_SAME, equal_nan=True
            ):
                continue
            if iou(mask, other) < _DIFFERENT:
                raise InputError(
                    f"examples {a + 1} and {b + 1} contradict each other: the same cloud is marked differently"
                )


def marked_examples(
    encode: Callable[[np.ndarray], EncodedObject], checked: Sequence[tuple[np.ndarray, np.ndarray]]
) -> list[Example]:
    """Examples as encoded objects with marked samples, followed by turned copies of each."""
    own = [of_samples(encode(points), mask, n) for n, (points, mask) in enumerate(checked, 1)]
    return own + [
        copy
        for (encoded, _), (points, mask) in zip(own, checked, strict=True)
        for copy in copies(encode, encoded.up, points, mask, copies_each(len(checked)))
    ]


def copies_each(examples: int) -> int:
    """The number of turned copies of each example."""
    return max(_COPIES // examples, _MIN_COPIES)


def copies(
    encode: Callable[[np.ndarray], EncodedObject],
    up: np.ndarray,
    points: np.ndarray,
    mask: np.ndarray,
    count: int,
) -> list[Example]:
    """Copies of an example: turned, mirrored, with other noise; copies that lose the part are left out."""
    out = []
    for number in range(count):
        try:
            out.append(of_samples(encode(turned(points, up, number)), mask, number))
        except InputError:
            continue
    return out


def turned(points: np.ndarray, up: np.ndarray, number: int) -> np.ndarray:
    """The cloud turned about `up` by one of many angles, every other copy mirrored, with fresh noise."""
    upright, angle = level(up), (number + 1) * np.pi * (3 - 5**0.5)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    mirror = np.diag([(-1.0) ** number, 1, 1])
    size = float(np.max(np.nanmax(points, axis=0) - np.nanmin(points, axis=0)))
    noise = np.random.default_rng(number).normal(0, _GRAIN * size, points.shape)
    return points @ (upright.T @ turn @ mirror @ upright).T + noise


def of_samples(encoded: EncodedObject, mask: np.ndarray, number: int) -> Example:
    """A mask of input rows as a mask of samples, by majority."""
    marked = np.bincount(encoded.own_member, mask[encoded.own_rows], encoded.patches.count)
    there = np.bincount(encoded.own_member, minlength=encoded.patches.count)
    chosen = marked >= np.maximum(there, 1) / 2
    if not chosen.any():
        chosen = marked > 0
    if not chosen.any():
        raise InputError(f"no marked point of example {number} is finite and on the object")
    return encoded, chosen


def nearest_rows(encoded: EncodedObject, places) -> np.ndarray:
    """The row of the object nearest to each clicked place (K, 3); a click off the object is refused."""
    from scipy.spatial import cKDTree

    places = np.asarray(places, np.float64)
    if places.size == 0:
        return np.zeros(0, np.int64)
    if places.ndim != 2 or places.shape[1] != 3 or not np.isfinite(places).all():
        raise InputError(f"clicks must be a (K, 3) array of finite places, not of shape {places.shape}")
    away, row = cKDTree(encoded.points).query(places)
    reach = _REACH * float(np.ptp(encoded.points, axis=0).max())
    if away.max() > reach:
        raise InputError(
            f"a click is {away.max():.3g} from the object; {reach:.3g} is the farthest that counts"
        )
    return encoded.rows[row]
