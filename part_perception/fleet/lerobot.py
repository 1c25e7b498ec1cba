"""LeRobot: export labels as a LeRobotDataset (v3.0) for policy training, one episode per recording.

Each query is a numeric feature `observation.parts.NAME`, taken from its most confident part in the frame; all
numbers are 0 where it was not found. The layout is the documented one; neither lerobot nor torch is needed to
write it.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from part_perception.errors import InputError
from part_perception.fleet.folder import output_of, read_job
from part_perception.fleet.recordings import read_ledger
from part_perception.storage import write_atomic
from part_perception.terminal import counted

NUMBERS = (
    "found", "confidence", "x", "y", "z", "grasp_x", "grasp_y", "grasp_z",
    "grasp_qx", "grasp_qy", "grasp_qz", "grasp_qw", "grasp_opening",
)  # fmt: skip
INDICES = ("frame_index", "episode_index", "index", "task_index")
STAMP = "observation.stamp"  # seconds: LeRobot's own timestamps count frames
CHUNK = "chunk-{chunk_index:03d}/file-{file_index:03d}"
FILES_IN_A_CHUNK = 1000
Columns = dict[str, np.ndarray]


def write_dataset(labels: Path, out: Path) -> dict:
    """Write all finished recordings into a new folder; return the numbers of episodes and frames."""
    job = read_job(labels)
    if "parquet" not in job["formats"]:
        raise InputError(f"{labels} has no tables: label it again, with --format parquet, to another folder")
    names = sorted(name for name, entry in read_ledger(labels).items() if entry.done and entry.frames)
    if not names:
        raise InputError(f"no recording in {labels} is done yet")
    if out.exists():
        raise InputError(f"{out} already exists: choose a new folder")
    features = features_of(job["parameters"]["standing_queries"])
    fps = frames_per_second([output_of(labels, name) / "frames.parquet" for name in names])
    try:
        total, episodes = 0, []
        for number, name in enumerate(counted(names, "episodes")):
            columns = episode(output_of(labels, name), features, number, total, fps)
            file = {"chunk_index": number // FILES_IN_A_CHUNK, "file_index": number % FILES_IN_A_CHUNK}
            _write(out / "data" / f"{CHUNK.format(**file)}.parquet", table_of(columns))
            length = len(columns["index"])
            episodes.append(
                {"length": length, "dataset_from_index": total, "dataset_to_index": total + length, **file}
                | {"stats": {name: statistics(values) for name, values in columns.items()}}
            )
            total += length
        _write_meta(out, features, episodes, fps, task_of(list(features.values())))
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise
    return {"episodes": len(episodes), "frames": total, "fps": fps, "features": list(features)}


def features_of(queries: Sequence[str]) -> dict[str, str]:
    """Return the feature name of every query; of queries that are written alike, the later ones are numbered."""
    features: dict[str, str] = {}
    for query in dict.fromkeys(queries):
        name = plain = f"observation.parts.{re.sub(r'[^a-z0-9]+', '_', query.lower()).strip('_')}"
        number = 1
        while name in features:
            number += 1
            name = f"{plain}_{number}"
        features[name] = query
    return features


def task_of(queries: Sequence[str]) -> str:
    return f"look for {', '.join(queries)}"


def frames_per_second(files: Sequence[Path]) -> int:
    """Return the frame rate from the median time between frames, as an integer, as LeRobot requires."""
    steps = [np.diff(_times(file)) for file in files]
    between = np.concatenate(steps) if steps else np.zeros(0)
    usual = float(np.median(between)) if len(between) else 1.0
    return max(round(1.0 / usual), 1) if usual > 0 else 1  # some writers give many messages one time


def _times(file: Path) -> np.ndarray:
    return pq.read_table(file, columns=["time"])["time"].cast(pa.int64()).to_numpy() * 1e-9


def episode(place: Path, features: dict[str, str], number: int, first: int, fps: int) -> Columns:
    """Return all columns of one recording."""
    times = _times(place / "frames.parquet")
    count = len(times)
    frames = np.arange(count)
    columns: Columns = {name: np.zeros((count, len(NUMBERS)), np.float32) for name in features}
    wanted = ["frame", "query", "confidence", "centroid", "grasps"]
    of_query = {query: name for name, query in features.items()}
    for row in pq.read_table(place / "parts.parquet", columns=wanted).to_pylist():
        numbers = columns[of_query[row["query"]]][row["frame"]]
        if row["confidence"] > numbers[1] or not numbers[0]:
            numbers[:] = numbers_of(row)
    return columns | {
        STAMP: times,
        "timestamp": (frames / fps).astype(np.float32),
        "frame_index": frames,
        "episode_index": np.full(count, number),
        "index": frames + first,
        "task_index": np.zeros(count, int),
    }


def numbers_of(part: dict) -> list[float]:
    """Return a part's values in the order of NUMBERS."""
    grasp = part["grasps"][0] if part["grasps"] else None
    held = [*grasp["position"], *grasp["orientation"], grasp["opening_width"]] if grasp else [0.0] * 8
    return [1.0, part["confidence"], *part["centroid"], *held]


