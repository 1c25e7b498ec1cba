"""Whether an answer is right, by the simulation's own truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SLACK = 0.015  # metres around the true part's box in which the centre of a right answer lies


@dataclass(frozen=True)
class Verdict:
    """`owner`: the object nearest to the answer. `error`: metres to the centre of the part that was meant."""

    right: bool
    owner: str
    error: float


def parts_called(truth: dict, query: str) -> list[tuple[str, dict]]:
    """All true parts with that name, with the kind of their object: "mug handle" is the handle of a mug."""
    all_parts = [(thing, part) for thing in truth["objects"] for part in thing["parts"]]
    return [(thing["kind"], part) for thing, part in all_parts if is_called(part, thing, query)]


def is_called(part: dict, thing: dict, query: str) -> bool:
    """A "round handle" is called a handle, too."""
    owner = {word for name in thing["names"] for word in name.split()}
    asked = set(query.lower().split())
    wanted = asked - owner or asked
    return any(asked <= set(name.split()) or wanted <= set(name.split()) for name in part["names"])


def judge(truth: dict, query: str, centroid: np.ndarray) -> Verdict:
    """A found part, against the true part of that name that is nearest to it."""
    owner = min(
        truth["objects"], key=lambda thing: min(_outside(p["box"], centroid) for p in thing["parts"])
    )["kind"]
    meant = parts_called(truth, query)
    if not meant:
        return Verdict(False, owner, float("nan"))
    kind, part = min(meant, key=lambda pair: _outside(pair[1]["box"], centroid))
    error = float(np.linalg.norm(np.array(part["centroid"]) - centroid))
    return Verdict(kind == owner and _outside(part["box"], centroid) <= SLACK, owner, error)


def _outside(box: dict, point: np.ndarray) -> float:
    """How far a point lies outside of a box."""
    local = (point - np.array(box["centre"])) @ np.array(box["rotation"])
    return float(np.linalg.norm(np.maximum(np.abs(local) - np.array(box["size"]) / 2, 0)))
