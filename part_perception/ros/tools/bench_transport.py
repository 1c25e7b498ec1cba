"""Bench transport: the node's latency with compressed depth images and with raw ones, alternately in one run."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import psutil

from part_perception.ros.processes import Processes, dds_environment, set_parameters, stop
from part_perception.ros.tools.bench import QUERIES, SETTLE, START_WITHIN, Meter, spread

ROUNDS = 3  # of each transport


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
    """The same depth images as `transport` and raw; the stamp is older than the compression."""
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
