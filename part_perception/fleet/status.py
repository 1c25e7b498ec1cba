"""Status: what is done, failed and left in a folder of labels, and how fast it goes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from part_perception.fleet.layout import read_plan
from part_perception.fleet.ledger import Entry, read_ledger


def status(path: Path) -> dict:
    """What is done, failed and left of the last run, and how fast it goes."""
    plan, entries = read_plan(path), read_ledger(path)
    of_run = [entries[name] for name in plan["recordings"] if name in entries]
    new = [entry for entry in of_run if entry.finished >= plan["started"]]
    seconds = max((entry.finished for entry in new), default=plan["started"]) - plan["started"]
    left = [source for name, source in plan["recordings"].items() if name not in entries]
    rate = len(new) / seconds if seconds else None
    return {
        "done": sum(entry.done for entry in of_run),
        "failed": {entry.source: entry.reason for entry in of_run if not entry.done},
        "left": left,
        "frames_per_s": round(sum(entry.frames for entry in new) / seconds, 2) if seconds else None,
        "hours_left": round(len(left) / rate / 3600, 3) if rate else None,
        **_totals(of_run),
    }


def _totals(entries: Iterable[Entry]) -> dict:
    """Sums over entries: recordings, frames, and frames in which each query was found."""
    done = [entry for entry in entries if entry.done]
    queries = sorted({query for entry in done for query in entry.found})
    return {
        "recordings": len(done),
        "frames": sum(entry.frames for entry in done),
        "refused": sum(sum(entry.refused.values()) for entry in done),
        "recorded_s": round(sum(entry.recorded_s for entry in done), 2),
        "took_s": round(sum(entry.took_s for entry in done), 2),
        "found": {query: sum(entry.found.get(query, 0) for entry in done) for query in queries},
    }
