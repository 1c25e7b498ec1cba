"""Folder of labels: its layout, the job it answers, its write lock, and its progress."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from part_perception.config import Config
from part_perception.errors import InputError
from part_perception.fleet.recordings import Entry, LedgerWriter, Recording, read_ledger
from part_perception.model_folders import find_model
from part_perception.settings import settings
from part_perception.storage import file_hash, read_file, write_atomic

JOB, PLAN, WORK, LOCK = "job.json", "plan.json", ".work", ".lock"


def output_of(folder: Path, name: str) -> Path:
    """Return where the output of a recording is."""
    return folder / f"recording={name}"


def read_job(path: Path) -> dict:
    """Read the job; raise an InputError where there are no labels."""
    if not (path / JOB).is_file():
        raise InputError(
            f"{path} is not a folder of labels: `part-perception label IN --out {path}` makes one"
        )
    return read_json(path / JOB)


def read_plan(path: Path) -> dict:
    """Read what the last run had to do; raise an InputError where there are no labels."""
    read_job(path)
    nothing: dict = {"started": 0.0, "recordings": {}, "states": {}}
    return nothing | (read_json(path / PLAN) if (path / PLAN).exists() else {})


def read_json(path: Path) -> dict:
    """Read a JSON file that label wrote."""
    try:
        read = json.loads(read_file(path))
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise InputError(f"{path} is damaged: it is not JSON as written by `label`")
    return read


def status(path: Path) -> dict:
    """Return what is done, failed and left of the last run, and its speed."""
    plan = read_plan(path)
    entries = {name: entry for name, entry in read_ledger(path).items() if _counts(plan, entry)}
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


def _counts(plan: dict, entry: Entry) -> bool:
    """Return whether an entry is of the recording as the run found it, not from before it changed."""
    now = [entry.size, entry.modified_ns]
    return plan["states"].get(entry.recording, now) == now


def _totals(entries: Iterable[Entry]) -> dict:
    """Sum over entries: recordings, frames, and frames in which each query was found."""
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


FORMATS = ("mcap", "parquet")
_OF_A_MODEL = ("manifest.json", "weights.safetensors")


@dataclass(frozen=True)
class Job:
    """Settings shared by all recordings of a folder of labels. `topic`: None where each has just one cloud.

    `slice_s`: the longest unit of work in seconds, None for whole recordings; the `overlap_s` before a slice
    only warm up the scene.
    """

    config: Config
    topic: str | None = None
    formats: tuple[str, ...] = FORMATS
    slice_s: float | None = None
    overlap_s: float = 0.0


def described(job: Job) -> dict:
    """Return a job as JSON: every setting, and the hashes of the model."""
    model = find_model(job.config.model.path or None)
    hashes = {name: file_hash(model / name) for name in _OF_A_MODEL if (model / name).is_file()}
    parameters = {name: s.value for name, s in settings(job.config).items()}
    told = {"parameters": parameters, "topic": job.topic, "formats": job.formats, "model": hashes}
    if job.slice_s:
        told["slices"] = {"seconds": job.slice_s, "overlap": job.overlap_s}
    return json.loads(json.dumps(told))


class LabelFolder:
    """A folder of labels open for writing, by one process at a time."""

    def __init__(self, path: Path):
        self.path, self.work = path, path / WORK
        self.ledger = LedgerWriter(path)
        self.entries = read_ledger(path)
        self._of_source: dict[str, dict[str, Entry]] = {}
        for entry in self.entries.values():
            self._of_source.setdefault(entry.source, {})[entry.recording] = entry

    def left(self, recordings: Sequence[Recording]) -> list[Recording]:
        """Return the recordings that have no entry yet, have changed since, or lost their output."""
        return [recording for recording in recordings if not self._finished(recording)]

    def _finished(self, recording: Recording) -> bool:
        entry = self.entries.get(recording.name)
        if entry is None or not entry.is_of(recording):
            return False
        return not entry.done or output_of(self.path, recording.name).is_dir()

    def add(self, entry: Entry, written: Path) -> None:
        """Move a finished output into the folder, then write its line; a kill in between leaves no line."""
        if entry.done:
            _sync(written)
            self._withdraw(entry.recording)  # it has no line, or is from before the recording changed
            os.rename(written, output_of(self.path, entry.recording))
            _sync_names(self.path)
        self.ledger.add(entry)
        self._replace(entry)

    def _replace(self, entry: Entry) -> None:
        """Take an entry over, and drop what is from before its recording changed, perhaps in more slices."""
        known = self._of_source.setdefault(entry.source, {})
        for name in [name for name, before in known.items() if not before.is_of(entry)]:
            if name != entry.recording or not entry.done:
                self._withdraw(name)
            del known[name], self.entries[name]
        known[entry.recording] = self.entries[entry.recording] = entry

    def _withdraw(self, name: str) -> None:
        """Take an output away; it is deleted with the other work."""
        if (place := output_of(self.path, name)).exists():
            os.rename(place, self.work / f"old-{name}-{time.time_ns()}")


@contextmanager
def label_folder(path: Path, job: Job) -> Iterator[LabelFolder]:
    """Open a new or existing folder for the labels of this job; an InputError says why it cannot be used."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = open(path / LOCK, "w")  # noqa: SIM115  it is held as long as the folder is
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}; choose another folder") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"another process is writing to {path}: wait for it, or stop it") from None
        _require_same_job(path, job)
        shutil.rmtree(path / WORK, ignore_errors=True)
        (path / WORK).mkdir(exist_ok=True)
        try:
            yield LabelFolder(path)
        finally:
            shutil.rmtree(path / WORK, ignore_errors=True)


def _require_same_job(path: Path, job: Job) -> None:
    """Refuse another job: all labels in a folder come from the same settings and model."""
    wanted = described(job)
    if (path / JOB).exists():
        before = read_json(path / JOB)
        changed = [name for name in {**wanted, **before} if before.get(name) != wanted.get(name)]
        if changed:
            raise InputError(
                f"{path} holds labels of another job (its {changed[0]} differ{'s' if len(changed) == 1 else ''}): "
                "give the same queries, parameters and model, or another folder"
            )
    elif any(child.name not in (LOCK, WORK) for child in path.iterdir()):
        raise InputError(f"{path} is not empty and has no labels: choose an empty or a new folder")
    else:
        write_atomic(path / JOB, json.dumps(wanted, indent=1).encode())


def write_plan(path: Path, recordings: Sequence[Recording], started: float) -> None:
    """Write what a run is about to do, for `status`."""
    plan = {
        "started": started,
        "recordings": {each.name: each.title for each in recordings},
        "states": {each.name: [each.size, each.modified_ns] for each in recordings},
    }
    write_atomic(path / PLAN, json.dumps(plan).encode())


def _sync(folder: Path) -> None:
    """Wait until all files of a folder are on disk."""
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
