"""Answers: parts over all objects, best first, in the cloud's indices; regions that name parts count as evidence."""

import pickle

import numpy as np
import pytest

from part_perception.parts.naming import UNSURE, Belief
from part_perception.scene import SceneConfig, ScenePerception
from part_perception.scene.answers import in_a_crowd
from part_perception.scene.decode import NamedRegion
from part_perception.simulation.capture import capture, look_at
from part_perception.simulation.things import block
from part_perception.types import Answer, KnownAnswer, Part
from tests.ros import table
from tests.scene.stand_in import StandIn
from tests.simulated import MILD


def test_parts_lie_on_their_objects_in_cloud_indices(scene, few):
    frame = scene.process(few.points, 0.0)
    parts = frame.ask("top")
    assert len(parts) == 4 and all(part.found for part in parts)
    points = few.points.reshape(-1, 3)
    for part in parts:
        owner = next(o for o in frame.objects if o.id == part.object_id)
        assert np.isin(part.indices, owner.indices).all()
        assert np.allclose(part.centroid, points[part.indices].mean(axis=0), atol=1e-4)
        assert part.age == 0 and part.box is not None
        above = points[part.indices] @ frame.up
        rest = points[owner.indices] @ frame.up
        assert above.mean() > rest.mean()


def test_labels_cover_the_cloud(scene, few):
    frame = scene.process(few.points, 0.0)
    parts = frame.ask(["top", "wheel"])
    label, score, object_id = frame.labels(parts)
    assert label.dtype == np.int32 and score.dtype == np.float32 and object_id.dtype == np.int32
    for k, part in enumerate(parts):
        if part.found:
            assert (label[part.indices] == k).all() and (object_id[part.indices] == part.object_id).all()
    assert (score[label >= 0] > 0.5).all() and (score[label < 0] == 0).all()


def test_an_absent_part_is_reported_once_per_query(scene, few):
    parts = scene.process(few.points, 0.0).ask(["wheel", "top"])
    assert [p.query for p in parts].count("wheel") == 1
    assert not parts[0].found and parts[0].query == "wheel" and 0 < parts[0].confidence < 0.5


def test_the_named_object_is_preferred(scene, few):
    frame = scene.process(few.points, 0.0)
    chosen = frame.objects[2]

    def mask(encoded, query):
        inside = np.linalg.norm(encoded.points.mean(axis=0) - chosen.centroid) < 0.05
        return np.full(len(encoded.points), inside) if query == "mug" else plain(encoded, query)

    plain, scene.segmenter.mask = scene.segmenter.mask, mask
    for text, words in (("top of the mug", None), ("mug top", None), ("top", "mug")):
        parts = frame.ask(text, object_words=words)
        assert {part.object_id for part in parts} == {chosen.id} and parts[0].query == text


def test_a_surely_absent_owner_has_no_parts(scene, few):
    frame = scene.process(few.points, 0.0)
    plain = scene.segmenter.mask
    scene.segmenter.mask = lambda encoded, query: plain(encoded, query) & (query != "mug")
    for text, words in (("top of the mug", None), ("the mug's top", None), ("top", "mug")):
        (part,) = frame.ask(text, object_words=words)
        assert (part.found, part.understood, part.remark) == (False, True, 'no object here is a "mug"')
    assert len(frame.ask("mug top")) == 4, "a compound does not say outright that there is an owner"


def test_among_several_objects_an_owner_is_recognised_with_more_confidence(scene, few):
    frame = scene.process(few.points, 0.0)
    chance = np.array([0.05, 0.05, 0.05, 0.7])
    scene.segmenter.called = lambda encoded, name: chance
    asked = (("top of the mug", None), ("top", ["mug", "lid"]))
    for text, words in asked:  # the level 0.6 of one object is 0.75 among four
        (refused,) = frame.ask(text, object_words=words)
        assert not refused.found and refused.remark.startswith('no object here is a "mug"')
    assert len(frame.ask("mug top")) == 4, "nor does a compound rule out the others"
    chance[3] = 0.8
    for text, words in (*asked, ("mug top", None)):
        assert {part.object_id for part in frame.ask(text, object_words=words)} == {frame.objects[3].id}


def test_an_owner_that_a_detector_names_needs_no_more_confidence(scene, few):
    frame = scene.process(few.points, 0.0)
    scene.segmenter.called = lambda encoded, name: np.full(4, 0.05)
    frame.objects[3].said = Belief("coffee mug", 0.65)
    (part,) = frame.ask("top of the mug")
    assert (part.found, part.object_id) == (True, frame.objects[3].id)


def test_a_model_that_names_no_objects_asks_all(scene, few):
    frame = scene.process(few.points, 0.0)
    scene.segmenter.called = lambda encoded, name: None
    assert len(frame.ask("top of the mug")) == 4


def test_an_object_is_named_on_first_access(scene, few):
    asked, plain = [], scene.segmenter.believed
    scene.segmenter.believed = lambda encoded: asked.append(len(encoded)) or plain(encoded)
    frame = scene.process(few.points, 0.0)
    assert asked == []
    assert (frame.objects[0].belief.name, frame.objects[0].belief.confidence) == ("mug", 0.9)
    assert frame.objects[0].belief is frame.objects[0].belief and asked == [1]
    again = scene.process(few.points, 0.1)
    assert again.objects[0].belief.name == "mug" and asked == [1], "nothing was encoded again"


