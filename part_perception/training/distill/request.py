"""Request: what a distillation is asked to do, what has to be the same for it to go on, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.store import WEIGHTS
from part_perception.recordings.shots import FRAMES, Topics
from part_perception.training.config import code_version
from part_perception.training.distill.directions import ROUNDS, STEPS, State
from part_perception.training.distill.lessons import Lesson, Lessons
from part_perception.training.distill.teachers import RECORDED

DOUBTED = 0.5  # of a mask's score is left after the backward direction


@dataclass(frozen=True)
class Request:
    """What to learn, from what; `labelled` is a folder of labelled shapes, `model` whose head learns."""

    recordings: tuple[str, ...]
    words: tuple[str, ...]
    teacher: str = RECORDED
    labelled: str | None = None
    model: str | None = None
    topics: Topics = Topics()
    frames: int = FRAMES
    steps: int = STEPS
    rounds: int = ROUNDS
    seed: int = 0


def fingerprint(request: Request, paths: Sequence[Path], manifest: Manifest) -> dict:
    """What has to be the same for a distillation to go on."""

    def size(path: Path) -> int:
        return sum(f.stat().st_size for f in ([path] if path.is_file() else path.iterdir()))

    return {**asdict(request), "recordings": [[str(p), size(p)] for p in paths],
            "words": list(request.words), "weights": manifest.files}  # fmt: skip


def figures_of(
    heard: Sequence[Lessons], lessons: Sequence[Lesson], state: State, words: Sequence[str]
) -> dict:
    """How much was heard of each word, and how much of it is doubted now."""
    masks, doubted = dict.fromkeys(words, 0), dict.fromkeys(words, 0)
    for lesson, scores in zip(lessons, state.scores, strict=True):
        for known, score in zip(lesson.knowledge, scores, strict=True):
            masks[words[known.label]] += 1
            doubted[words[known.label]] += score < DOUBTED * known.score
    totals = {"frames": sum(h.shots for h in heard), "objects": sum(h.objects for h in heard)}
    return totals | {"lessons": len(lessons), "masks": masks, "doubted": doubted}


def about(request: Request, base: Manifest, words: Sequence[str], figures: dict) -> dict[str, str]:
    """Where the student comes from."""
    few = ", with labelled shapes" if request.labelled else ""
    return {
        "distilled_from": f"{base.name} {base.files[WEIGHTS][:16]}",
        "distilled_words": ", ".join(words),
        "distilled_by": f"{request.teacher}: {sum(figures['masks'].values())} masks on {figures['lessons']} objects "
        f"in {figures['frames']} frames{few}; {request.rounds} rounds of {request.steps} steps, seed {request.seed}",
        "distilled_code": code_version(),
    }
