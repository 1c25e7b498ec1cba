"""Labelling: a recording through the node's server into files of its own, and all that are left, one by one."""

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
    """Label a recording into a new folder; of one that cannot be used nothing is left but the reason.

    `tick` is called after every frame. What the disk or the network refuses is no fault of the recording: it is raised.
    """
    folder.mkdir(parents=True)
    try:
        # a core a process; and sums of several threads may differ in the last bit
        with threadpool_limits(1), on_this_machine(recording.source) as path:
            return _labelled(recording, path, folder, job, segmenter, tick)
    except UnreachableError:
        raise
    except OSError as error:
        if error.errno in OF_THE_DISK:
            raise
        reason = f"the system refused: {error}"
    except InputError as error:
        reason = str(error)
    except Exception as error:  # a defect of ours in one recording must not stop thousands of others
        reason = f"internal error, {type(error).__name__}: {error}"
    shutil.rmtree(folder, ignore_errors=True)
    return failed(recording, reason)


def failed(recording: Recording, reason: str) -> Entry:
    """The entry of a recording that could not be labelled."""
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
                    continue  # only so that its objects are known
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
    """What is counted while a recording is labelled. `frames`: all of them, those that were refused too."""

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
