"""Run: every recording that is left, one after the other in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from part_perception.fleet.folder import LabelFolder, label_folder, write_plan
from part_perception.fleet.job import Job
from part_perception.fleet.labelling import label_recording
from part_perception.fleet.ledger import Entry
from part_perception.fleet.recordings import Recording


class Progress(Protocol):
    """Whoever wants to know how far a run is."""

    def begin(self, done: int, total: int) -> None: ...
    def frame(self) -> None: ...
    def recording(self, entry: Entry) -> None: ...


Worker = Callable[[LabelFolder, Sequence[Recording], Job, Progress], None]


def label(
    recordings: Sequence[Recording], out: Path, job: Job, work: Worker, progress: Progress
) -> list[Entry]:
    """Label what is left; the entries of all these recordings."""
    with label_folder(out, job) as folder:
        write_plan(out, recordings, time.time())
        left = folder.left(recordings)
        progress.begin(len(recordings) - len(left), len(recordings))
        if left:
            work(folder, left, job, progress)
        return [folder.entries[recording.name] for recording in recordings]


def in_this_process(load: Callable) -> Worker:
    """One recording after the other."""

    def work(folder: LabelFolder, left: Sequence[Recording], job: Job, progress: Progress) -> None:
        segmenter = load(job.config.model)
        for recording in left:
            written = folder.work / recording.name
            entry = label_recording(recording, written, job, segmenter, progress.frame)
            folder.add(entry, written)
            progress.recording(entry)

    return work
