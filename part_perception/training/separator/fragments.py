"""Fragments: which fragments are one object is learned from simulated scenes, as boosted trees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from part_perception.errors import InputError
from part_perception.scene import ScenePerception
from part_perception.scene.cell_image import CellImage
from part_perception.scene.decode import View
from part_perception.scene.encoding import Segmenter
from part_perception.scene.fragment_kernels import CELLS
from part_perception.scene.fragments import EVIDENCE, Fragments
from part_perception.scene.joining import SURELY_JOINED
from part_perception.scene.separator import NO_PIECES, Pieces, Separator, halved, load_weights, save_weights
from part_perception.scene.support import Support
from part_perception.scene.trees import PREFIX, Trees
from part_perception.simulation.capture import GROUND
from part_perception.simulation.scenes import draw_scene, photograph
from part_perception.storage import replacing
from part_perception.training.separator.pictures import CHANCES

VIEWS = 3  # of each scene
MERGED = 12  # pairs of one object that are merged at most, one by one, and compared with the others again
SAME_SIZE = 0.1  # of the larger one: a pair with a smaller second one weighs less, as little depends on it
MIN_WEIGHT = 0.05
UNKNOWN, NO_OBJECT = -9, -2  # what a fragment shows, if not an object
TREES = {"max_iter": 200, "learning_rate": 0.1, "max_leaf_nodes": 31, "l2_regularization": 1.0}


@dataclass(frozen=True)
class Pairs:
    """evidence (M, E) of pairs of fragments, whether both show one object (M,), and what each pair weighs (M,)."""

    evidence: np.ndarray
    same: np.ndarray
    weight: np.ndarray


class Watching(Separator):
    """A separator that keeps the fragments of the last frame and finds no objects."""

    seen: Fragments | None = None

    def __init__(self, weights: Path):
        super().__init__(weights)
        self.joined = SURELY_JOINED

    def separate(
        self, view: View, image: CellImage, support: Support, pieces: Pieces = NO_PIECES
    ) -> list[np.ndarray]:
        self.seen = self.fragments(image, support, pieces)
        return []


def pairs_of_scene(separator: Watching, seed: int) -> Iterator[Pairs]:
    """The pairs of fragments in each picture of one random scene."""
    rng = np.random.default_rng([4_000_081, seed])
    layout = list(CHANCES)[rng.choice(len(CHANCES), p=list(CHANCES.values()))]
    scene = draw_scene(rng, layout, VIEWS)
    for number in range(VIEWS):
        shot = photograph(scene, number, rng)
        separator.seen = None
        perception = ScenePerception(cast(Segmenter, None))  # nothing is found, so that nothing is encoded
        perception.separator = separator
        perception.process(shot.points, 0.0)
        if separator.seen is not None:
            yield pairs_of(separator.seen, shot.label, rng)


def pairs_of(fragments: Fragments, label: np.ndarray, rng: np.random.Generator) -> Pairs:
    """Compare all fragments of a frame, and again each time that two of one object have been merged.

    Pairs without any object in them are left out: nobody asks whether two walls are one.
    """
    owner, purity = owners(fragments, label)
    pairs, candidates = [], fragments.candidates()
    for _ in range(MERGED + 1):
        a, b = candidates.T
        candidates = candidates[
            (owner[a] != UNKNOWN) & (owner[b] != UNKNOWN) & (np.maximum(owner[a], owner[b]) >= 0)
        ]
        a, b = candidates.T
        cells = np.sort(fragments.measures[candidates, CELLS], axis=1)
        weight = np.minimum(purity[a], purity[b]) * np.minimum(1, cells[:, 0] / (SAME_SIZE * cells[:, 1]))
        kept = weight > MIN_WEIGHT
        pairs.append(Pairs(fragments.evidence(candidates[kept]), (owner[a] == owner[b])[kept], weight[kept]))
        every = fragments.candidates()
        pieces = every[(owner[every[:, 0]] == owner[every[:, 1]]) & (owner[every[:, 0]] >= 0)]
        if not len(pieces):
            break
        first, second = (int(k) for k in pieces[rng.integers(len(pieces))])
        fragments.merge(first, second)
        candidates = fragments.candidates(of=first)
    return joined(pairs)


def owners(fragments: Fragments, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(K,) the object that most cells of each fragment show, and their share; cells of no surface do not count."""
    row = fragments.image.row
    shown = np.where(row >= 0, label.ravel()[np.maximum(row, 0)], -1)
    shown = np.where(shown >= GROUND, NO_OBJECT, shown)
    owner, share = np.full(fragments.count, UNKNOWN), np.zeros(fragments.count)
    for k in range(fragments.count):
        of, cells = np.unique(shown[(fragments.number == k) & (shown != -1)], return_counts=True)
        if len(of):
            owner[k], share[k] = of[cells.argmax()], cells.max() / cells.sum()
    return owner, share


