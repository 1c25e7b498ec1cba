"""Watch Ray's processes from outside, for tests: those of a driver or node, and which of them are working."""

import time
from collections.abc import Callable

import psutil


def until(what: str, condition: Callable[[], object], patience: float = 90.0):
    """The value of a condition, as soon as it is truthy."""
    deadline = time.monotonic() + patience
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited {patience:.0f} s in vain for {what}"
        time.sleep(0.02)
    return value


def family(process: int) -> list[psutil.Process]:
    """All descendants of a process."""
    return psutil.Process(process).children(recursive=True)


def labellers(process: int) -> list[psutil.Process]:
    """Its descendants that are labelling a recording."""
    found = []
    for each in family(process):
        try:
            if "_Labeller.label" in " ".join(each.cmdline()):
                found.append(each)
        except psutil.NoSuchProcess:
            continue
    return found
