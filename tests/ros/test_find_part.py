"""The action find_part: found and stable, timed out, cancelled."""

import pytest
import table
from robot import CAMERA

from part_perception.ros.refusal import Status

pytestmark = pytest.mark.ros


def test_it_looks_until_the_part_is_there_and_stays(start_node, robot):
    start_node()
    robot.start_camera(table.bare().points)
    feedback = []
    _, future = robot.find("handle", feedback, timeout=60.0, stable_frames=3)
    robot.wait("frames without it", lambda: len(feedback) >= 2)
    assert feedback[-1].stable_frames == 0
    assert not feedback[-1].best
    robot.start_camera(table.view(1).points)
    ended, result = robot.result(future)
    assert (ended, result.status.code) == ("succeeded", Status.OK)
    assert (len(result.parts), result.parts[0].query, result.parts[0].header.frame_id) == (
        1,
        "handle",
        CAMERA,
    )
    assert result.frames >= 5
    assert [f.stable_frames for f in feedback][-3:] == [1, 2, 3]
    assert feedback[-1].best_confidence == pytest.approx(0.9)
    assert feedback[-1].best[0].query == "handle"


def test_what_is_not_there_times_out_with_the_best_that_was_seen(start_node, robot):
    start_node()
    _, unseen = robot.find("handle", timeout=0.3)
    ended, result = robot.result(unseen)
    assert (ended, result.status.code, result.frames) == ("aborted", Status.NO_CLOUD, 0)
    robot.start_camera(table.view(1).points)
    _, absent = robot.find("lid", timeout=2.0)
    ended, result = robot.result(absent)
    assert (ended, result.status.code) == ("aborted", Status.TIMED_OUT)
    assert (
        f"'lid' was not found in {result.frames} frames; the best confidence was 0.05"
        in result.status.message
    )
    _, empty = robot.find(" ")
    assert robot.result(empty)[1].status.code == Status.BAD_TEXT


def test_goals_run_side_by_side_and_can_be_cancelled(start_node, robot):
    start_node()
    robot.start_camera(table.view(1).points)
    feedback = []
    handle, absent = robot.find("lid", feedback, timeout=600.0)
    _, present = robot.find("handle", stable_frames=1, timeout=60.0)
    assert robot.result(present)[0] == "succeeded"
    robot.wait("feedback", lambda: feedback)
    assert robot.finish("the cancellation", handle.cancel_goal_async()).goals_canceling
    ended, result = robot.result(absent)
    assert (ended, result.status.code) == ("canceled", Status.CANCELLED)
