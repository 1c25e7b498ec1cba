"""More requests than can be answered: each is answered or refused in its own time, light ones before heavy ones."""

from __future__ import annotations

import threading
import time
from collections import Counter

import pytest

pytest.importorskip("rclpy", reason="these tests need ROS 2")
from rclpy.qos import QoSProfile  # noqa: E402

from part_perception.ros.refusal import Refusal, Status  # noqa: E402
from part_perception.ros.requests.admission import Admission  # noqa: E402
from part_perception.ros.requests.gate import MAX_SEARCHES  # noqa: E402
from part_perception.ros.requests.pool import CHEAP, GivenUp, Pool  # noqa: E402
from part_perception_interfaces.srv import QueryParts  # noqa: E402


class Node:
    executor = None


@pytest.fixture
def pool():
    one = Pool(Node(), most=4)
    yield one
    one.close()


@pytest.fixture
def other_robot(ros_env, ros_domain_id):
    """Makes another robot, which is a separate process to the middleware."""
    from robot import Robot

    made = []

    def make(name: str) -> Robot:
        made.append(Robot(ros_domain_id, name))
        return made[-1]

    yield make
    for each in made:
        each.close()


def done(future, patience: float = 5.0) -> bool:
    deadline = time.monotonic() + patience
    while not future.done() and time.monotonic() < deadline:
        time.sleep(0.002)
    return future.done()


def test_a_plain_request_does_not_wait_for_heavy_ones(pool):
    free = threading.Event()
    later = time.monotonic() + 60
    heavy = [pool.run(lambda: free.wait(20) and "heavy", CHEAP + 1, later) for _ in range(3)]
    plain = pool.run(lambda: "plain", 1, later)
    assert done(plain) and plain.result() == "plain"
    assert not any(one.done() for one in heavy)
    free.set()
    assert all(done(one) and one.result() == "heavy" for one in heavy)


def test_beyond_its_limit_it_is_busy_and_says_so(pool):
    free = threading.Event()
    later = time.monotonic() + 60
    taken = [pool.run(free.wait, CHEAP + 1, later)]
    while pool._waiting:  # until the thread has taken it
        time.sleep(0.002)
    taken += [pool.run(free.wait, CHEAP + 1, later) for _ in range(4)]
    with pytest.raises(Refusal, match="4 requests are already waiting; ask again later") as refused:
        pool.run(free.wait, 1, later)
    assert refused.value.code == Status.BUSY
    free.set()
    assert all(done(one) for one in taken)


def test_a_deadline_is_kept_while_waiting(pool):
    free, begun = threading.Event(), []
    blocking = pool.run(free.wait, CHEAP + 1, time.monotonic() + 60)
    late = pool.run(lambda: begun.append(1), CHEAP + 1, time.monotonic() + 0.05)
    time.sleep(0.06)
    pool.expire()
    with pytest.raises(Refusal, match="ran out before its turn") as refused:
        late.result()
    assert refused.value.code == Status.TIMED_OUT
    free.set()
    assert done(blocking) and not begun, "a refused request is not started"


def test_work_that_takes_too_long_is_given_up_once_its_caller_has_waited_enough(pool, monkeypatch):
    monkeypatch.setattr("part_perception.ros.requests.pool.MAX_WORK", 0.05)
    free = threading.Event()
    patient = pool.run(lambda: free.wait(20) and "late", CHEAP + 1, time.monotonic() + 60)
    hasty = pool.run(lambda: free.wait(20) and "late", 1, time.monotonic() + 0.01)
    while len(pool._running) < 2:  # until the threads have taken them
        time.sleep(0.002)
    time.sleep(0.06)
    pool.expire()
    with pytest.raises(GivenUp, match="took longer than") as given_up:
        hasty.result()
    assert given_up.value.code == Status.TIMED_OUT and not patient.done()
    free.set()
    assert done(patient) and patient.result() == "late"
    while pool._running:
        time.sleep(0.002)
    with pytest.raises(GivenUp):  # its final outcome reaches nobody
        hasty.result()
    assert done(again := pool.run(lambda: "next", 1, time.monotonic() + 60)) and again.result() == "next"


def test_a_finished_request_makes_room_for_the_first_in_line():
    lane, begun, refused = Admission(at_once=2, in_line=2), [], []
    later = time.monotonic() + 60
    for name in "abcd":
        lane.enter(lambda name=name: begun.append(name), refused.append, later)
    assert begun == ["a", "b"]
    with pytest.raises(Refusal, match="2 requests are already waiting; ask again later") as busy:
        lane.enter(lambda: begun.append("e"), refused.append, later)
    assert busy.value.code == Status.BUSY
    with pytest.raises(Refusal, match="2 requests are already running"), lane.at_once():
        pytest.fail("it cannot wait in line, and is not let in before those who do")
    lane.leave()
    assert begun == ["a", "b", "c"]
    for _ in range(3):
        lane.leave()
    assert begun == ["a", "b", "c", "d"] and not refused
    with lane.at_once(), lane.at_once():
        pass


def test_no_request_waits_in_line_longer_than_its_caller():
    lane, begun, refused = Admission(at_once=1, in_line=5), [], []
    now = time.monotonic()
    for name, deadline in (("a", now), ("late", now - 1), ("b", now + 60)):
        lane.enter(lambda name=name: begun.append(name), refused.append, deadline)
    lane.expire()
    assert [each.code for each in refused] == [Status.TIMED_OUT]
    lane.leave()
    assert begun == ["a", "b"], "a refused request is not started"


