"""Workers: Ray actors with one model each; every one has one recording at a time, so nothing queues up.

A worker that dies is replaced and its recording is given out again, from its beginning; one that kills several workers
is listed as failed. Only the driver writes to the folder of labels: workers write below its .work.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayActorError, RayTaskError

from part_perception.fleet.cluster import connected, cores
from part_perception.fleet.folder import Job, LabelFolder
from part_perception.fleet.labelling import Progress, Worker, failed, label_recording
from part_perception.fleet.recordings import Entry, Recording

MAX_DEATHS = 3  # workers that may die over one recording


class _Labeller:
    """One model on one core."""

    def get_ready(self, load: Callable, job: Job) -> None:
        """Load the model; not in __init__, so that what goes wrong comes back as what it is."""
        self._segmenter, self._job = load(replace(job.config.model, cores=1)), job  # a core a worker

    def label(self, recording: Recording, written: Path) -> Entry:
        return label_recording(recording, written, self._job, self._segmenter)


def on_ray(load: Callable, workers: int | None, address: str | None) -> Worker:
    """So many workers on a Ray of this machine, or at an address; without a number, one for each of its cores."""

    def work(folder: LabelFolder, left: Sequence[Recording], job: Job, progress: Progress) -> None:
        with connected(workers, address):
            count = min(workers or cores(), len(left))
            for entry, written in _labelled(folder.work.resolve(), left, job, load, count):
                folder.add(entry, written)
                progress.recording(entry)

    return work


def _labelled(
    work: Path, left: Sequence[Recording], job: Job, load: Callable, count: int
) -> Iterator[tuple[Entry, Path]]:
    """Entries and where the outputs were written, as they are finished."""
    waiting, deaths = deque(left), Counter[Recording | None]()
    running: dict = {}  # by the answer that is awaited: the worker, and its recording; None while it gets ready

    def start() -> None:
        worker: Any = ray.remote(num_cpus=1, max_restarts=0)(_Labeller).remote()
        running[worker.get_ready.remote(load, job)] = worker, None

    def written(recording: Recording) -> Path:
        # a worker that only seemed dead writes elsewhere
        return work / f"{recording.name}.{deaths[recording]}"

    for _ in range(count):
        start()
    while waiting or any(recording for _, recording in running.values()):
        (answer,), _ = ray.wait(list(running), num_returns=1)
        worker, recording = running.pop(answer)
        try:
            entry = ray.get(answer)
        except RayActorError as error:
            place = written(recording) if recording else work
            deaths[recording] += 1
            if deaths[recording] < MAX_DEATHS:
                waiting.extendleft([recording] if recording else [])
            elif recording:
                yield failed(recording, f"{MAX_DEATHS} workers died over it"), place
            else:
                raise RuntimeError(
                    f"{MAX_DEATHS} workers died while they loaded the model: {error}"
                ) from None
            start()
            continue
        except RayTaskError as error:
            raise error.cause from None
        if recording:
            yield entry, written(recording)
        if waiting:
            recording = waiting.popleft()
            running[worker.label.remote(recording, written(recording))] = worker, recording
