"""Objectives: hand-computed losses of tiny inputs, the direction of gradients, and masking."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional as F

from part_perception.simulation.worlds import MOTIONS
from part_perception.training.learner import Weights
from part_perception.training.objectives import (
    KINDS,
    closed_set_loss,
    follow_teacher,
    motion_loss,
    name_loss,
    object_name_loss,
    patch_word_loss,
    pooled_name_loss,
    presence_loss,
    relaxed_iou_loss,
    triplet_contrast,
)

LOG2 = math.log(2)


def test_name_loss_of_even_odds():
    truth = torch.tensor([[[1.0, 0.0, 0.0, -1.0]]])
    # One positive costs log 2; two negatives cost log 2 / 20 each; the open one nothing.
    assert name_loss(torch.zeros(1, 1, 4), truth).item() == pytest.approx(LOG2 * (1 + 2 / 20))


def test_name_loss_shares_between_several_positives():
    truth = torch.tensor([[[1.0, 1.0]]])
    logits = torch.tensor([[[0.0, 100.0]]])
    assert name_loss(logits, truth).item() == pytest.approx(LOG2 / 2)


def test_name_loss_of_a_fraction():
    logits = torch.tensor([[[0.0]]])
    half = name_loss(logits, torch.tensor([[[0.5]]])).item()
    assert half == pytest.approx(LOG2 * 0.5 + LOG2 * 0.5 / 20)


def test_name_loss_raises_true_names_lowers_untrue_ones_and_leaves_open_ones():
    logits = torch.zeros(1, 1, 3, requires_grad=True)
    name_loss(logits, torch.tensor([[[1.0, 0.0, -1.0]]])).backward()
    positive, negative, left = logits.grad[0, 0].tolist()
    assert positive == pytest.approx(-0.5) and negative == pytest.approx(0.5 / 20) and left == 0


def test_presence_is_judged_by_the_highest_samples():
    truth = torch.tensor([[[1.0, 0.0, 0.0]], [[0.0, 0.0, -1.0]]]).permute(1, 0, 2)  # (1, 2, 3)
    logits = torch.tensor([[[4.0, -3.0, 9.0], [0.0, -9.0, 9.0]]])
    found = presence_loss(logits, truth, top=1).item()
    expected = math.log1p(math.exp(-4)) + math.log1p(math.exp(-3)) / 20  # the third name is open
    assert found == pytest.approx(expected, rel=1e-5)


def test_closed_set_is_a_softmax_over_the_rivals():
    logits = torch.tensor([[[1.0, 1.0, 50.0], [0.0, 3.0, 0.0]], [[0.0, 0.0, 0.0], [5.0, 0.0, 0.0]]])
    rivals = torch.tensor([[True, True, False], [True, True, True]])
    only_first = closed_set_loss(logits, torch.tensor([[0, -1], [-1, -1]]), rivals)
    assert only_first.item() == pytest.approx(LOG2)
    both = closed_set_loss(logits, torch.tensor([[0, -1], [2, -1]]), rivals)
    assert both.item() == pytest.approx((LOG2 + math.log(3)) / 2)


def test_names_of_whole_objects_are_a_softmax_over_true_names_and_rivals():
    logits = torch.tensor([[1.0, 1.0, 1.0, 90.0], [0.0, 5.0, 9.0, 0.0]])
    truth = torch.tensor([[1, 0, 1, -1], [-1, -1, -1, -1]])  # two true names of three; the second has none
    assert object_name_loss(logits, truth).item() == pytest.approx(math.log(3 / 2))
    assert object_name_loss(logits[:1], torch.tensor([[1, 0, -1, -1]])).item() == pytest.approx(LOG2)


def test_closed_set_without_labels_costs_nothing_and_can_be_learned_from():
    logits = torch.ones(1, 1, 2, requires_grad=True)
    loss = closed_set_loss(logits, torch.tensor([[-1]]), torch.ones(1, 2, dtype=torch.bool))
    loss.backward()
    assert loss.item() == 0 and (logits.grad == 0).all()


def test_relaxed_iou():
    probability = torch.tensor([[[1.0], [0.5], [0.0], [1.0]]])
    truth = torch.tensor([[[1.0], [1.0], [0.0], [-1.0]]])
    # Both: 1 + 0.5; either: 1 + 1; the open sample does not count.
    assert relaxed_iou_loss(probability, truth).item() == pytest.approx(1 - 1.5 / 2)
    assert relaxed_iou_loss(probability, torch.zeros(1, 4, 1)).item() == 0


def test_contrast_of_features_that_are_all_the_same():
    """Each anchor's uniform and hard terms are then `hard` and 1: log(1 + hard + 1)."""
    features = F.normalize(torch.ones(1, 4, 3), dim=-1)
    part = torch.tensor([[0, 0, 1, 1]])
    loss = triplet_contrast(features, part, torch.arange(12.0).view(1, 4, 3), 1.0, hard=2)
    assert loss.item() == pytest.approx(math.log(1 + 2 + 1), rel=1e-5)


