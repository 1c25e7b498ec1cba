"""Bench: how long `find` takes over many rows, in its own process, as a user at a terminal experiences it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from part_perception.fleet.folder import JOB, output_of
from part_perception.fleet.recordings import LEDGER, Entry
from part_perception.fleet.tables import ROWS_AT_ONCE, SCHEMAS
from part_perception.terminal import counted, table

QUERIES, OBJECTS = ("handle", "lid", "body"), ("mug", "cooking pot", "hammer", "bottle", "")
DIFFERENT = 10  # tables actually written; the others are links to them
RUNS = 3
WAYS = {
    "one query on one object": ["-q", "handle", "--object", "mug", "--min-confidence", "0.7"],
    "everything, newest first": ["--order", "newest"],
}


def bench_find(recordings: int, rows: int, runs: int = RUNS) -> dict:
    """Write tables of random answers with `rows` rows each, and time the fastest of a few runs over all."""
    with tempfile.TemporaryDirectory(prefix="part_perception_bench_") as name:
        folder = Path(name)
        write_labels(folder, recordings, rows)
        ways = {way: _least(folder, arguments, runs) for way, arguments in WAYS.items()}
    return {"rows": recordings * rows, "recordings": recordings, "ways": ways}


def write_labels(folder: Path, recordings: int, rows: int) -> None:
    """Write a folder in the layout of label, with random answers."""
    lines, surest = [], dict.fromkeys(QUERIES, 1.0)
    for number in counted(range(recordings), "tables"):
        place = output_of(folder, f"recording{number:04d}")
        place.mkdir()
        if number < DIFFERENT:
            _write(place / "parts.parquet", rows, number)
        else:
            same = output_of(folder, f"recording{number % DIFFERENT:04d}")
            os.link(same / "parts.parquet", place / "parts.parquet")
        entry = Entry(place.name.partition("=")[2], "", 0, 0, frames=rows, surest=surest)
        lines.append(json.dumps(asdict(entry)) + "\n")
    (folder / LEDGER).write_text("".join(lines))
    job = {"formats": ["parquet"], "parameters": {"standing_queries": QUERIES}}
    (folder / JOB).write_text(json.dumps(job))


def _write(path: Path, rows: int, seed: int) -> None:
    rng, schema = np.random.default_rng(seed), SCHEMAS["parts"]
    frame = np.sort(rng.integers(0, rows, rows)).astype(np.int32)
    stamp = pa.array(frame.astype(np.int64) * 100_000_000 + (seed + 1) * 10**15)
    three = pa.ListArray.from_arrays(np.arange(0, 3 * rows + 1, 3, dtype=np.int32), rng.random(3 * rows))
    known = {
        "frame": pa.array(frame),
        "time": stamp,
        "stamp": stamp,
        "query": pa.array(np.array(QUERIES)[rng.integers(0, len(QUERIES), rows)]),
        "object": pa.array(np.array(OBJECTS)[rng.integers(0, len(OBJECTS), rows)]),
        "object_id": pa.array(rng.integers(0, 50, rows).astype(np.uint32)),
        "confidence": pa.array(rng.random(rows).astype(np.float32)),
        "centroid": three,
        "box_centre": three,
        "box_size": three,
    }
    columns = [known[f.name].cast(f.type) if f.name in known else pa.nulls(rows, f.type) for f in schema]
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), path, row_group_size=ROWS_AT_ONCE)


def _least(folder: Path, arguments: list[str], count: int) -> dict:
    """Return wall-clock and CPU seconds of the fastest run."""
    command = [sys.executable, "-m", "part_perception.cli.main", "find", str(folder), *arguments, "--json"]
    runs = []
    for _ in range(count):
        before, start = os.times(), time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        after, seconds = os.times(), time.perf_counter() - start
        busy = after.children_user + after.children_system - before.children_user - before.children_system
        runs.append({"seconds": seconds, "cpu_s": busy, "count": json.loads(done.stdout)["count"]})
    return min(runs, key=lambda run: run["seconds"])


def as_text(result: dict) -> str:
    """Format the results as a table."""
    rows = [
        [way, str(run["count"]), f"{run['seconds']:.2f}", f"{run['cpu_s']:.2f}"]
        for way, run in result["ways"].items()
    ]
    head = f"{result['rows']} rows in {result['recordings']} recordings, start of the program included"
    return f"{head}\n{table(['find', 'found', 's', 's of CPU'], rows)}"
