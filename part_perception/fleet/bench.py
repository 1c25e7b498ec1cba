"""Bench: labelling speed of the bag command's loop, of one process, and of one and two Ray nodes.

The nodes are real ones, with one core each. The overhead of labelling over answering is measured in CPU time
per frame, which is hardly affected by other work on the machine.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from part_perception.config import Config
from part_perception.evaluation.bench_scene import table_cloud
from part_perception.fleet.folder import Job, output_of
from part_perception.fleet.labelling import Worker, in_this_process, label, label_recording
from part_perception.fleet.nodes import cluster
from part_perception.fleet.recordings import Entry, Recording, find_recordings
from part_perception.fleet.workers import on_ray
from part_perception.ros.tools.bag import process
from part_perception.ros.tools.bag_frames import write_clouds
from part_perception.terminal import table

OBJECTS, SIZE, NOISE = 3, (640, 480), 0.0005
QUERIES = ("handle", "lid", "body")
TABLES = ("frames", "objects", "parts")
_PERIOD = 100_000_000  # nanoseconds between two clouds


@dataclass(frozen=True)
class Row:
    """One way to label. `cpu_ms`: CPU time per frame; `start_s`: time until everything was ready."""

    name: str
    frames_per_s: float
    ms_per_frame: float
    cpu_ms: float
    start_s: float
    same: bool | None  # tables equal those of one process; None where there is nothing to compare


class _Unwatched:
    def begin(self, done: int, total: int) -> None: ...
    def frame(self) -> None: ...
    def recording(self, entry: Entry) -> None: ...


def bench_fleet(load: Callable, nodes: Sequence[int], recordings: int, frames: int) -> dict:
    """Label simulated recordings in every way; the resulting tables must be bit-identical."""
    job = Job(Config(standing_queries=QUERIES))
    with tempfile.TemporaryDirectory(prefix="part_perception_bench_") as name:
        folder = Path(name)
        for k in range(recordings):
            _write(folder / "in" / f"bag{k}", frames, seed=k)
        found = find_recordings([str(folder / "in")], folder / "out")
        segmenter = load(replace(job.config.model, cores=1))
        process(Path(found[0].source), folder / "warm", job.config, None, segmenter)
        label_recording(found[0], folder / "warm_labels", job, segmenter)
        one = _measured("label", in_this_process(lambda _: segmenter), found, folder / "one", job)
        rows = [_by_bag(found, folder, job.config, segmenter, recordings * frames), one]
        for count in nodes:
            name, out = f"label --ray, {count} node{'s' if count > 1 else ''}", folder / f"ray{count}"
            with cluster(count) as address:
                way = on_ray(load, None, address)
                rows.append(_measured(name, way, found, out, job, folder / "one"))
        each = _sizes(folder / "one", found, recordings * frames)
        return {"rows": [asdict(row) for row in rows], **_compared(rows), **each}


def _by_bag(found: Sequence[Recording], folder: Path, config: Config, segmenter, count: int) -> Row:
    """Measure the plain single process: `part-perception bag`, one recording at a time, with one thread."""
    start, cpu = time.perf_counter(), time.process_time()
    with threadpool_limits(1):
        for k, recording in enumerate(found):
            process(Path(recording.source), folder / f"plain{k}", config, None, segmenter)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    return Row(
        "bag, one after the other", count / seconds, 1e3 * seconds / count, 1e3 * cpu / count, 0.0, None
    )


def _compared(rows: Sequence[Row]) -> dict:
    """Return the CPU overhead of labelling over answering, and the speed-up of several nodes over one."""
    plain, one, *ray = rows
    added = {"label": one.cpu_ms / plain.cpu_ms - 1, "ray": ray[0].cpu_ms / plain.cpu_ms - 1}
    return {"added_cpu": added, "times_one_node": ray[-1].frames_per_s / ray[0].frames_per_s}


def _measured(
    name: str, way: Worker, found: Sequence[Recording], out: Path, job: Job, as_in: Path | None = None
) -> Row:
    asked = time.time()
    entries = label(found, out, job, way, _Unwatched())
    if broken := [entry.reason for entry in entries if not entry.done]:
        raise RuntimeError(f"a recording of the bench could not be labelled: {broken[0]}")
    begin = min(entry.finished - entry.took_s for entry in entries)
    seconds, count = max(entry.finished for entry in entries) - begin, sum(entry.frames for entry in entries)
    same = (
        None
        if as_in is None
        else all(
            (output_of(out, each.name) / f"{t}.parquet").read_bytes()
            == (output_of(as_in, each.name) / f"{t}.parquet").read_bytes()
            for each in found
            for t in TABLES
        )
    )
    cpu = sum(entry.cpu_s for entry in entries)
    return Row(name, count / seconds, 1e3 * seconds / count, 1e3 * cpu / count, begin - asked, same)


def _write(folder: Path, frames: int, seed: int) -> None:
    """Write a recording of a table whose points are noisy like those of a camera."""
    rng, points = np.random.default_rng(seed), table_cloud(OBJECTS, SIZE, seed)
    folder.parent.mkdir(exist_ok=True)
    write_clouds(folder, (points + rng.normal(0, NOISE, points.shape) for _ in range(frames)), _PERIOD)


def _sizes(out: Path, found: Sequence[Recording], count: int) -> dict:
    """Return input and output bytes per frame."""
    written = [file for each in found for file in output_of(out, each.name).rglob("*") if file.is_file()]
    tables = sum(file.stat().st_size for file in written if file.suffix == ".parquet")
    return {
        "frames": count,
        "bytes_in": sum(each.size for each in found) // count,
        "bytes_tables": tables // count,
        "bytes_bag": (sum(file.stat().st_size for file in written) - tables) // count,
    }


def as_text(result: dict) -> str:
    """Format the results as a table, with the disk space per frame."""
    rows = [
        [row["name"], f"{row['frames_per_s']:.2f}"]
        + [f"{row['ms_per_frame']:.0f}", f"{row['cpu_ms']:.0f}", f"{row['start_s']:.1f}"]
        + [{None: "-", True: "yes", False: "NO"}[row["same"]]]
        for row in result["rows"]
    ]
    header = ["way", "frames/s", "ms a frame", "CPU ms a frame", "start s", "same tables"]
    disk = ", ".join(
        f"{name.partition('_')[2]} {result[name]}" for name in ("bytes_in", "bytes_tables", "bytes_bag")
    )
    added = result["added_cpu"]
    told = (
        f"computing beside `bag`: label {added['label']:+.1%}, on one node of Ray {added['ray']:+.1%} a frame"
    )
    many = f"several nodes: {result['times_one_node']:.2f} times the frames of one"
    return f"{table(header, rows)}\n{told}\n{many}\nbytes a frame: {disk}"
