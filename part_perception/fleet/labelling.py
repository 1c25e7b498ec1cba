"""Labelling: run a recording through the node's server into its own files, and all remaining ones in turn."""

from __future__ import annotations

import errno
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from threadpoolctl import threadpool_limits

from part_perception.errors import InputError
from part_perception.fleet.addresses import UnreachableError, on_this_machine
from part_perception.fleet.folder import Job, LabelFolder, label_folder, write_plan
from part_perception.fleet.recordings import Entry, Recording
from part_perception.fleet.tables import TableWriter
from part_perception.recordings.bag_reader import BagReader
from part_perception.ros.server import Server
from part_perception.ros.tools.bag_frames import (
    CLOUD,
    BagFrame,
    BagWriter,
    bag_frames,
    output_topics,
    transforms_of,
    write_frame,
)

BAG = "answers"
OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ESTALE}


def label_recording(
    recording: Recording, folder: Path, job: Job, segmenter, tick: Callable[[], None] = lambda: None
) -> Entry:
    """Label a recording into a new folder; if it cannot be used, only an entry with the reason remains.

    `tick` is called after every frame. Disk and network errors are not the recording's fault and are raised.
    """
    folder.mkdir(parents=True)
    try:
        # one core per process; and sums over several threads may differ in the last bit
        with threadpool_limits(1), on_this_machine(recording.source) as path:
            return _labelled(recording, path, folder, job, segmenter, tick)
    except UnreachableError:
        raise
    except OSError as error:
        if error.errno in OF_THE_DISK:
            raise
        reason = f"the operating system refused: {error}"
    except InputError as error:
        reason = str(error)
    except Exception as error:  # a bug of ours that one recording triggers must not stop thousands of others
        reason = f"internal error, {type(error).__name__}: {error}"
    shutil.rmtree(folder, ignore_errors=True)
    return failed(recording, reason)


def failed(recording: Recording, reason: str) -> Entry:
    """Make the entry of a recording that could not be labelled."""
    return Entry(**_source(recording), reason=" ".join(reason.split()), finished=time.time())


def _source(recording: Recording) -> dict:
    return {
        "recording": recording.name,
        "source": recording.source,
        "slice": recording.slice.number if recording.slice else None,
        "size": recording.size,
        "modified_ns": recording.modified_ns,
    }


def _labelled(
    recording: Recording, path: Path, folder: Path, job: Job, segmenter, tick: Callable[[], None]
) -> Entry:
    start, cpu, tally, piece = time.perf_counter(), time.process_time(), _Tally(), recording.slice
    with BagReader(path) as reader:
        topic = job.topic or reader.only_topic(CLOUD)
        if not reader.count(topic, CLOUD):
            raise InputError(f"the bag has no cloud on {topic}")
        server = Server(job.config, segmenter, transforms_of(reader))
        with ExitStack() as outputs:
            bag = tables = None
            if "mcap" in job.formats:
                bag = outputs.enter_context(BagWriter(folder / BAG, output_topics()))
            if "parquet" in job.formats:
                tables = outputs.enter_context(TableWriter(folder))
            warm, begin, end = (piece.warm, piece.begin, piece.end) if piece else (None, 0, None)
            for frame in bag_frames(reader, topic, server, warm, end):
                tick()
                if frame.time_ns < begin:
                    continue  # a warm-up frame: only its objects matter
                if bag is not None and frame.messages is not None:
                    write_frame(bag, frame.time_ns, frame.messages)
                if tables is not None:
                    tables.add(frame)
                tally.add(frame)
    return Entry(
        **_source(recording),
        topic=topic,
        frames=tally.frames,
        refused=dict(tally.refused),
        found=dict(tally.found),
        surest=tally.surest,
        recorded_s=tally.recorded_s,
        took_s=round(time.perf_counter() - start, 3),
        cpu_s=round(time.process_time() - cpu, 3),
        finished=time.time(),
    )


class _Tally:
    """Counts kept while a recording is labelled. `frames`: all of them, including refused ones."""

    def __init__(self):
        self.frames = 0
        self.refused: Counter = Counter()
        self.found: Counter = Counter()
        self.surest: dict[str, float] = {}
        self._times: list[int] = []

    def add(self, frame: BagFrame) -> None:
        self.frames += 1
        self._times = [min([frame.time_ns, *self._times]), max([frame.time_ns, *self._times])]
        if frame.messages is None:
            self.refused[frame.refusal] += 1
            return
        said = frame.messages.seen.standing
        self.found.update(q for q, there in zip(said.queries, said.found, strict=True) if there)
        for part in said.parts:
            self.surest[part.query] = max(self.surest.get(part.query, 0.0), float(part.confidence))

    @property
    def recorded_s(self) -> float:
        return round((self._times[-1] - self._times[0]) * 1e-9, 3) if self._times else 0.0


class Progress(Protocol):
    """Receives the progress of a run."""

    def begin(self, done: int, total: int) -> None: ...
    def frame(self) -> None: ...
    def recording(self, entry: Entry) -> None: ...


Worker = Callable[[LabelFolder, Sequence[Recording], Job, Progress], None]


def label(
    recordings: Sequence[Recording], out: Path, job: Job, work: Worker, progress: Progress
) -> list[Entry]:
    """Label what is left, and return the entries of all these recordings."""
    with label_folder(out, job) as folder:
        write_plan(out, recordings, time.time())
        left = folder.left(recordings)
        progress.begin(len(recordings) - len(left), len(recordings))
        if left:
            work(folder, left, job, progress)
        return [folder.entries[recording.name] for recording in recordings]


def in_this_process(load: Callable) -> Worker:
    """Label one recording after the other in this process."""

    def work(folder: LabelFolder, left: Sequence[Recording], job: Job, progress: Progress) -> None:
        segmenter = load(job.config.model)
        for recording in left:
            written = folder.work / recording.name
            entry = label_recording(recording, written, job, segmenter, progress.frame)
            folder.add(entry, written)
            progress.recording(entry)

    return work
