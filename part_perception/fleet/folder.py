"""The folder of a fleet's labels while it is written: what was asked, who may write to it, how outputs come into it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from part_perception.config import Config
from part_perception.errors import InputError
from part_perception.fleet.layout import JOB, LOCK, PLAN, WORK, output_of, read_json
from part_perception.fleet.recordings import Entry, LedgerWriter, Recording, read_ledger
from part_perception.model_folders import find_model
from part_perception.settings import settings
from part_perception.storage import file_hash, write_atomic

FORMATS = ("mcap", "parquet")
_OF_A_MODEL = ("manifest.json", "weights.safetensors")


@dataclass(frozen=True)
class Job:
    """The same for all recordings of a folder of labels. `topic`: None where each has one cloud only.

    `slice_s`: the longest unit of work in seconds, None for whole recordings; `overlap_s` before it are only looked at.
    """

    config: Config
    topic: str | None = None
    formats: tuple[str, ...] = FORMATS
    slice_s: float | None = None
    overlap_s: float = 0.0


def described(job: Job) -> dict:
    """A job as JSON: every setting, and which model."""
    model = find_model(job.config.model.path or None)
    hashes = {name: file_hash(model / name) for name in _OF_A_MODEL if (model / name).is_file()}
    parameters = {name: s.value for name, s in settings(job.config).items()}
    told = {"parameters": parameters, "topic": job.topic, "formats": job.formats, "model": hashes}
    if job.slice_s:
        told["slices"] = {"seconds": job.slice_s, "overlap": job.overlap_s}
    return json.loads(json.dumps(told))


class LabelFolder:
    """A folder of labels while it is written; by one process at a time."""

    def __init__(self, path: Path):
        self.path, self.work = path, path / WORK
        self.ledger = LedgerWriter(path)
        self.entries = read_ledger(path)

    def left(self, recordings: Sequence[Recording]) -> list[Recording]:
        """Those that have no entry yet, have changed since, or lost their output."""
        return [recording for recording in recordings if not self._finished(recording)]

    def _finished(self, recording: Recording) -> bool:
        entry = self.entries.get(recording.name)
        if entry is None or not entry.is_of(recording):
            return False
        return not entry.done or output_of(self.path, recording.name).is_dir()

    def add(self, entry: Entry, written: Path) -> None:
        """Take a finished output into the folder, then write its line: a kill between them leaves no line."""
        if entry.done:
            place = output_of(self.path, entry.recording)
            _sync(written)
            if place.exists():  # without a line, or of the recording as it was before it changed
                os.rename(place, self.work / f"old-{entry.recording}-{entry.finished}")
            os.rename(written, place)
            _sync_names(self.path)
        self.ledger.add(entry)
        self.entries[entry.recording] = entry


@contextmanager
def label_folder(path: Path, job: Job) -> Iterator[LabelFolder]:
    """Open a folder for labels of this job, a new one or one to go on with. An InputError says why it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = open(path / LOCK, "w")  # noqa: SIM115  it is held as long as the folder is
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}; choose another folder") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"another process is writing to {path}: wait for it, or end it") from None
        _require_same_job(path, job)
        shutil.rmtree(path / WORK, ignore_errors=True)
        (path / WORK).mkdir(exist_ok=True)
        try:
            yield LabelFolder(path)
        finally:
            shutil.rmtree(path / WORK, ignore_errors=True)


def _require_same_job(path: Path, job: Job) -> None:
    """The labels of one folder answer one question, by one model."""
    wanted = described(job)
    if (path / JOB).exists():
        before = read_json(path / JOB)
        changed = [name for name in {**wanted, **before} if before.get(name) != wanted.get(name)]
        if changed:
            raise InputError(
                f"{path} has labels of another job (its {changed[0]} differ{'s' if len(changed) == 1 else ''}): "
                "give the same queries, parameters and model, or another folder"
            )
    elif any(child.name not in (LOCK, WORK) for child in path.iterdir()):
        raise InputError(f"{path} is not empty, and has no labels: choose an empty or a new folder")
    else:
        write_atomic(path / JOB, json.dumps(wanted, indent=1).encode())


def write_plan(path: Path, recordings: Sequence[Recording], started: float) -> None:
    """What a run is about to do, for `status`."""
    plan = {"started": started, "recordings": {each.name: each.title for each in recordings}}
    write_atomic(path / PLAN, json.dumps(plan).encode())


def _sync(folder: Path) -> None:
    """Wait until the disk has all files of a folder."""
    for file in folder.rglob("*"):
        if file.is_file():
            with open(file, "rb") as content:
                os.fsync(content.fileno())
        else:
            _sync_names(file)
    _sync_names(folder)


def _sync_names(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
