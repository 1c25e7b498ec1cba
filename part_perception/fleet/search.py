"""Search: find the moments in which a part was found, over the tables of all finished recordings.

Filtering reads at most three columns, as whole arrays; only the rows that are shown are read in full.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from part_perception.errors import InputError
from part_perception.fleet.addresses import on_this_machine
from part_perception.fleet.folder import output_of, read_job
from part_perception.fleet.recordings import Entry, read_ledger
from part_perception.fleet.tables import indices_of
from part_perception.pictures.palette import PLAIN, vivid
from part_perception.pictures.rendering import natural, render
from part_perception.pictures.sheets import contact_sheet
from part_perception.recordings.bag_reader import BagReader
from part_perception.ros.tools.bag_frames import points_at

ORDERS = {"surest": "confidence", "newest": "stamp"}
_SHOWN = ["frame", "time", "stamp", "query", "confidence", "object", "object_id", "instance"]
_PLACE = ["centroid", "mask_start", "mask_length"]
_WORDS = ["query", "object"]  # few distinct values: dictionary-encoded, on disk and here
_ROUNDING = 1e-6  # confidences in the tables have 32 bits


@dataclass(frozen=True)
class Wish:
    """What to look for; empty queries or objects mean all."""

    queries: Sequence[str] = ()
    objects: Sequence[str] = ()
    min_confidence: float = 0.0


@dataclass(frozen=True)
class Hits:
    """The number of matching parts, and the best of them as rows."""

    count: int
    rows: list[dict]


def search(folder: Path, wish: Wish, order: str, most: int) -> Hits:
    """Find the most confident or newest matching parts; ties are broken by recording and row."""
    _require_asked(folder, wish.queries)
    entries = sorted(
        (entry for entry in read_ledger(folder).values() if _may_fit(entry, wish)),
        key=lambda entry: entry.recording,
    )
    if not entries:
        return Hits(0, [])
    files = [output_of(folder, entry.recording) / "parts.parquet" for entry in entries]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        found = list(threads.map(lambda file: _best_of_a_file(file, wish, ORDERS[order], most), files))
    keys = np.concatenate([keys for _, _, keys in found])
    which = np.repeat(np.arange(len(found)), [len(rows) for _, rows, _ in found])
    rows = np.concatenate([rows for _, rows, _ in found])
    best = [(int(which[k]), int(rows[k])) for k in _first(keys, most)]
    return Hits(
        sum(count for count, _, _ in found),
        [{"recording": entries[n].recording} | _whole_row(files[n], row) for n, row in best],
    )


def _best_of_a_file(file: Path, wish: Wish, key: str, most: int) -> tuple[int, np.ndarray, np.ndarray]:
    """Return how many rows match, the row numbers of the best, and their sort keys."""
    words = {"query": wish.queries, "object": wish.objects}
    columns = list(dict.fromkeys([key, "confidence", *(name for name, wanted in words.items() if wanted)]))
    with pq.ParquetFile(file, read_dictionary=_WORDS) as table_file:
        table = table_file.read(columns, use_threads=False).unify_dictionaries()
    fits = _numbers(table["confidence"]) >= np.float32(wish.min_confidence)
    for name, wanted in words.items():
        if wanted:
            fits &= _is_one_of(table[name], wanted)
    rows = np.flatnonzero(fits)
    keys = _numbers(table[key])[rows]
    first = _first(keys, most)
    return len(rows), rows[first], keys[first]


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    """Return a column of numbers or times as an array."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    return column.to_numpy()


def _is_one_of(column: pa.ChunkedArray, wanted: Sequence[str]) -> np.ndarray:
    """Return where a column of words has one of the wanted words."""
    if not column.num_chunks:
        return np.zeros(0, bool)
    wanted_number = np.isin(column.chunk(0).dictionary.to_pylist(), list(wanted))
    return np.concatenate([wanted_number[chunk.indices.to_numpy()] for chunk in column.chunks])