def fit_trees(pairs: Pairs) -> Trees:
    """Boosted trees that tell pairs of one object from others."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(**TREES, early_stopping=False, random_state=0)
    model.fit(pairs.evidence, pairs.same, sample_weight=pairs.weight)
    trees = trees_of(model)
    if not np.allclose(trees.chances(pairs.evidence), model.predict_proba(pairs.evidence)[:, 1], atol=1e-4):
        raise InputError("this version of scikit-learn keeps its trees in another form")
    return trees


def trees_of(model: Any) -> Trees:
    """The trees of scikit-learn's model as arrays."""
    of_trees = [each[0].nodes for each in model._predictors]
    root = np.cumsum([0, *(len(nodes) for nodes in of_trees[:-1])])
    nodes, first = np.concatenate(of_trees), np.repeat(root, [len(nodes) for nodes in of_trees])
    leaf = nodes["is_leaf"] > 0
    return Trees(
        feature=np.where(leaf, -1, nodes["feature_idx"]).astype(np.int32),
        value=np.where(leaf, nodes["value"], nodes["num_threshold"]).astype(np.float32),
        right=(nodes["right"] + first).astype(np.int32),
        root=root.astype(np.int32),
        base=np.ravel(model._baseline_prediction).astype(np.float32),
    )


def keep_pairs(folder: Path, weights: Path, scenes: range) -> Iterator[int]:
    """Make and keep the pairs of scenes by number; existing ones are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    separator = Watching(weights)
    for seed in scenes:
        path = folder / f"{seed:06d}.npz"
        if not path.exists():
            of_pictures = list(pairs_of_scene(separator, seed))
            with replacing(path, durable=False) as draft:
                np.savez_compressed(draft, **vars(joined(of_pictures)))
        yield seed


def joined(pairs: Sequence[Pairs]) -> Pairs:
    """Pairs of several frames as one."""
    none = Pairs(np.zeros((0, len(EVIDENCE)), np.float32), np.zeros(0, bool), np.zeros(0))
    every = [none, *pairs]
    return Pairs(*(np.concatenate([getattr(each, name) for each in every]) for name in vars(none)))


def learn_fragments(folder: Path, weights: Path) -> bool:
    """Learn from the pairs in a folder which fragments are one object; the trees join the weights in their file.

    False, and no trees, where the pairs are all of one sort, as those of a network that has learned too little.
    """
    kept = []
    for path in sorted(folder.glob("??????.npz")):
        with np.load(path, allow_pickle=False) as file:
            kept.append(Pairs(*(file[name] for name in ("evidence", "same", "weight"))))
    pairs = joined(kept)
    if pairs.same.all() or not pairs.same.any():
        return False
    network = {k: v for k, v in load_weights(weights).items() if not k.startswith(PREFIX)}
    save_weights(weights, halved(network) | fit_trees(pairs).stored())
    return True
