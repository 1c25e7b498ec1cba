"""Rendered: what a teacher says of pictures of a shape, lifted to its points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from part_perception.errors import InputError
from part_perception.language.cleaning import clean
from part_perception.segmenter import PartSegmenter
from part_perception.training.distill.lessons import Knowledge, Lesson, Lessons, lean, pieces_of
from part_perception.training.distill.teachers import Teacher, as_mask
from part_perception.training.labelling.run import shape_of
from part_perception.training.labelling.views import Thing, rendered_views
from part_perception.training.progress import Say

VIEWS = 6


def rendered_knowledge(
    thing: Thing, teacher: Teacher, words: Sequence[str]
) -> tuple[tuple[Knowledge, ...], dict[str, int]]:
    """The teacher's masks on the points of a shape, piece by piece, and how often it said each word."""
    out: list[Knowledge] = []
    said: Counter[str] = Counter()
    for number, view in enumerate(rendered_views(thing, VIEWS)):
        for given in teacher(view.image, list(words)):
            found = as_mask(given, view.owner.shape, view.name)
            word = clean(found.word)
            said[word] += 1
            if not 0 <= found.score <= 1 or found.mask.shape != view.owner.shape:
                raise InputError(
                    f"{view.name}: the mask of {word!r} is {found.mask.shape} with the score {found.score}; it has to "
                    f"be {view.owner.shape} with a score from 0 to 1"
                )
            if word in words and found.mask.any():
                for piece in pieces_of(found.mask):
                    covered = view.covered(piece)
                    if covered.any():
                        out.append(Knowledge(list(words).index(word), found.score, covered, number, view.eye))
    return tuple(out), dict(said)


@dataclass(frozen=True)
class ShapeSource:
    """A cloud or a mesh to learn from, of which the teacher is shown pictures."""

    path: Path
    teacher: Teacher | None

    @property
    def name(self) -> str:
        return str(self.path)

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def lessons(self, segmenter: PartSegmenter, words: Sequence[str], say: Say) -> Lessons:
        if self.teacher is None:
            raise InputError(f"{self.path} is a shape: name a --teacher that looks at pictures of it")
        thing = shape_of(self.path, "")
        known, said = rendered_knowledge(thing, self.teacher, words)
        encoded = segmenter.encode([thing.points], thing.up)[0]
        return Lessons((Lesson(lean(encoded), known),) if known else (), VIEWS, 1, said)
