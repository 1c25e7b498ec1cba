"""Distillation: recordings → frames → a teacher's masks → scored point sets → a student → a model folder."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.store import load_manifest, save_model
from part_perception.errors import InputError
from part_perception.files.labelled_shapes import load_shapes
from part_perception.language.cleaning import clean_all
from part_perception.model_folders import BANK, find_model, give_words
from part_perception.recordings.reading import find_recordings, shots_of
from part_perception.segmenter import PartSegmenter
from part_perception.training.distill import keeping
from part_perception.training.distill.directions import distill
from part_perception.training.distill.lessons import Lesson, Lessons, labelled_lesson, lessons_of
from part_perception.training.distill.request import Request, about, figures_of, fingerprint
from part_perception.training.distill.student import Student, student_of
from part_perception.training.distill.teachers import Teacher, answers, teacher_named
from part_perception.training.progress import Say, counting


def distill_recordings(request: Request, out: Path, say: Say = print) -> dict:
    """Make the model folder `out`; what an interrupted call has done in `out`.part is gone on with. The figures."""
    if out.exists():
        raise InputError(f"{out} already exists: choose another --out, or remove it")
    words = clean_all(request.words)
    if len(set(words)) < max(2, len(words)):
        raise InputError(f"there must be at least two different words to tell apart, not {', '.join(words)}")
    paths = find_recordings([Path(r) for r in request.recordings])
    teacher, folder = teacher_named(request.teacher), find_model(request.model)
    give_words(folder, load_manifest(folder), words, counting(say, "words"))
    segmenter = PartSegmenter.load(folder)
    student = student_of(folder, segmenter, words)
    work = out.with_name(f"{out.name}.part")
    keeping.open_folder(work, fingerprint(request, paths, segmenter.manifest))
    heard = []
    for number, path in enumerate(paths):
        file = work / f"lessons-{number:04}.npz"
        if not file.is_file():
            keeping.save_lessons(file, look_at(path, request, teacher, segmenter, words, say))
        heard.append(keeping.load_lessons(file, segmenter))
        last = heard[-1]
        say(f"{path}: {last.shots} frames, {last.objects} objects, {len(last.each)} of them taught")
    labelled = _labelled(request, segmenter, words)
    lessons = check([*(x for h in heard for x in h.each), *labelled], heard, words)
    state = distill(
        student, lessons, request.rounds, request.steps, request.seed,
        keeping.load_state(work, lessons), lambda s: keeping.save_state(work, s),
    )  # fmt: skip
    figures = figures_of(heard, lessons, state, words)
    facts = about(request, segmenter.manifest, words, figures)
    export(student, folder, segmenter.manifest, work, out, facts)
    return figures


def look_at(
    path: Path,
    request: Request,
    teacher: Teacher | None,
    segmenter: PartSegmenter,
    words: Sequence[str],
    say: Say,
) -> Lessons:
    """The lessons of one recording."""
    count = counting(say, f"{path}: frames")

    def said():
        shots = shots_of(path, words, teacher is not None, request.topics, request.frames)
        for number, shot in enumerate(shots, 1):
            count(number, request.frames)
            yield shot, answers(shot, teacher, words)

    return lessons_of(said(), segmenter, words)


def check(lessons: Sequence[Lesson], heard: Sequence[Lessons], words: Sequence[str]) -> Sequence[Lesson]:
    """Refuse what nothing can be learned from, and words that nobody says."""
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
    """The folder of the model that came of the one in `folder`, whole or not at all; then what led to it goes."""
    manifest = replace(base, name=out.name, about=base.about | facts)
    made = work / "model"
    shutil.rmtree(made, ignore_errors=True)
    save_model(made, manifest, student.learned_weights())
    if (folder / BANK).is_file():
        shutil.copy(folder / BANK, made / BANK)
    PartSegmenter.load(made, "onnx:fp32")
    os.replace(made, out)
    shutil.rmtree(work)
    return load_manifest(out)


def _labelled(request: Request, segmenter: PartSegmenter, words: Sequence[str]) -> list[Lesson]:
    if request.labelled is None:
        return []
    found = [labelled_lesson(s, segmenter, words) for s in load_shapes(Path(request.labelled))]
    if not any(found):
        raise InputError(f"no shape in {request.labelled} has a part named {' or '.join(words)}")
    return [lesson for lesson in found if lesson]
