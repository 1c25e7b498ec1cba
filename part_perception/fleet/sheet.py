"""Sheet: the parts that a search found as small pictures, each with what is around it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from part_perception.errors import InputError
from part_perception.fleet.addresses import on_this_machine
from part_perception.fleet.layout import output_of
from part_perception.fleet.recordings import Entry
from part_perception.fleet.tables import indices_of
from part_perception.pictures.palette import PLAIN, vivid
from part_perception.pictures.rendering import natural, render
from part_perception.pictures.sheets import contact_sheet
from part_perception.recordings.bag_reader import BagReader
from part_perception.ros.tools.bag_frames import points_at

SIZE, COLUMNS = 320, 4
INK = (38, 42, 50)
ROOM = 0.12  # metres around a part that are shown


def sheet(folder: Path, ledger: dict[str, Entry], rows: Sequence[dict]) -> np.ndarray:
    """One tile for each row of a search, from its recording."""
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
    """The points of a frame, from the recording as it was when it was labelled."""
    with BagReader(recording) as reader:
        points = points_at(reader, entry.topic, time_ns)
    if points is None:
        raise InputError(f"{entry.source} has changed since it was labelled: label it again for pictures")
    return points.reshape(-1, 3)
