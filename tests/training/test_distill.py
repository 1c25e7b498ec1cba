"""Distillation: what masks mean in 3-D, a teacher's faults, and that the student outdoes its teacher."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from part_perception.encoder.architecture import Encoder
from part_perception.encoder.manifest import EncoderConfig, Manifest
from part_perception.encoder.patches import PatchSpec
from part_perception.encoder.runtimes.torch import TorchRuntime
from part_perception.evaluation.distillation import (
    Faults,
    camera_around,
    faulty_masks,
    label_image,
)
from part_perception.language import Language
from part_perception.parts.scoring import word_logits
from part_perception.recordings.shots import Camera, ScoredMask, box_mask
from part_perception.segmenter import PartSegmenter
from part_perception.training.distill import student as student_module
from part_perception.training.distill.directions import (
    LABELLED_SCORE,
    agreement,
    backward,
    distill,
    guarded,
    rescore,
    teacher_scores,
)
from part_perception.training.distill.lessons import (
    Knowledge,
    Lesson,
    lift,
    pieces_of,
    pixels_of,
    soft_targets,
    vote,
)
from part_perception.training.distill.student import Student, quiet_directions
from part_perception.training.distill.weighing import facing, learn_weights, weighed

K = np.array([[100.0, 0, 20], [0, 100.0, 10], [0, 0, 1]])
WORDS = ["handle", "lid"]
CAMERA = Camera(K, 40, 20, np.eye(3), np.zeros(3))


@pytest.fixture(scope="module")
def segmenter() -> PartSegmenter:
    """An untrained network with all words."""
    torch.manual_seed(0)
    config = EncoderConfig(
        dim=48, depth=1, heads=2, patch_widths=(8, 16, 16, 16), position_width=16, language=384, field=8
    )
    manifest = Manifest("tiny", config, PatchSpec(samples=256, patches=24, neighbours=12))
    weights = {k: v.numpy() for k, v in Encoder(config).state_dict().items() if v.dtype.is_floating_point}
    return PartSegmenter(manifest, TorchRuntime(weights, config, "cpu"), Language.shipped())


@pytest.fixture
def student(segmenter) -> Student:
    return student_with(segmenter, segmenter.runtime.network)


def student_with(segmenter: PartSegmenter, network) -> Student:
    weights = {k: v.numpy() for k, v in network.state_dict().items() if v.dtype.is_floating_point}
    bank = segmenter.language.bank.vectors
    return Student(segmenter.manifest, weights, segmenter.embed(WORDS), bank)


@pytest.fixture(autouse=True)
def few_views_to_rehearse(monkeypatch):
    monkeypatch.setattr(student_module, "VIEWS", 3)


def bar(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A bar of two parts, one above the other."""
    points = np.random.default_rng(seed).uniform(-1, 1, (900, 3)) * (0.3, 0.3, 1)
    return points, (points[:, 2] > 0).astype(int)


@pytest.mark.parametrize(
    ("model", "distortion"),
    [
        ("plumb_bob", (-0.3, 0.0, 0.001, -0.002, 0.0)),
        ("plumb_bob", (0.1, -0.25, 0.0, 0.0, 0.0)),
        ("equidistant", (-0.2, 0.0, 0.0, 0.0)),
    ],
)
def test_a_distorted_image_shows_nothing_from_far_beside_it(model, distortion):
    """The polynomials fold what is beyond their largest value back into the image."""
    camera = Camera(np.array([[500.0, 0, 320], [0, 500, 240], [0, 0, 1]]), 640, 480, np.eye(3), np.zeros(3))
    slope = np.linspace(0, 19, 400)
    points = np.stack([slope, 0 * slope, np.ones(400)], axis=1)
    pixel, seen = pixels_of(points, replace(camera, model=model, distortion=distortion))
    shown = int(np.count_nonzero(seen))
    assert 5 < shown < 40 and seen[:shown].all(), "one stretch, from the middle to the border"
    assert (np.diff(pixel[:shown] % 640) > 0).all() and pixel[shown - 1] % 640 > 560


def test_points_go_to_their_pixels():
    points = np.array([[0, 0, 1.0], [0.103, 0.053, 1.0], [0, 0, 1.5], [0, 0, -1], [0.5, 0, 1]])
    pixel, visible = pixels_of(points, CAMERA)
    assert visible.tolist() == [True, True, False, False, False]
    assert pixel[:2].tolist() == [10 * 40 + 20, 15 * 40 + 30]


def test_masks_mean_visible_points_only():
    points = np.array([[0, 0, 1.0], [0.103, 0.053, 1.0], [0, 0, 1.5]])
    mask = np.zeros((20, 40), bool)
    mask[10, 20] = True
    known, visible = lift(
        [ScoredMask("lid", mask, 0.7), ScoredMask("cow", mask, 1.0)], CAMERA, points, ["rim", "lid"]
    )
    assert [(k.label, k.score, k.points.tolist()) for k in known] == [(1, 0.7, [True, False, False])]
    assert visible.tolist() == [True, True, False]


