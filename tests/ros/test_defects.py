"""A defect in the node is logged with its traceback, counted and answered as such; the node lives on."""

import logging
from queue import Queue

import pytest
import table
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.impl.logging_severity import LoggingSeverity

from part_perception.ros.logs import NodeLogHandler
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.worker import FrameWorker


@pytest.mark.ros
def test_a_defect_while_answering_is_an_internal_error_and_the_next_request_is_answered(start_node, robot):
    """The stand-in has no hierarchy, which decompose expects."""
    node = start_node()
    told = robot.listen(DiagnosticArray, "/diagnostics")
    robot.start_camera(table.view(1).points)
    robot.wait("the handle", lambda: robot.query("handle", timeout=1.0).found == [True])
    answer = robot.decompose(timeout=5.0)
    assert answer.status.code == Status.INTERNAL_ERROR
    assert "AttributeError: 'NoneType' object has no attribute" in answer.status.message

    def internal_errors() -> str:
        values = [v for s in told[-1].status for v in s.values] if told else []
        return next((v.value for v in values if v.key == "internal errors"), "")

    robot.wait("the count", lambda: internal_errors() == "1")
    bad = robot.teach(word="ear", command=9)
    assert bad.status.code == Status.BAD_REQUEST
    assert robot.query("handle", timeout=5.0).found == [True]
    assert internal_errors() == "1", "a caller's mistake is not an internal error"
    node.end()
    node.wait()
    assert "Traceback (most recent call last)" in node.output
    assert "natural_parts" in node.output
    assert "stand-in loaded" in node.output, "the library's log lines are in the node's log"


def test_a_defect_while_perceiving_is_reported_and_the_next_cloud_is_perceived():
    told, refused, seen = [], Queue(), Queue()
    clouds = iter([ZeroDivisionError("no focal length"), "frame"])

    def look(_):
        if isinstance(found := next(clouds), Exception):
            raise found
        return found

    def defect(doing, error):
        told.append((doing, error))
        return Refusal(Status.INTERNAL_ERROR, f"{error}")

    worker = FrameWorker(look, seen.put, refused.put, lambda: True, defect)
    worker.take("first")
    assert refused.get(timeout=20).code == Status.INTERNAL_ERROR
    worker.take("second")
    assert seen.get(timeout=20) == "frame"
    worker.close(5.0)
    assert [(doing, str(error)) for doing, error in told] == [("perceiving a cloud", "no focal length")]
    assert worker.counts == {"received": 2, "INTERNAL_ERROR": 1, "looked at": 1}


class Recorder:
    """A ROS logger that remembers."""

    def __init__(self):
        self.lines = []

    def info(self, message):
        self.lines.append((LoggingSeverity.INFO, message))

    def warning(self, message):
        self.lines.append((LoggingSeverity.WARN, message))

    def error(self, message):
        self.lines.append((LoggingSeverity.ERROR, message))


def test_library_log_lines_reach_the_node_with_their_severity_until_it_closes():
    logger, library = Recorder(), logging.getLogger("part_perception")
    before = library.level
    handler = NodeLogHandler(logger)
    library.info("%s: %.0f s so far", "building an engine", 12)
    library.warning("the cache is damaged")
    library.error("no runtime works")
    library.debug("too much")
    handler.close()
    library.error("after the end")
    assert logger.lines == [
        (LoggingSeverity.INFO, "building an engine: 12 s so far"),
        (LoggingSeverity.WARN, "the cache is damaged"),
        (LoggingSeverity.ERROR, "no runtime works"),
    ]
    assert library.level == before and handler not in library.handlers
