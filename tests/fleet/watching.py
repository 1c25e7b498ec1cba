"""Watching processes of Ray from outside, for tests: those of a driver or node, and which of them are at work."""

import time
from collections.abc import Callable

import psutil


def until(what: str, condition: Callable[[], object], patience: float = 90.0):
    """What the condition gives, as soon as it gives anything."""
    deadline = time.monotonic() + patience
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited {patience:.0f} s in vain for {what}"
        time.sleep(0.02)
    return value


def family(process: int) -> list[psutil.Process]:
    """All that a process has started, and what those have."""
    return psutil.Process(process).children(recursive=True)


def labellers(process: int) -> list[psutil.Process]:
    """Workers of its family that are at a recording."""
    found = []
    for each in family(process):
        try:
            if "_Labeller.label" in " ".join(each.cmdline()):
                found.append(each)
        except psutil.NoSuchProcess:
            continue
    return found
