"""The gate at which requests wait for frames."""

from types import SimpleNamespace

import pytest
from rclpy.clock import ROSClock

from part_perception.config import Config
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.gate import RequestGate


@pytest.fixture
def gate():
    one = RequestGate(SimpleNamespace(get_clock=ROSClock, executor=None), lambda: "")
    yield one
    one.pool.close()


def test_a_search_does_not_wait_for_frames_of_a_node_that_was_deactivated_and_activated_again(gate):
    """Between two of its looks, while its work waited for a thread: the worker that it knows has ended."""
    server, ended, next_one = (SimpleNamespace(config=Config(), latest=None) for _ in range(3))
    gate.open(server, ended)
    session = gate.session
    gate.close(Refusal(Status.INACTIVE, "not active"))
    gate.open(server, next_one)
    with pytest.raises(Refusal, match="deactivated meanwhile") as no:
        gate.after(session, 0).send(None)
    assert no.value.code == Status.INACTIVE
