"""Taught words outlive the node: their file, and a real node that is killed and started again."""

import numpy as np
import pytest
import table
from geometry_msgs.msg import Point

from part_perception.ros.refusal import Status
from part_perception.ros.taught_words import TaughtWordStore, load_examples, place_of
from part_perception_interfaces.msg import Example
from part_perception_interfaces.srv import Teach
from tests.faults.pupil import MASK, POINTS, Pupil


@pytest.fixture
def file(tmp_path):
    return tmp_path / "kept" / "words.safetensors"


def test_words_and_examples_come_back_and_more_can_be_added(file):
    TaughtWordStore(Pupil(), file).learn("ear", [(POINTS, MASK)])
    pupil = Pupil()
    book = TaughtWordStore(pupil, file)
    assert book.open() == ("ear",)
    ((points, mask),) = book.examples["ear"]
    np.testing.assert_array_equal(points, POINTS)
    np.testing.assert_array_equal(mask, MASK)
    assert len(book.learn("ear", [(POINTS, ~MASK)])) == 2
    assert pupil.known == {"ear": 2}
    book.forget("ear")
    again = TaughtWordStore(Pupil(), file)
    assert (again.open(), again.examples) == ((), {})


def test_another_encoder_is_taught_again_by_the_examples_and_the_old_file_is_kept(file):
    TaughtWordStore(Pupil("one"), file).learn("ear", [(POINTS, MASK)])
    before, told, other = file.read_bytes(), [], Pupil("two")
    assert TaughtWordStore(other, file, told.append).open() == ("ear",)
    assert other.known == {"ear": 1}
    assert told == [
        f"Taught words cannot be used: the words in {file} were taught to another encoder (m): teach them again to m; "
        "taught again from their examples: ear; the file is kept as words.unused.safetensors"
    ]
    assert (file.parent / "words.unused.safetensors").read_bytes() == before
    assert TaughtWordStore(Pupil("two"), file).open() == ("ear",), "kept for the new encoder"


def test_damaged_old_examples_are_reported_and_their_words_stay(file):
    with pytest.raises(ValueError, match="are damaged"):
        load_examples(written(file.with_suffix(".examples.npz"), b"PK garbage"))
    assert load_examples(file) == {}


def written(path, content):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def test_an_unwritable_folder_is_reported_and_the_word_is_known(tmp_path):
    (tmp_path / "file").write_text("")
    told, pupil = [], Pupil()
    TaughtWordStore(pupil, tmp_path / "file" / "words.safetensors", told.append).learn(
        "ear", [(POINTS, MASK)]
    )
    assert pupil.known == {"ear": 1}
    assert "not kept across restarts" in told[0]


def test_the_place_of_the_taught_words_file(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert (
        place_of("", "/left/part_perception")
        == tmp_path / "part_perception/taught/left.part_perception.safetensors"
    )
    assert place_of("none", "/part_perception") is None
    assert place_of("/data/words.safetensors", "/part_perception").name == "words.safetensors"


def clicks(count: int = 3) -> list[Point]:
    """Places in the middle of the mug's handle."""
    view = table.view(1)
    points = view.points[(view.part == table.PARTS.index(("handle",))) & (view.label == 0)].astype(float)
    middle = points[np.linalg.norm(points - points.mean(axis=0), axis=1).argsort()[:count]]
    return [Point(x=x, y=y, z=z) for x, y, z in middle]


@pytest.mark.ros
def test_a_taught_word_is_known_to_the_node_that_comes_after_a_killed_one(start_node, robot, tmp_path):
    kept = {"taught_words": str(tmp_path / "words.safetensors")}
    program = ("-m", "part_perception.cli.node")
    first = start_node(kept, program=program)
    robot.start_camera(table.view(1).points, rate=3.0)
    before = robot.query("grabbing ear", max_age=60.0, timeout=15.0)
    learned = robot.teach(word="Grabbing ear", examples=[Example(clicks=clicks())], timeout=15.0)
    assert learned.status.code == Status.OK, learned.status.message
    assert (learned.example_count, list(learned.taught_words)) == (1, ["grabbing ear"])
    assert learned.fit > 0.5
    known = robot.query("grabbing ear", max_age=60.0, timeout=15.0)
    assert known.status.code == Status.OK, (before.confidence, known.status.message)
    first.popen.kill()
    first.popen.wait()

    second = start_node(kept, active=False, program=program)
    second.wait_for("Taught words loaded: grabbing ear")
    second.wait_for("Active")
    again = robot.wait(
        "an answer of the new node",
        lambda: answered(robot.ask_later("grabbing ear", max_age=60.0, timeout=15.0), robot),
        patience=60.0,
    )
    assert again.status.code == Status.OK
    assert again.confidence[0] == pytest.approx(known.confidence[0], abs=0.1)
    listed = robot.teach(command=Teach.Request.LIST)
    assert list(listed.taught_words) == ["grabbing ear"]
    more = robot.teach(word="grabbing ear", examples=[Example(clicks=clicks())], timeout=15.0)
    assert more.example_count == 2
    forgotten = robot.teach(word="grabbing ear", command=Teach.Request.FORGET)
    assert (forgotten.status.code, list(forgotten.taught_words)) == (Status.OK, [])


def answered(future, robot):
    """A request sent to the dead node is lost; a client asks again."""
    return future.result() if robot.wait_for(future, 5.0) else None
