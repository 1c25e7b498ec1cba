"""No cloud is missed silently: gaps in sequence numbers are counted, and counts match what was sent over real DDS."""

import threading
import time
from queue import Queue

import pytest
import table
from diagnostic_msgs.msg import DiagnosticArray
from robot import NODE

from part_perception.ros.diagnostics import WATCHED, LossMonitor
from part_perception.ros.pairing import SequenceGaps
from part_perception.ros.worker import FrameWorker
from part_perception_interfaces.msg import PartArray


def info(number: int | None, sender: bytes | None = b"a") -> dict:
    gid = None if sender is None else {"data": sender}
    return {"publication_sequence_number": number, "publisher_gid": gid}


def gaps(*infos: dict, publishers: int = 1) -> list[int]:
    numbers = SequenceGaps()
    return [numbers.gap(each, lambda: publishers) for each in infos]


def test_gaps_in_sequence_numbers_are_counted_as_missed():
    assert gaps(info(7), info(8), info(11), info(12)) == [0, 0, 2, 0]
    assert gaps(info(100), info(1, b"b"), info(101), info(4, b"b")) == [0, 0, 0, 2], (
        "each has its own numbers"
    )
    assert gaps(info(100), info(1), info(2)) == [0, 0, 0], "a camera that was started again"
    assert gaps(info(None), info(None)) == [0, 0], "a middleware that does not number"
    assert gaps({}, {}) == [0, 0]
    assert gaps(info(1, None), info(4, None)) == [0, 2]
    assert gaps(info(1, None), info(4, None), publishers=2) == [0, 0], "their publisher is unknown"


def test_the_share_lost_covers_the_latest_reports():
    arrivals = LossMonitor()
    assert arrivals.share_lost(0, 0) == 0
    assert arrivals.share_lost(5, 1) == 0, "too few to tell"
    assert arrivals.share_lost(30, 10) == pytest.approx(0.25)
    for k in range(1, WATCHED + 1):
        share = arrivals.share_lost(30 + 10 * k, 10)
    assert share == 0, "long ago"
    assert arrivals.share_lost(3, 0) == 0, "activated again"


def waits() -> tuple:
    """A worker whose frame lasts until told, the number of frames begun, and how often it was free."""
    go_on, begun, free = threading.Semaphore(0), Queue(), []

    def look(cloud):
        begun.put(cloud)
        go_on.acquire()
        return cloud

    wanted = {"wanted": True}
    worker = FrameWorker(
        look, lambda _: None, print, lambda: wanted["wanted"], print, lambda: free.append(worker.busy)
    )
    return worker, go_on, begun, free, wanted


def test_clouds_are_put_off_only_while_a_wanted_frame_is_under_way(monkeypatch):
    worker, go_on, begun, free, wanted = waits()
    try:
        assert not worker.soon_free(), "nothing to do"
        wanted["wanted"] = False
        worker.take("nobody asks")
        assert not worker.soon_free(), "its arrival is all that counts"
        wanted["wanted"] = True
        assert worker.soon_free(), "it is about to begin"
        worker.take("newer")
        assert begun.get(timeout=20) == "newer" and worker.soon_free()
        monkeypatch.setattr("part_perception.ros.worker.SOON", 0.0)
        assert not worker.soon_free(), "the frame takes long"
        monkeypatch.undo()
        worker.leave("replaced", 3)
        before = len(free)
        go_on.release()
        while len(free) == before:
            time.sleep(0.01)
        assert free[-1] is False and not worker.soon_free()
        assert worker.counts == {"received": 5, "replaced": 4, "looked at": 1}
    finally:
        go_on.release()
        worker.close(20)


def test_a_frame_under_way_is_forgotten_with_the_others_when_the_clock_jumps_back():
    worker, go_on, begun, free, _ = waits()
    try:
        worker.take("of the old time")
        assert begun.get(timeout=20) == "of the old time"
        worker.forget()
        go_on.release()
        while not free:
            time.sleep(0.01)
        assert worker.latest is None and worker.counts == {"received": 1, "forgotten": 1}
        worker.take("of the new time")
        assert begun.get(timeout=20) == "of the new time"
        go_on.release()
        while len(free) < 2:
            time.sleep(0.01)
        assert worker.latest == "of the new time"
    finally:
        go_on.release()
        worker.close(20)


@pytest.mark.ros
def test_every_cloud_that_is_sent_is_received_or_counted_as_lost(start_node, robot):
    """Far more clouds than the node can process, sent as fast as possible."""
    start_node({"standing_queries": ["handle"]})
    heard, told = robot.listen(PartArray, f"{NODE}/parts"), robot.listen(DiagnosticArray, "/diagnostics")
    robot.wait("a first frame", lambda: robot.publish(table.view(1).points) and heard)
    cloud = robot.cloud(table.view(1).points)
    before = settled(robot, told)
    sent = 40
    for _ in range(sent):
        cloud.header.stamp = robot.stamp()
        robot.points.publish(cloud)
    settled(robot, told)
    # A lost cloud is noticed when the next one arrives: this one reveals those lost at the end.
    cloud.header.stamp = robot.stamp()
    robot.points.publish(cloud)
    after = settled(robot, told, more_than=before["received"] + before["lost"] + sent)
    assert after["received"] + after["lost"] == before["received"] + before["lost"] + sent + 1
    done = ("looked at", "replaced", "not wanted")
    assert sum(after.get(key, 0) for key in done) == after["received"], after


def settled(robot, told: list, more_than: int = 0) -> dict[str, int]:
    """Counts that two reports agree on."""

    def counts(message) -> dict[str, int]:
        return {pair.key: int(pair.value) for pair in message.status[0].values if pair.value.isdigit()}

    def same():
        if len(told) < 2:
            return None
        now = counts(told[-1])
        enough = now.get("received", 0) + now.get("lost", 0) > more_than
        return now if enough and now == counts(told[-2]) else None

    told.clear()
    return robot.wait("counts that stay", same)