def test_a_turned_camera_sees_the_same():
    points = np.array([[0, 0, 1.0], [0.103, 0.053, 1.0]])
    turn = np.array([[0, 1.0, 0], [-1, 0, 0], [0, 0, 1]])
    moved = points @ turn + (3, 4, 5)
    pixel, _ = pixels_of(moved, Camera(K, 40, 20, turn, np.array([3.0, 4, 5])))
    np.testing.assert_array_equal(pixel, pixels_of(points, CAMERA)[0])


@pytest.mark.parametrize("matrix", [np.zeros((3, 3)), np.eye(2), np.full((3, 3), np.nan)])
def test_a_recording_without_camera_model_is_refused(matrix):
    with pytest.raises(ValueError, match="camera model"):
        Camera(matrix, 40, 20, np.eye(3), np.zeros(3))


def test_masks_of_another_size_are_refused():
    with pytest.raises(ValueError, match="a mask is 3 × 2, but the camera's image 40 × 20"):
        lift([ScoredMask("lid", np.ones((2, 3), bool), 1.0)], CAMERA, np.array([[0, 0, 1.0]]), ["lid"])


def test_boxes_are_masks_within_the_image():
    mask = box_mask((-5, 2, 3.4, 4), (20, 40))
    assert mask.sum() == 3 * 2
    assert mask[2:4, 0:3].all()
    with pytest.raises(ValueError, match="holds no pixel"):
        box_mask((50, 0, 60, 5), (20, 40))


def test_a_mask_in_pieces_is_scored_piece_by_piece_and_crumbs_go_with_the_largest():
    mask = np.zeros((40, 40), bool)
    mask[2:12, 2:12] = mask[20:38, 20:30] = mask[39, 0] = True
    first, second = pieces_of(mask)
    assert first.sum() == 100 and first[5, 5] and not first[25, 25]
    assert second.sum() == 181 and second[25, 25] and second[39, 0]
    np.testing.assert_array_equal(pieces_of(first), [first])


def test_votes_count_by_score():
    a, b = np.array([True, True, False]), np.array([False, True, False])
    known = [Knowledge(0, 0.4, a), Knowledge(1, 0.6, b)]
    assert vote(known, [0.4, 0.6], 3, 2).tolist() == [0, 1, -1]
    assert vote(known, [0.4, 0.1], 3, 2).tolist() == [0, 0, -1]


def test_a_teacher_without_faults_says_the_truth():
    points, labels = bar(0)
    camera = camera_around(points, 0.3, 0.4)
    masks = faulty_masks(
        label_image(points, labels, camera), ["low", "high"], Faults(0, 0, 0, 0, 0), np.random.default_rng(0)
    )
    known, visible = lift(masks, camera, points, ["low", "high"])
    said = vote(known, [1.0] * len(known), len(points), 2)
    assert [m.word for m in masks] == ["low", "high"]
    assert (said[visible] == labels[visible]).all()
    assert (said[~visible] == -1).all()


def test_faults_are_as_ordered():
    image = np.repeat([0, 1], 200).reshape(20, 20)
    rng = np.random.default_rng(0)
    many = [faulty_masks(image, ["a", "b"], Faults(0.3, 0.25, 0, 0.1), rng) for _ in range(500)]
    masks = [m for found in many for m in found]
    assert len(masks) / 1000 == pytest.approx(0.7, abs=0.05)
    wrong = [m.word != "ab"[int(m.mask[19, 0])] for m in masks]
    assert np.mean(wrong) == pytest.approx(0.25, abs=0.05)

    def scores_of_views(faults: Faults) -> np.ndarray:
        views = [faulty_masks(image, ["a", "b"], faults, rng) for _ in range(200)]
        return np.array([[m.score for m in found] for found in views])

    apart = scores_of_views(Faults(0, 0, 0, 0.0, view_noise=0.1))
    np.testing.assert_allclose(apart[:, 0], apart[:, 1])
    assert apart[:, 0].std() == pytest.approx(0.1, abs=0.02)
    assert np.ptp(scores_of_views(Faults(0, 0, 0, 0.0, view_noise=0))) == 0
    spilled = faulty_masks(image, ["a", "b"], Faults(0, 0, 6, 0), np.random.default_rng(3))
    assert sum(m.mask.sum() for m in spilled) > 400


WRONG = (2, 5)


