"""Captures: real depth-camera scenes with ground truth.

An answer is a hit if its centroid lies in the true part's box, widened by 1 cm, and a strict hit if the masks
overlap as well. Questions cover whole objects by name, parts with and without their object ("handle of the
mug"), and things that are absent.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.metrics import iou
from part_perception.scene import Frame, ScenePerception
from part_perception.scene.config import SceneConfig
from part_perception.segmenter import PartSegmenter
from part_perception.terminal import counted

_MARGIN = 0.01
_STRICT_IOU = 0.25
# None of these occurs in any capture.
ABSENT = (
    "propeller", "zipper", "guitar strings", "saddle", "bristles", "keyboard", "antenna", "toilet seat", "wheel",
    "drawer", "bicycle", "guitar", "toilet", "umbrella", "laptop", "shoe", "chair", "hammer", "wrench", "toothbrush",
)  # fmt: skip
ABSENT_OWNERS = ("bicycle", "toilet", "umbrella", "hammer")


@dataclass(frozen=True)
class Question:
    """One annotated text of a capture: mask and box of what it names, and the name and mask of its object."""

    text: str
    object_name: str
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
    strict: bool
    iou: float
    confidence: float


def load_capture(path: Path) -> Capture:
    """One capture file: `points`, masks, and `queries` as JSON."""
    with np.load(path, allow_pickle=False) as file:
        entries = json.loads(str(file["queries"]))
        whole = {key.split(":")[0]: e for key, e in entries.items() if not e["is_part"]}
        questions = tuple(
            Question(
                e["text"], whole[key.split(":")[0]]["text"], file[e["mask"]] > 0, np.array(e["box_min"]),
                np.array(e["box_max"]), file[whole[key.split(":")[0]]["mask"]] > 0, bool(e["is_part"]),
            )
            for key, e in entries.items()
        )  # fmt: skip
        return Capture(path.stem, np.asarray(file["points"], float), questions)


@dataclass(frozen=True)
class Answered:
    """Answers to all questions of a capture, and to those about parts with their object named.

    `absent_found` are the texts found among the `absent` questions about things that are not there.
    """

    hits: list[Hit]
    owned: list[Hit]
    absent: int
    absent_found: list[str]


def answer_object_given(segmenter: PartSegmenter, capture: Capture) -> Answered:
    """Ask every question about its object's own points, with gravity from the scene's support.

    A part that is not found is judged by its mask all the same; an object has to be found.
    """
    up = ScenePerception(segmenter).process(capture.points, 0.0).up
    cloud, seen = capture.points.reshape(-1, 3), measured(capture.points)
    hits, absent_found = [], []
    for question in capture.questions:
        rows = np.flatnonzero(question.object_mask & seen)
        asked = [question.text] if question.is_part else [question.text, *ABSENT]
        answer = segmenter.ask(cloud[rows], asked, up)
        if answer.found[0]:
            best = answer.parts[0].indices
        else:
            best = np.flatnonzero(answer.masks[0]) if question.is_part else np.zeros(0, int)
        hits.append(_judged(capture, question, question.text, rows[best], answer.confidence[0]))
        absent_found += [text for text, found in zip(asked[1:], answer.found[1:], strict=True) if found]
    objects = sum(not question.is_part for question in capture.questions)
    return Answered(hits, [], objects * len(ABSENT), absent_found)


def answer_raw_scene(
    segmenter: PartSegmenter, capture: Capture, config: SceneConfig | None = None
) -> Answered:
    """Ask each text once about the raw cloud; the most confident answer counts, on any fitting object."""
    frame = ScenePerception(segmenter, config).process(capture.points, 0.0)
    plain = [(q.text, q) for q in capture.questions]
    owned = [(f"{q.text} of the {q.object_name}", q) for q in capture.questions if q.is_part]
    parts = dict.fromkeys(q.text for q in capture.questions if q.is_part)
    absent = [*ABSENT, *(f"{part} of the {owner}" for part in parts for owner in ABSENT_OWNERS)]
    found = [text for text in absent if frame.ask(text)[0].found]
    return Answered(
        _asked_once(frame, capture, plain), _asked_once(frame, capture, owned), len(absent), found
    )


def _asked_once(frame: Frame, capture: Capture, asked: Sequence[tuple[str, Question]]) -> list[Hit]:
    """Ask each text once; if several questions share it, the one its answer fits best counts."""
    out = []
    for text in dict.fromkeys(text for text, _ in asked):
        best = frame.ask(text)[0]
        same = [question for other, question in asked if other == text]
        hits = [_judged(capture, q, text, best.indices, best.confidence) for q in same]
        out.append(max(hits, key=lambda h: (h.hit, h.iou)))
    return out


def measured(points: np.ndarray) -> np.ndarray:
    """Mask of the pixels that the camera measured."""
    return np.isfinite(points).all(axis=-1) & (points[..., 2] > 0)


def _judged(capture: Capture, question: Question, text: str, indices: np.ndarray, confidence: float) -> Hit:
    """Judge an answer: whether its centroid lies in the part's box, and its IoU with the part."""
    answered = np.zeros(question.mask.size, bool)
    answered[indices] = True
    overlap = iou(answered, question.mask.reshape(-1))
    inside = False
    if len(indices):
        centroid = capture.points.reshape(-1, 3)[indices].mean(axis=0)
        inside = bool(
            (centroid >= question.box_min - _MARGIN).all() and (centroid <= question.box_max + _MARGIN).all()
        )
    strict = inside and overlap >= _STRICT_IOU
    return Hit(capture.name, text, question.is_part, inside, strict, overlap, float(confidence))


def evaluate_captures(segmenter: PartSegmenter, folder: Path, config: SceneConfig | None = None) -> dict:
    """Hit rates and mask IoU over a folder of captures, with the object given and from the raw scene."""
    files = sorted(folder.glob("*.npz"))
    if not files:
        raise InputError(f"there is no .npz file in {folder}")
    captures = [load_capture(f) for f in files]
    return {
        "object_given": _summary([answer_object_given(segmenter, c) for c in counted(captures, "objects")]),
        "raw_scene": _summary(
            [answer_raw_scene(segmenter, c, config) for c in counted(captures, "captures")]
        ),
    }


def _summary(answered: Sequence[Answered]) -> dict:
    hits = [hit for each in answered for hit in each.hits]
    owned = [hit for each in answered for hit in each.owned]
    absent_found = [text for each in answered for text in each.absent_found]
    absent = sum(each.absent for each in answered)
    return {
        "questions": len(hits),
        **_rates("part", [h for h in hits if h.is_part]),
        **_rates("object", [h for h in hits if not h.is_part]),
        **_rates("owned", owned),
        "all_hit_rate": _mean([h.hit for h in hits]),
        "absent_questions": absent,
        "absent_found_rate": len(absent_found) / absent if absent else float("nan"),
        "absent_found": absent_found,
        "answers": [asdict(h) for h in (*hits, *owned)],
    }


def _rates(sort: str, hits: Sequence[Hit]) -> dict[str, float]:
    return {
        f"{sort}_hit_rate": _mean([h.hit for h in hits]),
        f"{sort}_strict_rate": _mean([h.strict for h in hits]),
        f"{sort}_mask_iou": _mean([h.iou for h in hits]),
    }


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
