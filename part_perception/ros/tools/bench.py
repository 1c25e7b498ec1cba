"""Bench: measures the node from outside, with a simulated camera and a client as processes over DDS."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import psutil
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import UInt64

from part_perception.ros.messages.clouds import nanoseconds
from part_perception.ros.processes import Processes, dds_environment, set_parameters, stop
from part_perception.ros.tools.demo_client import Client
from part_perception_interfaces.msg import PartArray

QUERIES = ("handle", "lid")
START_WITHIN = 180.0
SETTLE = 5.0  # more than one swing of the camera: by then every object was seen from all sides
ASK_EVERY = 0.3
MINUTE = 60.0
ROUNDS = 3  # of each transport


@dataclass(frozen=True)
class Report:
    """The node's counts when the camera had sent this many clouds."""

    sent: int
    counts: dict[str, int]
    at: float = 0.0  # by the monotonic clock

    @property
    def accounted(self) -> int:
        return self.counts.get("received", 0) + self.counts.get("lost", 0)


class CloudCounts:
    """The camera's and the node's reports on clouds, once a second."""

    def __init__(self, node: Node):
        self.reports: list[Report] = []
        self.sent = 0  # by the camera; 0: not known yet
        node.create_subscription(DiagnosticArray, "/diagnostics", self._take_diagnostics, 10)
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        node.create_subscription(UInt64, "/simulated_camera/sent", self._take_sent, latched)

    def forget(self) -> None:
        """Begin anew, with the next count of the camera: the one before may be another camera's."""
        self.reports.clear()
        self.sent = 0

    def _take_sent(self, message: UInt64) -> None:
        self.sent = message.data

    def _take_diagnostics(self, message: DiagnosticArray) -> None:
        for status in message.status:
            if status.name.endswith("input") and self.sent:
                counts = {pair.key: int(pair.value) for pair in status.values if pair.value.isdigit()}
                self.reports.append(Report(self.sent, counts, time.monotonic()))

    def clouds(self) -> dict[str, int]:
        return clouds_between(self.reports)

    def rates(self) -> dict[str, float]:
        """Clouds per second, sent and processed."""
        clouds = self.clouds()
        passed = self.reports[-1].at - self.reports[0].at if clouds else float("nan")
        names = {"sent_hz": "sent", "useful_hz": "looked at"}
        return {name: round(clouds.get(count, 0) / passed, 1) for name, count in names.items()}


class Meter(Client):
    """A client that also notes when labelled clouds and parts arrive."""

    def __init__(self):
        self.latency_ms: dict[str, list[float]] = {"labeled_cloud": [], "parts": []}
        super().__init__()
        self._node.create_subscription(PartArray, "/part_perception/parts", self._take_parts, 1)
        self.counts = CloudCounts(self._node)

    def _take_cloud(self, message: PointCloud2) -> None:
        self._note("labeled_cloud", message)

    def _take_parts(self, message: PartArray) -> None:
        self._note("parts", message)

    def _note(self, topic: str, message) -> None:
        age = self._node.get_clock().now().nanoseconds - nanoseconds(message.header.stamp)
        self.latency_ms[topic].append(age * 1e-6)


def bench_ros(seconds: float = 30.0, queries: Sequence[str] = QUERIES) -> dict:
    """Latencies in ms, counts of clouds, memory in MB; the first answer in seconds from the start of the process."""
    os.environ.update(dds_environment(40 + os.getpid() % 50))
    with Processes(dict(os.environ)) as started:
        started.module("part_perception.ros.tools.simulated_camera")
        meter = Meter()
        started.callback(meter.close)
        meter.truth(START_WITHIN)
        begin = time.monotonic()
        node = started.module("part_perception.cli.node", "--ros-args", *set_parameters(queries))
        meter.first_answer(queries, START_WITHIN)
        first_s = time.monotonic() - begin
        return {
            "first_answer_s": round(first_s, 2),
            **_steady(meter, psutil.Process(node.pid), seconds, queries),
        }


