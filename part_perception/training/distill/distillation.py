"""Distillation: recordings → frames → a teacher's masks → scored point sets → a student → a model folder."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.store import WEIGHTS, load_manifest, save_model, sign
from part_perception.errors import InputError
from part_perception.files.labelled_shapes import load_shapes
from part_perception.language.english import clean_all
from part_perception.model_folders import BANK, find_model, give_words
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.fusion import FILE as FUSION
from part_perception.parts.motion import FILE as MOTION_NAMES
from part_perception.parts.motion_axes import FILE as MOTION_AXES
from part_perception.recordings.reading import find_recordings, shots_of
from part_perception.recordings.shots import FRAMES, Topics
from part_perception.segmenter import PartSegmenter
from part_perception.storage import file_hash
from part_perception.training.config import code_version
from part_perception.training.distill.directions import (
    ROUNDS,
    STEPS,
    State,
    distill,
    guarded,
    teacher_scores,
)
from part_perception.training.distill.lessons import Lesson, Lessons, labelled_lesson, lessons_of
from part_perception.training.distill.progress import (
    load_lessons,
    load_state,
    open_folder,
    save_lessons,
    save_state,
)
from part_perception.training.distill.student import Student, student_of
from part_perception.training.distill.teachers import (
    RECORDED,
    ShapeSource,
    Teacher,
    answers,
    rendered_knowledge,
    teacher_named,
)
from part_perception.training.distill.weighing import learn_weights, weighed
from part_perception.training.labelling.run import find_things, is_recording
from part_perception.training.labelling.views import Thing
from part_perception.training.progress import Say, counting

DOUBTED = 0.5  # of the teacher's score: masks that score lower after the backward pass count as doubted


@dataclass(frozen=True)
class Request:
    """What to learn and from which data; `labelled` is a folder of labelled shapes, `model` the one to train.

    `shapes` are clouds and meshes, as a generator makes them, of which the teacher is shown pictures.
    """

    recordings: tuple[str, ...]
    words: tuple[str, ...]
    teacher: str = RECORDED
    labelled: str | None = None
    shapes: tuple[str, ...] = ()
    model: str | None = None
    topics: Topics = Topics()
    frames: int = FRAMES
    steps: int = STEPS
    rounds: int = ROUNDS
    seed: int = 0


class Source(Protocol):
    """A recording to learn from. A distillation continues only if `name` and `size` are unchanged."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    def lessons(self, segmenter: PartSegmenter, words: Sequence[str], say: Say) -> Lessons: ...


@dataclass(frozen=True)
class RecordingSource:
    """A bag or a moment, and its teacher; None if the teacher's answers were recorded with it."""

    path: Path
    request: Request
    teacher: Teacher | None

    @property
    def name(self) -> str:
        return str(self.path)

    @property
    def size(self) -> int:
        return sum(f.stat().st_size for f in ([self.path] if self.path.is_file() else self.path.iterdir()))

    def lessons(self, segmenter: PartSegmenter, words: Sequence[str], say: Say) -> Lessons:
        return look_at(self.path, self.request, self.teacher, segmenter, words, say)


def fingerprint(request: Request, sources: Sequence[Source], manifest: Manifest) -> dict:
    """Return everything that must be unchanged for a distillation to continue."""
    shapes = sorted(Path(request.labelled).glob("*.npz")) if request.labelled is not None else []
    return {**asdict(request), "recordings": [[each.name, each.size] for each in sources],
            "labelled_shapes": [[each.name, file_hash(each)] for each in shapes],
            "words": list(request.words), "weights": manifest.files}  # fmt: skip


def figures_of(
    heard: Sequence[Lessons], lessons: Sequence[Lesson], state: State, words: Sequence[str]
) -> dict:
    """Return how often each word was given, and how much of that is now doubted."""
    masks, doubted = dict.fromkeys(words, 0), dict.fromkeys(words, 0)
    for lesson, scores in zip(lessons, state.scores, strict=True):
        for known, score in zip(lesson.knowledge, scores, strict=True):
            masks[words[known.label]] += 1
            doubted[words[known.label]] += score < DOUBTED * known.score
    totals: dict = {"frames": sum(h.shots for h in heard), "objects": sum(h.objects for h in heard)}
    return totals | {"lessons": len(lessons), "masks": masks, "doubted": doubted}


def about(request: Request, base: Manifest, words: Sequence[str], figures: dict) -> dict[str, str]:
    """Return the student's origin, for the manifest."""
    few = ", with labelled shapes" if request.labelled else ""
    return {
        "distilled_from": f"{base.name} {base.files[WEIGHTS][:16]}",
        "distilled_words": ", ".join(words),
        "distilled_by": f"{request.teacher}: {sum(figures['masks'].values())} masks on {figures['lessons']} objects "
        f"in {figures['frames']} frames{few}; {request.rounds} rounds of {request.steps} steps, seed {request.seed}",
        "distilled_code": code_version(),
    }


