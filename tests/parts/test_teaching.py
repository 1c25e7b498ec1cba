"""Teaching: a word learned from marked examples works at once on other objects, changes no other, and can be saved."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from part_perception.errors import InputError
from part_perception.parts.taught import LEVELS, standing
from part_perception.parts.teaching import (
    Lesson,
    cross_entropy,
    direction,
    learn,
    lesson_of,
    marked_examples,
    minimise,
    of_samples,
    overlap_loss,
    probabilities,
    refuse_what_does_not_fit,
    start,
    turned,
)


def examples(lamp, seeds, part: int = 2) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(points, labels == part) for points, labels in map(lamp, seeds)]


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float((a & b).sum() / (a | b).sum())


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("count", [1, 4])
def test_a_nonsense_word_is_found_on_another_object(segmenter, lamp, part, count):
    segmenter.teach("blicket", examples(lamp, range(count), part))
    points, truth = lamp(20)
    turned = points @ np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]]).T * 3 + 5
    answer = segmenter.ask(turned, ["blicket"])
    assert overlap(answer.masks[0], truth == part) > 0.8
    assert answer.found[0]
    assert answer.parts[0].query == "blicket"


def test_other_words_are_unchanged_to_the_bit(segmenter, lamp):
    points, _ = lamp(20)
    words = ["handle", "lid", "blicket", "rim"]
    segmenter.teach("wug", examples(lamp, [1]))
    before = segmenter.ask(points, words)
    segmenter.teach("blicket", examples(lamp, [1, 2]))
    after = segmenter.ask(points, words)
    others = [0, 1, 3]
    for field in ("masks", "scores", "confidence", "found"):
        np.testing.assert_array_equal(getattr(before, field)[others], getattr(after, field)[others])
    assert (before.scores[2] != after.scores[2]).any()


def test_a_taught_word_needs_no_text_model(segmenter, lamp):
    segmenter.teach("Fnord_Gizmo", examples(lamp, [1]))
    assert segmenter.taught == ("fnord gizmo",)
    assert segmenter.known("fnord gizmo")
    assert segmenter.ask(lamp(20)[0], ["fnord gizmo"]).found[0]


def test_taught_words_compete_in_a_closed_set(segmenter, lamp):
    for part, word in enumerate(("dax", "wug", "blicket")):
        segmenter.teach(word, examples(lamp, range(3), part))
    points, truth = lamp(20)
    assert (segmenter.label(points, ["dax", "wug", "blicket"]) == truth).mean() > 0.9


def test_saved_words_answer_as_before(make_segmenter, lamp, tmp_path):
    one, other = make_segmenter(), make_segmenter()
    one.teach("blicket", examples(lamp, [1]))
    one.teach("wug", examples(lamp, [1], 0))
    one.save_taught(tmp_path / "words.safetensors")
    assert [p.name for p in tmp_path.iterdir()] == ["words.safetensors"]
    assert other.load_taught(tmp_path / "words.safetensors") == ("blicket", "wug")
    points, _ = lamp(20)
    a, b = (s.ask(points, ["blicket", "wug"]) for s in (one, other))
    np.testing.assert_array_equal(a.scores, b.scores)
    np.testing.assert_array_equal(a.confidence, b.confidence)


def test_words_of_another_encoder_are_refused(make_segmenter, lamp, tmp_path):
    one, other = make_segmenter("abc"), make_segmenter("def")
    one.teach("blicket", examples(lamp, [1]))
    one.save_taught(tmp_path / "words.safetensors")
    with pytest.raises(ValueError, match="another encoder"):
        other.load_taught(tmp_path / "words.safetensors")
    assert other.taught == ()


@pytest.mark.parametrize("content", [None, b"", b"not a file of words", b"\x08\0\0\0\0\0\0\0{}      "])
def test_damaged_files_are_refused(segmenter, tmp_path, content):
    path: Path = tmp_path / "words.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match="words"):
        segmenter.load_taught(path)


def test_a_file_that_cannot_be_written_is_refused_and_leaves_nothing(segmenter, lamp, tmp_path):
    segmenter.teach("blicket", examples(lamp, [1]))
    with pytest.raises(ValueError, match="cannot be written"):
        segmenter.save_taught(tmp_path / "nowhere" / "words.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_saving_works_with_no_words_taught(make_segmenter, tmp_path):
    make_segmenter().save_taught(tmp_path / "words.safetensors")
    assert make_segmenter().load_taught(tmp_path / "words.safetensors") == ()


def test_a_forgotten_word_means_what_it_meant(segmenter, lamp):
    points, _ = lamp(20)
    before = segmenter.ask(points, ["handle"])
    segmenter.teach("handle", examples(lamp, [1]))
    assert (segmenter.ask(points, ["handle"]).scores != before.scores).any()
    segmenter.forget("handle")
    np.testing.assert_array_equal(segmenter.ask(points, ["handle"]).scores, before.scores)
    with pytest.raises(ValueError, match="was not taught"):
        segmenter.forget("handle")


def bad_examples(lamp):
    points, labels = lamp(1)
    mask = labels == 2
    few = np.zeros(len(points), bool)
    few[0] = True
    return {
        "at least one": [],
        "at most 8": [(points, mask)] * 9,
        "must be a pair": [points],
        "must be a list": (p for p in [(points, mask)]),
        "marks 0 points": [(points, np.zeros(len(points), bool))],
        "marks 1 points": [(points, few)],
        "one mark a point": [(points, mask[:-1])],
        "True and False": [(points, labels)],
        "every point of every example": [(points, np.ones(len(points), bool))],
        "the same cloud is marked differently": [(points, mask), (points, ~mask)],
        "at least 32 finite points": [(points[:20], np.ones(20, bool)), (points, mask)],
    }


@pytest.mark.parametrize("reason", list(bad_examples(lambda _: (np.zeros((40, 3)), np.arange(40) % 3))))
def test_bad_examples_are_refused_and_change_nothing(segmenter, lamp, reason):
    segmenter.teach("blicket", examples(lamp, [1]))
    before = segmenter.ask(lamp(20)[0], ["blicket"]).scores
    with pytest.raises(ValueError, match=reason):
        segmenter.teach("blicket", bad_examples(lamp)[reason])
    np.testing.assert_array_equal(segmenter.ask(lamp(20)[0], ["blicket"]).scores, before)


def test_marks_only_on_rows_that_are_not_finite_are_refused(segmenter, lamp):
    points, labels = lamp(1)
    mask = np.arange(len(points)) < 10
    points[mask] = np.nan
    with pytest.raises(ValueError, match="no marked point of example 1"):
        segmenter.teach("blicket", [(points, mask)])
    assert segmenter.taught == ()


def test_a_word_needs_letters(segmenter, lamp):
    with pytest.raises(ValueError, match="letter or digit"):
        segmenter.teach("!?", examples(lamp, [1]))


def some_lesson() -> Lesson:
    rng = np.random.default_rng(0)
    return Lesson(
        rng.normal(size=(2, 40, 3)), (rng.random(40) < 0.3).astype(float), rng.uniform(1, 3, 40),
        np.repeat([0, 1], 20), 2,
    )  # fmt: skip


@pytest.mark.parametrize("loss", [overlap_loss, cross_entropy])
def test_slopes_are_those_of_the_losses(loss):
    lesson = some_lesson()
    p = np.random.default_rng(1).uniform(0.1, 0.9, 40)
    _, slope = loss(p, lesson)
    for i in range(0, 40, 7):
        step = np.zeros(40)
        step[i] = 1e-6
        numeric = (loss(p + step, lesson)[0] - loss(p - step, lesson)[0]) / 2e-6
        assert slope[i] == pytest.approx(numeric, rel=1e-4, abs=1e-9)


def test_relaxed_overlap_by_hand():
    lesson = Lesson(np.zeros((1, 3, 1)), np.array([1.0, 1.0, 0.0]), np.ones(3), np.zeros(3, int), 1)
    value, _ = overlap_loss(np.array([1.0, 0.5, 0.5]), lesson)
    assert value == pytest.approx(1 - 1.5 / 2.5)
    assert overlap_loss(np.array([1.0, 1.0, 0.0]), lesson)[0] == pytest.approx(0)


def encoded_examples(segmenter, lamp, seeds, part: int):
    return [of_samples(segmenter.encode([p])[0], m, 1) for p, m in examples(lamp, seeds, part)]


def test_the_loss_optimises_the_overlap(segmenter, lamp):
    """Fitted for relaxed overlap, a lesson has more of it than after cross-entropy, and than before."""
    marked = encoded_examples(segmenter, lamp, [1, 2], 1)
    lesson = lesson_of(marked, direction(marked))

    def cost(loss, fitted: np.ndarray) -> float:
        return loss(probabilities(fitted, lesson), lesson)[0]

    by_overlap, by_entropy = minimise(overlap_loss, lesson), minimise(cross_entropy, lesson)
    assert cost(overlap_loss, by_overlap) < cost(overlap_loss, by_entropy) < 1
    assert cost(overlap_loss, by_overlap) < cost(overlap_loss, start())
    assert cost(cross_entropy, by_entropy) < cost(cross_entropy, start())


def test_votes_lie_between_the_lowest_and_highest_of_their_object(segmenter, lamp):
    marked = encoded_examples(segmenter, lamp, [1], 2)
    weights = direction(marked)
    votes = standing(marked[0][0], weights)
    assert votes.shape == (1 + len(LEVELS), marked[0][0].patches.count)
    assert (votes[0] < 0).mean() == pytest.approx(0.05, abs=0.01)
    assert np.sort(votes[0])[-20:].mean() == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(standing(marked[0][0], 7 * weights), votes, atol=1e-3)


def test_the_direction_is_from_the_rest_to_the_part():
    """Two clouds of features that differ along the first axis, and vary a lot along the second one."""
    rng = np.random.default_rng(0)
    features = rng.normal(0, (0.01, 1.0, 0.01), (400, 3)) + np.outer(np.arange(400) < 100, (0.3, 0.4, 0.0))

    class Samples:
        def __init__(self):
            self.features, self.field = features, np.zeros((400, 1))

    found = direction([(Samples(), np.arange(400) < 100)])[:3]
    assert found[0] > 0.25
    assert abs(found[1]) < 0.4
    plain = features[:100].mean(axis=0) - features[100:].mean(axis=0)
    assert found[0] / abs(found[1]) > plain[0] / abs(plain[1])


@pytest.mark.parametrize(("given", "learned"), [(1, 9), (2, 10), (4, 12), (8, 24)])
def test_turned_copies_of_examples_are_learned_too(segmenter, lamp, given, learned):
    encoded = []

    def encode(points):
        encoded.append(points)
        return segmenter.encode([points])[0]

    checked = examples(lamp, range(given))
    marked = marked_examples(encode, checked)
    assert len(marked) == len(encoded) == learned
    for (points, mask), own in zip(checked, marked, strict=False):
        np.testing.assert_array_equal(own[0].points, points)
        assert overlap(own[0].mask_of(own[1]), mask) > 0.9
    copied, chosen = marked[-1]
    assert overlap(copied.mask_of(chosen), checked[-1][1]) > 0.9
    assert learn("blicket", marked).looks.shape[0] == learned


@pytest.mark.parametrize("up", [(0, 0, 1.0), (1.0, 0, 0), (0, -0.6, 0.8), (0, 0, -1.0)])
def test_copies_are_turned_about_gravity_and_mirrored(lamp, up):
    points, up = lamp(1)[0], np.array(up)
    for number in range(4):
        copy = turned(points, up, number)
        np.testing.assert_allclose(copy @ up, points @ up, atol=0.02 * 0.4)
        apart, there = (np.linalg.norm(p[:50, None] - p[:50], axis=2) for p in (copy, points))
        np.testing.assert_allclose(apart, there, atol=0.03 * 0.4)
        motion = np.linalg.lstsq(points - points.mean(0), copy - copy.mean(0), rcond=None)[0]
        assert np.linalg.det(motion) == pytest.approx((-1.0) ** number, abs=0.05)
    assert np.abs(turned(points, up, 0) - turned(points, up, 2)).max() > 0.05


@pytest.mark.parametrize("nothing", [np.nan, np.inf, -np.inf])
def test_rows_that_are_not_finite_cost_no_copies(segmenter, lamp, nothing):
    points, mask = examples(lamp, [1])[0]
    points[5] = nothing
    assert len(marked_examples(lambda points: segmenter.encode([points])[0], [(points, mask)])) == 9


def test_a_copy_that_loses_the_part_is_left_out(segmenter, lamp):
    calls = []

    def encode(points):
        calls.append(points)
        if len(calls) == 3:
            raise InputError("an object needs at least 32 finite points")
        return segmenter.encode([points])[0]

    assert len(marked_examples(encode, examples(lamp, [1]))) == 8


def test_examples_that_fit_no_part_are_a_contradiction(segmenter, lamp):
    word = learn("blicket", encoded_examples(segmenter, lamp, [1, 2], 2))
    refuse_what_does_not_fit(word, encoded_examples(segmenter, lamp, [1, 2], 2))
    with pytest.raises(ValueError, match="'blicket' contradict each other: .* by only 0%"):
        refuse_what_does_not_fit(word, encoded_examples(segmenter, lamp, [1, 2], 0))


@pytest.mark.timed
def test_eight_examples_take_little_time(segmenter, lamp):
    segmenter.teach("blicket", examples(lamp, [9]))  # loaded once
    taken = []
    # the shorter, by the clock: idle threads of the linear algebra count as computing time
    for _ in range(2):
        began = time.perf_counter()
        segmenter.teach("blicket", examples(lamp, range(8)))
        taken.append(time.perf_counter() - began)
    assert min(taken) < 5


def test_unknown_objectives_are_refused(segmenter, lamp):
    points, mask = examples(lamp, [1])[0]
    with pytest.raises(ValueError, match="objective"):
        learn("blicket", [of_samples(segmenter.encode([points])[0], mask, 1)], "hope")


def test_the_confidence_of_a_taught_word_follows_the_models_odds(segmenter, lamp):
    points, labels = lamp(1)
    segmenter.teach("blicket", [(points, labels == 2)])
    rule = segmenter.manifest.confidence
    for bias, found in ((-30.0, False), (30.0, True)):
        odds = (bias, 0.0, 0.0, 0.0)
        segmenter.manifest = replace(segmenter.manifest, confidence=replace(rule, taught_odds=odds))
        assert segmenter.ask(points, ["blicket"]).found.tolist() == [found]


def lugs(seed: int, share: float) -> tuple[np.ndarray, np.ndarray]:
    """A disc with two lugs on opposite sides, one of them smaller, and which points are on a lug."""
    rng = np.random.default_rng(seed)
    parts = []
    for count, angle, width, low, high in (
        (1000, 0.0, np.pi, 0.0, 0.0),
        (500, 0.0, 0.5, 0.15, 0.35),
        (int(500 * share), np.pi, 0.5 * share, 0.15, 0.35),
    ):
        turn = angle + rng.uniform(-width, width, count)
        radius = np.full(count, 0.3) if high else 0.3 * np.sqrt(rng.uniform(size=count))
        parts.append(
            np.stack([radius * np.cos(turn), radius * np.sin(turn), rng.uniform(low, high, count)], axis=1)
        )
    return np.concatenate(parts), np.arange(sum(map(len, parts))) >= 1000


@pytest.mark.parametrize(("share", "count"), [(0.3, 1), (1.0, 2)])
def test_further_instances_of_a_taught_word_need_the_confidence_of_taught_words(segmenter, share, count):
    segmenter.teach("blicket", [lugs(seed, 0.4) for seed in range(3)])
    rule = replace(segmenter.manifest.confidence, found_at=0.24, taught_odds=(1.0, 0.0, 0.0, 0.0))
    segmenter.manifest = replace(segmenter.manifest, confidence=rule)
    answer = segmenter.ask(lugs(7, share)[0], ["blicket"])
    assert len(answer.instances[0]) == count
    assert min(part.confidence for part in answer.instances[0]) >= answer.level[0]
