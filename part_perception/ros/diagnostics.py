"""Diagnostics: the state of input, perception, model and transforms, once a second on /diagnostics."""

from __future__ import annotations

import os
import time
from collections import Counter, deque

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.qos import QoSProfile

from part_perception.config import DiagnosticsConfig
from part_perception.ros.perceived import PerceivedFrame
from part_perception.ros.refusal import Refusal, Status

OK, WARN, ERROR = DiagnosticStatus.OK, DiagnosticStatus.WARN, DiagnosticStatus.ERROR
STALE_FACTOR = 5.0
RECENT = 5.0  # seconds
WATCHED = 10  # reports
MANY_LOST = 0.2


class Health:
    """Recent events; written by the perception thread, read by the timer."""

    def __init__(self):
        self.frames: deque[tuple[float, dict[str, float]]] = deque(maxlen=100)
        self.refusals: Counter[str] = Counter()
        self.internal_errors = 0
        self.last_refusal: Refusal | None = None
        self.last_seen = self.last_refused = 0.0
        self.slow_since: float | None = None
        self.slow_for = self.last_took = 0.0
        self.remark = ""

    def seen(self, seen: PerceivedFrame, config: DiagnosticsConfig) -> None:
        now = time.monotonic()
        self.frames.append((now, seen.timing))
        self.last_seen, self.remark = now, seen.remark
        self.last_took = sum(seen.timing.values()) * 1e-3
        slow = self.last_took > config.slow_frame
        self.slow_for = config.slow_for
        self.slow_since = (self.slow_since or now) if slow else None

    def refused(self, refusal: Refusal) -> None:
        self.refusals[refusal.name] += 1
        self.last_refusal, self.last_refused = refusal, time.monotonic()

    def rate(self) -> float:
        """Frames processed per second, of late."""
        frames = list(self.frames)  # copied at once: the perception thread appends meanwhile
        times = [t for t, _ in frames if t > time.monotonic() - RECENT]
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 2 else 0.0

    def slow(self) -> float | None:
        """For how many seconds frames have been too slow; None if they are not, or if none comes any more."""
        since, last = self.slow_since, self.last_seen
        if since is None or time.monotonic() - last > max(RECENT, 2 * self.last_took):
            return None
        return max(last - since, 0.0)

    def stage_medians(self) -> dict[str, float]:
        timings = [timing for _, timing in list(self.frames)[-30:]]
        stages = timings[-1] if timings else {}
        return {stage: float(np.median([t.get(stage, 0.0) for t in timings])) for stage in stages}

    def failing(self) -> Refusal | None:
        """The last refusal, unless a frame has succeeded since."""
        return self.last_refusal if self.last_refused > self.last_seen else None


class LossMonitor:
    """The numbers of received and lost clouds, over the last reports."""

    def __init__(self):
        self._counts: deque[tuple[int, int]] = deque(maxlen=WATCHED)

    def share_lost(self, received: int, lost: int) -> float:
        """The share of clouds lost since the first of these reports."""
        if self._counts and received + lost < sum(self._counts[-1]):  # the node was activated again
            self._counts.clear()
        self._counts.append((received, lost))
        came, missed = (now - before for now, before in zip(self._counts[-1], self._counts[0], strict=True))
        return missed / (came + missed) if came + missed >= WATCHED else 0.0


