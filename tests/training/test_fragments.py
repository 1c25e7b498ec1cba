"""Which fragments are one object: pairs with the truth of simulated scenes, and trees learned from them."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.scene.fragment_kernels import CELLS
from part_perception.scene.fragments import EVIDENCE
from part_perception.scene.separator import Separator, load_weights
from part_perception.scene.trees import PREFIX, Trees
from part_perception.simulation.capture import GROUND
from part_perception.storage import models_dir
from part_perception.training.separator.fragments import (
    NO_OBJECT,
    SAME_SIZE,
    UNKNOWN,
    Pairs,
    Watching,
    fit_trees,
    joined,
    keep_pairs,
    learn_fragments,
    owners,
    pairs_of,
    pairs_of_scene,
)
from tests.scene.test_fragments import of, two

SHIPPED = models_dir() / "separator.safetensors"


def three() -> np.ndarray:
    """Two fragments and a small third one between them."""
    number = two()
    number[18:20, 24:26] = 2
    return number


def test_a_fragment_belongs_to_what_most_of_its_cells_show():
    label = np.full((40, 60), GROUND + 1)
    label[10:30, 10:18], label[10:30, 18:20] = 7, -1  # the last two columns show nothing
    label[10:12, 10:18] = 3
    owner, share = owners(of(three()), label)
    assert owner.tolist() == [7, NO_OBJECT, NO_OBJECT] and share.tolist() == [0.9, 1.0, 1.0]
    owner, share = owners(of(three()), np.full((40, 60), -1))
    assert owner.tolist() == [UNKNOWN] * 3 and not share.any()


def test_pairs_tell_the_truth_and_weigh_by_how_much_depends_on_them():
    label = np.full((40, 60), GROUND)
    label[:, :22], label[:, 30:] = 1, 1  # the small one is a piece of the background
    found = of(three())
    (little,) = found.measures[2:, CELLS]
    pairs = pairs_of(found, label, np.random.default_rng(0))
    assert pairs.same.tolist() == [True, False, False, False], (
        "three pairs, and one more after two are merged"
    )
    assert pairs.weight[0] == 1.0
    assert pairs.weight[1] == pytest.approx(little / (SAME_SIZE * 200))
    assert pairs.weight[2] == pytest.approx(little / (SAME_SIZE * 420))
    assert pairs.weight[3] == pytest.approx(little / (SAME_SIZE * 620))
    assert pairs.evidence.shape == (4, len(EVIDENCE))


def test_two_pieces_of_the_background_are_no_pair():
    assert len(pairs_of(of(two()), np.full((40, 60), GROUND), np.random.default_rng(0)).same) == 0


def test_scenes_give_the_same_pairs_again_and_they_are_kept_once(tmp_path):
    first, again = (joined(list(pairs_of_scene(Watching(SHIPPED), 5))) for _ in range(2))
    assert len(first.same) > 5 and 0 < first.same.mean() < 1
    for name in vars(first):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    assert list(keep_pairs(tmp_path, SHIPPED, range(5, 6))) == [5]
    (path,) = tmp_path.iterdir()
    with np.load(path) as file:
        np.testing.assert_array_equal(file["evidence"], first.evidence)
    before = path.stat().st_mtime_ns
    assert list(keep_pairs(tmp_path, SHIPPED, range(5, 6))) == [5] and path.stat().st_mtime_ns == before


def some_pairs(count: int = 400) -> Pairs:
    """Pairs that are one object where two columns of the evidence agree."""
    rng = np.random.default_rng(0)
    evidence = rng.normal(size=(count, len(EVIDENCE))).astype(np.float32)
    return Pairs(evidence, (evidence[:, 2] < 0) == (evidence[:, 4] < 0), np.ones(count))


def test_trees_learn_what_no_single_column_tells():
    pairs = some_pairs()
    trees = fit_trees(pairs)
    assert trees.fits(len(EVIDENCE)) and not trees.fits(4)
    said = trees.chances(pairs.evidence) > 0.5
    assert (said == pairs.same).mean() > 0.98


def test_pairs_of_one_sort_teach_nothing(tmp_path):
    pairs, weights = some_pairs(20), tmp_path / "separator.safetensors"
    weights.write_bytes(SHIPPED.read_bytes())
    for same in (np.ones(20, bool), np.zeros(20, bool)):
        np.savez(tmp_path / "000000.npz", **(vars(pairs) | {"same": same}))
        assert not learn_fragments(tmp_path, weights)
    assert weights.read_bytes() == SHIPPED.read_bytes()


def test_learned_trees_join_the_weights_in_their_file(tmp_path):
    weights, folder = tmp_path / "separator.safetensors", tmp_path / "pairs"
    weights.write_bytes(SHIPPED.read_bytes())
    folder.mkdir()
    pairs = some_pairs()
    np.savez(folder / "000000.npz", **vars(pairs))
    assert learn_fragments(folder, weights)
    before, after = load_weights(SHIPPED), load_weights(weights)
    for name in after:
        if not name.startswith(PREFIX):
            np.testing.assert_array_equal(after[name], before[name])
    again, expected = Trees.restored(after), fit_trees(pairs)
    assert again is not None
    np.testing.assert_array_equal(again.chances(pairs.evidence), expected.chances(pairs.evidence))
    assert Separator(weights).trees is not None
