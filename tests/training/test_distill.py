"""Distillation: what masks mean in 3-D, what a faulty teacher does, and that the student outdoes its teacher."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.encoder.manifest import Manifest
from part_perception.language import Language
from part_perception.segmenter import PartSegmenter
from part_perception.training.distill.backprojection import (
    Camera,
    Knowledge,
    ScoredMask,
    box_mask,
    lift,
    pixels_of,
    vote,
)
from part_perception.training.distill.directions import agreement, distill, rescore
from part_perception.training.distill.recordings import load_recording
from part_perception.training.distill.simulated_teacher import (
    Faults,
    camera_around,
    faulty_masks,
    label_image,
)
from part_perception.training.distill.student import LABELLED_SCORE, Shape, soft_targets

K = np.array([[100.0, 0, 20], [0, 100.0, 10], [0, 0, 1]])
CAMERA = Camera(K, 40, 20, np.eye(3), np.zeros(3))


class PlaceRuntime:
    """Features that follow the place of a sample."""

    name = "place"

    def run(self, inputs):
        samples = inputs["samples"].astype(float)
        rng = np.random.default_rng(0)
        waves = np.cos(samples @ rng.normal(0, 1.5, (3, 432)) + rng.uniform(0, 6, 432))
        waves /= np.linalg.norm(waves, axis=-1, keepdims=True)
        return {"language": waves[..., :384].astype("f4"), "field": waves[..., 384:].astype("f4")}


@pytest.fixture(scope="module")
def segmenter() -> PartSegmenter:
    return PartSegmenter(Manifest("place"), PlaceRuntime(), Language.shipped())


def bar(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A bar of two parts, one above the other."""
    points = np.random.default_rng(seed).uniform(-1, 1, (900, 3)) * (0.3, 0.3, 1)
    return points, (points[:, 2] > 0).astype(int)


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
    with pytest.raises(ValueError, match="a mask is 3 × 2, the camera's image 40 × 20"):
        lift([ScoredMask("lid", np.ones((2, 3), bool), 1.0)], CAMERA, np.array([[0, 0, 1.0]]), ["lid"])


def test_boxes_are_masks_within_the_image():
    mask = box_mask((-5, 2, 3.4, 4), (20, 40))
    assert mask.sum() == 3 * 2
    assert mask[2:4, 0:3].all()
    with pytest.raises(ValueError, match="holds no pixel"):
        box_mask((50, 0, 60, 5), (20, 40))


def test_votes_count_by_score():
    a, b = np.array([True, True, False]), np.array([False, True, False])
    known = [Knowledge(0, 0.4, a), Knowledge(1, 0.6, b)]
    assert vote(known, [0.4, 0.6], 3, 2).tolist() == [0, 1, -1]
    assert vote(known, [0.4, 0.1], 3, 2).tolist() == [0, 0, -1]


