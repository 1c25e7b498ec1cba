"""What /diagnostics says of perception, over time."""

from types import SimpleNamespace

import pytest
from diagnostic_msgs.msg import DiagnosticStatus

from part_perception.config import Config, DiagnosticsConfig
from part_perception.ros import diagnostics
from part_perception.ros.diagnostics import Diagnostics, Health
from part_perception.ros.node import PartPerceptionNode
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests import gate as gate_module
from part_perception.ros.requests.gate import RequestGate

LIMITS = DiagnosticsConfig(slow_frame=0.25, slow_for=5.0)
OK, WARN, ERROR = DiagnosticStatus.OK, DiagnosticStatus.WARN, DiagnosticStatus.ERROR


class Clock:
    """Stands still until a test moves it on."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    one = Clock()
    for module in (diagnostics, gate_module):
        monkeypatch.setattr(module, "time", one)
    return one


def frame(milliseconds: float):
    return SimpleNamespace(timing={"scene": milliseconds}, remark="")


def perception(health: Health) -> tuple[bytes, str]:
    """Level and message, as published."""
    reporter = Diagnostics.__new__(Diagnostics)
    reporter._health = health
    reporter._node = SimpleNamespace(get_fully_qualified_name=lambda: "/part_perception")
    status = reporter._perception()
    return status.level, status.message


def test_slow_frames_are_a_warning_and_an_error_once_they_stay_slow(clock):
    health = Health()
    for second in range(7):
        clock.now = 1000.0 + second
        health.seen(frame(300.0), LIMITS)
        level = ERROR if second > 5 else WARN
        assert perception(health) == (level, f"frames have been too slow for {second:.1f} s")
    health.seen(frame(100.0), LIMITS)
    assert perception(health)[0] == OK


def test_one_slow_frame_is_no_error_because_none_follows(clock):
    """As where a request has one looked at, and nobody asks again."""
    health = Health()
    health.seen(frame(300.0), LIMITS)
    assert perception(health) == (WARN, "frames have been too slow for 0.0 s")
    clock.now += 3600.0
    assert perception(health) == (OK, "frames are processed in time")


def test_frames_that_take_longer_than_a_report_counts_back_stay_slow(clock):
    health = Health()
    for _ in range(2):
        clock.now += 8.0
        health.seen(frame(8000.0), LIMITS)
    clock.now += 7.0
    assert perception(health) == (ERROR, "frames have been too slow for 8.0 s")
    health.refused(Refusal(Status.BAD_CLOUD, "no"))
    assert perception(health) == (WARN, "no")


def test_what_is_just_published_after_a_silence_is_not_withdrawn(clock):
    """The timer that withdraws what is not watched runs beside the thread that publishes them."""
    withdrawn = []
    config = Config()
    server = SimpleNamespace(config=config, place=lambda _: None)
    ros_clock = SimpleNamespace(
        ros_time_is_active=False, now=lambda: SimpleNamespace(nanoseconds=int(clock.now * 1e9))
    )
    gate = RequestGate(SimpleNamespace(get_clock=lambda: ros_clock, executor=None), str)
    gate.pool.close()
    node = SimpleNamespace(
        gate=gate,
        health=Health(),
        _server=server,
        _recurring=SimpleNamespace(due=lambda _: False),
    )
    node._outputs = SimpleNamespace(
        publish=lambda *_: PartPerceptionNode._take_back(node),
        withdraw=lambda: withdrawn.append(clock.now),
    )
    seen = SimpleNamespace(cloud=SimpleNamespace(stamp_ns=0), arrived=0.0, **vars(frame(10.0)))
    PartPerceptionNode._seen(node, server, node._outputs, seen)
    assert withdrawn == []
    clock.now += config.scene.remember + 1.0
    PartPerceptionNode._take_back(node)
    assert len(withdrawn) == 1
    slow = SimpleNamespace(cloud=SimpleNamespace(stamp_ns=0), arrived=0.0, **vars(frame(4000.0)))
    PartPerceptionNode._seen(node, server, node._outputs, slow)
    clock.now += 7.0
    PartPerceptionNode._take_back(node)
    assert len(withdrawn) == 1, "the next frame takes as long, and its messages, too"
    clock.now += 6.0
    PartPerceptionNode._take_back(node)
    assert len(withdrawn) == 2
