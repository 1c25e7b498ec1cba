"""Answers with grasps that the arm's solver is asked about, with a stand-in for the solver."""

import time
from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest
import table
from rclpy.task import Future
from robot import CAMERA
from stand_in import StandIn

from part_perception.config import Config, HandConfig
from part_perception.ros.messages.clouds import Cloud
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.find_part import FindPartAction, Search
from part_perception.ros.requests.kinematics import ArmKinematics
from part_perception.ros.requests.services import Services
from part_perception.ros.server import Server
from part_perception.ros.transforms import OwnTransforms
from part_perception_interfaces.action import FindPart
from part_perception_interfaces.srv import QueryParts


class AtOnce:
    """A pool without threads."""

    def run(self, work, cost, deadline) -> Future:
        future: Future = Future()
        try:
            future.set_result(work())
        except Refusal as refusal:
            future.set_exception(refusal)
        return future


class Gate:
    """One frame for all requests."""

    pool = AtOnce()

    def __init__(self, hand: HandConfig):
        server = Server(Config(hand=hand, tf_timeout=0.0), StandIn(), OwnTransforms())
        cloud = Cloud(table.view(1).points, None, CAMERA, 5_000_000_000)
        self._session = SimpleNamespace(
            worker=nullcontext(),
            server=server,
            config=server.config,
            deadline=lambda *_: time.monotonic() + 5.0,
        )
        self._seen = server.look_apart(cloud)

    def opened(self):
        return self._session

    async def frame(self, *_):
        return self._seen

    async def after(self, *_):
        return self._seen

    seconds = 0.25

    def age(self, *_) -> float:
        return self.seconds


def silent() -> ArmKinematics:
    arm = ArmKinematics.__new__(ArmKinematics)
    arm._client = SimpleNamespace(service_is_ready=lambda: False, srv_name="/Left/compute_ik")
    return arm


def answer(hand: HandConfig, *queries: str, solver=None) -> QueryParts.Response:
    """What ~/query_parts says, by default where the solver is not there."""
    services = Services.__new__(Services)
    services._gate = Gate(hand)
    services._arm = silent() if solver is None else solver(services._gate)
    request, response = QueryParts.Request(queries=list(queries)), QueryParts.Response()
    with pytest.raises(StopIteration) as done:
        services._answered(services._query_parts, request, response, time.monotonic()).send(None)
    return done.value.value


SILENT = "/Left/compute_ik (reach.ik_service) does not answer"


def test_a_silent_solver_is_named_where_only_some_of_the_parts_were_found_too():
    whole, some = answer(HandConfig(), "handle"), answer(HandConfig(), "handle", "lid")
    assert (whole.status.code, whole.status.message) == (Status.OK, f"no grasps are given: {SILENT}")
    assert some.status.code == Status.PART_NOT_FOUND
    assert some.status.message.startswith("Not found: lid")
    assert some.status.message.endswith(f". No grasps are given: {SILENT}.")
    assert [len(part.grasps) for part in (*whole.parts, *some.parts)] == [0, 0]


def slow(gate: Gate):
    """A solver that takes two seconds."""

    async def keep_reachable(*_) -> str:
        gate.seconds += 2.0
        return ""

    return SimpleNamespace(keep_reachable=keep_reachable)


def test_the_age_of_an_answer_counts_the_solvers_time():
    told = answer(HandConfig(), "handle", solver=slow)
    assert (told.age, [part.age for part in told.parts]) == (2.25, [2.25])


def test_so_does_the_age_of_what_a_search_finds():
    search = FindPartAction.__new__(FindPartAction)
    search._gate = Gate(HandConfig())
    search._arm = slow(search._gate)
    request = FindPart.Goal(query="handle", stable_frames=1)
    goal = SimpleNamespace(request=request, is_cancel_requested=False, publish_feedback=lambda _: None)
    with pytest.raises(StopIteration) as done:
        search._search(goal, Search()).send(None)
    assert [part.age for part in done.value.value] == [2.25]


def test_no_grasps_are_given_where_it_is_not_known_where_the_hand_is():
    """The parts were found all the same."""
    told = answer(HandConfig(link="hand", tip_frame="tip"), "handle")
    assert told.status.code == Status.OK and list(told.found) == [True]
    assert told.status.message.startswith("no grasps are given: No transform from hand to tip")
    (part,) = told.parts
    assert not part.grasps and np.count_nonzero(part.indices) > 0
