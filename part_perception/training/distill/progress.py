"""Progress: files that are complete or absent, from which an interrupted distillation continues."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from part_perception.errors import InputError
from part_perception.segmenter import PartSegmenter
from part_perception.storage import write_atomic
from part_perception.training.distill.directions import State
from part_perception.training.distill.lessons import Knowledge, Lesson, Lessons, lean
from part_perception.training.distill.student import Step

REQUEST, STATE = "request.json", "state.npz"


def open_folder(folder: Path, request: dict) -> None:
    """Open the folder of this distillation, new or begun before with the same request."""
    file, text = folder / REQUEST, json.dumps(request, indent=1)
    begun = any(folder.glob("lessons-*.npz"))
    if begun and file.read_text() != text:
        raise InputError(f"{folder} holds a different distillation: remove it, or choose another --out")
    write_atomic(file, text.encode())


def save_lessons(file: Path, lessons: Lessons) -> None:
    """Save points and their answers; encodings are recomputed on loading."""
    counts = [lessons.shots, lessons.objects, len(lessons.each)]
    arrays = {"counts": np.array(counts), "said": np.array(json.dumps(lessons.said))}
    for i, lesson in enumerate(lessons.each):
        known = lesson.knowledge
        arrays |= {f"{i}.points": lesson.encoded.points, f"{i}.up": lesson.encoded.up}
        arrays[f"{i}.label"] = np.array([k.label for k in known])
        arrays[f"{i}.score"] = np.array([k.score for k in known])
        arrays[f"{i}.view"] = np.array([k.view for k in known])
        arrays[f"{i}.eye"] = np.stack([np.full(3, np.nan) if k.eye is None else k.eye for k in known])
        arrays[f"{i}.covered"] = np.packbits(np.stack([k.points for k in known]), axis=1)
    _write(file, arrays)


def load_lessons(file: Path, segmenter: PartSegmenter) -> Lessons:
    """Load the lessons of a file and encode them again."""
    with np.load(file, allow_pickle=False) as kept:
        shots, objects, count = (int(n) for n in kept["counts"])
        each = tuple(_lesson(kept, i, segmenter) for i in range(count))
        return Lessons(each, shots, objects, json.loads(str(kept["said"])))


def _lesson(kept, i: int, segmenter: PartSegmenter) -> Lesson:
    points = kept[f"{i}.points"]
    covered = np.unpackbits(kept[f"{i}.covered"], axis=1, count=len(points)).astype(bool)
    said = zip(*(kept[f"{i}.{name}"] for name in ("label", "score", "view", "eye")), covered, strict=True)
    encoded = segmenter.encode([points], kept[f"{i}.up"])[0]
    return Lesson(lean(encoded), tuple(Knowledge(int(k), float(s), c, int(v), e) for k, s, v, e, c in said))


def save_state(folder: Path, state: State) -> None:
    """Save the progress, every mask's score, and what was learned."""
    assert state.step is not None  # a state is kept after the student has learned
    _write(folder / STATE, {
        "done": np.array(state.done),
        "scores": np.array([s for row in state.scores for s in row]),
        "weight": state.step.weight, "offset": state.step.offset,
    })  # fmt: skip


def load_state(folder: Path, lessons: Sequence[Lesson]) -> State | None:
    """Load the saved state; None if there is none yet."""
    if not (folder / STATE).is_file():
        return None
    with np.load(folder / STATE, allow_pickle=False) as kept:
        cuts = np.cumsum([len(lesson.knowledge) for lesson in lessons])[:-1]
        scores = [row.tolist() for row in np.split(kept["scores"], cuts)]
        return State(int(kept["done"]), scores, Step(kept["weight"], kept["offset"]))


def _write(file: Path, arrays: dict[str, np.ndarray]) -> None:
    content = io.BytesIO()
    np.savez(content, **cast(Any, arrays))  # else the types take an array for allow_pickle
    write_atomic(file, content.getvalue())
