"""`make soak SOAK=10m`: a busy node with several clients for some time; all is accounted for, and nothing grows.

Clients ask, decompose, teach and forget, while a camera keeps publishing. At the end every request was answered or
refused, and after the warm-up private memory grew by at most 5 MB an hour, threads and descriptors by none.

Memory is what the process alone has written: pages of libraries count as private in other measures while no other
process on the machine has them open, and swing by 80 MB. What requests hold while they wait swings by 100 MB, so
the clients rest for half a minute every three, and the least of each rest counts: what is kept for good.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import psutil

from part_perception.ros.refusal import STATUS_NAMES

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "ros"), str(ROOT / "tests" / "scene")]
UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}
CLIENTS, ROBOTS = 20, 4
DOMAIN = 101  # tests that run at the same time use 1 to 100
MAX_GROWTH = 5.0  # MB an hour, after the warm-up
MIN_HOURS = 0.5  # in a shorter soak, growth is reported but not judged
WARM_UP = 600.0  # seconds, or a third of a shorter soak
TIMEOUT, PATIENCE = 10.0, 60.0
KNOWN = ("handle", "lid", "rim", "the mug's handle", "spout", "body")
PAUSE = 1.0  # seconds at most, between two requests of a client
EVERY, REST = 180.0, 30.0  # seconds: how often clients rest, and for how long


def seconds(text: str) -> float:
    """'10m', '24h' or '90s' in seconds."""
    if not re.fullmatch(r"\d+(\.\d+)?[smh]", text):
        raise SystemExit(f"a length is a number with s, m or h, such as 10m; not {text!r}")
    return float(text[:-1]) * UNITS[text[-1]]


def request(rng: np.random.Generator, number: int, marked: list) -> tuple:
    """A client's next request: the kind of service, its name and the message."""
    from part_perception_interfaces.srv import Decompose, QueryParts, Teach

    kind, own = rng.integers(20), f"grip {number}"
    if kind < 14:
        word = str(rng.choice(KNOWN)) + (f" {rng.integers(10_000)}" if kind < 7 else "")
        return QueryParts, "query_parts", QueryParts.Request(queries=[word], max_age=10.0, timeout=TIMEOUT)
    if kind < 18:
        return Decompose, "decompose", Decompose.Request(max_age=10.0, timeout=TIMEOUT)
    if kind < 19:
        return Teach, "teach", Teach.Request(word=own, examples=marked, timeout=TIMEOUT)
    return Teach, "teach", Teach.Request(command=Teach.Request.FORGET, word=own, timeout=TIMEOUT)


def resting(passed: float) -> bool:
    """Whether the clients rest, so many seconds after the start."""
    return passed % EVERY >= EVERY - REST


def ask(robot, number: int, marked: list, start: float, end: float, counts: Counter, took: dict) -> None:
    """One client: sends requests until the end and counts the outcomes."""
    rng = np.random.default_rng(number)
    while time.monotonic() < end:
        time.sleep(rng.uniform(0, PAUSE))
        if resting(time.monotonic() - start):
            continue
        kind, name, asked = request(rng, number, marked)
        counts["asked"] += 1
        begin = time.monotonic()
        try:
            answer = robot.call(kind, f"/part_perception/{name}", asked, PATIENCE)
        except AssertionError:
            counts["unaccounted"] += 1
            continue
        took.setdefault(name, []).append(time.monotonic() - begin)
        counts[f"{name}: {STATUS_NAMES[answer.status.code]}"] += 1


def first_answer(robot, counts: Counter) -> bool:
    """Whether a query succeeds before the clients begin; it counts like theirs, and is not tolerated if lost."""
    from part_perception_interfaces.srv import QueryParts

    counts["asked"] += 1
    try:
        asked = QueryParts.Request(queries=["handle"], timeout=TIMEOUT)
        code = robot.call(QueryParts, "/part_perception/query_parts", asked, PATIENCE).status.code
    except AssertionError:
        counts["unaccounted"] += 1
        return False
    counts[f"query_parts: {STATUS_NAMES[code]}"] += 1
    return code == 0


def measured(process: psutil.Process) -> tuple[float, int, int]:
    """Private memory in MB, threads, descriptors."""
    rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    written = int(re.search(r"^Private_Dirty:\s+(\d+) kB", rollup, re.M).group(1))
    return written * 1024 / 1e6, process.num_threads(), process.num_fds()


