"""Deaths of workers: with a stand-in for Ray, which ends them as told."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("ray", reason="these tests need the extra [fleet]")
from ray.exceptions import OutOfMemoryError, RayActorError

from part_perception.fleet import workers
from part_perception.fleet.recordings import Recording

LOADING = "loading"


class Method:
    """A worker's method, whose answer is what is waited for: a name and where it was written, or LOADING."""

    def __init__(self, loads: bool):
        self.loads = loads

    def remote(self, first, second):
        return LOADING if self.loads else (first.name, second)


def ray_with(faults: dict[str, list[Exception | None]]) -> SimpleNamespace:
    """Ray with workers that die with these faults, in turn, as they load or label a recording."""

    def get(answer):
        told = faults.get(answer if answer == LOADING else answer[0].partition("-")[0], [])
        if fault := told.pop(0) if told else None:
            raise fault
        return answer

    worker = SimpleNamespace(get_ready=Method(True), label=Method(False))
    kind = SimpleNamespace(remote=lambda: worker)
    wait = lambda answers, num_returns: (answers[:num_returns], answers[num_returns:])  # noqa: E731
    return SimpleNamespace(remote=lambda **_: lambda _: kind, get=get, wait=wait)


def labelled(monkeypatch, faults: dict[str, list[Exception | None]], names: str) -> list[tuple]:
    monkeypatch.setattr(workers, "ray", ray_with(faults))
    given = [Recording(f"/{name}.mcap", 1, 1) for name in names]
    return [
        (entry.reason if hasattr(entry, "reason") else entry[0].partition("-")[0], place.name[0])
        for entry, place in workers._labelled(Path("work"), given, None, None, 1)
    ]


def test_a_recording_that_runs_out_of_memory_stops_no_other(monkeypatch):
    faults = {"b": [OutOfMemoryError("killed")] * 3, "c": [OutOfMemoryError("killed"), RayActorError(), None]}
    assert labelled(monkeypatch, faults, "abcd") == [
        ("a", "a"),
        ("3 workers died while labelling it", "b"),
        ("c", "c"),
        ("d", "d"),
    ]


def test_only_deaths_in_a_row_stop_the_loading_of_the_model(monkeypatch):
    died = RayActorError()
    faults = {LOADING: [died, None, died, None, died, None], "a": [died], "b": [died]}
    assert [name for name, _ in labelled(monkeypatch, faults, "ab")] == ["a", "b"]
    with pytest.raises(RuntimeError, match="3 workers died while they loaded the model"):
        labelled(monkeypatch, {LOADING: [died] * 3}, "a")
