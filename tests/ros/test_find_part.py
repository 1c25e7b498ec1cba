"""The action find_part: found and stable, timed out, cancelled."""

import itertools
import re
import runpy
import time
from pathlib import Path

import numpy as np
import pytest
import table
from geometry_msgs.msg import Point
from robot import BASE, CAMERA

from part_perception.ros.messages.poses import matrix_of_pose
from part_perception.ros.perceived import Found
from part_perception.ros.processes import THREADS
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.find_part import Search
from part_perception.simulation.capture import Camera, capture, look_at
from part_perception_interfaces.msg import OrientedBox, Part, Region
from tests.simulated import MILD

pytestmark = pytest.mark.ros
ROOT = Path(__file__).resolve().parents[2]


def test_it_looks_until_the_part_is_found_and_stays(start_node, robot):
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
    aside, nowhere = (feedback[k].next_view for k in (0, -1))
    assert (aside.header.frame_id, nowhere.header.frame_id) == (CAMERA, "")
    assert matrix_of_pose(aside.pose)[:3, 3] == pytest.approx(np.zeros(3)), "it turns where it is"
    assert [f.stable_frames for f in feedback][-3:] == [1, 2, 3]
    assert feedback[-1].best_confidence == pytest.approx(0.9)
    assert feedback[-1].best[0].query == "handle"


def test_a_part_that_two_objects_have_stays_on_each_whichever_is_surer():
    """Two mugs whose handles are found with about the same confidence take turns at being the best."""
    search, streaks = Search(), []
    for shown in ((0, 1), (1, 0), (0, 1), (1,), (1, 0), (), (0,)):
        confidence = [0.9] if shown else [0.1]
        search.hit(
            Found(("handle",), [bool(shown)], confidence, [], [], [""]),
            [Part(object_id=number, confidence=0.9) for number in shown],
        )
        streaks.append(search.streak)
    assert streaks == [1, 2, 3, 4, 5, 0, 1] and search.longest == 5
    search.miss(Refusal(Status.NO_OBJECT, "nothing there"))
    search.hit(Found(("handle",), [True], [0.9], [], [], [""]), [Part(object_id=0)])
    assert search.streak == 1


def test_an_absent_part_times_out_with_the_best_confidence_seen(start_node, robot):
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


def test_searches_without_new_clouds_leave_the_node_its_threads(start_node, robot):
    """One for each of its threads, while the last frame is too old: they wait, and others are answered."""
    start_node({"max_cloud_age": 0.3})
    robot.start_camera(table.view(1).points)
    robot.wait("the handle", lambda: robot.query("handle", timeout=5.0).found == [True])
    robot.stop_camera()
    time.sleep(0.5)
    searches = [robot.find("handle", timeout=5.0)[1] for _ in range(THREADS)]
    assert robot.state() == "active"
    assert not any(future.done() for future in searches), "it was answered meanwhile"
    for future in searches:
        ended, result = robot.result(future)
        assert (ended, result.status.code, result.frames) == ("aborted", Status.TIMED_OUT, 0)


def test_a_goal_that_no_frame_can_answer_ends_with_the_first_one(start_node, robot):
    start_node({"max_cloud_age": 60.0})
    robot.start_camera(table.view(1).points)
    beside = Region(kind=Region.IMAGE)
    beside.roi.x_offset, beside.roi.width, beside.roi.height = 5000, 10, 10
    flat = Region(kind=Region.BOX, box=OrientedBox())
    for region, reason in (
        (Region(kind=9), "region.kind must be from 0 to 3, not 9."),
        (flat, "region.box.size must be more than 0 in x, y and z."),
        (beside, "region.roi holds no pixel of the 640 × 480 cloud."),
    ):
        ended, result = robot.result(robot.find("handle", region=region, timeout=600.0)[1])
        assert (ended, result.status.code, result.status.message) == ("aborted", Status.BAD_REQUEST, reason)
        assert result.frames == 1


def test_clouds_that_are_all_too_old_are_named(start_node, robot):
    start_node()

    def minutes_ago(stamp) -> None:
        stamp.sec -= 100

    robot.start_camera(table.view(1).points, each=minutes_ago)
    ended, result = robot.result(robot.find("handle", timeout=3.0)[1])
    assert (ended, result.frames, result.status.code) == ("aborted", 0, Status.CLOUD_TOO_OLD)
    assert re.match(r"The newest cloud is 10\d\.\d\d s old .*; 1\.00 s is allowed", result.status.message)


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


def test_a_camera_on_a_wrist_that_follows_next_view_sees_all_sides(start_node, robot):
    """A mug whose handle points away, and a search for a part that it lacks: in the end no view is left."""
    start_node({"gravity_frame": BASE, "tf_timeout": 1.0})
    pose, feedback, handle = look_at(0.3, 0.5, 0.7), [], 0
    camera, things = Camera(320, 240, 287.5), (table.mug(0, 0, 0.3 + np.pi),)
    for views in range(6):
        seen = capture(things, pose, np.random.default_rng(0), camera=camera, sensor=MILD)
        robot.start_camera(seen.points, 5.0, lambda stamp, pose=pose: robot.transform(pose, stamp))
        if views == 0:
            goal, future = robot.find("lid", feedback, timeout=60.0, target_frame=BASE)
        since = robot.stamp()
        told = robot.wait("what is to be gained now", lambda since=since: last_after(feedback, since))
        handle = max(handle, int((seen.part == 1).sum()))
        assert views > 0 or handle == 0, "it is hidden at first"
        if not told.header.frame_id:
            break
        assert told.header.frame_id == BASE
        pose = matrix_of_pose(told.pose)
        assert views > 0 or pose[:2, 3] @ (np.cos(0.3), np.sin(0.3)) < 0, "from behind"
    assert (handle > 100, 2 <= views <= 4, told.header.frame_id) == (True, True, "")
    robot.finish("the cancellation", goal.cancel_goal_async())
    ended, result = robot.result(future)
    assert (ended, result.status.code, result.next_view.header.frame_id) == (
        "canceled",
        Status.CANCELLED,
        "",
    )


def last_after(feedback: list, since):
    """The last next_view reported for a cloud after this time."""
    told = feedback[-1].next_view if feedback else None
    return (
        told
        if told and (told.header.stamp.sec, told.header.stamp.nanosec) > (since.sec, since.nanosec)
        else None
    )


def test_the_handles_of_the_example_with_a_wrist_are_hidden_at_first_and_judged_by_their_surface():
    """The search itself needs the model: `python examples/wrist_camera.py` beside a node, docs/ros.md."""
    example = runpy.run_path(str(ROOT / "examples" / "wrist_camera.py"))
    first = look_at(example["AZIMUTH"], example["ELEVATION"], example["DISTANCE"])
    (_, (one, box), handle), (seed, _, _) = itertools.islice(example["scenes"](), 2)
    seen = capture((one, box), first)
    assert seed == 1 and (one.kind, box.kind) == ("mug", "block")
    assert (seen.label == 0).sum() > 1000 and (seen.label == 1).sum() > 1000, "both are seen"
    here, behind = (capture((one, box), pose) for pose in (first, look_at(0.3 + np.pi, 0.4, 0.75)))
    handles = [int(((view.label == 0) & (view.part == one.part.max())).sum()) for view in (here, behind)]
    assert handles[0] <= example["HIDDEN"] and handles[1] > 200
    x, y, z = (float(number) for number in handle[0])
    assert example["far"](Point(x=x, y=y, z=z), handle) == pytest.approx(0)
    assert example["far"](Point(x=x, y=y, z=9.0), handle) > 8
