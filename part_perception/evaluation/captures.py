"""Captures: real depth-camera scenes with truth. A hit: the centroid lies in the true part's box, widened by 1 cm."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.metrics import iou
from part_perception.scene import ScenePerception
from part_perception.segmenter import PartSegmenter

_MARGIN = 0.01


@dataclass(frozen=True)
class Question:
    """One annotated text of a capture: the mask of what it names, that thing's box, and the mask of its object."""

    text: str
    mask: np.ndarray
    box_min: np.ndarray
    box_max: np.ndarray
    object_mask: np.ndarray
    is_part: bool


@dataclass(frozen=True)
class Capture:
    """A cloud (H, W, 3) in the camera's frame, and questions about it."""

    name: str
    points: np.ndarray
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Hit:
    """How one question was answered."""

    capture: str
    text: str
    is_part: bool
    hit: bool
    iou: float
    confidence: float


def load_capture(path: Path) -> Capture:
    """One capture file: `points`, masks, and `queries` as JSON."""
    with np.load(path, allow_pickle=False) as file:
        entries = json.loads(str(file["queries"]))
        whole = {key.split(":")[0]: file[e["mask"]] > 0 for key, e in entries.items() if not e["is_part"]}
        questions = tuple(
            Question(
                e["text"], file[e["mask"]] > 0, np.array(e["box_min"]), np.array(e["box_max"]),
                whole[key.split(":")[0]], bool(e["is_part"]),
            )
            for key, e in entries.items()
        )  # fmt: skip
        return Capture(path.stem, np.asarray(file["points"], float), questions)


def score_object_given(segmenter: PartSegmenter, capture: Capture) -> list[Hit]:
    """Every part question, asked of its object's own points; gravity from the scene's support."""
    up = ScenePerception(segmenter).process(capture.points, 0.0).up
    out = []
    for question in capture.questions:
        if question.is_part:
            rows = np.flatnonzero(question.object_mask & measured(capture.points))
            answer = segmenter.ask(capture.points.reshape(-1, 3)[rows], [question.text], up)
            # Judged is where the part is, or would be if it is not found.
            best = answer.parts[0].indices if answer.found[0] else np.flatnonzero(answer.masks[0])
            out.append(_judged(capture, question, rows[best], answer.confidence[0]))
    return out


def score_raw_scene(segmenter: PartSegmenter, capture: Capture) -> list[Hit]:
    """Every text once, asked of the raw cloud; the surest answer counts, and any object that has the part will do."""
    frame = ScenePerception(segmenter).process(capture.points, 0.0)
    out = []
    for text in dict.fromkeys(q.text for q in capture.questions):
        best = frame.ask(text)[0]
        same = [q for q in capture.questions if q.text == text]
        hits = [_judged(capture, q, best.indices, best.confidence) for q in same]
        out.append(max(hits, key=lambda h: (h.hit, h.iou)))
    return out


def measured(points: np.ndarray) -> np.ndarray:
    """Where the camera measured anything."""
    return np.isfinite(points).all(axis=-1) & (points[..., 2] > 0)


def _judged(capture: Capture, question: Question, indices: np.ndarray, confidence: float) -> Hit:
    """Whether the middle of these points lies in the part's box, and how well they cover the part."""
    answered = np.zeros(question.mask.size, bool)
    answered[indices] = True
    overlap = iou(answered, question.mask.reshape(-1))
    inside = False
    if len(indices):
        centroid = capture.points.reshape(-1, 3)[indices].mean(axis=0)
        inside = bool(
            (centroid >= question.box_min - _MARGIN).all() and (centroid <= question.box_max + _MARGIN).all()
        )
    return Hit(capture.name, question.text, question.is_part, inside, overlap, float(confidence))


def evaluate_captures(segmenter: PartSegmenter, folder: Path) -> dict:
    """Hit rates and mask IoU over a folder of captures, the object given and from the raw scene."""
    files = sorted(folder.glob("*.npz"))
    if not files:
        raise InputError(f"there is no .npz file in {folder}")
    captures = [load_capture(f) for f in files]
    given = [hit for c in captures for hit in score_object_given(segmenter, c)]
    raw = [hit for c in captures for hit in score_raw_scene(segmenter, c)]
    return {"object_given": _summary(given), "raw_scene": _summary(raw)}


def _summary(hits: Sequence[Hit]) -> dict:
    parts = [h for h in hits if h.is_part]
    return {
        "questions": len(hits),
        "part_hit_rate": float(np.mean([h.hit for h in parts])) if parts else float("nan"),
        "part_mask_iou": float(np.mean([h.iou for h in parts])) if parts else float("nan"),
        "all_hit_rate": float(np.mean([h.hit for h in hits])) if hits else float("nan"),
        "answers": [asdict(h) for h in hits],
    }
