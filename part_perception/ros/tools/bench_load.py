"""Bench load: clouds at growing rates and many clients; counts useful, late, refused and lost answers."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from rclpy.client import Client
from rclpy.qos import QoSProfile

from part_perception.ros.messages.clouds import nanoseconds
from part_perception.ros.processes import Processes, dds_environment, set_parameters, stop
from part_perception.ros.refusal import STATUS_NAMES
from part_perception.ros.tools.asker import SERVICE, Connection
from part_perception.ros.tools.bench import QUERIES, START_WITHIN, CloudCounts, spread
from part_perception_interfaces.msg import PartArray
from part_perception_interfaces.srv import QueryParts

RATES = (5.0, 10.0, 20.0, 30.0, 45.0)  # clouds a second
CLIENTS = 10
PAUSE = 0.5  # seconds between an answer and the client's next request
TIMEOUT, PATIENCE = 2.0, 10.0
SETTLE = 3.0


@dataclass
class Tally:
    """The outcomes of all clients' requests."""

    took_ms: list[float] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)

    def summary(self) -> dict[str, int]:
        """Counts by status; `late` are answers after the request's own time limit."""
        late = sum(ms > TIMEOUT * 1e3 for ms in self.took_ms)
        return {"asked": sum(self.codes.values()), "late": late, **dict(sorted(self.codes.items()))}


class Crowd(Connection):
    """Clients that ask continually, each with its own service client, and a subscription to the parts."""

    def __init__(self, clients: int):
        self._count, self._open, self._since = clients, True, 0
        self.tally, self.parts_ms = Tally(), list[float]()
        super().__init__("part_perception_crowd")
        self._threads = [threading.Thread(target=self._go_on, args=(client,)) for client in self._clients]

    def listen(self) -> None:
        qos = QoSProfile(depth=100)
        self._clients: list[Client[QueryParts.Request, QueryParts.Response]] = [
            self._node.create_client(QueryParts, f"{self._asked}/{SERVICE}", qos_profile=qos)
            for _ in range(self._count)
        ]
        self.counts = CloudCounts(self._node)
        self._node.create_subscription(PartArray, f"{self._asked}/parts", self._take_parts, 1)

    def _take_parts(self, message: PartArray) -> None:
        stamp = nanoseconds(message.header.stamp)
        if stamp > self._since:
            self.parts_ms.append((self._now() - stamp) * 1e-6)

    def _now(self) -> int:
        return self._node.get_clock().now().nanoseconds

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def begin(self) -> None:
        """Forget everything counted so far."""
        self._since = self._now()
        self.tally = Tally()
        self.parts_ms.clear()
        self.counts.forget()

    def close(self) -> None:
        self._open = False
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(PATIENCE)
        super().close()

    def _go_on(self, client: Client[QueryParts.Request, QueryParts.Response]) -> None:
        while self._open:
            self._ask(client, self.tally)
            time.sleep(PAUSE)

    def _ask(self, client: Client[QueryParts.Request, QueryParts.Response], tally: Tally) -> None:
        begin, done = time.monotonic(), threading.Event()
        future = client.call_async(QueryParts.Request(queries=list(QUERIES), timeout=TIMEOUT, max_age=60.0))
        future.add_done_callback(lambda _: done.set())
        answer = future.result() if done.wait(PATIENCE) else None
        if answer is None:
            client.remove_pending_request(future)
            tally.codes["unanswered"] += 1
            return
        tally.took_ms.append((time.monotonic() - begin) * 1e3)
        tally.codes[STATUS_NAMES[answer.status.code]] += 1


def bench_load(
    seconds: float = 30.0, rates: Sequence[float] = RATES, clients: int = CLIENTS
) -> dict[str, object]:
    """One row for each rate of clouds, with the same node and clients; `seconds` are divided among them."""
    os.environ.update(dds_environment(40 + os.getpid() % 50))
    with Processes(dict(os.environ)) as started:
        node = psutil.Process(
            started.module("part_perception.cli.node", "--ros-args", *set_parameters(QUERIES)).pid
        )
        crowd = Crowd(clients)
        started.callback(crowd.close)
        crowd.wait_for_node(START_WITHIN)
        crowd.start()
        rows = [_at(rate, seconds / len(rates), started, crowd, node) for rate in rates]
    return {"clients": clients, "rows": rows}


