"""Regions that name parts: they select objects only if none is named, and answers take them into account."""

import numpy as np

from part_perception.parts.naming import UNSURE, Belief
from part_perception.scene.decode import NamedRegion


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
