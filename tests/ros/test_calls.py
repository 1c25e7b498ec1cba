"""Calls of a service that keeps ten requests, as services do by default, and takes its time for each."""

import time

import pytest
from rclpy.task import Future
from robot import Robot
from std_srvs.srv import SetBool

from part_perception.ros.requests.calls import AT_ONCE, Calls

pytestmark = pytest.mark.ros


@pytest.fixture
def asker(ros_env, ros_domain_id):
    one = Robot(ros_domain_id, "asker")
    yield one
    one.close()


def test_all_of_many_calls_are_answered_in_their_order(robot, asker):
    taken = []

    def solve(request, response):
        taken.append(request.data)
        time.sleep(0.005)
        response.success = request.data
        return response

    robot.node.create_service(SetBool, "/solve", solve)
    client = asker.node.create_client(SetBool, "/solve")
    assert client.wait_for_service(20.0)
    calls = Calls(client)
    futures = [calls.call(SetBool.Request(data=k % 3 == 0)) for k in range(60)]
    asker.wait("all answers", lambda: all(future.done() for future in futures))
    assert [future.result().success for future in futures] == [k % 3 == 0 for k in range(60)]
    assert len(taken) == 60


class Silent:
    """A client whose requests are never answered."""

    def __init__(self):
        self.requests, self.forgotten = [], []

    def call_async(self, request):

        self.requests.append(request)
        return Future()

    def remove_pending_request(self, future):
        self.forgotten.append(future)


def test_calls_that_nobody_waits_for_make_room():
    client = Silent()
    calls = Calls(client)
    futures = [calls.call(k) for k in range(2 * AT_ONCE + 1)]
    assert client.requests == list(range(AT_ONCE))
    calls.forget(futures[-1])
    assert (len(client.requests), len(client.forgotten)) == (AT_ONCE, 0), "it was not sent"
    calls.forget(futures[0])
    assert client.requests == list(range(AT_ONCE + 1)) and len(client.forgotten) == 1
    for future in futures:
        calls.forget(future)
    assert client.requests == list(range(2 * AT_ONCE)) and not any(f.done() for f in futures)
    assert (calls._waiting, calls._sent) == ({}, {})