def test_contrast_is_small_for_separated_parts_and_large_for_mixed_ones():
    apart = torch.tensor([[[1.0, 0], [1, 0], [-1, 0], [-1, 0]]])
    mixed = torch.tensor([[[1.0, 0], [-1, 0], [1, 0], [-1, 0]]])
    part, places = torch.tensor([[0, 0, 1, 1]]), torch.zeros(1, 4, 3)
    assert triplet_contrast(apart, part, places, 0.1).item() < 1e-6
    assert triplet_contrast(mixed, part, places, 0.1).item() > 15


def test_contrast_weighs_near_negatives_more():
    """One similar negative among many dissimilar ones costs more when it lies close."""
    features = torch.tensor([[[1.0, 0], [1, 0], [1, 0], [-1, 0], [-1, 0]]])
    part = torch.tensor([[0, 0, 1, 2, 3]])
    places = torch.tensor([[[0.0, 0, 0], [0.1, 0, 0], [0.05, 0, 0], [9, 0, 0], [9, 9, 0]]])
    far = places.clone()
    far[0, 2] = torch.tensor([0.0, 9, 9])
    assert triplet_contrast(features, part, places, 0.5, hard=1) > triplet_contrast(
        features, part, far, 0.5, hard=1
    )


def test_contrast_pulls_a_part_together_and_leaves_the_unlabelled():
    torch.manual_seed(0)
    raw = torch.randn(1, 6, 8, requires_grad=True)
    part = torch.tensor([[0, 0, 1, 1, -1, -1]])
    features = F.normalize(raw, dim=-1)
    triplet_contrast(features, part, torch.zeros(1, 6, 3), 0.5).backward()
    assert (raw.grad[0, 4:] == 0).all() and (raw.grad[0, :4].abs().sum(-1) > 0).all()
    stepped = F.normalize(raw - 0.1 * raw.grad, dim=-1)[0]
    assert stepped[0] @ stepped[1] > features[0, 0] @ features[0, 1]


def test_contrast_without_two_parts_costs_nothing():
    features = torch.ones(1, 3, 2, requires_grad=True)
    loss = triplet_contrast(features, torch.tensor([[0, 0, -1]]), torch.zeros(1, 3, 3), 0.5)
    loss.backward()
    assert loss.item() == 0 and (features.grad == 0).all()


def test_patch_words_count_positives_as_much_as_all_others_of_the_shape():
    asked = torch.tensor([[True, True, True, False], [True, False, False, False]])
    share = torch.tensor([[[1.0, 0.0, 0.0, 0.0]], [[0.25, 0.0, 0.0, 0.0]]])  # (2, 1, 4)
    # Even odds: of three names the positive one counts twice; a lone name counts once, for the share and against it.
    loss = patch_word_loss(torch.zeros(2, 1, 4), share, asked)
    assert loss.item() == pytest.approx(LOG2 * ((2 + 1 + 1) / 3 + 1) / 2)


