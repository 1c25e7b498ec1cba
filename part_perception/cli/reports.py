"""Reports: tables for people, JSON for programs, pictures for both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from part_perception.errors import InputError
from part_perception.terminal import table
from part_perception.types import Grasp, Motion, OrientedBox, Part


def print_json(value: Any) -> None:
    print(json.dumps(plain(value), indent=1))


def plain(value: Any) -> Any:
    """The value in JSON's types; NaN becomes null."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return round(value, 6) if np.isfinite(value) else None
    return str(value) if isinstance(value, Path) else value


def part_facts(part: Part) -> dict[str, Any]:
    """A part for programs; its points are in the labelled cloud."""
    facts: dict[str, Any] = {
        "query": part.query,
        "understood": part.understood,
        "found": part.found,
        "confidence": part.confidence,
        "remark": part.remark,
    }
    if part.found:
        facts |= {
            "object_id": part.object_id,
            "instance": part.instance,
            "points": len(part.indices),
            "centroid": part.centroid,
            "box": None if part.box is None else box_facts(part.box),
            "grasps": [grasp_facts(g) for g in part.grasps],
            "handle_points": len(part.handle),
            "motion": motion_facts(part.motion),
            "open_path": part.open_path,
        }
    return facts


def parts_table(parts: Sequence[Part], owners: Sequence[str] = ()) -> str:
    """Parts for people; `owners` are the names of their objects. A part that was not found has no place."""
    names = owners or [""] * len(parts)
    rows = [_row(part, owner) for part, owner in zip(parts, names, strict=True)]
    return table(
        ["query", "found", "confidence", "object", "points", "centroid x y z", "opening", "motion"], rows
    )


def _row(part: Part, owner: str) -> list[str]:
    query = " ".join(part.query.split())
    query = query if len(query) <= 40 else query[:39] + "…"
    if not part.understood:
        return [query, "not understood", *"–" * 6]
    if not part.found:
        return [query, "no", f"{part.confidence:.2f}", *"–" * 5]
    number = [str(part.object_id)] * (part.object_id >= 0)
    thing = " ".join(number + [owner] * bool(owner)) or "–"
    opening = f"{part.grasp.width:.3f}" if part.grasp else "–"
    points = str(len(part.indices))
    motion = f"{part.motion.kind} {part.motion.confidence:.2f}"
    return [query, "yes", f"{part.confidence:.2f}", thing, points, place(part.centroid), opening, motion]


def box_facts(box: OrientedBox) -> dict[str, Any]:
    return {"centre": box.centre, "rotation": box.rotation, "size": box.size}


def grasp_facts(grasp: Grasp) -> dict[str, Any]:
    return {
        "position": grasp.position,
        "rotation": grasp.rotation,
        "width": grasp.width,
        "quality": grasp.quality,
    }


def motion_facts(motion: Motion) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "kind": motion.kind,
        "confidence": motion.confidence,
        "measured": motion.measured,
    }
    return facts | ({"axis": motion.axis, "origin": motion.origin} if motion.moves else {})


def place(point: np.ndarray) -> str:
    return " ".join(f"{v:8.3f}" for v in point)


def save_picture(path: Path, image: np.ndarray) -> None:
    """Write a PNG."""
    from part_perception.pictures.rendering import write_picture

    try:
        write_picture(path, image)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from None