def lessons(segmenter: PartSegmenter) -> list[tuple[Lesson, np.ndarray]]:
    """Bars with alternately named halves; two of eight masks have the wrong word but a high score."""
    out = []
    for seed in range(6):
        points, labels = bar(seed)
        rng = np.random.default_rng(seed)
        known = []
        for i in range(8):
            part = i % 2
            wrong = i in WRONG
            chosen = (labels == part) & (rng.random(len(labels)) < 0.3)
            known.append(Knowledge(1 - part if wrong else part, 0.9 if wrong else 0.6, chosen))
        out.append((Lesson(segmenter.encode([points])[0], tuple(known)), labels))
    return out


def test_the_student_is_better_than_its_teacher(segmenter, student):
    told = lessons(segmenter)
    distill(student, [lesson for lesson, _ in told], rounds=0)
    right = [(student.labels(x.encoded) == labels).mean() for x, labels in told]
    teacher = [
        (vote(x.knowledge, [k.score for k in x.knowledge], len(labels), 2) == labels).mean()
        for x, labels in told
    ]
    assert np.mean(right) > 0.85
    assert np.mean(right) > np.mean(teacher) + 0.12
    points, labels = bar(99)
    assert (student.labels(segmenter.encode([points])[0]) == labels).mean() > 0.85


def test_rescoring_separates_wrong_masks_from_right_ones(segmenter, student):
    told = [lesson for lesson, _ in lessons(segmenter)]
    scores = distill(student, told, rounds=1).scores
    wrong = [c for row in scores for i, c in enumerate(row) if i in WRONG]
    right = [c for row in scores for i, c in enumerate(row) if i not in WRONG]
    assert max(wrong) < min(right)


def test_a_word_keeps_its_weight_whatever_its_masks_are_worth(segmenter, student):
    told = [lesson for lesson, _ in lessons(segmenter)]
    distill(student, told, rounds=0)
    for label in (0, 1):
        given, left = (
            sum(s for x, row in zip(told, scores, strict=True)
                for k, s in zip(x.knowledge, row, strict=True) if k.label == label)
            for scores in (teacher_scores(told).scores, backward(student, told))
        )  # fmt: skip
        assert left == pytest.approx(given)


def test_the_same_seed_learns_the_same_and_a_state_goes_on_where_it_was(segmenter, student):
    told = [lesson for lesson, _ in lessons(segmenter)]
    kept = []
    whole = distill(student, told, steps=20, seed=3, after=kept.append)
    assert [s.done for s in kept] == [1, 2, 3]
    other = student_with(segmenter, segmenter.runtime.network)
    resumed = distill(other, told, steps=20, seed=3, state=kept[0])
    np.testing.assert_array_equal(resumed.step.weight, whole.step.weight)
    assert resumed.scores == whole.scores
    assert not np.array_equal(distill(other, told, steps=20, seed=4).step.weight, whole.step.weight)


def test_the_model_says_what_the_student_says_and_its_part_field_stays(segmenter, student):
    told = [lesson for lesson, _ in lessons(segmenter)]
    distill(student, told)
    runtime = TorchRuntime(student.learned_weights(), segmenter.manifest.encoder, "cpu")
    learned = PartSegmenter(segmenter.manifest, runtime, segmenter.language)
    points, labels = bar(99)
    before, after = segmenter.encode([points])[0], learned.encode([points])[0]
    logits = word_logits(after, learned.embed(WORDS), learned.manifest.confidence)
    assert (after.to_points(logits.argmax(axis=1), -1) == student.labels(before)).mean() > 0.99
    assert (learned.label(points, WORDS) == labels).mean() > 0.85
    np.testing.assert_array_equal(before.field, after.field)


def test_moves_change_only_their_word_and_the_bank_little(segmenter):
    text, bank = segmenter.embed(WORDS), segmenter.language.bank.vectors
    moves = quiet_directions(text, bank)
    np.testing.assert_allclose(text @ moves, np.eye(2), atol=1e-6)
    plain = np.linalg.pinv(text.astype(float))
    assert ((bank @ moves) ** 2).mean() < 0.4 * ((bank @ plain) ** 2).mean()


def test_rehearsal_keeps_other_words_nearly_as_they_were(segmenter, student, monkeypatch):
    told = [lesson for lesson, _ in lessons(segmenter)]
    changed = {}
    for keep in (student_module.KEEP, 0.0):
        monkeypatch.setattr(student_module, "KEEP", keep)
        distill(student, told, rounds=0)
        changed[keep] = np.abs(student.rehearsed @ student.step.weight.T + student.step.offset).mean()
    assert changed[0.1] < 0.8 * changed[0.0]


def test_agreement_by_hand():
    covered = np.array([True, True, False, False])
    assert agreement(covered, np.array([0.8, 0.4, 0.1, 0.3])) == pytest.approx(0.6 / 0.8)
    assert agreement(covered, np.full(4, 0.2)) == 0.5
    assert agreement(np.ones(4, bool), np.full(4, 0.2)) == 1
    assert agreement(covered, np.zeros(4)) == 0