def statistics(values: np.ndarray) -> dict[str, list]:
    """Return the statistics that LeRobot normalises by, per number."""
    rows = values.reshape(len(values), -1).astype(float)
    found = {
        "min": rows.min(axis=0),
        "max": rows.max(axis=0),
        "mean": rows.mean(axis=0),
        "std": rows.std(axis=0),
    }
    return {name: each.tolist() for name, each in found.items()} | {"count": [len(rows)]}


def table_of(columns: Columns) -> pa.Table:
    """Build a table with vectors as fixed-length lists."""

    def column(values: np.ndarray) -> pa.Array:
        if values.ndim == 1:
            return pa.array(values)
        return pa.FixedSizeListArray.from_arrays(pa.array(values.reshape(-1)), values.shape[1])

    return pa.table({name: column(values) for name, values in columns.items()})


def _write(path: Path, table: pa.Table) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path)


def _write_meta(out: Path, features: dict[str, str], episodes: list[dict], fps: int, task: str) -> None:
    meta = out / "meta"
    columns = {
        "episode_index": range(len(episodes)),
        "tasks": [[task]] * len(episodes),
        **{k: [e[k] for e in episodes] for k in ("length", "dataset_from_index", "dataset_to_index")},
        **{f"data/{k}": [e[k] for e in episodes] for k in ("chunk_index", "file_index")},
        "meta/episodes/chunk_index": [0] * len(episodes),
        "meta/episodes/file_index": [0] * len(episodes),
    }
    for name, figures in episodes[0]["stats"].items():
        columns |= {f"stats/{name}/{k}": [e["stats"][name][k] for e in episodes] for k in figures}
    _write(
        meta / "episodes" / f"{CHUNK.format(chunk_index=0, file_index=0)}.parquet",
        pa.table({name: list(values) for name, values in columns.items()}),
    )
    _write(meta / "tasks.parquet", _indexed({"task_index": [0], "task": [task]}, "task"))
    info = {
        "codebase_version": "v3.0", "robot_type": "unknown", "fps": fps, "splits": {"train": f"0:{len(episodes)}"},
        "total_episodes": len(episodes), "total_frames": episodes[-1]["dataset_to_index"], "total_tasks": 1,
        "chunks_size": FILES_IN_A_CHUNK, "data_files_size_in_mb": 100, "video_files_size_in_mb": 200,
        "data_path": f"data/{CHUNK}.parquet", "video_path": None, "features": _described(features),
    }  # fmt: skip
    write_atomic(meta / "info.json", json.dumps(info, indent=1).encode())
    stats = {name: _of_all([each["stats"][name] for each in episodes]) for name in episodes[0]["stats"]}
    write_atomic(meta / "stats.json", json.dumps(stats, indent=1).encode())


def _described(features: dict[str, str]) -> dict[str, dict]:
    parts = {name: {"dtype": "float32", "shape": [len(NUMBERS)], "names": list(NUMBERS)} for name in features}
    kinds = {STAMP: "float64", "timestamp": "float32", **dict.fromkeys(INDICES, "int64")}
    return parts | {name: {"dtype": kind, "shape": [1], "names": None} for name, kind in kinds.items()}


def _of_all(stats: Sequence[dict[str, list]]) -> dict[str, list]:
    """Combine the statistics of all episodes."""
    counts = np.array([each["count"] for each in stats], float)
    means, stds = (np.array([each[name] for each in stats]) for name in ("mean", "std"))
    mean = (counts * means).sum(axis=0) / counts.sum()
    spread = (counts * (stds**2 + (means - mean) ** 2)).sum(axis=0) / counts.sum()
    return {
        "min": np.min([each["min"] for each in stats], axis=0).tolist(),
        "max": np.max([each["max"] for each in stats], axis=0).tolist(),
        "mean": mean.tolist(),
        "std": np.sqrt(spread).tolist(),
        "count": [int(counts.sum())],
    }


def _indexed(columns: dict[str, list], index: str) -> pa.Table:
    """Build a table that pandas reads with this column as its index, without needing pandas."""
    kinds = {name: ("unicode" if isinstance(values[0], str) else "int64") for name, values in columns.items()}
    described = [
        {"name": name, "field_name": name, "pandas_type": kind, "metadata": None,
         "numpy_type": "object" if kind == "unicode" else kind}
        for name, kind in kinds.items()
    ]  # fmt: skip
    told = {"index_columns": [index], "columns": described, "column_indexes": [], "pandas_version": "2.0.0"}
    return pa.table(columns).replace_schema_metadata({"pandas": json.dumps(told)})