def _at(rate: float, seconds: float, started: Processes, crowd: Crowd, node: psutil.Process) -> dict:
    """Measure with a camera of this rate."""
    crowd.begin()
    arguments = ("--ros-args", "-p", f"rate:={rate}")
    camera = started.module("part_perception.ros.tools.simulated_camera", *arguments)
    deadline, pause = time.monotonic() + START_WITHIN, threading.Event()
    while not crowd.parts_ms:
        if time.monotonic() > deadline:
            raise TimeoutError("the node published no parts of the simulated camera's clouds in time")
        pause.wait(0.1)
    pause.wait(SETTLE)
    row = {"camera_hz": rate, **_measured(crowd, node, seconds)}
    stop(camera)
    return row


def _measured(crowd: Crowd, node: psutil.Process, seconds: float) -> dict:
    """Count for this many seconds from now on."""
    crowd.begin()
    node.cpu_percent()
    memory, begin, pause = [0.0], time.monotonic(), threading.Event()
    while (passed := time.monotonic() - begin) < seconds:
        memory.append(node.memory_info().rss / 1e6)
        pause.wait(min(0.5, seconds - passed))
    return {
        **crowd.counts.rates(),
        "cloud_to_parts_ms": spread(crowd.parts_ms),
        "query_parts_ms": spread(crowd.tally.took_ms),
        "requests": crowd.tally.summary(),
        "clouds": crowd.counts.clouds(),
        "cpu_percent": node.cpu_percent(),
        "memory_mb": round(max(memory)),
    }


def as_table(result: dict) -> list[list[str]]:
    """The results as a table, with a row for each rate."""
    head = ["camera Hz", "sent Hz", "useful Hz", "parts ms: 50%", "95%", "99%", "answers ms: 50%", "95%", "99%",
            "asked", "refused", "late", "unanswered", "lost", "CPU %", "MB"]  # fmt: skip
    lines = [head]
    for row in result["rows"]:
        told, parts, answers = row["requests"], row["cloud_to_parts_ms"], row["query_parts_ms"]
        refused = sum(
            n for name, n in told.items() if name.isupper() and name not in ("OK", "PART_NOT_FOUND")
        )
        values = [row["camera_hz"], row["sent_hz"], row["useful_hz"]]
        values += [each[name] for each in (parts, answers) for name in ("median", "p95", "p99")]
        values += [told["asked"], refused, told["late"], told.get("unanswered", 0)]
        values += [row["clouds"].get("lost", 0), round(row["cpu_percent"]), row["memory_mb"]]
        lines.append([f"{value:g}" for value in values])
    return lines


def save_plot(result: dict, path: Path) -> None:
    """Draw the useful rate over the offered rate; the thin line is the ideal."""
    from part_perception.pictures.overlay import INK, SOFT, Overlay, text_width
    from part_perception.pictures.palette import PALETTE
    from part_perception.pictures.rendering import write_picture

    width, height, left, low = 800, 520, 90, 440
    offered = [row["sent_hz"] for row in result["rows"]]
    useful = [row["useful_hz"] for row in result["rows"]]
    most = 10.0 * np.ceil(max(*offered, 1.0) / 10)
    sheet = Overlay(np.full((height, width, 3), 255, np.uint8))

    def place(x: float, y: float) -> tuple[float, float]:
        return left + x / most * (width - left - 40), low - y / most * (low - 50)

    def line(points: Sequence[tuple[float, float]], colour: tuple[int, int, int], thick: int) -> None:
        sheet.draw.line([2 * v for x, y in points for v in place(x, y)], fill=colour, width=thick)

    for tick in np.linspace(0, most, 6):
        line([(0, tick), (most, tick)], (225, 228, 232), 2)
        x, y = place(tick, 0)
        sheet.text(x - text_width(f"{tick:g}", 16) / 2, y + 20, f"{tick:g}", 16, SOFT)
        x, y = place(0, tick)
        sheet.text(x - 12 - text_width(f"{tick:g}", 16), y, f"{tick:g}", 16, SOFT)
    line([(0, 0), (most, most)], SOFT, 2)
    red, green, blue = (int(c) for c in PALETTE[0])
    colour = red, green, blue
    line(list(zip(offered, useful, strict=True)), colour, 6)
    for x, y in zip(offered, useful, strict=True):
        sheet.disc(*place(x, y), 6, colour)
    sheet.text(left, 24, f"clouds processed a second, beside {result['clients']} clients", 18, INK)
    sheet.text(width - 260, low + 50, "clouds sent a second", 18, INK)
    write_picture(path, sheet.finished())