def test_requests_with_clouds_are_bounded_by_their_total_size():
    lane, begun, refused = Admission(at_once=1, in_line=5, most_bytes=100), [], []
    later = time.monotonic() + 60
    # a lone request may have any size
    lane.enter(lambda: begun.append("huge"), refused.append, later, size=300)
    with pytest.raises(Refusal, match="already hold 0 MB; ask again later") as busy:
        lane.enter(lambda: begun.append("small"), refused.append, later, size=1)
    assert busy.value.code == Status.BUSY
    lane.leave(300)
    with lane.at_once(60):
        lane.enter(lambda: begun.append("late"), refused.append, time.monotonic() - 1, size=40)
        with pytest.raises(Refusal, match="already hold 0 MB"):
            lane.enter(lambda: begun.append("more"), refused.append, later, size=1)
        lane.expire()
        lane.enter(lambda: begun.append("next"), refused.append, later, size=40)
    assert begun == ["huge", "next"] and len(refused) == 1
    lane.leave(40)
    with lane.at_once(101):
        pass


def test_senders_take_turns_and_the_longest_line_gives_way():
    lane, begun, refused = Admission(at_once=1, in_line=3), [], []
    later = time.monotonic() + 60

    def enter(name: str, sender: bytes) -> None:
        lane.enter(lambda: begun.append(name), lambda why: refused.append((name, why)), later, sender=sender)

    for name in ("a1", "a2", "a3", "a4"):
        enter(name, b"a")
    with pytest.raises(Refusal, match="3 requests are already waiting"):
        enter("a5", b"a")
    enter("b1", b"b")
    ((name, why),) = refused
    assert (name, why.code) == ("a4", Status.BUSY) and "most of them from this process" in str(why)
    with pytest.raises(Refusal, match="3 requests are already waiting"):
        enter("b2", b"b"), "as many as those of the other"
    for _ in range(3):
        lane.leave()
    assert begun == ["a1", "a2", "b1", "a3"], "b does not wait for all that came before"


def test_memory_is_returned_to_lines_that_gave_way_in_vain():
    lane, begun, refused = Admission(at_once=1, in_line=9, most_bytes=100), [], []
    later = time.monotonic() + 60
    for name, size in (("a1", 40), ("a2", 20), ("a3", 20), ("a4", 20)):
        lane.enter(lambda name=name: begun.append(name), refused.append, later, size, b"a")
    with pytest.raises(Refusal, match="already hold"):
        lane.enter(lambda: begun.append("large"), refused.append, later, 70, b"b")
    lane.enter(lambda: begun.append("b"), refused.append, later, 20, b"b")
    assert len(refused) == 1
    for size in (40, 20, 20):
        lane.leave(size)
    assert begun == ["a1", "a2", "b", "a3"] and len(refused) == 1


@pytest.mark.timed
@pytest.mark.ros
def test_a_thousand_requests_at_once_are_each_answered_or_refused_in_time(start_node, robot, other_robot):
    import table

    start_node({"standing_queries": ["handle"]})
    second = other_robot("second")
    robot.start_camera(table.view(1).points, rate=4.0)
    robot.wait("a first answer", lambda: robot.query("handle", timeout=2.0, max_age=60.0).found == [True])
    deep = QoSProfile(depth=2000)
    clients = [
        robot.node.create_client(QueryParts, "/part_perception/query_parts", qos_profile=deep)
        for _ in range(4)  # the answers to all requests wake each of them
    ]
    assert all(client.wait_for_service(10.0) for client in clients)
    words = ["handle", "lid", "top", "wheel"] * 16
    plain = QueryParts.Request(queries=["handle"], timeout=10.0, max_age=60.0)
    heavy = QueryParts.Request(queries=words, object_words=["mug"] * 64, timeout=10.0, max_age=60.0)
    took: list[float] = []
    futures = []
    for k in range(250):
        for client in clients:
            begin, future = time.monotonic(), client.call_async(heavy if k % 20 == 0 else plain)
            future.add_done_callback(lambda _, begin=begin: took.append(time.monotonic() - begin))
            futures.append(future)
    begin = time.monotonic()
    others = [second.query("handle", timeout=10.0, max_age=60.0).status.code for _ in range(5)]
    assert others == 5 * [Status.OK] and time.monotonic() - begin < 10.0, "they do not wait for the thousand"
    codes = Counter(robot.finish("an answer", future, 20.0).status.code for future in futures)
    assert max(took) < 10.0 + 2.0, "in its own time, with a margin for a busy machine"
    assert sum(codes.values()) == 1000
    assert codes.keys() <= {Status.OK, Status.PART_NOT_FOUND, Status.BUSY, Status.TIMED_OUT}
    assert codes[Status.OK] >= 100, codes
    assert robot.query("handle", timeout=2.0, max_age=60.0).found == [True], "and it goes on"


@pytest.mark.ros
def test_every_cancel_is_handled_and_goals_beyond_the_bound_are_busy(start_node, robot):
    import table

    start_node()
    robot.start_camera(table.view(1).points, rate=1.0)
    goals = [robot.find("lid", timeout=60.0) for _ in range(MAX_SEARCHES)]
    ended, result = robot.result(robot.find("lid", timeout=60.0)[1])
    assert (ended, result.status.code) == ("aborted", Status.BUSY)
    assert "requests are already running" in result.status.message
    cancels = [handle.cancel_goal_async() for handle, _ in goals]
    for cancel, (_, result) in zip(cancels, goals, strict=True):
        assert robot.finish("the cancel", cancel).goals_canceling
        assert robot.result(result)[0] == "canceled"
    assert robot.result(robot.find("handle", timeout=60.0)[1])[0] == "succeeded", "there is room again"
