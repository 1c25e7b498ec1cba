"""Recordings: find them by file, folder, pattern or address; keep the ledger of done and failed ones."""

from __future__ import annotations

import glob
import hashlib
import json
import math
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath

from part_perception.errors import InputError
from part_perception.fleet.addresses import ENDINGS, HERE, METADATA, is_address, listed
from part_perception.recordings.bag_reader import BagReader
from part_perception.storage import read_file


@dataclass(frozen=True)
class Slice:
    """A time span of a recording, in nanoseconds: answers begin at `begin` and end before `end`.

    Clouds from `warm` to `begin` are processed without an answer.
    """

    number: int
    warm: int
    begin: int
    end: int


@dataclass(frozen=True)
class Recording:
    """A bag, or a slice of one: a folder with its metadata, or a single file, by absolute path or address.

    `size` and `modified_ns` reveal whether it has changed.
    """

    source: str
    size: int
    modified_ns: int
    slice: Slice | None = None

    @property
    def name(self) -> str:
        """A name valid as a file name; depends on the path alone, not on other recordings."""
        readable = re.sub(r"[^A-Za-z0-9_-]+", "_", PurePosixPath(self.source).stem)[:60]
        whole = f"{readable}-{hashlib.sha256(self.source.encode()).hexdigest()[:10]}"
        return whole if self.slice is None else f"{whole}-{self.slice.number:05}"

    @property
    def title(self) -> str:
        """For people."""
        return titled(self.source, self.slice.number if self.slice else None)


def titled(source: str, number: int | None) -> str:
    """Return a readable title for a recording or a slice of it."""
    return source if number is None else f"{source}, slice {number}"


def find_recordings(given: Sequence[str], outside: Path) -> list[Recording]:
    """Find the recordings of files, bags, folders, patterns and addresses, sorted, except below `outside`."""
    recordings: set[Recording] = set()
    for text in given:
        if is_address(text) and not text.startswith(HERE):
            there = {Recording(*each) for each in listed(text)}
            if not there:
                raise InputError(
                    f"there is no recording at {text}: no bag, and no {' or '.join(ENDINGS)} file"
                )
            recordings |= there
            continue
        text = text.removeprefix(HERE)
        found = {path.resolve() for each in _matches(text) for path in _bags(each)}
        found = {path for path in found if not path.is_relative_to(outside.resolve())}
        if not found:
            raise InputError(f"there is no recording in {text}: no bag, and no {' or '.join(ENDINGS)} file")
        recordings |= set(map(_recording, found))
    return sorted(recordings, key=lambda each: each.source)


def _matches(text: str) -> Iterable[Path]:
    if Path(text).exists():
        return [Path(text)]
    if not (matches := sorted(glob.glob(text, recursive=True))):
        raise InputError(f"there is no recording {text}")
    return map(Path, matches)


def _bags(path: Path) -> Iterator[Path]:
    """Yield the path itself if it is a bag, else every bag below it; a bag's files belong to the bag."""
    if path.is_file():
        if path.suffix not in ENDINGS:
            raise InputError(
                f"{path} is not a recording: its name ends neither in {' nor in '.join(ENDINGS)}"
            )
        yield path
    elif (path / METADATA).is_file():
        yield path
    else:
        bags = {file.parent for file in path.rglob(METADATA)}
        yield from bags
        for ending in ENDINGS:
            yield from (file for file in path.rglob(f"*{ending}") if file.parent not in bags)


def _recording(path: Path) -> Recording:
    files = [path] if path.is_file() else [file for file in path.iterdir() if file.is_file()]
    states = [file.stat() for file in files]
    return Recording(str(path), sum(s.st_size for s in states), max(s.st_mtime_ns for s in states))


LEDGER = "ledger.jsonl"


@dataclass(frozen=True)
class Entry:
    """The outcome for a recording. `reason`: why it failed, in words; empty if it is done.

    `slice`: its number, if it is not a whole recording. `found`: the number of frames in which each query was
    found; `surest`: its highest confidence, which lets searches skip files.
    """

    recording: str
    source: str
    size: int
    modified_ns: int
    slice: int | None = None
    reason: str = ""
    topic: str = ""
    frames: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    surest: dict[str, float] = field(default_factory=dict)
    recorded_s: float = 0.0
    took_s: float = 0.0
    cpu_s: float = 0.0
    finished: float = 0.0

    @property
    def done(self) -> bool:
        return not self.reason

    @property
    def title(self) -> str:
        """For people."""
        return titled(self.source, self.slice)

    def is_of(self, recording: Recording | Entry) -> bool:
        """Return whether the recording is unchanged since this entry was written."""
        return (self.size, self.modified_ns) == (recording.size, recording.modified_ns)


def read_ledger(folder: Path) -> dict[str, Entry]:
    """Read the last entry of each recording; a truncated line is ignored.

    Where a recording has changed, its slices may have, too: those of what it was before do not count.
    """
    path = folder / LEDGER
    if not path.exists():
        return {}
    entries: dict[str, Entry] = {}
    newest: dict[str, Entry] = {}
    for number, line in enumerate(read_file(path).split(b"\n")[:-1], 1):
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError):
            raise InputError(f"line {number} of {path} is damaged: remove it, and label again") from None
        entries[entry.recording] = newest[entry.source] = entry
    return {name: entry for name, entry in entries.items() if entry.is_of(newest[entry.source])}


class LedgerWriter:
    """Appends entries; each is on disk when `add` returns."""

    def __init__(self, folder: Path):
        self._path = folder / LEDGER
        with open(self._path, "ab+") as file:  # a line truncated by a kill would corrupt the next one
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)

    def add(self, entry: Entry) -> None:
        with open(self._path, "ab") as file:
            file.write(json.dumps(asdict(entry)).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


SECOND = 1_000_000_000
OVERLAP = 10.0  # seconds


def sliced(recordings: Sequence[Recording], length_s: float, overlap_s: float) -> list[Recording]:
    """Split every recording into equal slices of at most `length_s`; short and unreadable ones stay whole."""
    return [unit for recording in recordings for unit in _slices(recording, length_s, overlap_s)]


def _slices(recording: Recording, length_s: float, overlap_s: float) -> Iterator[Recording]:
    if is_address(recording.source):
        raise InputError(f"{recording.source} cannot be sliced where it is: copy it, or leave out --slice")
    try:
        with BagReader(Path(recording.source)) as reader:
            first, last = reader.times
    except InputError:  # reported when it is labelled
        yield recording
        return
    count = math.ceil((last + 1 - first) / (length_s * SECOND))
    if count <= 1:
        yield recording
        return
    edges = [first + (last + 1 - first) * k // count for k in range(count + 1)]
    for number, (begin, end) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        warm = max(first, begin - round(overlap_s * SECOND))
        yield replace(recording, slice=Slice(number, warm, begin, end))