def distill_recordings(
    request: Request, out: Path, say: Say = print, answered: Sequence[Source] = ()
) -> dict:
    """Make the model folder `out`, going on from what an interrupted call left in `out`.part. Returns the figures.

    `answered` are additional recordings that a model has already labelled.
    """
    if out.exists():
        raise InputError(f"{out} already exists: choose another --out, or remove it")
    words = clean_all(request.words)
    if len(set(words)) < max(2, len(words)):
        raise InputError(f"give at least two different words to tell apart, not {', '.join(words)}")
    paths = find_recordings([Path(r) for r in request.recordings])
    shapes = [p for p in find_things(request.shapes) if not is_recording(p)]
    teacher, folder = teacher_named(request.teacher), find_model(request.model)
    give_words(folder, load_manifest(folder), words, counting(say, "words"))
    segmenter = PartSegmenter.load(folder)
    student = student_of(folder, segmenter, words)
    work = out.with_name(f"{out.name}.part")
    sources: list[Source] = [*(RecordingSource(path, request, teacher) for path in paths), *answered]
    sources += [ShapeSource(path, teacher) for path in shapes]
    open_folder(work, fingerprint(request, sources, segmenter.manifest))
    heard = []
    for number, source in enumerate(sources):
        file = work / f"lessons-{number:04}.npz"
        if not file.is_file():
            save_lessons(file, source.lessons(segmenter, words, say))
        heard.append(load_lessons(file, segmenter))
        last = heard[-1]
        say(f"{source.name}: {last.shots} frames, {last.objects} objects, {len(last.each)} of them taught")
    labelled = _labelled(request, teacher, segmenter, words)
    lessons = check([*(x for h in heard for x in h.each), *labelled], heard, words)
    begun = load_state(work, lessons) or initial(student, lessons, segmenter)
    state = distill(
        student, lessons, request.rounds, request.steps, request.seed, begun, lambda s: save_state(work, s)
    )
    share = guarded(student, lessons, request.rounds, request.steps, request.seed)
    student.step = student.step.times(share)
    if share < 1:
        say(f"{share:g} of what was learned is kept: keeping more would not fit the held-back masks better")
    figures = figures_of(heard, lessons, state, words) | {"kept": share}
    facts = about(request, segmenter.manifest, words, figures)
    export(student, folder, segmenter.manifest, work, out, facts)
    return figures


def initial(student: Student, lessons: Sequence[Lesson], segmenter: PartSegmenter) -> State:
    """Return the initial scores: the teacher's, or weights learned on objects with both masks and labels."""
    if not any(x.labels is not None and x.knowledge for x in lessons):
        return teacher_scores(lessons)

    def belief(encoded: EncodedObject) -> np.ndarray:
        return encoded.to_points(student.probabilities(encoded).T, np.float32(0))

    whole = [replace(x, encoded=segmenter.encode([x.encoded.points], x.encoded.up)[0]) for x in lessons]
    weigher = learn_weights(whole, len(student.text), belief)
    return State(0, weighed(weigher, whole, belief))


def look_at(
    path: Path,
    request: Request,
    teacher: Teacher | None,
    segmenter: PartSegmenter,
    words: Sequence[str],
    say: Say,
) -> Lessons:
    """Collect the lessons of one recording."""
    count = counting(say, f"{path}: frames")

    def said():
        shots = shots_of(path, words, teacher is not None, request.topics, request.frames)
        for number, shot in enumerate(shots, 1):
            count(number, request.frames)
            yield shot, answers(shot, teacher, words)

    return lessons_of(said(), segmenter, words)


def check(lessons: Sequence[Lesson], heard: Sequence[Lessons], words: Sequence[str]) -> Sequence[Lesson]:
    """Refuse recordings from which nothing can be learned, and words that the teacher never gave."""
    if not sum(h.objects for h in heard):
        raise InputError(f"no object is in view in any of the {sum(h.shots for h in heard)} frames")
    taught = {k.label for x in lessons for k in x.knowledge}
    taught |= {int(c) for x in lessons if x.labels is not None for c in np.unique(x.labels)}
    if unsaid := [w for i, w in enumerate(words) if i not in taught]:
        said = sum((Counter(h.said) for h in heard), Counter())
        told = ", ".join(w for w, _ in said.most_common(8)) or "nothing"
        raise InputError(f"the teacher says {unsaid[0]!r} of no object; it says: {told}")
    return lessons


def export(
    student: Student, folder: Path, base: Manifest, work: Path, out: Path, facts: dict[str, str]
) -> Manifest:
    """Write the folder of the new model, whole or not at all; then remove what led to it."""
    manifest = replace(base, name=out.name, about=base.about | facts)
    made = work / "model"
    shutil.rmtree(made, ignore_errors=True)
    manifest = save_model(made, manifest, student.learned_weights())
    with_it = sorted({MOTION_NAMES, MOTION_AXES, FUSION} & base.files.keys())
    for name in (*with_it, *((BANK,) if (folder / BANK).is_file() else ())):
        shutil.copy(folder / name, made / name)
    sign(made, manifest, (*manifest.files, *with_it))
    PartSegmenter.load(made, "onnx:fp32")
    os.replace(made, out)
    shutil.rmtree(work)
    return load_manifest(out)


def _labelled(
    request: Request, teacher: Teacher | None, segmenter: PartSegmenter, words: Sequence[str]
) -> list[Lesson]:
    """Return labelled shapes with the teacher's masks on pictures of them, to learn mask weights."""
    if request.labelled is None:
        return []
    lessons = []
    for shape in load_shapes(Path(request.labelled)):
        lesson = labelled_lesson(shape, segmenter, words)
        if lesson is not None and teacher is not None:
            thing = Thing(shape.name, lesson.encoded.points, np.asarray(shape.up), shape.category)
            lesson = replace(lesson, knowledge=rendered_knowledge(thing, teacher, words)[0])
        lessons += [lesson] if lesson else []
    if not lessons:
        raise InputError(f"no shape in {request.labelled} has a part named {' or '.join(words)}")
    return lessons