class Diagnostics:
    """Publishes in every state of the node, so that users see why a node is not active."""

    def __init__(self, node, gate, health: Health):
        self._node, self._gate, self._health = node, gate, health
        # not a lifecycle publisher: those are silent while the node is inactive
        self._publisher = Node.create_publisher(node, DiagnosticArray, "/diagnostics", QoSProfile(depth=10))
        steady, group = Clock(clock_type=ClockType.STEADY_TIME), MutuallyExclusiveCallbackGroup()
        self._timer = node.create_timer(1.0, self.publish, group, clock=steady)
        self.opened = time.monotonic()
        self._arrivals = LossMonitor()

    def publish(self) -> None:
        message = DiagnosticArray(status=self.statuses())
        message.header.stamp = self._node.get_clock().now().to_msg()
        self._publisher.publish(message)

    def statuses(self) -> list[DiagnosticStatus]:
        return [self._input(), self._perception(), self._model(), self._transforms()]

    def _input(self) -> DiagnosticStatus:
        session = self._gate.session
        if session is None:
            return self._status("input", WARN, str(self._gate.trouble))
        worker, newest = session.worker, session.worker.arrival
        last = newest.arrived if newest is not None else self.opened
        silent, limit = time.monotonic() - last, session.config.diagnostics.no_cloud_after
        missed = self._node.missed()
        values = {key: str(count) for key, count in (missed | worker.counts).items()}
        share = self._arrivals.share_lost(worker.counts["received"], missed.get("lost", 0))
        if silent > limit:
            level = ERROR if silent > STALE_FACTOR * limit else WARN
            return self._status(
                "input", level, f"no cloud for {silent:.1f} s: {self._node.why_silent()}", values
            )
        late = 0.0 if newest is None else self._gate.age(newest.stamp_ns, last) - silent
        if late > session.config.max_cloud_age:
            sentence = (
                f"clouds are {late:.1f} s old when they arrive, so requests refuse them: synchronise the clocks of "
                "camera and computer, or set use_sim_time for a recording, or raise max_cloud_age"
            )
            return self._status("input", WARN, sentence, values)
        if share > MANY_LOST:
            sentence = (
                f"{share:.0%} of the clouds are lost before they reach the node: "
                "set the Fast DDS profile for the camera too, or lower the load of this machine"
            )
            return self._status("input", WARN, sentence, values)
        return self._status("input", OK, "clouds arrive", values)

    def _perception(self) -> DiagnosticStatus:
        health = self._health
        values = {"frames per second": f"{health.rate():.1f}"}
        values |= {f"{stage} ms": f"{ms:.1f}" for stage, ms in health.stage_medians().items()}
        values["internal errors"] = str(self._health.internal_errors)
        values |= {f"refused {name}": str(count) for name, count in dict(health.refusals).items()}
        failing = health.failing()
        if failing is not None:
            return self._status(
                "perception", ERROR if failing.code == Status.INTERNAL_ERROR else WARN, str(failing), values
            )
        if health.remark:
            return self._status("perception", WARN, health.remark, values)
        slow = health.slow()
        if slow is not None:
            level = ERROR if slow > health.slow_for else WARN
            return self._status("perception", level, f"frames have been too slow for {slow:.1f} s", values)
        return self._status(
            "perception", OK, "frames are processed in time" if health.frames else "idle", values
        )

    def _model(self) -> DiagnosticStatus:
        values = {"resident memory MB": f"{resident_bytes() / 1e6:.0f}"}
        session = self._gate.session
        if session is None:
            level = ERROR if self._gate.trouble.code == Status.MODEL_NOT_READY else OK
            return self._status("model", level, str(self._gate.trouble), values)
        runtime = getattr(session.server.segmenter, "runtime", None)
        values["runtime"] = str(getattr(runtime, "name", runtime))
        if strange := session.server.not_understood():
            return self._status("model", WARN, "; ".join(strange), values)
        return self._status("model", OK, "loaded", values)

    def _transforms(self) -> DiagnosticStatus:
        values = {"refused": str(self._health.refusals["NO_TRANSFORM"])}
        session = self._gate.session
        if session is not None:
            values["source"] = session.server.transforms.name
        failing = self._health.failing()
        if failing is not None and failing.code == Status.NO_TRANSFORM:
            return self._status("transforms", WARN, str(failing), values)
        return self._status("transforms", OK, "no transform is missing", values)

    def _status(self, what: str, level: bytes, message: str, values: dict | None = None) -> DiagnosticStatus:
        pairs = [KeyValue(key=str(k), value=str(v)) for k, v in (values or {}).items()]
        name = self._node.get_fully_qualified_name().lstrip("/")
        return DiagnosticStatus(
            name=f"{name}: {what}", hardware_id="", level=level, message=message, values=pairs
        )


def resident_bytes() -> int:
    """This process's memory in RAM, in bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
