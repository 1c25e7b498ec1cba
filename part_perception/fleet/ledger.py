"""Ledger: one line for each recording that is done or failed. Only what has a line counts."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from part_perception.errors import InputError
from part_perception.fleet.recordings import Recording
from part_perception.storage import read_file

LEDGER = "ledger.jsonl"


@dataclass(frozen=True)
class Entry:
    """What came of a recording. `reason`: in words, why it failed; empty when it is done.

    `found`: in how many frames each query was found; `surest`: its highest confidence, for searches to skip files.
    """

    recording: str
    source: str
    size: int
    modified_ns: int
    reason: str = ""
    topic: str = ""
    frames: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    surest: dict[str, float] = field(default_factory=dict)
    recorded_s: float = 0.0
    took_s: float = 0.0
    finished: float = 0.0

    @property
    def done(self) -> bool:
        return not self.reason

    def is_of(self, recording: Recording) -> bool:
        """Whether the recording is still the one that this was said of."""
        return (self.size, self.modified_ns) == (recording.size, recording.modified_ns)


def read_ledger(folder: Path) -> dict[str, Entry]:
    """The last entry of each recording; a line that was cut off in the middle counts for nothing."""
    path = folder / LEDGER
    if not path.exists():
        return {}
    entries: dict[str, Entry] = {}
    for number, line in enumerate(read_file(path).split(b"\n")[:-1], 1):
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError):
            raise InputError(f"line {number} of {path} is damaged: remove it, and label again") from None
        entries[entry.recording] = entry
    return entries


class LedgerWriter:
    """Appends entries; one is on the disk when `add` returns."""

    def __init__(self, folder: Path):
        self._path = folder / LEDGER
        with open(self._path, "ab+") as file:  # a line that was cut off by a kill would spoil the next one
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)

    def add(self, entry: Entry) -> None:
        with open(self._path, "ab") as file:
            file.write(json.dumps(asdict(entry)).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
