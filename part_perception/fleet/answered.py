"""Answered: what was found in a labelled recording, as lessons for a student."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from part_perception.errors import InputError
from part_perception.fleet.addresses import on_this_machine
from part_perception.fleet.folder import output_of, read_job
from part_perception.fleet.recordings import Entry, read_ledger
from part_perception.fleet.tables import indices_of
from part_perception.language.english import clean
from part_perception.recordings.bag_reader import BagReader
from part_perception.recordings.shots import AnsweredCloud, ScoredPoints
from part_perception.ros.tools.bag_frames import points_at
from part_perception.segmenter import PartSegmenter
from part_perception.training.distill.lessons import Lessons, lessons_of_answers

_COLUMNS = ["frame", "time", "query", "confidence", "mask_start", "mask_length"]


@dataclass(frozen=True)
class AnsweredRecording:
    """A recording from a folder of labels; at most `frames` frames in which something was found are used."""

    folder: Path
    entry: Entry
    frames: int

    @property
    def name(self) -> str:
        return self.entry.title

    @property
    def size(self) -> int:
        return self._table("parts").stat().st_size

    def lessons(self, segmenter: PartSegmenter, words: Sequence[str], say) -> Lessons:
        """Return the objects on which one of the words was found."""
        return lessons_of_answers(self._clouds(words), segmenter, words)

    def _clouds(self, words: Sequence[str]) -> Iterator[AnsweredCloud]:
        rows = pq.read_table(self._table("parts"), columns=_COLUMNS)
        rows = rows.set_column(1, "time", rows["time"].cast(pa.int64()))  # Python's own times are too coarse
        by_time: dict[int, list[dict]] = {}
        for row in rows.to_pylist():
            if clean(row["query"]) in words:
                by_time.setdefault(row["time"], []).append(row)
        frames = pq.read_table(self._table("frames"), columns=["frame", "up"])
        up = dict(zip(frames["frame"].to_pylist(), frames["up"].to_pylist(), strict=True))
        times = sorted(by_time)
        chosen = np.unique(np.linspace(0, len(times) - 1, self.frames).round().astype(int)) if times else ()
        with on_this_machine(self.entry.source) as path, BagReader(path) as reader:
            for time_ns in (times[k] for k in chosen):
                found = by_time[time_ns]
                yield self._cloud(reader, time_ns, np.array(up[found[0]["frame"]]), found)

    def _cloud(self, reader: BagReader, time_ns: int, up: np.ndarray, rows: Sequence[dict]) -> AnsweredCloud:
        cloud = points_at(reader, self.entry.topic, time_ns)
        said = tuple(
            ScoredPoints(
                clean(row["query"]),
                indices_of(np.array(row["mask_start"]), np.array(row["mask_length"])),
                row["confidence"],
            )
            for row in rows
        )
        if cloud is None or any(s.indices.max(initial=-1) >= cloud.size // 3 for s in said):
            raise InputError(f"{self.entry.source} has changed since it was labelled: label it again")
        return AnsweredCloud(cloud, up, said)

    def _table(self, name: str) -> Path:
        return output_of(self.folder, self.entry.recording) / f"{name}.parquet"


def answered_recordings(folder: Path, words: Sequence[str], frames: int) -> list[AnsweredRecording]:
    """Return every finished recording of a folder of labels; each of the words must have been asked."""
    job = read_job(folder)
    asked = [clean(query) for query in job["parameters"]["standing_queries"]]
    if "parquet" not in job["formats"]:
        raise InputError(f"{folder} has no tables: label it again, with --format parquet, to another folder")
    for word in words:
        if clean(word) not in asked:
            raise InputError(f"{folder} was not asked for {word!r}, but for {', '.join(map(repr, asked))}")
    done = [entry for _, entry in sorted(read_ledger(folder).items()) if entry.done]
    if not done:
        raise InputError(f"no recording in {folder} is done yet")
    return [AnsweredRecording(folder, entry, frames) for entry in done]
