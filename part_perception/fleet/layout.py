"""Layout: what is where in a folder of labels, how its job and plan are read, and how far it is.

DIR/ledger.jsonl              one line for each recording that is done or failed
DIR/job.json, plan.json       what is asked of every recording; what the last run had to do
DIR/recording=NAME/           frames.parquet, objects.parquet, parts.parquet and the bag answers/
DIR/.work/                    what is being written; nothing in it counts
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from part_perception.errors import InputError
from part_perception.fleet.recordings import Entry, read_ledger
from part_perception.storage import read_file

JOB, PLAN, WORK, LOCK = "job.json", "plan.json", ".work", ".lock"


def output_of(folder: Path, name: str) -> Path:
    """Where the output of a recording is."""
    return folder / f"recording={name}"


def read_job(path: Path) -> dict:
    """What was asked; an InputError where there are no labels."""
    if not (path / JOB).is_file():
        raise InputError(f"{path} is no folder of labels: `part-perception label IN --out {path}` makes one")
    return read_json(path / JOB)


def read_plan(path: Path) -> dict:
    """What the last run had to do; an InputError where there are no labels."""
    read_job(path)
    return read_json(path / PLAN) if (path / PLAN).exists() else {"started": 0.0, "recordings": {}}


def read_json(path: Path) -> dict:
    """A file that label wrote."""
    try:
        read = json.loads(read_file(path))
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise InputError(f"{path} is damaged: it is not JSON as label writes it")
    return read


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
        "failed": {entry.title: entry.reason for entry in of_run if not entry.done},
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
