"""Matching: finds the places and parts of one object on another of its kind, and transfers grasps or contacts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.poses import level
from part_perception.parts.encoded import EncodedObject, distances, neighbourhood
from part_perception.parts.hierarchy import descriptors, surface_pieces
from part_perception.parts.scoring import sigmoid

_OWN_LOOKS, _FIELD, _PLACE = 0.5, 0.2, 0.05
_TURNS, _TURN_PLACE = 24, 0.2
_TRIED = 160, 256  # samples of the two objects that are used to try every turn
_BY_PIECES, _PIECES, _MAX_ALIKE = 0.3, 40, 6
_SHARP, _ROUNDS = 6.0, 30
_LOOSE_A, _LOOSE_B = 0.8, 0.5  # how strictly pieces of a are sent whole and those of b are filled; 1: exactly
_SHARP_VOTES, _VOTES = 12.0, 1.0
_STEADY, _STEPS, _HOPS = 1.0, 3, 8
_SURE = (-13.96, 3.33, 12.63)  # fitted on pairs of other kinds: 1, field after the round trip, votes
_AROUND = 24  # samples around a place that determine where it is carried to
_SIZES = 0.5, 2.0


@dataclass(frozen=True)
class Match:
    """For each point of a (N,), `places` (N, 3) on b and the `confidence` (N,) that both are the same part.

    `rows` (N,) are the points of b nearest to the places. Rows of a that were not finite get NaN, 0 and -1.
    """

    places: np.ndarray
    confidence: np.ndarray
    rows: np.ndarray


@dataclass(frozen=True)
class Correspondence:
    """Samples of b for those of a: `like` (A, B) is their similarity in features, part field and position.

    `expected` (A, F) is the part field of b where the samples most similar to each one are.
    """

    a: EncodedObject
    b: EncodedObject
    like: np.ndarray
    expected: np.ndarray

    @cached_property
    def there(self) -> np.ndarray:
        """(A,) the matching sample of b for each sample of a."""
        return self.like.argmax(axis=1)

    @cached_property
    def confidence(self) -> np.ndarray:
        """(A,) confidence that both are the same part: all similar samples are in it, and matching back agrees."""
        back = self.like.argmax(axis=0)[self.there]
        home = np.einsum("sf,sf->s", self.a.even_field, self.a.even_field[back])
        votes = np.einsum("sf,sf->s", self.expected, self.b.even_field[self.there])
        one, of_home, of_votes = _SURE
        return sigmoid(one + of_home * home + of_votes * votes)

    def of_points(self) -> Match:
        """The match for all rows of both inputs."""
        rows = self.b.rows[_representatives(self.b)][self.there]
        places = self.a.to_points(self.b.points[_representatives(self.b)][self.there].T, np.nan).T
        confidence = self.a.to_points(self.confidence.astype(np.float32), np.float32(0))
        return Match(np.ascontiguousarray(places), confidence, self.a.to_points(rows, -1))


def correspond(a: EncodedObject, b: EncodedObject) -> Correspondence:
    """Match by language features (absolute and relative to the object's mean), part field, some position.

    Then all similar samples vote for the part that they are in, and neighbours keep together.
    """
    own = _centred(a) @ _centred(b).T
    like = a.features @ b.features.T + _OWN_LOOKS * own + _FIELD * (a.even_field @ b.even_field.T)
    turned, placed = _framed(a) @ upright_turn(a, b, like).T, _framed(b)
    like = (like - _PLACE * distances(turned, placed) ** 2).astype(np.float32)
    like += _BY_PIECES * piece_odds(a, b, like)
    expected = _field_of_similar(like, b)
    like += _VOTES * expected @ b.even_field.T
    return Correspondence(a, b, kept_together(a, like, turned, placed), expected)


def _field_of_similar(like: np.ndarray, b: EncodedObject) -> np.ndarray:
    """(A, F) the part field of b, averaged over the samples that each sample of a is most similar to."""
    share = np.exp(_SHARP_VOTES * (like - like.max(axis=1, keepdims=True)))
    return (share @ b.even_field) / share.sum(axis=1, keepdims=True)


def kept_together(a: EncodedObject, like: np.ndarray, turned: np.ndarray, placed: np.ndarray) -> np.ndarray:
    """(A, B) `like`, lower the farther a sample of b is from where the neighbours' matches suggest.

    That place is the sample's own (A, 3), moved by the mean shift of the matches around it on the surface.
    """
    kept = like
    for _ in range(_STEPS):
        shift = placed[kept.argmax(axis=1)] - turned
        for _ in range(_HOPS):
            shift = a.even_out(shift)
        kept = like - (_STEADY * distances(turned + shift, placed) ** 2).astype(np.float32)
    return kept


def piece_odds(a: EncodedObject, b: EncodedObject, like: np.ndarray) -> np.ndarray:
    """(A, B) for each pair of samples, the log share of the piece on a that is assigned to the piece on b.

    Pieces of the surface are matched as wholes by unbalanced optimal transport: similar ones match, and none
    takes much more than its size. This outvotes a few samples that look like something else.
    """
    here, there = (
        np.unique(surface_pieces(e, descriptors(e), _PIECES)[1], return_inverse=True)[1] for e in (a, b)
    )
    alike = _mean_rows(_best_of(like, there), here)
    alike += _mean_rows(_best_of(np.ascontiguousarray(like.T), here), there).T
    kernel = np.exp(_SHARP * (alike - alike.max()))
    sizes, sizes_b = np.bincount(here) / len(here), np.bincount(there) / len(there)
    give = np.ones(len(sizes))
    for _ in range(_ROUNDS):
        take = (sizes_b / (kernel.T @ give + 1e-12)) ** _LOOSE_B
        give = (sizes / (kernel @ take + 1e-12)) ** _LOOSE_A
    moved = give[:, None] * kernel * take
    odds = np.log(moved / moved.sum(axis=1, keepdims=True) + 1e-6).astype(np.float32)
    return odds[here][:, there]


def _best_of(like: np.ndarray, piece: np.ndarray) -> np.ndarray:
    """(A, P) each sample's mean similarity to the samples most like it in each piece (B,)."""
    columns = []
    for number in range(piece.max() + 1):
        mine = like[:, piece == number]
        count = min(_MAX_ALIKE, mine.shape[1])
        columns.append(np.partition(mine, mine.shape[1] - count, axis=1)[:, -count:].mean(axis=1))
    return np.stack(columns, axis=1)


def _mean_rows(values: np.ndarray, piece: np.ndarray) -> np.ndarray:
    """(P, V) the mean of values (S, V) over the samples of every piece (S,)."""
    sums = np.zeros((piece.max() + 1, values.shape[1]))
    np.add.at(sums, piece, values)
    return sums / np.bincount(piece)[:, None]


def upright_turn(a: EncodedObject, b: EncodedObject, like: np.ndarray) -> np.ndarray:
    """(3, 3) the turn about the vertical that brings similar samples of both objects closest together."""
    rng = np.random.default_rng(0)
    some_a, some_b = (rng.permutation(n)[:most] for n, most in zip(like.shape, _TRIED, strict=True))
    placed_a, placed_b, like = _framed(a)[some_a], _framed(b)[some_b], like[np.ix_(some_a, some_b)]

    def fit(turn: np.ndarray) -> float:
        value = like - _TURN_PLACE * distances(placed_a @ turn.T, placed_b) ** 2
        return float(value.max(axis=1).mean() + value.max(axis=0).mean())

    return max((_about_z(2 * np.pi * k / _TURNS) for k in range(_TURNS)), key=fit)


def carried(pose: np.ndarray, found: Correspondence) -> tuple[np.ndarray, float]:
    """A pose (4, 4) on a, transferred to b, and its confidence.

    The samples around the place and their matches on b give the turn, scale and shift applied to the pose.
    A poorly matched neighbourhood only gets the whole object's turn about the vertical.
    """
    a, b = found.a, found.b
    _check_near(a, pose[:3, 3])
    near = neighbourhood(a, pose[None, :3, 3])[0]
    chosen = np.argsort(near)[-_AROUND:]
    weight = near[chosen] * found.confidence[chosen] + 1e-9
    here, there = a.samples[chosen], b.samples[found.there[chosen]]
    weight = weight * _together(there, weight)
    weight = weight / weight.sum()
    turn, size = _similarity(here, there, weight, found)
    middle_here, middle_there = weight @ here, weight @ there
    moved = np.eye(4)
    moved[:3, :3] = turn @ pose[:3, :3]
    moved[:3, 3] = middle_there + size * turn @ (pose[:3, 3] - middle_here)
    return moved, float(weight @ found.confidence[chosen])


def _check_near(encoded: EncodedObject, place: np.ndarray) -> None:
    """Refuse a place that is farther from the object than the object is long: its samples say nothing of it."""
    away = float(np.linalg.norm(encoded.points - place, axis=1).min())
    if away > encoded.length:
        raise InputError(
            f"the place is {away:.2f} m from its object, which is only {encoded.length:.2f} m long; "
            "check its coordinates and their frame"
        )


def _similarity(
    here: np.ndarray, there: np.ndarray, weight: np.ndarray, found: Correspondence
) -> tuple[np.ndarray, float]:
    """Turn about the vertical and scale that align matched samples, kept near those of the whole object."""
    a, b = found.a, found.b
    level_a, level_b = _level(a), _level(b)
    whole = upright_turn(a, b, found.like)
    x, y = (here - weight @ here) @ level_a.T, (there - weight @ there) @ level_b.T
    held = 0.5 * float(weight @ (x[:, :2] ** 2).sum(axis=1))
    cosine = float(weight @ (x[:, 0] * y[:, 0] + x[:, 1] * y[:, 1])) + held * whole[0, 0]
    sine = float(weight @ (x[:, 0] * y[:, 1] - x[:, 1] * y[:, 0])) + held * whole[1, 0]
    local = _about_z(float(np.arctan2(sine, cosine)))
    size = np.sqrt(float(weight @ (y**2).sum(axis=1)) / max(float(weight @ (x**2).sum(axis=1)), 1e-12))
    ratio = b.patches.scale / a.patches.scale
    return level_b.T @ local @ level_a, float(np.clip(size, _SIZES[0] * ratio, _SIZES[1] * ratio))


def _together(there: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(K,) lower weights for matches far from most of the others."""
    middle = np.array([_weighted_median(there[:, axis], weight) for axis in range(3)])
    away = np.linalg.norm(there - middle, axis=1)
    usual = max(_weighted_median(away, weight), 1e-12)
    return 1 / (1 + (away / (2 * usual)) ** 4)


def _weighted_median(values: np.ndarray, weight: np.ndarray) -> float:
    order = np.argsort(values)
    return float(values[order][np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)])


def _centred(encoded: EncodedObject) -> np.ndarray:
    """(S, D) smoothed features minus the object's mean, normalised: how each place differs from the rest."""
    own = encoded.even_out(encoded.features) - encoded.features.mean(axis=0)
    return own / np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-9)


def _framed(encoded: EncodedObject) -> np.ndarray:
    """(S, 3) samples with z up, the middle of their box at the origin, scaled to equal size."""
    canonical = encoded.patches.samples[: encoded.patches.count].astype(float)
    return canonical - (canonical.min(axis=0) + canonical.max(axis=0)) / 2


def _level(encoded: EncodedObject) -> np.ndarray:
    """(3, 3) the rotation from the frame of the points to the frame of the patches, where z is up."""
    return level(encoded.up)


def _representatives(encoded: EncodedObject) -> np.ndarray:
    """(S,) for each sample, the nearest of its points."""
    away = np.linalg.norm(encoded.points - encoded.samples[encoded.member], axis=1)
    order = np.lexsort((away, encoded.member))
    _, first = np.unique(encoded.member[order], return_index=True)
    return order[first]


def _about_z(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([(c, -s, 0), (s, c, 0), (0, 0, 1.0)])


_FIELD_SHARE = 0.5
_NEAREST = 12


def carry_over(source: EncodedObject, labels: np.ndarray, target: EncodedObject) -> np.ndarray:
    """(S',) labels for the target's samples: each takes the source label (S,) of the samples most like it."""
    like = _looks(target) @ _looks(source).T
    parts = labels.max() + 1
    score = np.empty((len(like), parts), like.dtype)
    for part in range(parts):
        mine = like[:, labels == part]
        count = min(_NEAREST, mine.shape[1])
        score[:, part] = np.partition(mine, mine.shape[1] - count, axis=1)[:, -count:].mean(axis=1)
    return _by_pieces(target, target.even_out(score)).argmax(axis=1)


def _looks(encoded: EncodedObject) -> np.ndarray:
    """(S, f) language features, comparable across objects, and the part field, which separates parts."""
    return np.concatenate([encoded.features, _FIELD_SHARE * encoded.field], axis=1)


def _by_pieces(encoded: EncodedObject, score: np.ndarray) -> np.ndarray:
    """Scores averaged over surface pieces, because a piece belongs to one part."""
    _, node = surface_pieces(encoded, descriptors(encoded))
    _, piece, sizes = np.unique(node, return_inverse=True, return_counts=True)
    sums = np.zeros((len(sizes), score.shape[1]))
    np.add.at(sums, piece, score)
    return (sums / sizes[:, None])[piece]