def most_resident(process: psutil.Process) -> float:
    """The most memory in MB that was ever in use at once, pages of libraries and shared memory included."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.M).group(1)) * 1024 / 1e6


def least_at_rest(samples: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The minimum of each rest among samples (hours, MB)."""
    least: dict[int, tuple[float, float]] = {}
    for hours, memory in samples:
        rest = int(hours * 3600 // EVERY)
        if resting(hours * 3600) and (rest not in least or memory < least[rest][1]):
            least[rest] = hours, memory
    return list(least.values())


def growth(least: list[tuple[float, float]]) -> float:
    """MB per hour, by the median slope between two minima; nan if there is only one.

    A line through all of them would follow the one rest in which a frame or a request was never done.
    """
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(least, 2)]
    return float(np.median(slopes)) if slopes else float("nan")


def soak(length: float) -> int:
    import table
    from robot import Robot

    from part_perception.ros.processes import Processes, dds_environment
    from part_perception_interfaces.msg import Example
    from part_perception_interfaces.srv import QueryParts

    environment = dds_environment(DOMAIN) | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    os.environ.update(environment)
    counts: Counter = Counter()
    took: dict[str, list[float]] = {}
    with Processes(environment) as processes:
        given = ("--ros-args", "-p", "taught_words:=none", "-p", 'standing_queries:=["handle"]')
        process = psutil.Process(processes.module("part_perception.cli.node", *given).pid)
        robot, *_ = robots = [Robot(DOMAIN, f"robot{k}") for k in range(ROBOTS)]
        view = table.view(1)
        robot.start_camera(view.points, rate=10.0)
        robot.client(QueryParts, "/part_perception/query_parts", 300.0)
        robot.wait("the first answer", lambda: first_answer(robot, counts), 120.0)
        handle = np.flatnonzero((view.label.ravel() == 0) & (view.part.ravel() == 1))
        marked = [Example(cloud=robot.cloud(view.points), indices=handle.tolist())]
        start = time.monotonic()
        end = start + length
        clients = [
            threading.Thread(target=ask, args=(robots[k % ROBOTS], k, marked, start, end, counts, took))
            for k in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        samples = []
        while time.monotonic() < end:
            time.sleep(min(5.0, length / 20))
            samples.append(((time.monotonic() - start) / 3600, *measured(process)))
            if len(samples) % 60 == 0:
                print(
                    f"{samples[-1][0] * 60:.1f} min: {samples[-1][1]:.0f} MB, {counts['asked']} asked",
                    flush=True,
                )
        for client in clients:
            client.join(PATIENCE + TIMEOUT)
        print(f"resident memory {most_resident(process):.0f} MB at most")
        for each in robots:
            each.close()
    return judge(samples, counts, took, length)


def judge(samples: list[tuple[float, float, int, int]], counts: Counter, took: dict, length: float) -> int:
    """Print the measurements; returns 1 if something was lost or grew."""
    warm = min(WARM_UP, length / 3) / 3600
    later = [s for s in samples if s[0] >= warm]
    least = least_at_rest([s[:2] for s in later])
    grown = growth(least)
    threads, files = (max(s[k] for s in later) - later[0][k] for k in (2, 3))
    answered = sum(n for name, n in counts.items() if ": " in name)
    print(f"{length:.0f} s, {CLIENTS} clients: {counts['asked']} requests, {answered} answered or refused, "
          f"{counts['asked'] - answered} unaccounted; {dict(sorted(counts.items()))}")  # fmt: skip
    for name, seconds_taken in sorted(took.items()):
        median, late, most = np.percentile(seconds_taken, (50, 99, 100))
        print(f"{name}: median {median:.2f} s, 99 of 100 in {late:.2f} s, most {most:.2f} s")
    print(f"private memory at rest {', '.join(f'{memory:.0f}' for _, memory in least)} MB, "
          f"at work {max(s[1] for s in later):.0f} MB at most, "
          f"{grown:+.1f} MB an hour after {warm * 60:.0f} min; "
          f"threads {threads:+d}, descriptors {files:+d} at most")  # fmt: skip
    judged = length / 3600 - warm >= MIN_HOURS
    lost = counts["asked"] != answered
    return int(lost or (judged and (grown > MAX_GROWTH or threads > 2 or files > 8)))


if __name__ == "__main__":
    sys.exit(soak(seconds(sys.argv[1] if len(sys.argv) > 1 else "24h")))
