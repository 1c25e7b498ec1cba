"""A session without a browser: asking, clicking, marking, teaching, and refusals."""

from __future__ import annotations

import socket
import threading
import time

import numpy as np
import pytest

from part_perception.files.labelled_shapes import load_shape
from part_perception.metrics import iou
from part_perception.parts.teaching import MAX_EXAMPLES
from part_perception.view.moments import StillSource, moments_of
from part_perception.view.session import ADD, TAKE_AWAY, Session, pose_text


def place_of(session, truth, mug: int, part: int) -> np.ndarray:
    """The middle of a mug's part, as seen by the camera at the origin."""
    owner, parts = truth
    return session.shown.points[(owner == mug) & (parts == part)].mean(axis=0)


def click(session, place, *mode) -> None:
    session.click(np.zeros(3), place, *mode)


def test_a_word_is_found_on_every_mug_and_its_history_kept(session, truth):
    changes = []
    session.changed = lambda: changes.append(1)
    session.ask("  Handle ")
    session.ask("wheel")
    assert session.queries == ["handle", "wheel"] and session.history == ["wheel", "handle"]
    assert [part.query for part in session.parts] == ["handle"] * 3 and len(changes) == 2
    owner, parts = truth
    for part in session.parts:
        mug = np.bincount(owner[part.indices][owner[part.indices] >= 0]).argmax()
        mask = np.zeros(len(owner), bool)
        mask[part.indices] = True
        assert iou(mask, (owner == mug) & (parts == 1)) > 0.6
    session.forget("handle")
    assert session.queries == ["wheel"] and session.parts == []


def test_words_of_the_start_and_taught_ones_can_be_asked_again(session, truth):
    session.ask_only(["handle", "lid"])
    session.forget("handle")
    assert session.queries == ["lid"] and session.history == ["lid", "handle"]
    session.click(np.zeros(3), place_of(session, truth, 0, 1))
    session.teach("zorb")
    assert session.queries == ["lid", "zorb"] and session.history == ["zorb", "lid", "handle"]
    session.follow(["wheel"])  # the node's queries were changed by somebody else
    assert session.queries == ["wheel"] and session.history == ["wheel", "zorb", "lid", "handle"]


def test_less_confident_parts_are_hidden(session):
    session.ask("handle")
    sure = sorted(part.confidence for part in session.parts)
    session.show_from(sure[1])
    assert sorted(part.confidence for part in session.parts) == sure[1:]
    session.show_from(1.0)
    assert session.parts == [] and session.grasp is None and len(session.shown.parts) == 3


@pytest.mark.parametrize("text", ["", "?!", "x" * 300])
def test_invalid_queries_are_reported_and_change_nothing(session, text):
    session.ask("handle")
    session.ask(text)
    assert session.remark and session.queries == ["handle"] and len(session.parts) == 3
    session.ask("lid")
    assert not session.remark


def test_a_click_on_a_handle_marks_it_and_names_it(session, truth):
    click(session, place_of(session, truth, 1, 1))
    marked, (owner, parts) = session.marked, truth
    handle = (owner == 1) & (parts == 1)
    assert iou(marked.mask, handle[marked.rows]) > 0.8
    assert {"handle", "grip"} & {name for name, _ in marked.names}
    assert all(0 < confidence <= 1 for _, confidence in marked.names)


def test_further_clicks_add_to_the_part_and_take_away_from_it(session, truth):
    handle, body = (place_of(session, truth, 1, part) for part in (1, 0))
    click(session, handle)
    first = session.marked.mask.copy()
    click(session, body, ADD)
    both = session.marked.mask.copy()
    assert both.sum() > first.sum() and not session.remark
    click(session, place_of(session, truth, 2, 0), ADD)
    assert "not on the object" in session.remark and np.array_equal(session.marked.mask, both)
    session.clear()
    click(session, handle)
    click(session, body, TAKE_AWAY)
    assert (session.marked.mask & ~first).sum() == 0


def test_clicks_are_taken_back_one_by_one(session, truth):
    handle, body, other = (place_of(session, truth, *where) for where in ((1, 1), (1, 0), (2, 0)))
    session.undo()
    assert session.remark == "there is no click to undo"
    click(session, handle)
    first = session.marked.mask.copy()
    click(session, body, ADD)
    click(session, other, ADD)  # which is refused, and so does not count
    both = session.marked.mask.copy()
    click(session, other)
    session.undo()
    assert np.array_equal(session.marked.mask, both) and not session.remark
    session.undo()
    assert (
        np.array_equal(session.marked.mask, first) and {"handle", "grip"} & dict(session.marked.names).keys()
    )
    session.undo()
    assert session.marked is None
    click(session, handle)
    session.clear()
    session.undo()
    assert session.marked is None and session.remark == "there is no click to undo"


def test_a_click_beside_everything_or_on_the_table_says_so(session, truth):
    session.click(np.zeros(3), (0, 0, -1))
    assert session.remark == "there is no point under the cursor" and session.marked is None
    owner, _ = truth
    points = session.shown.points
    table = np.flatnonzero((owner >= 100) & session.shown.there)
    near = table[np.linalg.norm(points[table] - points[table].mean(axis=0), axis=1).argmin()]
    click(session, points[near])
    assert session.remark == "that is not on an object" and session.marked is None