def test_points_outside_all_views_cost_nothing(segmenter):
    points, _ = bar(0)
    encoded = segmenter.encode([points])[0]
    covered = np.zeros(len(points), bool)
    covered[:100] = True
    targets = soft_targets(Lesson(encoded, (Knowledge(1, 0.5, covered),)), [0.5], 2, LABELLED_SCORE)
    reached = np.unique(encoded.member[:100])
    assert targets[:, 0].sum() == 0
    assert np.flatnonzero(targets[:, 1]).tolist() == reached.tolist()
    assert targets.max() <= 0.5


def test_labelled_shapes_have_more_weight(segmenter):
    points, labels = bar(0)
    encoded = segmenter.encode([points])[0]
    targets = soft_targets(Lesson(encoded, (), labels), [], 2, LABELLED_SCORE)
    np.testing.assert_allclose(targets.sum(axis=1), LABELLED_SCORE)


def test_a_few_labelled_shapes_correct_a_teacher_that_is_always_wrong(segmenter, student):
    points, labels = bar(0)
    wrong = tuple(Knowledge(1 - part, 0.5, labels == part) for part in (0, 1))
    encoded = segmenter.encode([points])[0]
    distill(student, [Lesson(encoded, wrong)], rounds=0)
    assert (student.labels(encoded) == labels).mean() < 0.2
    other, other_labels = bar(1)
    shown = [Lesson(segmenter.encode([other])[0], (), other_labels)]
    distill(student, [Lesson(encoded, wrong), *shown])
    assert (student.labels(encoded) == labels).mean() > 0.8


def test_rescoring_gives_one_score_a_mask(segmenter, student):
    told = lessons(segmenter)[0][0]
    distill(student, [told], rounds=0, steps=5)
    scores = rescore(student, told)
    assert len(scores) == 8
    assert all(0 <= c <= 1 for c in scores)


def test_nothing_to_learn_from_is_refused(segmenter, student):
    encoded = segmenter.encode([bar(0)[0]])[0]
    with pytest.raises(ValueError, match="nothing to learn from"):
        distill(student, [Lesson(encoded, ())])


def test_weights_are_learned_from_few_labelled_objects(segmenter):
    """Wrong masks have higher scores; only the contradiction by other views gives them away, on other objects too."""
    told = [
        (replace(x, knowledge=tuple(replace(k, view=i) for i, k in enumerate(x.knowledge))), labels)
        for x, labels in lessons(segmenter)
    ]
    few = [replace(x, labels=labels) for x, labels in told[:3]]

    def belief(encoded) -> np.ndarray:
        return np.full((2, encoded.total), 0.5, np.float32)

    weigher = learn_weights(few, 2, belief)
    rest = [x for x, _ in told[3:]]
    scores = weighed(weigher, rest, belief)
    wrong = [c for row in scores for i, c in enumerate(row) if i in WRONG]
    right = [c for row in scores for i, c in enumerate(row) if i not in WRONG]
    assert max(wrong) < 0.5 * min(right)
    assert sum(map(sum, scores)) == pytest.approx(sum(k.score for x in rest for k in x.knowledge))


def test_a_camera_that_looks_along_a_surface_is_worth_less_as_evidence():
    x, y = np.meshgrid(np.linspace(0, 1, 20), np.linspace(0, 1, 20))
    flat = np.stack([x.ravel(), y.ravel(), np.zeros(400)], axis=1)
    every = np.ones(400, bool)
    above, aside = np.array([0.5, 0.5, 50.0]), np.array([50.0, 0.5, 0.0])
    known = [Knowledge(0, 1.0, every, 0, above), Knowledge(0, 1.0, every, 1, aside), Knowledge(0, 1.0, every)]
    assert facing(flat, known) == pytest.approx([1, 0, 0.5], abs=0.01)


def test_known_words_are_guarded_from_a_bad_teacher_and_new_ones_learned(segmenter, student):
    told = lessons(segmenter)
    assert guarded(student, [x for x, _ in told], rounds=1, steps=60) == 1.0
    true = [replace(x, knowledge=(), labels=labels) for x, labels in told]
    distill(student, true, rounds=0)
    knowing = Student(student.manifest, student.learned_weights(), student.text, student.bank)
    right = np.mean([(knowing.labels(x.encoded) == labels).mean() for x, labels in told])
    assert right > 0.9, "without any step"
    rng = np.random.default_rng(0)
    bad = [
        replace(x, knowledge=tuple(replace(k, label=int(rng.integers(2))) for k in x.knowledge))
        for x, _ in told
    ]
    assert guarded(knowing, bad, rounds=1, steps=60) == 0.0
    assert not knowing.step.weight.any(), "it is unchanged"
    assert guarded(knowing, bad[:3], rounds=1, steps=60) == 1.0, "too few to tell"
