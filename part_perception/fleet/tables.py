"""Tables: frames, objects and parts of a recording as Parquet files, built from the node's messages."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from part_perception.geometry.motions import MOTIONS, UNKNOWN
from part_perception.ros.messages.clouds import nanoseconds
from part_perception.ros.messages.parts import Motion, Object, OrientedBox, Part
from part_perception.ros.tools.bag_frames import BagFrame


def runs_of(indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return starts and lengths of the runs of consecutive indices, in ascending order."""
    indices = np.unique(np.asarray(indices, np.int64))
    first = np.flatnonzero(np.diff(indices, prepend=-2) != 1)
    return indices[first].astype(np.uint32), np.diff(first, append=len(indices)).astype(np.uint32)


def indices_of(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the indices that runs encode."""
    runs = [np.arange(s, s + n) for s, n in zip(starts.astype(int), lengths.astype(int), strict=True)]
    return np.concatenate([np.zeros(0, int), *runs])


STAMP = pa.timestamp("ns", "UTC")
VECTOR, NUMBER = pa.list_(pa.float64()), pa.float32()
ROWS_AT_ONCE = 8192  # rows of a table held in memory before they are written to disk
BOX = {"box_centre": VECTOR, "box_orientation": VECTOR, "box_size": VECTOR}
_POSE = {"position": VECTOR, "orientation": VECTOR}
_GRASP = pa.struct(_POSE | {"opening_width": NUMBER, "quality": NUMBER})
_MOTION = pa.struct(
    {"kind": pa.string(), "confidence": NUMBER, "axis": VECTOR, "origin": VECTOR, "measured": pa.bool_()}
)
_ANSWER = pa.struct({"query": pa.string(), "found": pa.bool_(), "confidence": NUMBER})
# `frame` numbers the clouds of a recording; `time` is when one was recorded, `stamp` when it was captured.
# `up` points against gravity, in the cloud's own frame; everything else is in `frame_id`.
# The orientation is a quaternion (x, y, z, w). The mask is run-length encoded over the cloud's points.
SCHEMAS = {
    "frames": pa.schema(
        {
            "frame": pa.int32(),
            "time": STAMP,
            "stamp": STAMP,
            "frame_id": pa.string(),
            "up": VECTOR,
            "height": pa.uint32(),
            "width": pa.uint32(),
            "answers": pa.list_(_ANSWER),
            "refusal": pa.string(),
        }
    ),
    "objects": pa.schema(
        {
            "frame": pa.int32(),
            "stamp": STAMP,
            "object_id": pa.uint32(),
            "object": pa.string(),
            "object_confidence": NUMBER,
            "points": pa.uint32(),
            "centroid": VECTOR,
            **BOX,
        }
    ),
    "parts": pa.schema(
        {
            "frame": pa.int32(),
            "time": STAMP,
            "stamp": STAMP,
            "query": pa.string(),
            "object_id": pa.uint32(),
            "object": pa.string(),
            "object_confidence": NUMBER,
            "instance": pa.uint32(),
            "confidence": NUMBER,
            "centroid": VECTOR,
            **BOX,
            "grasps": pa.list_(_GRASP),
            "motion": _MOTION,
            "mask_start": pa.list_(pa.uint32()),
            "mask_length": pa.list_(pa.uint32()),
        }
    ),
}


class TableWriter(ExitStack):
    """Writes the three tables of a folder; rows are flushed to disk in bounded groups."""

    def __init__(self, folder: Path):
        super().__init__()
        self._rows: dict[str, list[dict]] = {name: [] for name in SCHEMAS}
        self._writers = {
            name: self.enter_context(pq.ParquetWriter(folder / f"{name}.parquet", schema))
            for name, schema in SCHEMAS.items()
        }
        self._count = 0

    def __exit__(self, kind, error, trace) -> bool | None:
        if kind is None:
            for name in SCHEMAS:
                self._flush(name)
        return super().__exit__(kind, error, trace)

    def add(self, frame: BagFrame) -> None:
        """Add one frame and what was found in it."""
        for name, rows in rows_of(self._count, frame).items():
            self._rows[name] += rows
            if len(self._rows[name]) >= ROWS_AT_ONCE:
                self._flush(name)
        self._count += 1

    def _flush(self, name: str) -> None:
        if self._rows[name]:
            self._writers[name].write_table(pa.Table.from_pylist(self._rows[name], SCHEMAS[name]))
            self._rows[name] = []


def rows_of(number: int, frame: BagFrame) -> dict[str, list[dict]]:
    """Return the rows of each table for one frame."""
    if frame.messages is None:
        row = {"frame": number, "time": frame.time_ns, "answers": [], "refusal": frame.refusal}
        return {"frames": [row]}
    said = frame.messages.parts_array()
    shape = frame.messages.seen.cloud.points.shape
    height, width = shape[:2] if len(shape) == 3 else (1, shape[0])
    of_all = {"frame": number, "stamp": nanoseconds(said.header.stamp)}
    answers = [
        {"query": q, "found": f, "confidence": c}
        for q, f, c in zip(said.queries, said.found, said.confidence, strict=True)
    ]
    row = of_all | {
        "time": frame.time_ns,
        "frame_id": said.header.frame_id,
        "up": [float(x) for x in frame.messages.seen.frame.up],
        "height": height,
        "width": width,
        "answers": answers,
        "refusal": "",
    }
    return {
        "frames": [row],
        "objects": [of_all | _object(each) for each in said.objects],
        "parts": [of_all | {"time": frame.time_ns} | _part(each) for each in said.parts],
    }


def _object(thing: Object) -> dict:
    return {
        "object_id": thing.object_id,
        "object": thing.object_name,
        "object_confidence": thing.object_confidence,
        "points": thing.point_count,
        "centroid": _xyz(thing.centroid),
        **_box(thing.box),
    }


def _part(part: Part) -> dict:
    starts, lengths = runs_of(part.indices)
    grasps = [
        _pose(grasp.pose) | {"opening_width": grasp.opening_width, "quality": grasp.quality}
        for grasp in part.grasps
    ]
    return {
        "query": part.query,
        "object_id": part.object_id,
        "object": part.object_name,
        "object_confidence": part.object_confidence,
        "instance": part.instance,
        "confidence": part.confidence,
        "centroid": _xyz(part.centroid),
        **_box(part.box),
        "grasps": grasps,
        "motion": _motion(part.motion),
        "mask_start": starts,
        "mask_length": lengths,
    }


def _motion(motion: Motion) -> dict:
    return {
        "kind": (UNKNOWN, *MOTIONS)[motion.kind],
        "confidence": motion.confidence,
        "axis": _xyz(motion.axis),
        "origin": _xyz(motion.origin),
        "measured": motion.measured,
    }


def _box(box: OrientedBox) -> dict:
    pose = _pose(box.center)
    return {
        "box_centre": pose["position"],
        "box_orientation": pose["orientation"],
        "box_size": _xyz(box.size),
    }


def _pose(pose) -> dict:
    return {"position": _xyz(pose.position), "orientation": [*_xyz(pose.orientation), pose.orientation.w]}


def _xyz(vector) -> list[float]:
    return [vector.x, vector.y, vector.z]
