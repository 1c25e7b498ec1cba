"""Writing: labelled clouds as binary .ply (any viewer opens it) or .npz (the labelled-shape format)."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.storage import write_atomic


def write_cloud(
    path: str | Path,
    points: np.ndarray,
    colours: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    scores: np.ndarray | None = None,
    label_names: tuple[str, ...] = (),
) -> None:
    """Write points (N, 3) or (H, W, 3) and what is known of each, atomically."""
    path = Path(path)
    if path.suffix.lower() not in WRITERS:
        raise InputError(f"{path} is of an unsupported file type; supported: {', '.join(WRITERS)}")
    points = np.asarray(points)
    if points.ndim not in (2, 3) or points.shape[-1] != 3:
        raise InputError(f"points must be (N, 3) or (H, W, 3), not {points.shape}")
    count = points.size // 3
    for name, values, width in (("colours", colours, 3), ("labels", labels, 1), ("scores", scores, 1)):
        if values is not None and np.size(values) != count * width:
            raise InputError(f"{name} of shape {np.shape(values)} do not fit {count} points")
    data = WRITERS[path.suffix.lower()](points, colours, labels, scores, label_names)
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}")
    try:
        write_atomic(path, data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None


def _ply(points, colours, labels, scores, label_names) -> bytes:
    points = points.reshape(-1, 3)
    number = ("double", "<f8") if points.dtype == np.float64 else ("float", "<f4")
    columns = [(axis, *number, points[:, i]) for i, axis in enumerate("xyz")]
    if colours is not None:
        colours = np.asarray(colours).reshape(-1, 3)
        columns += [(c, "uchar", "u1", colours[:, i]) for i, c in enumerate(("red", "green", "blue"))]
    if labels is not None:
        columns.append(("label", "int", "<i4", np.ravel(labels)))
    if scores is not None:
        columns.append(("score", "float", "<f4", np.ravel(scores)))
    rows = np.empty(len(points), [(name, kind) for name, _, kind, _ in columns])
    for name, _, _, values in columns:
        rows[name] = values
    names = [f"comment label {i} {' '.join(name.split())}" for i, name in enumerate(label_names)]
    properties = [f"property {word} {name}" for name, word, _, _ in columns]
    head = [
        "ply",
        "format binary_little_endian 1.0",
        *names,
        f"element vertex {len(points)}",
        *properties,
        "end_header\n",
    ]
    return "\n".join(head).encode() + rows.tobytes()


def _npz(points, colours, labels, scores, label_names) -> bytes:
    arrays = {"points": points}
    if colours is not None:
        arrays["colours"] = np.asarray(colours, np.uint8).reshape(points.shape)
    if labels is not None:
        arrays["labels"] = np.ravel(labels).astype(np.int32)
    if scores is not None:
        arrays["scores"] = np.ravel(scores).astype(np.float32)
    if label_names:
        arrays["label_names"] = np.array(label_names, str)
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


WRITERS = {".ply": _ply, ".npz": _npz}