def _steady(meter: Meter, node: psutil.Process, seconds: float, queries: Sequence[str]) -> dict:
    """Measure standing queries with occasional requests; the time before all objects are known does not count."""
    pause = threading.Event()
    pause.wait(SETTLE)
    for latencies in meter.latency_ms.values():
        latencies.clear()
    meter.counts.forget()
    node.cpu_percent()
    begin, memory, asked_ms = time.monotonic(), [], []
    while (passed := time.monotonic() - begin) < seconds:
        memory.append((passed, node.memory_info().rss / 1e6))
        asked_ms.append(meter.ask(queries)[1])
        pause.wait(ASK_EVERY)
    return {
        "seconds": seconds,
        "cloud_to_labeled_cloud_ms": spread(meter.latency_ms["labeled_cloud"]),
        "cloud_to_parts_ms": spread(meter.latency_ms["parts"]),
        "query_parts_ms": spread(asked_ms),
        "clouds": meter.counts.clouds(),
        "cpu_percent": node.cpu_percent(),
        "memory_mb": _memory(memory),
    }


def clouds_between(reports: Sequence[Report]) -> dict[str, int]:
    """The fate of the clouds between the first and last report; one or two may be in transit."""
    if len(reports) < 2:
        return {}
    first, last = reports[0], reports[-1]
    sent = last.sent - first.sent
    counts = {key: count - first.counts.get(key, 0) for key, count in last.counts.items()}
    return {"sent": sent, **counts, "not counted": sent - (last.accounted - first.accounted)}


def _memory(samples: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Resident memory at the end, its maximum, and its growth after the first minute (or third of a short run)."""
    last = samples[-1][0]
    start = min(MINUTE, last / 3)
    settled = [mb for passed, mb in samples if passed >= start]
    most = max(mb for _, mb in samples)
    return {"end": round(settled[-1]), "most": round(most), "growth": round(settled[-1] - settled[0], 1)}


def spread(values: Sequence[float]) -> dict:
    """Percentiles."""
    values = list(values) or [float("nan")]
    return {
        "median": round(float(np.median(values)), 1),
        "p95": round(float(np.percentile(values, 95)), 1),
        "p99": round(float(np.percentile(values, 99)), 1),
        "most": round(float(np.max(values)), 1),
        "count": len(values),
    }


@dataclass
class Measured:
    """All rounds of one transport: milliseconds from stamp to labelled cloud, and CPU seconds of the processes."""

    latency_ms: list[float] = field(default_factory=list)
    images: int = 0
    node_s: float = 0.0
    camera_s: float = 0.0

    def summary(self) -> dict:
        """Percentiles, and CPU milliseconds: of the node for a labelled cloud, of the camera for an image."""
        nan = float("nan")
        return {
            "image_to_labeled_cloud_ms": spread(self.latency_ms),
            "images": self.images,
            "node_cpu_ms": round(self.node_s / (len(self.latency_ms) or nan) * 1e3, 1),
            "camera_cpu_ms": round(self.camera_s / (self.images or nan) * 1e3, 1),
        }


def bench_transport(seconds: float, transport: str, queries: Sequence[str] = QUERIES) -> dict:
    """The node's latency with depth images as `transport` and raw, in turn; they are stamped before compression."""
    os.environ.update(dds_environment(40 + os.getpid() % 50))
    measured = {"raw": Measured(), transport: Measured()}
    with Processes(dict(os.environ)) as started:
        images = ("--ros-args", "-p", "rgbd:=true")
        camera = started.module("part_perception.ros.tools.simulated_camera", *images)
        meter = Meter()
        started.callback(meter.close)
        meter.truth(START_WITHIN)
        for _ in range(ROUNDS):
            for name, one in measured.items():
                chosen = ("-p", "input:=rgbd", "-p", f"depth_transport:={name}")
                given = ("--ros-args", *set_parameters(queries), *chosen)
                node = started.module("part_perception.cli.node", *given)
                meter.first_answer(queries, START_WITHIN)
                _watch(meter, node.pid, camera.pid, seconds / ROUNDS / len(measured), one)
                stop(node)
    result = {name: one.summary() for name, one in measured.items()}
    medians = [one["image_to_labeled_cloud_ms"]["median"] for one in result.values()]
    return {"seconds": seconds, **result, "ratio_of_medians": round(medians[1] / medians[0], 2)}


def _watch(meter: Meter, node: int, camera: int, seconds: float, one: Measured) -> None:
    """Add a while of a node that has come to know its objects."""
    pause = threading.Event()
    pause.wait(SETTLE)
    latencies = meter.latency_ms["labeled_cloud"]
    latencies.clear()
    before, sent = (_cpu_s(node), _cpu_s(camera)), meter.counts.sent
    pause.wait(seconds)
    one.images += meter.counts.sent - sent
    one.node_s += _cpu_s(node) - before[0]
    one.camera_s += _cpu_s(camera) - before[1]
    one.latency_ms += latencies


def _cpu_s(pid: int) -> float:
    """CPU seconds that a process has used."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system