def test_a_region_limits_the_search(scene, few):
    frame = scene.process(few.points, 0.0)
    mask = np.zeros(few.label.size, bool)
    mask[frame.objects[1].indices] = True
    assert {part.object_id for part in frame.ask("top", region=mask)} == {frame.objects[1].id}


def counted(scene) -> list[int]:
    """The number of encodings that the segmenter is asked about in each call."""
    asked, plain = [], scene.segmenter.answer_read

    def answer_read(encoded, questions):
        asked.append(len(encoded))
        return plain(encoded, questions)

    scene.segmenter.answer_read = answer_read
    return asked


def test_an_encoding_is_asked_each_question_once(scene, few):
    asked = counted(scene)
    first = scene.process(few.points, 0.0).ask(["top", "wheel"])
    again = scene.process(few.points, 0.1).ask(["top", "wheel"])
    assert asked == [4]
    assert [p.confidence for p in again] == pytest.approx([p.confidence for p in first])
    scene.process(few.points, 0.2).ask("handle")
    assert asked == [4, 4], "another question"


def test_a_lesson_clears_all_cached_answers(scene, few):
    asked, frame = counted(scene), scene.process(few.points, 0.0)
    scene.segmenter.lessons = {"top": object()}
    frame.ask("top")
    frame.ask("top")
    assert asked == [4]
    scene.segmenter.lessons = {"top": object()}  # the same word from another lesson
    frame.ask("top")
    assert asked == [4, 4]


def test_a_part_is_the_same_whichever_attribute_is_read_first(scene, few):
    frame = scene.process(few.points, 0.0)
    one, other = frame.ask("top")[0], frame.ask("top")[0]
    box = one.box
    assert np.array_equal(one.indices, other.indices) and np.array_equal(one.centroid, other.centroid)
    assert np.array_equal(box.size, other.box.size)
    copy = pickle.loads(pickle.dumps(other))
    assert copy.confidence == other.confidence and np.array_equal(copy.indices, one.indices)
    assert [g.width for g in copy.grasps] == [g.width for g in one.grasps]


def test_a_gripper_could_run_into_near_neighbours(scene):
    size = (0.05, 0.05, 0.1)
    things = [block(size), block(size).moved((0, 0.1, 0)), block(size).moved((0, -0.4, 0))]
    pose = look_at(0.0, 0.8, 0.8)
    frame = scene.process(capture(things, pose, np.random.default_rng(0)).points, 0.0)
    aside = [float((pose[:3, :3] @ each.centroid)[1]) for each in frame.objects]
    far, middle, near = (frame.objects[k] for k in np.argsort(aside))
    around = frame.around(middle.points, middle)
    assert len(around) > len(middle.points) + 0.8 * len(near.points)
    across = around @ pose[1, :3]
    assert across.max() > 0.12 and across.min() > -0.05, "its neighbour's points, but none of distant things"
    assert len(frame.around(far.points, far)) == len(far.points)


def test_the_hand_keeps_clear_of_a_wall():
    """A handle 3 cm beside a wall: hold it so that neither fingers nor hand are in the wall."""
    # the mug to the pixel: with a few points less, the best grasps would miss the wall in any case
    scene = ScenePerception(StandIn(), SceneConfig(separator="gaps"))
    things = [table.mug(0, 0, 0), block((0.8, 0.02, 0.4)).moved((0.46, 0.03, 0))]
    pose = look_at(-0.7, 0.7, 0.8)
    seen = capture(things, pose, np.random.default_rng(0), sensor=MILD)
    frame = scene.process(seen.points, 0.0, up=pose[2, :3])
    (mug,), (handle,) = frame.objects, frame.ask("handle")
    wall = seen.points[seen.label == 1]

    def most_in_the_hand() -> int:
        struck = 0
        for grasp in frame.plan(frame.view.points[handle.indices], mug):
            x, y, z = np.abs((wall - grasp.position) @ grasp.rotation - (0, 0, -0.09)).T
            inside = (x < grasp.width / 2 + 0.01) & (y < 0.03) & (z < 0.06)
            struck = max(struck, int(inside.sum()))
        return struck

    assert len(frame.surroundings) > 10_000 and handle.grasps
    assert most_in_the_hand() < 50
    frame.surroundings = frame.surroundings[:0]
    assert most_in_the_hand() > 1000, "as if the wall were not there"


def test_a_text_that_is_not_understood_is_not_reported_as_absent(scene, few):
    top, strange = scene.process(few.points, 0.0).ask(["where is the top?", "poignée"])[::4]
    assert (top.understood, top.found, top.query, top.remark) == (True, True, "where is the top?", "")
    assert (strange.understood, strange.found, strange.confidence) == (False, False, 0.0)
    assert strange.remark == 'not understood: "poignée"'
    assert len(strange.indices) == 0 and strange.grasps == ()