def _first(keys: np.ndarray, most: int) -> np.ndarray:
    """Return the positions of the greatest keys, in descending order; ties keep their order."""
    if len(keys) > most:
        least = np.partition(keys, len(keys) - most)[len(keys) - most]
        above, equal = np.flatnonzero(keys > least), np.flatnonzero(keys == least)
        chosen = np.sort(np.concatenate([above, equal[: most - len(above)]]))
    else:
        chosen = np.arange(len(keys))
    return chosen[np.argsort(-keys[chosen], kind="stable")]


def _require_asked(folder: Path, queries: Sequence[str]) -> None:
    job = read_job(folder)
    if "parquet" not in job["formats"]:
        raise InputError(f"{folder} has no tables: label it again, with --format parquet, to another folder")
    asked = job["parameters"]["standing_queries"]
    for query in queries:
        if query not in asked:
            raise InputError(f"{folder} was not asked for {query!r}, but for {', '.join(map(repr, asked))}")


def _may_fit(entry: Entry, wish: Wish) -> bool:
    """Return whether a recording's tables can contain a match, given each query's highest confidence."""
    sure = (
        [entry.surest.get(query, -1.0) for query in wish.queries] if wish.queries else entry.surest.values()
    )
    return entry.done and max(sure, default=-1.0) >= wish.min_confidence - _ROUNDING


def _whole_row(file: Path, number: int) -> dict:
    """Read a row in full; times are integer nanoseconds, because Python's datetime is too coarse."""
    with pq.ParquetFile(file) as table_file:
        for group in range(table_file.num_row_groups):
            count = table_file.metadata.row_group(group).num_rows
            if number < count:
                row = table_file.read_row_group(group, _SHOWN + _PLACE).slice(number, 1)
                break
            number -= count
    for name in ("time", "stamp"):
        row = row.set_column(row.schema.get_field_index(name), name, row[name].cast(pa.int64()))
    return row.to_pylist()[0]


SIZE, COLUMNS = 320, 4
INK = (38, 42, 50)
ROOM = 0.12  # metres shown around a part


def sheet(folder: Path, ledger: dict[str, Entry], rows: Sequence[dict]) -> np.ndarray:
    """Draw one tile for each row of a search, from its recording."""
    with ExitStack() as copies:
        sources = {ledger[row["recording"]].source for row in rows}
        places = {source: copies.enter_context(on_this_machine(source)) for source in sources}
        tiles = [_tile(folder, entry := ledger[row["recording"]], places[entry.source], row) for row in rows]
    captions = [
        [
            (f"{row['query']} {row['confidence']:.2f}  {row['object']}", INK),
            (f"{row['recording'].rpartition('-')[0][:36]}  frame {row['frame']}", INK),
        ]
        for row in rows
    ]
    return contact_sheet(tiles, captions, min(COLUMNS, len(tiles)))


def _tile(folder: Path, entry: Entry, recording: Path, row: dict) -> np.ndarray:
    file = output_of(folder, entry.recording) / "frames.parquet"
    frames = pq.read_table(file, columns=["up"], filters=[("frame", "=", row["frame"])])
    points = _cloud(entry, recording, row["time"])
    colours = np.tile(PLAIN, (len(points), 1))
    mask = indices_of(np.array(row["mask_start"]), np.array(row["mask_length"]))
    colours[mask] = vivid(0)
    low, high = points[mask].min(axis=0) - ROOM, points[mask].max(axis=0) + ROOM
    near = ((points > low) & (points < high)).all(axis=1)
    camera = natural(points[near], (SIZE, SIZE), np.array(frames["up"][0].as_py())).framing(points[near])
    return render(points[near], colours[near], camera)


def _cloud(entry: Entry, recording: Path, time_ns: int) -> np.ndarray:
    """Read the points of a frame; the recording must be unchanged since it was labelled."""
    with BagReader(recording) as reader:
        points = points_at(reader, entry.topic, time_ns)
    if points is None:
        raise InputError(f"{entry.source} has changed since it was labelled: label it again for pictures")
    return points.reshape(-1, 3)
