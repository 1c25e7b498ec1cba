"""Layout: what is where in a folder of labels, and how its job and plan are read.

DIR/ledger.jsonl              one line for each recording that is done or failed
DIR/job.json, plan.json       what is asked of every recording; what the last run had to do
DIR/recording=NAME/           frames.parquet, objects.parquet, parts.parquet and the bag answers/
DIR/.work/                    what is being written; nothing in it counts
"""

from __future__ import annotations

import json
from pathlib import Path

from part_perception.errors import InputError
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
