"""The optimiser: matrices move as a whole, other weights by AdamW, and a saved state resumes exactly."""

from __future__ import annotations

import pytest
import torch

from part_perception.encoder.manifest import EncoderConfig
from part_perception.training.learner import Learner, Optimiser

SMALL = EncoderConfig(dim=32, depth=1, heads=2, patch_widths=(16, 16, 32, 32), field=8)
RATE = 1e-3


def with_gradients(seed: int) -> Learner:
    torch.manual_seed(0)
    learner = Learner(SMALL)
    torch.manual_seed(seed)
    for weight in learner.parameters():
        weight.grad = torch.randn_like(weight)
    return learner


def moved(learner: Learner, optimiser: Optimiser, rate: float) -> dict[str, torch.Tensor]:
    before = {k: v.detach().clone() for k, v in learner.named_parameters()}
    optimiser.step(rate)
    return {k: v.detach() - before[k] for k, v in learner.named_parameters()}


def test_a_matrix_of_the_transformer_moves_evenly_in_all_its_directions():
    learner = with_gradients(1)
    grad = learner.encoder.blocks[0].fc1.weight.grad
    lopsided = torch.linalg.svd(grad, full_matrices=False)
    grad.copy_(lopsided.U @ torch.diag(torch.linspace(0.1, 10.0, 32)) @ lopsided.Vh)
    step = moved(learner, Optimiser(learner, RATE, 0.0), RATE)["encoder.blocks.0.fc1.weight"]
    stretch = torch.linalg.svdvals(step) / (RATE * 0.2 * 128**0.5)
    assert stretch.min() > 0.4 and stretch.max() < 1.4, "a hundredfold spread of the gradient is evened out"


def test_every_weight_moves_by_about_the_rate_and_gradients_are_forgotten():
    learner = with_gradients(2)
    steps = moved(learner, Optimiser(learner, RATE, 0.0), RATE)
    for name, step in steps.items():
        size = float(step.pow(2).mean().sqrt())
        assert 0.05 * RATE < size < 2.0 * RATE, f"{name} moved by {size}"
    assert all(w.grad is None for w in learner.parameters())


def test_a_rate_of_zero_moves_nothing():
    learner = with_gradients(3)
    assert all(not step.any() for step in moved(learner, Optimiser(learner, RATE, 0.05), 0.0).values())


@pytest.mark.parametrize("seed", [4, 5])
def test_a_saved_state_resumes_exactly(seed):
    one, other = with_gradients(seed), with_gradients(seed)
    first, second = Optimiser(one, RATE, 0.05), Optimiser(other, RATE, 0.05)
    first.step(RATE), second.step(RATE)
    restored = Optimiser(other, RATE, 0.05)
    restored.load_state_dict(second.state_dict())
    for learner in (one, other):
        torch.manual_seed(seed)
        for weight in learner.parameters():
            weight.grad = torch.randn_like(weight)
    first.step(RATE), restored.step(RATE)
    for (name, a), b in zip(one.named_parameters(), other.parameters(), strict=True):
        assert torch.equal(a, b), name
