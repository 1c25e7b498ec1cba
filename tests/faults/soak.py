"""`make soak SOAK=10m`: a busy node beside several clients, for a length of time; all is accounted, nothing grows.

Clients ask varied words, decompose and teach; a camera goes on. At the end: every request was answered or refused,
and after the warm-up private memory grew by at most 5 MB an hour, threads and
descriptors by none.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "ros"), str(ROOT / "tests" / "scene")]
UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}
CLIENTS = 4
MAX_GROWTH = 5.0  # MB an hour, after the warm-up
MIN_HOURS = 0.5  # of a shorter soak the growth is told, and not judged
WARM_UP = 600.0  # seconds, or a third of a shorter soak
PATIENCE = 30.0


def seconds(text: str) -> float:
    """'10m', '24h' or '90s' in seconds."""
    if not re.fullmatch(r"\d+(\.\d+)?[smh]", text):
        raise SystemExit(f"a length is a number with s, m or h, such as 10m; not {text!r}")
    return float(text[:-1]) * UNITS[text[-1]]


def ask(robot, number: int, end: float, counts: Counter) -> None:
    """One client: asks until the end, and counts what comes of it."""
    rng, known = np.random.default_rng(number), ("handle", "lid", "rim", "the mug's handle", "spout", "body")
    while time.monotonic() < end:
        counts["asked"] += 1
        kind = rng.integers(10)
        try:
            if kind < 7:
                word = rng.choice(known) if kind < 4 else f"{rng.choice(known)} {rng.integers(10_000)}"
                answer = robot.query(str(word), max_age=10.0, timeout=10.0)
            elif kind < 9:
                answer = robot.decompose(max_age=10.0, timeout=10.0)
            else:
                answer = robot.teach(command=2)
            counts[f"code {answer.status.code}"] += 1
        except AssertionError:
            counts["unaccounted"] += 1


def measured(process: psutil.Process) -> tuple[float, int, int]:
    """Private memory in MB, threads, descriptors."""
    return process.memory_full_info().uss / 1e6, process.num_threads(), process.num_fds()


def growth(samples: list[tuple[float, float]]) -> float:
    """MB an hour, by a line through the samples (hours, MB)."""
    hours, memory = np.array(samples).T
    return float(np.polyfit(hours, memory, 1)[0])


def soak(length: float) -> int:
    import table
    from robot import Robot

    from part_perception.ros.processes import Processes, dds_environment

    domain = 1 + os.getpid() % 100
    environment = dds_environment(domain) | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    os.environ.update(environment)
    counts: Counter = Counter()
    with Processes(environment) as processes:
        given = ("--ros-args", "-p", "taught_words:=none", "-p", 'standing_queries:=["handle"]')
        process = psutil.Process(processes.module("part_perception.ros.node", *given).pid)
        robot = Robot(domain)
        robot.start_camera(table.view(1).points, rate=10.0)
        robot.wait("the first answer", lambda: robot.query("handle", timeout=10.0).status.code == 0, 120.0)
        start = time.monotonic()
        end = start + length
        clients = [threading.Thread(target=ask, args=(robot, k, end, counts)) for k in range(CLIENTS)]
        for client in clients:
            client.start()
        samples = []
        while time.monotonic() < end:
            time.sleep(min(10.0, length / 20))
            samples.append(((time.monotonic() - start) / 3600, *measured(process)))
        for client in clients:
            client.join(2 * PATIENCE)
        robot.close()
    return judge(samples, counts, length)


def judge(samples: list[tuple[float, float, int, int]], counts: Counter, length: float) -> int:
    """Print what was measured; 1 if something was lost or grew."""
    warm = min(WARM_UP, length / 3) / 3600
    later = [s for s in samples if s[0] >= warm]
    grown = growth([s[:2] for s in later])
    threads, files = (max(s[k] for s in later) - later[0][k] for k in (2, 3))
    answered = sum(n for name, n in counts.items() if name.startswith("code"))
    print(f"{length:.0f} s, {CLIENTS} clients: {counts['asked']} requests, {answered} answered or refused, "
          f"{counts['asked'] - answered} unaccounted; {dict(sorted(counts.items()))}")  # fmt: skip
    print(f"private memory {later[0][1]:.0f} -> {later[-1][1]:.0f} MB, "
          f"{grown:+.1f} MB an hour after {warm * 60:.0f} min; "
          f"threads {threads:+d}, descriptors {files:+d} at most")  # fmt: skip
    judged = length / 3600 - warm >= MIN_HOURS
    lost = counts["asked"] != answered
    return int(lost or (judged and (grown > MAX_GROWTH or threads > 2 or files > 8)))


if __name__ == "__main__":
    sys.exit(soak(seconds(sys.argv[1] if len(sys.argv) > 1 else "24h")))
