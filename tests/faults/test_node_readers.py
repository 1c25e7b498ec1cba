"""An answer waits for its reader, and nobody else waits for it: clients just started, and made-up ones."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("rclpy", reason="these tests need ROS 2")
import rclpy  # noqa: E402
from rclpy.context import Context  # noqa: E402
from rclpy.node import Node  # noqa: E402
from rclpy.serialization import serialize_message  # noqa: E402

from part_perception.ros.requests import intake, readers  # noqa: E402
from part_perception.ros.requests.admission import identity_of  # noqa: E402
from part_perception.ros.requests.intake import Intake  # noqa: E402
from part_perception.ros.requests.readers import Readers  # noqa: E402
from part_perception_interfaces.srv import QueryParts  # noqa: E402
from tests.faults.raw_requests import RawRequests  # noqa: E402

MADE_UP = 40
HALT = 0.1  # seconds that the middleware waits for each
REQUEST = QueryParts.Request(queries=["handle"], timeout=0.5)


class Unanswered(Intake):
    """An intake without a service: answers are kept, and readers are known from the n-th look on."""

    def __init__(self, known_from: int):
        self.looks, self.sent, self.said = 0, [], []
        self._known_from, self._name, self._unsent = known_from, "~/query_parts", 0
        self._readers = self
        self._service = SimpleNamespace(send_response=lambda response, header: self.sent.append(response))
        logger = SimpleNamespace(warning=lambda sentence, **_: self.said.append(sentence))
        self._node = SimpleNamespace(get_logger=lambda: logger)
        self._again = lambda: asyncio.sleep(0)

    def known(self, header) -> bool:
        self.looks += 1
        return self.looks >= self._known_from


def test_an_answer_is_sent_once_its_reader_is_known():
    one = Unanswered(known_from=4)
    asyncio.run(one._send("answer", "header"))
    assert (one.looks, one.sent, one.said, one._unsent) == (4, ["answer"], [], 0)


def test_an_answer_without_a_reader_is_given_up_in_one_sentence(monkeypatch):
    monkeypatch.setattr(intake, "UNKNOWN_FOR", 0.01)
    one = Unanswered(known_from=10**9)
    asyncio.run(one._send("answer", "header"))
    assert one.sent == [] and one._unsent == 0
    assert one.said == ["An answer of ~/query_parts was given up: the middleware does not know its reader"]


def test_so_many_answers_wait_at_most(monkeypatch):
    monkeypatch.setattr(intake, "MAX_UNSENT", 3)
    monkeypatch.setattr(intake, "UNKNOWN_FOR", 0.2)
    one = Unanswered(known_from=10**9)

    async def many() -> None:
        await asyncio.gather(*(one._send(f"{k}", "header") for k in range(5)))

    begin = time.monotonic()
    asyncio.run(many())
    assert len(one.said) == 5 and one.sent == []
    assert time.monotonic() - begin < 5.0


@pytest.mark.ros
def test_a_client_is_known_by_the_reader_of_its_answers(ros_domain_id, ros_env):
    """And somebody who sends requests without one is not."""
    contexts = [Context(), Context()]
    for each in contexts:
        rclpy.init(context=each, domain_id=ros_domain_id)
    server, client = (
        Node(name, context=each) for name, each in zip(("server", "client"), contexts, strict=True)
    )
    try:
        service = server.create_service(QueryParts, "~/query_parts", lambda *_: None)
        known = Readers(server, "~/query_parts")
        asking = client.create_client(QueryParts, "/server/query_parts")
        assert asking.wait_for_service(10.0)
        asking.call_async(REQUEST)
        header = taken(service)
        assert len(identity_of(header)) == 16
        assert soon(lambda: known.known(header))
        try:
            attacker = RawRequests(client, QueryParts, "/server/query_parts")
        except OSError:
            pytest.skip("needs Fast DDS")
        assert soon(attacker.count)
        assert attacker.publish(bytes(serialize_message(REQUEST)))
        header = taken(service)
        time.sleep(2 * readers.LOOK_EVERY)
        assert not known.known(header)
    finally:
        for node, each in zip((server, client), contexts, strict=True):
            node.destroy_node()
            rclpy.try_shutdown(context=each)


def taken(service):
    """The header of the next request."""
    found = []

    def take():
        with service.handle:
            found[:] = service.handle.service_take_request(QueryParts.Request)
        return found[1] is not None

    assert soon(take)
    return found[1]


def soon(condition) -> bool:
    deadline = time.monotonic() + 10.0
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.ros
def test_made_up_clients_hold_up_nobody(start_node, robot):
    import table

    node = start_node()
    robot.start_camera(table.view(1).points)
    robot.wait("an answer", lambda: robot.query("handle", timeout=1.0).found == [True])
    try:
        attacker = RawRequests(robot.node, QueryParts, "/part_perception/query_parts")
    except OSError:
        pytest.skip("needs Fast DDS")
    robot.wait("the service", attacker.count)
    data = bytes(serialize_message(REQUEST))

    def seconds_of_a_query(attacked: bool) -> float:
        assert not attacked or attacker.publish(data)
        begin = time.monotonic()
        assert robot.query("handle", timeout=5.0).status.code == 0
        return time.monotonic() - begin

    took = np.array([[seconds_of_a_query(attacked) for attacked in (False, True)] for _ in range(MADE_UP)])
    quiet, attacked = np.median(took, axis=0)
    assert attacked - quiet < HALT / 2, f"{quiet:.3f} s, attacked {attacked:.3f} s"
    node.wait_for("An answer of ~/query_parts was given up: the middleware does not know its reader")
    assert "Traceback" not in node.output
