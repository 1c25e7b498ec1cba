"""The node measured from outside: a simulated camera, the node and a client as processes over DDS."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence

import numpy as np
import psutil
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.clock import Clock
from sensor_msgs.msg import PointCloud2

from part_perception.ros.conversion import nanoseconds
from part_perception.ros.demo_client import Client
from part_perception.ros.processes import Processes, dds_environment, set_parameters
from part_perception_interfaces.msg import PartArray

QUERIES = ("handle", "lid")
START_WITHIN = 60.0
SETTLE = 3.0


class Meter(Client):
    """A client that also notes when labelled clouds and parts come, and what the node reports of itself."""

    def __init__(self):
        super().__init__()
        self.latency_ms: dict[str, list[float]] = {"labeled_cloud": [], "parts": []}
        self.counts: dict[str, int] = {}
        for kind, topic in ((PointCloud2, "labeled_cloud"), (PartArray, "parts")):
            self._node.create_subscription(kind, f"/part_perception/{topic}", self._timer(topic), 1)
        self._node.create_subscription(DiagnosticArray, "/diagnostics", self._take_diagnostics, 10)

    def _timer(self, topic: str):
        clock: Clock = self._node.get_clock()

        def take(message) -> None:
            age = clock.now().nanoseconds - nanoseconds(message.header.stamp)
            self.latency_ms[topic].append(age * 1e-6)

        return take

    def _take_diagnostics(self, message: DiagnosticArray) -> None:
        values = {
            v.key: v.value
            for status in message.status
            if status.name.endswith("input")
            for v in status.values
        }
        self.counts = {key: int(value) for key, value in values.items() if value.isdigit()}


def bench_ros(seconds: float = 30.0, queries: Sequence[str] = QUERIES) -> dict:
    """Latencies in ms, counts of clouds, memory in MB; the first answer in seconds from the start of the process."""
    os.environ.update(dds_environment(40 + os.getpid() % 50))
    with Processes(dict(os.environ)) as started:
        started.module("part_perception.ros.simulated_camera")
        meter = Meter()
        started.callback(meter.close)
        meter.truth(START_WITHIN)
        begin = time.monotonic()
        node = started.module("part_perception.ros.node", "--ros-args", *set_parameters(queries))
        meter.first_answer(queries, START_WITHIN)
        first_s = time.monotonic() - begin
        return {
            "first_answer_s": round(first_s, 2),
            **_steady(meter, psutil.Process(node.pid), seconds, queries),
        }


def _steady(meter: Meter, node: psutil.Process, seconds: float, queries: Sequence[str]) -> dict:
    """A while of standing queries, with a request now and then; what happens before all is known does not count."""
    pause = threading.Event()
    pause.wait(SETTLE)
    before, memory, asked_ms = dict(meter.counts), node.memory_info().rss, []
    for latencies in meter.latency_ms.values():
        latencies.clear()
    node.cpu_percent()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        asked_ms.append(meter.ask(queries)[1])
        pause.wait(0.3)
    counts = {key: meter.counts.get(key, 0) - before.get(key, 0) for key in meter.counts}
    return {
        "seconds": seconds,
        "cloud_to_labeled_cloud_ms": _spread(meter.latency_ms["labeled_cloud"]),
        "cloud_to_parts_ms": _spread(meter.latency_ms["parts"]),
        "query_parts_ms": _spread(asked_ms),
        "clouds": counts,
        "not_counted": counts.get("received", 0) - sum(n for key, n in counts.items() if key != "received"),
        "cpu_percent": node.cpu_percent(),
        "memory_mb": round(node.memory_info().rss / 1e6),
        "memory_growth_mb": round((node.memory_info().rss - memory) / 1e6, 1),
    }


def _spread(values: Sequence[float]) -> dict:
    values = list(values) or [float("nan")]
    return {
        "median": round(float(np.median(values)), 1),
        "p95": round(float(np.percentile(values, 95)), 1),
        "count": len(values),
    }