def test_patch_words_of_each_shape_count_the_same():
    """As published: the mean over shapes of each one's cost, not of all names together."""
    torch.manual_seed(0)
    logits, share, counts = torch.randn(3, 5, 6), torch.rand(3, 5, 6), (2, 6, 0)
    asked = torch.arange(6) < torch.tensor(counts)[:, None]
    alone = [
        F.binary_cross_entropy_with_logits(
            logits[b, :, :k], share[b, :, :k], pos_weight=torch.full((k,), max(1.0, k - 1.0))
        )
        for b, k in enumerate(counts[:2])
    ]
    assert patch_word_loss(logits, share, asked).item() == pytest.approx(sum(alone).item() / 2, rel=1e-5)
    assert patch_word_loss(logits[..., :0], share[..., :0], asked[..., :0]).item() == 0


def test_patch_words_push_only_names_of_the_shape():
    logits = torch.zeros(1, 2, 3, requires_grad=True)
    share = torch.tensor([[[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]])
    patch_word_loss(logits, share, torch.tensor([[True, True, False]])).backward()
    assert (logits.grad[..., 2] == 0).all()
    assert logits.grad[0, 0, 0] < 0 < logits.grad[0, 0, 1]
    # both are half true: even odds are right
    assert logits.grad[0, 1].abs().max() == pytest.approx(0.0, abs=1e-7)


def test_following_a_teacher_is_one_minus_the_cosine_where_it_is_given():
    projected = torch.tensor([[[2.0, 0.0], [0.0, 3.0], [1.0, 1.0]]], requires_grad=True)
    teacher = torch.tensor([[[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]])
    loss = follow_teacher(projected, teacher)
    assert loss.item() == pytest.approx(0.5)
    loss.backward()
    assert projected.grad[0, 1, 0] < 0  # turns towards the teacher
    assert (projected.grad[0, 2] == 0).all()
    assert follow_teacher(projected, torch.zeros(1, 3, 2)).item() == 0


def test_stages():
    parts, words = Weights.of_stage("parts"), Weights.of_stage("words")
    assert (parts.names, parts.closed, parts.presence, parts.overlap) == (0, 0, 0, 0) and parts.contrast > 0
    assert (words.contrast, words.teacher) == (0, 0) and words.names > 0
    assert Weights.of_stage("joint") == Weights()
    with pytest.raises(ValueError, match="parts, words, joint"):
        Weights.of_stage("third")


def said(kind: str, axis=(0.0, 0.0, 0.0), arm=(0.0, 0.0, 0.0), sure: float = 8.0) -> torch.Tensor:
    """(1, 1, KINDS + 6): the head's output for one sample."""
    scores = torch.zeros(KINDS)
    scores[MOTIONS.index(kind)] = sure
    return torch.cat([scores, torch.tensor(axis), torch.tensor(arm)])[None, None]


UP, ASIDE = torch.tensor([[[0.0, 0.0, 1.0]]]), torch.tensor([[[0.5, 0.0, 0.0]]])


def cost(answer: torch.Tensor, kind: str, axis=UP, arm=ASIDE) -> float:
    return motion_loss(answer, torch.tensor([[MOTIONS.index(kind)]]), axis, arm).item()


def test_motion_loss_is_zero_when_right_and_grows_with_the_error():
    right = cost(said("turns", (0, 0, 2.0), (0.5, 0, 0)), "turns")
    assert right == pytest.approx(0, abs=0.003)
    other_way = cost(said("turns", (0, 0, -2.0), (0.5, 0, 0)), "turns")
    across = cost(said("turns", (0, 3.0, 0), (0.5, 0, 0)), "turns")
    assert other_way == pytest.approx(right + 0.3, abs=1e-4) and across == pytest.approx(
        right + 1.15, abs=1e-4
    )
    assert cost(said("turns", (0, 0, 2.0), (0.5, 0.4, 0)), "turns") > right + 0.1
    assert cost(said("slides", (0, 0, 2.0), (0.5, 0, 0)), "turns") > right + 5


def test_the_position_of_the_axis_counts_only_for_turning_parts():
    near, far = said("slides", (0, 0, 1.0), (0.5, 0, 0)), said("slides", (0, 0, 1.0), (9.0, 0, 0))
    assert cost(near, "slides") == cost(far, "slides")
    assert cost(said("screws", (0, 0, 1.0), (9.0, 0, 0)), "screws") > 1


def test_fixed_parts_have_no_axis_and_unknown_ones_no_loss():
    assert cost(said("fixed", (0, 1.0, 0), (9.0, 0, 0)), "fixed") == pytest.approx(0, abs=0.003)
    answer = said("turns").requires_grad_()
    loss = motion_loss(answer, torch.tensor([[-1]]), UP, ASIDE)
    loss.backward()
    assert loss.item() == 0 and not answer.grad.any()


def test_motion_is_learned():
    """Gradient steps lead from zero to the right kind, axis and place."""
    answer = torch.zeros(1, 1, KINDS + 6)
    answer[..., KINDS:] = 0.1
    answer.requires_grad_()
    optimiser = torch.optim.Adam([answer], 0.1)
    for _ in range(100):
        optimiser.zero_grad()
        motion_loss(answer, torch.tensor([[MOTIONS.index("turns")]]), UP, ASIDE).backward()
        optimiser.step()
    kind, axis, arm = answer.detach()[0, 0].split([KINDS, 3, 3])
    assert MOTIONS[int(kind.argmax())] == "turns"
    assert torch.nn.functional.cosine_similarity(axis, UP[0, 0], dim=0) > 0.99
    assert torch.allclose(arm, ASIDE[0, 0], atol=0.05)


def test_pooled_names_are_separated_whatever_single_samples_say():
    text = torch.eye(3)
    language = F.normalize(
        torch.tensor([[[1.0, 0.2, 0], [1.0, -0.2, 0], [0.1, 1.0, 0], [-0.1, 1.0, 0]]]), dim=-1
    )
    truth = torch.tensor([[[1, 0, 1], [1, 0, 1], [0, 1, 1], [0, 1, 1]]], dtype=torch.float32)
    sure = torch.tensor([[1.0, 1.0, 0.0]])
    scale = torch.tensor(10.0)
    expected = -torch.log_softmax(torch.tensor([10.0, 0.0]), 0)[0].item()
    assert pooled_name_loss(language, text, truth, sure, scale).item() == pytest.approx(expected, abs=1e-5)
    swapped = pooled_name_loss(language, text[[1, 0, 2]], truth, sure, scale)
    assert swapped.item() == pytest.approx(10 + expected, abs=1e-4)


def test_a_whole_is_not_a_negative_of_its_part_and_doubtful_names_count_less():
    text, truth = torch.eye(2), torch.tensor([[[1.0, 1.0], [0.0, 1.0]]])
    language = F.normalize(torch.tensor([[[0.0, 1.0], [1.0, 0.0]]]), dim=-1)
    nested = pooled_name_loss(language, text, truth, torch.ones(1, 2), torch.tensor(10.0))
    assert nested.item() == pytest.approx(0, abs=1e-6)
    apart, scale = torch.eye(2)[None], torch.tensor(10.0)
    right, wrong = torch.eye(2)[None], torch.tensor([[[1.0, 0.0], [1.0, 0.0]]])
    assert pooled_name_loss(right, text, apart, torch.ones(1, 2), scale).item() < 1e-3
    less = [pooled_name_loss(wrong, text, apart, torch.tensor([[1.0, w]]), scale).item() for w in (1.0, 0.1)]
    assert less[1] < less[0]


def test_doubtful_names_pull_less():
    logits = torch.zeros(1, 1, 2, requires_grad=True)
    name_loss(logits, torch.tensor([[[1.0, 1.0]]]), torch.tensor([[[1.0, 0.25]]])).backward()
    assert (logits.grad[0, 0, 1] / logits.grad[0, 0, 0]).item() == pytest.approx(0.25)
