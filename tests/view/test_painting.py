"""The drawing of a session: colours, lines and labels of the answers, within a budget of points."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.pictures.palette import vivid
from part_perception.types import Grasp, OrientedBox
from part_perception.view.painting import MARKED, NOTHING, arrow, box_edges, gripper, paint
from part_perception.view.pointing import pointed_at
from part_perception.view.session import Session


def test_parts_have_the_colour_of_their_query_and_all_their_points(session):
    session.ask("wheel")
    session.ask("handle")
    picture = paint(session, 20_000)
    handles = (picture.colours == vivid(1)).all(axis=1)
    assert handles.sum() == sum(len(part.indices) for part in session.parts) > 1000
    assert len(picture.points) == 20_000 and np.isfinite(picture.points).all()
    assert not (picture.colours == vivid(0)).all(axis=1).any()
    texts = [label.text for label in picture.labels]
    assert sorted(text.split()[0] for text in texts) == ["0", "1", "2", "handle", "handle", "handle"]


def test_words_for_one_place_share_a_label(session):
    session.ask_only(["handle", "grip", "body"])
    parts = [part.query for part in session.parts]
    texts = [label.text for label in paint(session).labels if not label.text[0].isdigit()]
    together = [text for text in texts if "handle 0." in text and "· grip 0." in text]
    assert parts.count("handle") == parts.count("grip") == len(together) == 3
    assert len(texts) == 3 + parts.count("body") and sum("body" in text for text in texts) == parts.count(
        "body"
    )


def test_points_that_do_not_fit_are_left_out_evenly_the_table_first(session):
    session.ask("handle")
    objects = sum(len(thing.indices) for thing in session.shown.objects)
    picture = paint(session, objects)
    on_object = np.concatenate([thing.indices for thing in session.shown.objects])
    assert np.array_equal(np.sort(picture.points[:, 0]), np.sort(session.shown.points[on_object][:, 0]))


def test_marks_are_drawn_over_the_cloud(session, truth):
    owner, parts = truth
    place = session.shown.points[(owner == 1) & (parts == 1)].mean(axis=0)
    session.click(np.zeros(3), place)
    picture = paint(session)
    assert len(picture.over) == session.marked.mask.sum() > 300 and (picture.over_colours == MARKED).all()
    session.take_apart(2)
    over = paint(session).over_colours
    assert len(np.unique(over, axis=0)) == 3, "two parts, and the marked region over them"


def test_a_session_that_shows_nothing_is_empty():
    class Nowhere:
        names = ()

    assert paint(Session(Nowhere())) is NOTHING


def test_lines_of_boxes_grippers_and_axes():
    box = OrientedBox(np.array((1.0, 0, 0)), np.eye(3), np.array((0.2, 0.4, 0.6)))
    edges = box_edges(box)
    lengths = np.linalg.norm(edges[:, 0] - edges[:, 1], axis=1)
    assert np.allclose(np.sort(lengths), np.repeat((0.2, 0.4, 0.6), 4))
    assert np.allclose(edges.reshape(-1, 3).min(axis=0), (0.9, -0.2, -0.3))
    grasp = Grasp(np.zeros(3), np.eye(3), 0.05, 1.0)
    fingers = gripper(grasp)
    assert np.allclose(fingers[:2, 0], [(-0.025, 0, 0), (0.025, 0, 0)]), (
        "fingertips, as far apart as the opening"
    )
    assert fingers[..., 2].max() == 0 and fingers[..., 2].min() < -0.05, (
        "the hand is behind, against the approach"
    )
    tip = arrow(np.ones(3), np.array((0.0, 1.0, 0.0)))[0, 1]
    assert np.allclose(tip, (1, 1.12, 1))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_ray_picks_the_first_point_it_passes(order):
    points = np.array([(0.001, 0, 1.0), (0, 0, 2.0)], np.float32)[list(order)]
    points = np.concatenate([points, [(np.nan, 0, 0), (0, 0, 0), (0, 0, -0.5)]]).astype(np.float32)
    assert pointed_at(points, np.zeros(3), (0, 0, 3)) == order.index(0)
    assert pointed_at(points, (0, 0, 1.5), (0, 0, 1)) == order.index(1)
    assert pointed_at(points, np.zeros(3), (1, 0, 0)) is None