def test_a_word_is_taught_by_one_click_and_found_on_the_others(session, truth):
    click(session, place_of(session, truth, 1, 1))
    session.teach("zorb")
    assert session.remark == '"zorb" was learned from 1 example' and session.queries == ["zorb"]
    owner, parts = truth
    found = [part for part in session.parts if part.query == "zorb"]
    assert {int(np.bincount(owner[part.indices] + 1).argmax()) - 1 for part in found} == {0, 1, 2}
    assert np.mean(np.concatenate([parts[part.indices] == 1 for part in found])) > 0.7


def test_examples_are_saved_as_labelled_shapes_that_stand_upright(session, truth, tmp_path):
    session.save_examples(tmp_path)
    assert session.remark == "there is no example to save yet"
    session.keep_example("grip")
    assert "click on a part first" in session.remark
    click(session, place_of(session, truth, 1, 1))
    session.keep_example("Grip bar")
    session.save_examples(tmp_path / "none")
    assert session.remark.startswith("there is no folder")
    session.save_examples(tmp_path)
    shape = load_shape(tmp_path / "grip_bar_001.npz")
    assert shape.names == ("grip bar",) and shape.up == (0, 0, 1)
    assert np.array_equal(shape.labels == 0, session.marked.mask) and len(shape.points) == len(
        session.marked.rows
    )
    assert 0.05 < np.ptp(shape.points[:, 2]) < 0.13, "the mug is 0.1 m high"


def test_examples_of_an_earlier_session_are_not_overwritten(session, truth, tmp_path):
    (tmp_path / "grip_001.npz").write_bytes(b"of yesterday")
    click(session, place_of(session, truth, 1, 1))
    session.keep_example("grip")
    session.save_examples(tmp_path)
    assert session.remark == f"1 example saved in {tmp_path}"
    session.keep_example("grip")
    session.save_examples(tmp_path)
    assert (tmp_path / "grip_001.npz").read_bytes() == b"of yesterday"
    saved = sorted(file.name for file in tmp_path.iterdir())
    assert saved == ["grip_001.npz", "grip_002.npz", "grip_003.npz"], "each example has one file"


def test_the_remark_counts_only_the_examples_that_were_learned_from(session, truth):
    click(session, place_of(session, truth, 1, 1))
    for _ in range(MAX_EXAMPLES + 1):
        session.keep_example("zorb")
    session.teach("zorb")
    assert session.remark == f'"zorb" was learned from {MAX_EXAMPLES} examples'


def test_an_object_is_taken_apart_at_the_level_asked(session, truth):
    session.take_apart(2)
    assert len(session.taken_apart) == 3, "all, where none was clicked"
    click(session, place_of(session, truth, 1, 1))
    for parts in (2, 4):
        session.take_apart(parts)
        ((points, labels),) = session.taken_apart
        assert set(labels[labels >= 0]) == set(range(parts)) and len(points) == len(labels)
    session.take_apart(0)
    assert session.taken_apart == []


def test_a_picked_grasp_is_that_of_its_part_and_can_be_copied(session):
    assert session.grasp is None
    session.ask("handle")
    assert len(session.grasps) >= 2
    session.pick_grasp(1)
    part, grasp = session.grasps[1]
    assert session.grasp is grasp and grasp in part.grasps
    numbers = np.array(pose_text(grasp, np.zeros(3)).split(), float)
    assert np.allclose(numbers[:3], grasp.position, atol=1e-4)
    assert np.isclose(np.linalg.norm(numbers[3:]), 1, atol=1e-3)


def test_another_moment_can_be_opened_and_a_broken_one_says_why(segmenter, table_file, tmp_path):
    (tmp_path / "broken.ply").write_bytes(b"ply\n")
    session = Session(StillSource(moments_of([table_file, tmp_path]), segmenter), ["handle"])
    session.show(0)
    assert len(session.parts) == 3
    session.show(1)
    assert session.remark and session.shown is None and session.parts == [] and session.index == 1
    session.click(np.zeros(3), (0, 0, 1))
    assert session.remark == "there is nothing to click on yet"
    session.show(0)
    assert not session.remark and len(session.parts) == 3


def test_new_moments_are_skipped_while_the_view_is_held(session):
    before = session.shown
    session.hold(True)
    session.take(None)
    assert session.shown is before
    session.hold(False)
    session.take(None)
    assert session.shown is None


class SlowSource:
    """Moments that take as long to read as the test wants."""

    names = [str(number) for number in range(10)]

    def __init__(self):
        self.looked, self.reading, self.done = [], threading.Event(), threading.Event()

    def look(self, index, queries):
        self.looked.append(index)
        self.reading.set()
        self.done.wait(20)


def test_moments_that_the_slider_passed_over_while_one_was_read_are_skipped():
    viser = pytest.importorskip("viser")
    from part_perception.view.panel import Panel

    source = SlowSource()
    session = Session(source)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = viser.ViserServer(host="127.0.0.1", port=port, verbose=False)
    try:
        panel = Panel(server, session)
        moves = [threading.Thread(target=panel._move_to, args=(index,)) for index in range(1, 10)]
        for number, move in enumerate(moves):
            move.start()
            if number == 0:
                assert source.reading.wait(20)
            else:
                while panel._wanted != number + 1:
                    time.sleep(0.001)
        source.done.set()
        for move in moves:
            move.join(20)
        panel.refresh(0.0)
        assert (source.looked, session.index, panel._slider.value) == ([1, 9], 9, 9)
    finally:
        server.stop()