def test_a_teacher_without_faults_says_the_truth():
    points, labels = bar(0)
    camera = camera_around(points, 0.3, 0.4)
    masks = faulty_masks(
        label_image(points, labels, camera), ["low", "high"], Faults(0, 0, 0, 0), np.random.default_rng(0)
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
    spilled = faulty_masks(image, ["a", "b"], Faults(0, 0, 6, 0), np.random.default_rng(3))
    assert sum(m.mask.sum() for m in spilled) > 400


WRONG = (2, 5)


def lessons(segmenter: PartSegmenter) -> list[tuple[Shape, np.ndarray]]:
    """Bars whose lower or upper half was named in turn, two of eight masks with the wrong word but a high score."""
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
        out.append((Shape(segmenter.encode([points])[0], tuple(known)), labels))
    return out


def test_the_student_is_better_than_its_teacher(segmenter):
    told = lessons(segmenter)
    student = distill([s for s, _ in told], 2, rounds=0, steps=80).student
    right = [(student.labels(s.encoded) == labels).mean() for s, labels in told]
    teacher = [
        (vote(s.knowledge, [k.score for k in s.knowledge], len(labels), 2) == labels).mean()
        for s, labels in told
    ]
    assert np.mean(right) > 0.85
    assert np.mean(right) > np.mean(teacher) + 0.12
    points, labels = bar(99)
    assert (student.labels(segmenter.encode([points])[0]) == labels).mean() > 0.85


def test_backward_tells_wrong_masks_from_right_ones(segmenter):
    told = lessons(segmenter)
    scores = distill([s for s, _ in told], 2, rounds=1, steps=80).scores
    wrong = [c for row in scores for i, c in enumerate(row) if i in WRONG]
    right = [c for row in scores for i, c in enumerate(row) if i not in WRONG]
    assert max(wrong) < min(right)


def test_agreement_by_hand():
    covered = np.array([True, True, False, False])
    assert agreement(covered, np.array([0.8, 0.4, 0.1, 0.3])) == pytest.approx(0.6 / 0.8)
    assert agreement(covered, np.full(4, 0.2)) == 0.5
    assert agreement(np.ones(4, bool), np.full(4, 0.2)) == 1
    assert agreement(covered, np.zeros(4)) == 0


def test_what_no_view_covers_costs_nothing(segmenter):
    points, _ = bar(0)
    encoded = segmenter.encode([points])[0]
    covered = np.zeros(len(points), bool)
    covered[:100] = True
    targets = soft_targets(Shape(encoded, (Knowledge(1, 0.5, covered),)), [0.5], 2)
    reached = np.unique(encoded.member[:100])
    assert targets[:, 0].sum() == 0
    assert np.flatnonzero(targets[:, 1]).tolist() == reached.tolist()
    assert targets.max() <= 0.5


def test_labelled_shapes_are_heard_more(segmenter):
    points, labels = bar(0)
    encoded = segmenter.encode([points])[0]
    targets = soft_targets(Shape(encoded, (), labels), [], 2)
    np.testing.assert_allclose(targets.sum(axis=1), LABELLED_SCORE)


def test_rescoring_gives_one_score_a_mask(segmenter):
    told = lessons(segmenter)[:1]
    student = distill([s for s, _ in told], 2, rounds=0, steps=5).student
    scores = rescore(student, told[0][0])
    assert len(scores) == 8
    assert all(0 <= c <= 1 for c in scores)


def test_nothing_to_learn_from_is_refused(segmenter):
    encoded = segmenter.encode([bar(0)[0]])[0]
    with pytest.raises(ValueError, match="nothing to learn from"):
        distill([Shape(encoded, ())], 2)
    with pytest.raises(ValueError, match="at least two words"):
        distill([Shape(encoded, ())], 1)


def recording(**changes) -> dict:
    mask = np.zeros((1, 20, 40), bool)
    mask[0, 10, 20] = True
    given = {
        "points": [[0, 0, 1.0], [0.103, 0.053, 1.0]],
        "K": K,
        "masks": mask,
        "words": ["lid"],
        "scores": [0.7],
    }
    return {k: v for k, v in {**given, **changes}.items() if v is not None}


def test_a_recording_is_read_and_lifted(tmp_path):
    np.savez(tmp_path / "a.npz", **recording())
    read = load_recording(tmp_path / "a.npz")
    known, _ = lift(read.masks, read.camera, read.points, ["lid"])
    assert [(k.label, k.score, k.points.tolist()) for k in known] == [(0, 0.7, [True, False])]


def test_boxes_of_a_recording_are_lifted(tmp_path):
    np.savez(tmp_path / "a.npz", **recording(masks=None, boxes=[[25, 12, 35, 18]], image_size=[40, 20]))
    read = load_recording(tmp_path / "a.npz")
    assert lift(read.masks, read.camera, read.points, ["lid"])[0][0].points.tolist() == [False, True]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"K": None}, "no camera model"),
        ({"words": None}, "lacks words"),
        ({"masks": None}, "needs masks, or boxes"),
        ({"scores": [0.1, 0.2]}, "1 masks, 1 words and 2 scores"),
        ({"masks": np.zeros((20, 40))}, r"must be \(M, H, W\)"),
    ],
)
def test_recordings_that_lack_something_are_refused(tmp_path, changes, reason):
    np.savez(tmp_path / "a.npz", **recording(**changes))
    with pytest.raises(ValueError, match=reason):
        load_recording(tmp_path / "a.npz")


def test_files_that_are_no_recordings_are_refused(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="is no recording"):
        load_recording(tmp_path / "a.npz")
