"""The separator's training: pictures with truth, a network that learns, and weights that run without torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from part_perception.scene.joining import CLASSES, OFFSETS
from part_perception.scene.separator import Separator as Runner
from part_perception.scene.separator import load_weights, save_weights
from part_perception.training.separator import pictures
from part_perception.training.separator.network import APART, Separator, folded, losses, weights_of_cells
from part_perception.training.separator.run import (
    PICTURES,
    Optimiser,
    Run,
    as_matrix,
    sample,
    train_separator,
)


def test_pictures_depend_on_their_seed_and_hold_the_truth():
    one, same = pictures.make(3), pictures.make(3)
    assert np.array_equal(one.depth, same.depth) and np.array_equal(one.whose, same.whose)
    assert one.depth.shape == one.whose.shape == (pictures.VIEWS, 240, 320)
    for depth, whose, plane, focal in zip(one.depth, one.whose, one.plane, one.focal, strict=True):
        row, column = np.nonzero((whose < pictures.SKIRT) & (depth > 0))
        z = depth[row, column].astype(float)
        points = np.stack([(column - 160) / focal * z, (row - 120) / focal * z, z], axis=1)
        height = points @ plane[:3] + plane[3]
        assert len(height) == 0 or np.mean(height > -0.03 - 0.02 * z.max() ** 2) > 0.95, (
            "objects stand on z = 0"
        )


def test_pictures_are_kept_once(tmp_path):
    assert list(pictures.keep(tmp_path, range(2))) == [0, 1]
    before = {p.name: p.stat().st_mtime_ns for p in tmp_path.iterdir()}
    assert list(pictures.keep(tmp_path, range(2))) == [0, 1]
    assert {p.name: p.stat().st_mtime_ns for p in tmp_path.iterdir()} == before and len(before) == 2


def shifted(image: torch.Tensor, down: int, right: int) -> tuple[torch.Tensor, torch.Tensor]:
    """An image cropped to the cells whose neighbour at an offset lies in it, too."""
    height, width = image.shape[-2:]
    left = max(-right, 0)
    here = image[..., : height - down, left : width - max(right, 0)]
    return here, image[..., down:, left + right : width - max(right, 0) + right]


def pairs_as_tensors(scores: torch.Tensor, whose: torch.Tensor) -> torch.Tensor:
    """The cost of links, offset by offset; a pair weighs as much as the smaller one of its objects."""
    costs = []
    weights = torch.where(whose < pictures.SKIRT, weights_of_cells(whose), 0.0)
    for k, (down, right) in enumerate(OFFSETS):
        here, there = shifted(whose, down, right)
        said, _ = shifted(scores[:, CLASSES + k], down, right)
        known = ((here < pictures.SKIRT) | (there < pictures.SKIRT)).clone()
        for none in (pictures.SKIRT, pictures.NOTHING):
            known &= (here != none) & (there != none)
        of_pair = torch.maximum(*shifted(weights, down, right)) * known
        weight = torch.where(here == there, 1.0, APART) * of_pair
        each = binary_cross_entropy_with_logits(said, (here == there).float(), weight, reduction="sum")
        costs.append(each / of_pair.sum().clamp(min=1))
    return torch.stack(costs).mean()


def test_cells_of_small_objects_weigh_more():
    """As 1 over the square root of the size, from 1 for 1,000 cells up to 4; each picture by its own sizes."""
    whose = torch.full((2, 60, 60), pictures.BACKGROUND, dtype=torch.int32)
    whose[0, :40, :50], whose[0, 40:45, :50], whose[0, 50, :10], whose[0, 59] = 0, 1, 2, pictures.SKIRT
    whose[1, :10, :10] = 0
    weights = weights_of_cells(whose)
    of = [
        float(weights[0][whose[0] == k].unique().item())
        for k in (0, 1, 2, pictures.SKIRT, pictures.BACKGROUND)
    ]
    assert of == pytest.approx([1.0, 2.0, 4.0, 1.0, 1.0])
    assert float(weights[1, 0, 0]) == pytest.approx(10**0.5) and float(weights[1, 20, 20]) == 1.0


def test_one_pass_costs_and_teaches_as_tensors_do():
    rng = np.random.default_rng(0)
    whose = torch.from_numpy(
        rng.choice((0, 1, pictures.SKIRT, pictures.BACKGROUND, pictures.NOTHING), (2, 24, 40))
    )
    scores = torch.from_numpy(rng.normal(0, 4, (2, CLASSES + len(OFFSETS), 24, 40)).astype(np.float32))
    slopes, costs = [], []
    for way in (
        lambda s: losses(s, whose.int())["pairs"],
        lambda s: pairs_as_tensors(s, whose.int()),
    ):
        given = scores.clone().requires_grad_()
        cost = way(given)
        (3 * cost).backward()
        slopes.append(given.grad)
        costs.append(float(cost.detach()))
    assert costs[0] == pytest.approx(costs[1], rel=1e-5) and costs[0] > 1
    assert torch.allclose(*slopes, atol=1e-7)


def test_the_right_scores_cost_least():
    whose = torch.full((1, 32, 32), pictures.BACKGROUND, dtype=torch.int32)
    whose[0, 4:20, 4:16], whose[0, 4:20, 16:28], whose[0, 4:20, 28] = 0, 1, pictures.SKIRT
    right = torch.full((1, CLASSES + len(OFFSETS), 32, 32), -6.0)
    right[0, 0][whose[0] == pictures.BACKGROUND] = 6.0
    right[0, 1][whose[0] < pictures.SKIRT], right[0, 2][whose[0] == pictures.SKIRT] = 6.0, 6.0
    for k, (down, right_by) in enumerate(OFFSETS):
        here, there = shifted(whose, down, right_by)
        said, _ = shifted(right[:, CLASSES + k], down, right_by)
        said[here == there] = 6.0
    good, bad = losses(right, whose), losses(-right, whose)
    assert all(good[k] < 0.01 and bad[k] > 3 for k in good)


@pytest.mark.slow
def test_a_run_learns_resumes_and_its_weights_run_without_torch(tmp_path, monkeypatch):
    monkeypatch.setattr("part_perception.training.separator.run.HELD_OUT", 0)
    run, weights, records, said = tmp_path / "run", tmp_path / "separator.safetensors", [], []
    list(pictures.keep(run / PICTURES, range(3)))
    Run(run, run / PICTURES, 12, batch=3).train(records.append, every=6)
    assert records[-1]["step"] == 12 and records[-1]["classes"] < records[0]["classes"]
    assert train_separator(run, 3, 13, weights, said.append) == 13
    assert len(said) == 2 and "step 13" in said[0], "it went on from step 12"
    assert "learned too little to tell which fragments" in said[1]
    network = Separator()
    network.load_state_dict(Run(run, run / PICTURES, 13).average)
    kept, in_floats = load_weights(weights), folded(network.state_dict())
    assert len(kept) - len(in_floats) > 30, "the ranges of all layers"
    for name, value in in_floats.items():
        assert np.allclose(kept[name], value, rtol=1e-3, atol=1e-6), "kernels are kept as float16"
    cells = run_of_cells(run)
    with torch.inference_mode():
        truth = network.eval()(torch.from_numpy(cells)).numpy()
    save_weights(tmp_path / "floats.safetensors", in_floats)
    scores, rounded = (scores_by(file, cells) for file in (tmp_path / "floats.safetensors", weights))
    assert np.allclose(scores, truth, atol=1e-4)
    off = np.abs(rounded - truth)
    assert 0 < off.mean() < 0.03 * truth.std() and not np.array_equal(rounded, scores)


def test_published_weights_start_a_run(tmp_path, monkeypatch):
    monkeypatch.setattr("part_perception.training.separator.run.HELD_OUT", 0)
    list(pictures.keep(tmp_path / PICTURES, range(2)))
    first = Run(tmp_path / "first", tmp_path / PICTURES, 4, batch=2)
    first.train(lambda record: None)
    weights = folded(first.average)
    save_weights(tmp_path / "start.safetensors", weights)
    second = Run(tmp_path / "second", tmp_path / PICTURES, 4, batch=2, start=tmp_path / "start.safetensors")
    cells = second.batch_of(0)[0]
    learned = Separator()
    learned.load_state_dict(first.average)
    with torch.inference_mode():
        expected = learned.eval()(cells)
        started = second.network.eval()(cells)
        learning = second.network.train()(cells)
    assert torch.allclose(started, expected, atol=2e-3 * float(expected.std()))
    assert torch.allclose(learning, expected, atol=2e-2 * float(expected.std())), "the same while it learns"
    again = folded(second.network.state_dict())
    assert all(np.allclose(again[name], weights[name], atol=1e-5) or "bias" in name for name in weights)


def test_the_optimiser_moves_every_weight_of_the_network():
    torch.manual_seed(1)
    network = Separator().to(memory_format=torch.channels_last)
    optimiser, before = Optimiser(network, 1e-3), {k: v.clone() for k, v in network.named_parameters()}
    network(torch.rand(2, 10, 32, 32)).square().mean().backward()
    optimiser.step(1e-3)
    moved = {k: (v - before[k]).detach() for k, v in network.named_parameters()}
    assert all(float(each.abs().max()) > 0 for each in moved.values())
    kernel = as_matrix(moved["down1.0.0.weight"])
    strengths = torch.linalg.svdvals(kernel)
    assert strengths[0] < 2 * strengths[-1], "Muon moves a kernel alike in all directions"


def run_of_cells(run):
    """Features of one picture of a run, as a batch."""
    return sample(pictures.load(run / PICTURES / "000001.npz"), 0, np.random.default_rng(0))[0][None]


def scores_by(weights, cells):
    return Runner(weights).scores(cells[0])[None]
