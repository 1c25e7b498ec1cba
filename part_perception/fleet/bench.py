"""Bench: how many frames a second are labelled: by the bag command's loop, by one process, and by workers."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from part_perception.config import Config
from part_perception.evaluation.bench_scene import table_cloud
from part_perception.fleet.folder import Job
from part_perception.fleet.labelling import Worker, in_this_process, label
from part_perception.fleet.layout import output_of
from part_perception.fleet.recordings import Entry, Recording, find_recordings
from part_perception.fleet.workers import on_ray
from part_perception.ros.tools.bag import process
from part_perception.ros.tools.bag_frames import write_clouds
from part_perception.text_table import table

OBJECTS, SIZE, NOISE = 3, (640, 480), 0.0005
QUERIES = ("handle", "lid", "body")
TABLES = ("frames", "objects", "parts")
_PERIOD = 100_000_000  # nanoseconds between two clouds


@dataclass(frozen=True)
class Row:
    """One way to label. `start_s`: until all that is needed was there, the model among it."""

    name: str
    frames_per_s: float
    ms_per_frame: float
    start_s: float
    same: bool | None  # as those of one process; None where there is nothing to compare


class _Unwatched:
    def begin(self, done: int, total: int) -> None: ...
    def frame(self) -> None: ...
    def recording(self, entry: Entry) -> None: ...


def bench_fleet(load: Callable, workers: Sequence[int], recordings: int, frames: int) -> dict:
    """Simulated recordings, labelled in every way; the tables of all ways must be the same to the bit."""
    job = Job(Config(standing_queries=QUERIES))
    with tempfile.TemporaryDirectory(prefix="part_perception_bench_") as name:
        folder = Path(name)
        for k in range(recordings):
            _write(folder / "in" / f"bag{k}", frames, seed=k)
        found = find_recordings([str(folder / "in")], folder / "out")
        segmenter = load(job.config.model)
        process(Path(found[0].source), folder / "warm", job.config, None, segmenter)
        one = _measured("label", in_this_process(lambda _: segmenter), found, folder / "one", job)
        start = time.perf_counter()
        for k, recording in enumerate(found):
            process(Path(recording.source), folder / f"plain{k}", job.config, None, segmenter)
        seconds = time.perf_counter() - start
        count = recordings * frames
        rows = [Row("bag, one after the other", count / seconds, 1e3 * seconds / count, 0.0, None), one]
        for each in workers:
            way, out = on_ray(load, each, None), folder / f"ray{each}"
            rows.append(_measured(f"label --workers {each}", way, found, out, job, folder / "one"))
        return {"rows": [asdict(row) for row in rows], **_sizes(folder / "one", found, count)}


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
    return Row(name, count / seconds, 1e3 * seconds / count, begin - asked, same)


def _write(folder: Path, frames: int, seed: int) -> None:
    """A recording of a table whose points tremble as those of a camera do."""
    rng, points = np.random.default_rng(seed), table_cloud(OBJECTS, SIZE, seed)
    folder.parent.mkdir(exist_ok=True)
    write_clouds(folder, (points + rng.normal(0, NOISE, points.shape) for _ in range(frames)), _PERIOD)


def _sizes(out: Path, found: Sequence[Recording], count: int) -> dict:
    """Bytes a frame that go in and come out."""
    written = [file for each in found for file in output_of(out, each.name).rglob("*") if file.is_file()]
    tables = sum(file.stat().st_size for file in written if file.suffix == ".parquet")
    return {
        "frames": count,
        "bytes_in": sum(each.size for each in found) // count,
        "bytes_tables": tables // count,
        "bytes_bag": (sum(file.stat().st_size for file in written) - tables) // count,
    }


def as_text(result: dict) -> str:
    """A table, and what a frame takes on the disk."""
    rows = [
        [row["name"], f"{row['frames_per_s']:.2f}", f"{row['ms_per_frame']:.0f}", f"{row['start_s']:.1f}"]
        + [{None: "-", True: "yes", False: "NO"}[row["same"]]]
        for row in result["rows"]
    ]
    header = ["way", "frames/s", "ms a frame", "start s", "same tables"]
    disk = ", ".join(
        f"{name.partition('_')[2]} {result[name]}" for name in ("bytes_in", "bytes_tables", "bytes_bag")
    )
    return f"{table(header, rows)}\nbytes a frame: {disk}"
