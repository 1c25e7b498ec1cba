"""Workers: label recordings, or make training batches, on a Ray cluster at an address or started here."""

from __future__ import annotations

import os
import socket
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import ray
from ray.exceptions import AuthenticationError, OutOfMemoryError, RayActorError, RayTaskError

from part_perception.errors import InputError
from part_perception.fleet.folder import Job, LabelFolder
from part_perception.fleet.labelling import Progress, Worker, failed, label_recording
from part_perception.fleet.recordings import Entry, Recording

PATIENCE = 5.0  # seconds to wait for an address to answer
AHEAD = 2  # training batches that each actor makes before they are asked for
# workers that one recording may kill, or that may die one after the other as they load the model
MAX_DEATHS = 3
# OutOfMemoryError: Ray itself ends a worker before memory runs out
_DEATH = (RayActorError, OutOfMemoryError)
_MEMORY = 80_000_000  # bytes of our own Ray's object store, which only holds ledger entries
# an empty frame; its fourth byte is the frame type, which a reply starts with too
_SETTINGS = b"\0\0\0\4\0\0\0\0\0"
_GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _SETTINGS  # Ray speaks gRPC, and gRPC speaks HTTP/2

B = TypeVar("B")


@contextmanager
def connected(cores: int | None, address: str | None) -> Iterator[None]:
    """Connect to Ray at an address, or start our own with `cores` cores, which ends with this context."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # no usage reports
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address is None:
        own: dict[str, Any] = {"address": "local", "num_cpus": cores, "object_store_memory": _MEMORY}
        ray.init(**own, include_dashboard=False, **quiet)  # independent of any other Ray on this machine
    else:
        _require_answer(address)
        try:
            ray.init(address=address, **quiet)
        except (ConnectionError, RuntimeError, ValueError, AuthenticationError) as error:
            reason = str(error).splitlines()[0]
            raise InputError(
                f"there is no Ray at {address} that accepts the connection: {reason}; if it needs a token, "
                "export RAY_AUTH_MODE=token, and copy its ~/.ray/auth_token to this machine"
            ) from None
    try:
        yield
    finally:
        ray.shutdown()


def _require_answer(address: str) -> None:
    """Fail fast: Ray itself would retry for minutes if nothing, or something else, listens there."""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        if not (parts.hostname and parts.port):
            raise ValueError
    except ValueError:
        raise InputError(
            f"{address} is not the address of a Ray cluster: give HOST:PORT or ray://HOST:PORT"
        ) from None
    try:
        with socket.create_connection((parts.hostname, parts.port), PATIENCE) as one:
            one.sendall(_GREETING)
            answer = one.recv(len(_SETTINGS))
    except OSError as error:
        raise InputError(f"there is no Ray at {address}: {error.strerror or error}") from None
    if answer[3:4] != _SETTINGS[3:4] and not os.environ.get("RAY_USE_TLS"):
        raise InputError(f"there is no Ray at {address}: another program listens there")


def cores() -> int:
    """Return the number of cores of the connected Ray cluster."""
    return int(ray.cluster_resources().get("CPU", 1))


class _Labeller:
    """Labels with one model on one core."""

    def get_ready(self, load: Callable, job: Job) -> None:
        """Load the model; not in __init__, so that errors keep their type."""
        self._segmenter, self._job = load(replace(job.config.model, cores=1)), job  # one core per worker

    def label(self, recording: Recording, written: Path) -> Entry:
        return label_recording(recording, written, self._job, self._segmenter)


def on_ray(load: Callable, workers: int | None, address: str | None) -> Worker:
    """Label with `workers` workers on a local Ray or at an address; by default one per core."""

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
    """Yield entries and where their outputs were written, as they finish."""
    waiting, deaths = deque(left), Counter[Recording | None]()
    running: dict = {}  # awaited answer → the worker and its recording; None while the worker gets ready

    def start() -> None:
        worker: Any = ray.remote(num_cpus=1, max_restarts=0)(_Labeller).remote()
        running[worker.get_ready.remote(load, job)] = worker, None

    def written(recording: Recording) -> Path:
        # a worker wrongly believed dead writes elsewhere
        return work / f"{recording.name}.{deaths[recording]}"

    for _ in range(count):
        start()
    while waiting or any(recording for _, recording in running.values()):
        (answer,), _ = ray.wait(list(running), num_returns=1)
        worker, recording = running.pop(answer)
        try:
            entry = ray.get(answer)
        except _DEATH as error:
            place = written(recording) if recording else work
            deaths[recording] += 1
            if deaths[recording] < MAX_DEATHS:
                waiting.extendleft([recording] if recording else [])
            elif recording:
                yield failed(recording, f"{MAX_DEATHS} workers died while labelling it"), place
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
        else:
            del deaths[None]
        if waiting:
            recording = waiting.popleft()
            running[worker.label.remote(recording, written(recording))] = worker, recording


class _Maker:
    """Makes training batches on one core."""

    def make(self, make: Callable[[int], Any], number: int) -> Any:
        return make(number)


def on_actors(address: str, actors: int | None) -> Callable:
    """Return a stream of training batches from `actors` actors, by default one per core of the Ray cluster.

    A batch depends only on its recipe and its number, and batches arrive in order, so the result of training does
    not depend on the number of actors. An actor that dies is replaced, and its batches are made again.
    """

    def stream(make: Callable[[int], B], numbers: range, _workers: int) -> Iterator[B]:
        with connected(None, address):
            kind: Any = ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=-1)(_Maker)
            makers = [kind.remote() for _ in range(actors or cores())]
            given = ray.put(make)
            turn, coming = cycle(makers), iter(numbers)
            waiting = deque(next(turn).make.remote(given, n) for n in islice(coming, AHEAD * len(makers)))
            while waiting:
                yield deepcopy(ray.get(waiting.popleft()))  # Ray's own arrays cannot be written to
                waiting.extend(next(turn).make.remote(given, n) for n in islice(coming, 1))

    return stream
