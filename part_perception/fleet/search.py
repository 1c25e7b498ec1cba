"""Search: the moments in which a part was found, over the tables of all recordings that are done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from part_perception.errors import InputError
from part_perception.fleet.folder import output_of, read_job
from part_perception.fleet.ledger import Entry, read_ledger

ORDERS = {"surest": "confidence", "newest": "stamp"}
_COLUMNS = ["recording", "frame", "time", "stamp", "query", "confidence", "object", "object_id", "instance"]
_KEPT = 20_000  # rows of candidates in memory, beyond those that are wanted
_RECORDING = ds.partitioning(pa.schema({"recording": pa.string()}), flavor="hive")
_ROUNDING = 1e-6  # confidences in the tables are of 32 bits


@dataclass(frozen=True)
class Wish:
    """What is looked for; empty queries or objects stand for all."""

    queries: Sequence[str] = ()
    objects: Sequence[str] = ()
    min_confidence: float = 0.0


@dataclass(frozen=True)
class Hits:
    """How many parts fit, and the best of them as rows."""

    count: int
    rows: list[dict]


def search(folder: Path, wish: Wish, order: str, most: int) -> Hits:
    """The surest or newest parts that fit a wish."""
    _require_asked(folder, wish.queries)
    entries = [entry for entry in read_ledger(folder).values() if _may_fit(entry, wish)]
    count, best, key = 0, None, [(ORDERS[order], "descending")]
    for table in _batches(folder, entries, wish):
        count += table.num_rows
        best = table if best is None else pa.concat_tables([best, table])
        if best.num_rows > most + _KEPT:
            best = _first(best, key, most)
    rows = [] if best is None else _in_nanoseconds(_first(best, key, most)).to_pylist()
    return Hits(count, [_with_place(folder, row) for row in rows])


def _require_asked(folder: Path, queries: Sequence[str]) -> None:
    job = read_job(folder)
    if "parquet" not in job["formats"]:
        raise InputError(f"{folder} has no tables: label it again, with --format parquet, to another folder")
    asked = job["parameters"]["standing_queries"]
    for query in queries:
        if query not in asked:
            raise InputError(f"{folder} was not asked for {query!r}, but for {', '.join(map(repr, asked))}")


def _may_fit(entry: Entry, wish: Wish) -> bool:
    """Whether the recording's tables are worth opening: its line tells how sure each query ever was."""
    sure = (
        [entry.surest.get(query, -1.0) for query in wish.queries] if wish.queries else entry.surest.values()
    )
    return entry.done and max(sure, default=-1.0) >= wish.min_confidence - _ROUNDING


def _batches(folder: Path, entries: Sequence[Entry], wish: Wish) -> Iterator[pa.Table]:
    if not entries:
        return
    files = [str(output_of(folder, entry.recording) / "parts.parquet") for entry in entries]
    parts = ds.dataset(files, format="parquet", partitioning=_RECORDING)
    fits = pc.field("confidence") >= pa.scalar(wish.min_confidence, pa.float32())
    if wish.queries:
        fits &= pc.field("query").isin(list(wish.queries))
    if wish.objects:
        fits &= pc.field("object").isin(list(wish.objects))
    for batch in parts.scanner(columns=_COLUMNS, filter=fits).to_batches():
        if batch.num_rows:
            yield pa.Table.from_batches([batch])


def _first(table: pa.Table, key: list, most: int) -> pa.Table:
    """The first rows in an order; of equals, those that come first by recording and frame."""
    ties = [(name, "ascending") for name in ("recording", "frame", "query", "object_id", "instance")]
    return table.sort_by(key + ties).slice(0, most)


def _in_nanoseconds(table: pa.Table) -> pa.Table:
    """Times as whole numbers: Python's own are too coarse for them."""
    for name in ("time", "stamp"):
        table = table.set_column(table.schema.get_field_index(name), name, table[name].cast(pa.int64()))
    return table


def _with_place(folder: Path, row: dict) -> dict:
    """A row with what only those that are shown need: where the part is, and which points it has."""
    table = ds.dataset(str(output_of(folder, row["recording"]) / "parts.parquet"), format="parquet")
    same = pc.field("frame") == row["frame"]
    for name in ("query", "object_id", "instance"):
        same &= pc.field(name) == row[name]
    return row | table.to_table(["centroid", "mask_start", "mask_length"], filter=same).to_pylist()[0]