def test_a_corrected_word_is_reported(scene, few):
    part = scene.process(few.points, 0.0).ask("the hadnle")[0]
    assert part.understood and part.remark == '"the hadnle" was read as "handle"'


@pytest.mark.parametrize("text", ["not the handle", "handle and top", "where is it?"])
def test_texts_that_do_not_ask_for_one_part_are_refused(scene, few, text):
    with pytest.raises(ValueError, match="ask for"):
        scene.process(few.points, 0.0).ask(["top", text])


def test_in_a_crowd_a_part_needs_more_confidence():
    level = np.array([0.5, 0.2, np.inf])
    np.testing.assert_allclose(in_a_crowd(level, np.ones(1)), level, err_msg="one object: as always")
    np.testing.assert_allclose(in_a_crowd(level, np.zeros(3)), level)
    nine = in_a_crowd(level, np.ones(9))
    np.testing.assert_allclose(nine[:2] / (1 - nine[:2]), 3 * level[:2] / (1 - level[:2]))
    assert nine[2] == np.inf, "a text that is not understood is never found"
    np.testing.assert_allclose(in_a_crowd(level, np.full(18, 0.5)), nine, err_msg="half a thing counts half")


class TwoPieces(StandIn):
    """Finds two pieces of every object's top, one of them hardly surely enough for a single object."""

    def answer(self, encoded, queries):
        answer = super().answer(encoded, queries)
        (part,) = answer.instances[0]
        half = np.array_split(part.indices, 2)
        pieces = [
            Part("top", True, confidence, rows, encoded.points[rows].mean(axis=0), instance=number)
            for number, (rows, confidence) in enumerate(zip(half, (0.9, 0.3), strict=True))
        ]
        source = KnownAnswer(answer.masks, answer.scores, [pieces])
        return Answer(queries, answer.confidence, answer.found, source, level=np.array([0.25]))


def test_in_a_crowd_a_second_piece_needs_more_confidence_too(few):
    frame = ScenePerception(TwoPieces()).process(few.points, 0.0)
    assert in_a_crowd(np.array([0.25]), np.ones(1))[0] < 0.3 < in_a_crowd(np.array([0.25]), np.ones(4))[0]
    assert len(frame.objects) == 4
    assert [part.instance for part in frame.ask("top")] == [0, 0, 0, 0]
    frame.objects[:] = frame.objects[:1]
    assert [part.instance for part in frame.ask("top")] == [0, 1]


def box_of(frame, thing, share: float = 0.1) -> np.ndarray:
    """A mask over the cloud: an object's highest points."""
    height = thing.points @ frame.up
    mask = np.zeros(len(frame.view.points), bool)
    mask[thing.indices[height >= np.quantile(height, 1 - share)]] = True
    return mask


def test_a_named_part_is_evidence_on_its_object(scene, few):
    plain = scene.process(few.points, 0.0)
    thing = plain.objects[1]
    mask = box_of(plain, thing)
    frame = scene.process(few.points, 0.1, regions=[NamedRegion(mask, Belief("lid", 0.8))])
    (chosen,) = frame.objects
    assert set(chosen.indices) == set(thing.indices), "the whole object, not the part in the box"
    (part,) = frame.ask("lid")
    assert part.found and part.confidence == 0.8 and part.object_id == chosen.id
    # an object is known by 4,096 of its points: along the box's border the nearest one may be on the other side
    assert np.isin(np.flatnonzero(mask), part.indices).mean() > 0.98 and len(part.indices) < 1.02 * mask.sum()
    assert scene.process(few.points, 0.2).ask("lid")[0].found is False, "it belongs to this frame alone"


def test_an_object_and_its_part_may_both_be_named(scene, few):
    plain = scene.process(few.points, 0.0)
    first, second = plain.objects[:2]
    whole = np.zeros(len(plain.view.points), bool)
    whole[first.indices] = True
    regions = [NamedRegion(whole, Belief("mug", 0.9)), NamedRegion(box_of(plain, second), Belief("lid", 0.8))]
    regions.append(NamedRegion(box_of(plain, first), Belief("wheel", 0.7)))
    frame = scene.process(few.points, 0.1, regions=regions)
    (thing,) = frame.objects
    assert thing.said == Belief("mug", 0.9) and [each.word for each in thing.said_parts] == ["wheel"]
    assert frame.ask("wheel")[0].found and not frame.ask("lid")[0].found


def test_a_word_for_both_is_a_part_in_a_small_region(scene, few):
    scene.segmenter.role = lambda word: "both"
    plain = scene.process(few.points, 0.0)
    thing = plain.objects[0]
    (part,) = scene.process(
        few.points, 0.1, regions=[NamedRegion(box_of(plain, thing), Belief("lid", 0.8))]
    ).objects
    assert part.said == UNSURE and len(part.said_parts) == 1
    most = NamedRegion(box_of(plain, thing, share=0.9), Belief("lid", 0.8))
    (whole,) = scene.process(few.points, 0.2, regions=[most]).objects
    assert whole.said == Belief("lid", 0.8) and whole.said_parts == ()
