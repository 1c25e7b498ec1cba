"""Teachers say where the words are in an image: the recording itself, a Python function, or open_clip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.language.encoders import PREFIX as OPEN_CLIP
from part_perception.language.encoders import load_open_clip
from part_perception.language.english import clean
from part_perception.recordings.shots import ScoredMask, Shot, box_mask
from part_perception.segmenter import PartSegmenter
from part_perception.training.distill.lessons import Knowledge, Lesson, Lessons, lean, pieces_of
from part_perception.training.labelling.run import shape_of
from part_perception.training.labelling.views import Thing, rendered_views
from part_perception.training.plugins import plugin
from part_perception.training.progress import Say

_NOTHING = ("background", "a table", "something else")  # for places that show none of the words
_SAID = ("a photo of the {} of an object", "the {}")
_ZOOMS = (1, 2)


class OpenClipTeacher:
    """Dense scores of a vision transformer without its last attention, so that each place speaks for itself."""

    def __init__(self, model, tokenizer, mean: Sequence[float], spread: Sequence[float]):
        self.model, self.tokenizer = model.eval(), tokenizer
        self.mean, self.spread = (np.array(v, np.float32) for v in (mean, spread))
        if not hasattr(getattr(model.visual, "transformer", None), "resblocks"):
            raise InputError("only vision transformers of open_clip score places; take a ViT model")
        size = model.visual.image_size
        self.size = size if isinstance(size, int) else size[0]
        block = model.visual.transformer.resblocks[-1]
        block.attention = lambda q_x, *_, **__: _values(block.attn, q_x)
        self._text: dict[tuple[str, ...], object] = {}

    @classmethod
    def load(cls, name: str) -> OpenClipTeacher:
        """The teacher of "open_clip:MODEL/WEIGHTS", whose weights are installed or can be fetched."""
        net, tokenizer, _ = load_open_clip(name, "teacher")
        return cls(net, tokenizer, net.visual.image_mean, net.visual.image_std)

    def __call__(self, image: np.ndarray, words: list[str]) -> list[tuple[str, np.ndarray, float]]:
        """Return where each word is the best name, and its mean confidence there."""
        chances = self.chances(image, words)
        best = chances.argmax(axis=0)
        here = [(k, best == k) for k in range(len(words))]
        return [(words[k], mask, float(chances[k][mask].mean())) for k, mask in here if mask.any()]

    def chances(self, image: np.ndarray, words: Sequence[str]) -> np.ndarray:
        """(Q + 1, H, W) the probability of each word at every pixel; the last row is that of none."""
        import torch
        from torch.nn import functional as F

        text, scale = self._vectors(tuple(words)), self.model.logit_scale.exp()
        total, seen = torch.zeros(len(text), *image.shape[:2]), torch.zeros(image.shape[:2])
        with torch.inference_mode():
            for rows, columns in _tiles(*image.shape[:2]):
                logits = (self._places(image[rows, columns]) @ text.T * scale).permute(2, 0, 1)
                high, wide = rows.stop - rows.start, columns.stop - columns.start
                spread = F.interpolate(logits[None], (high, wide), mode="bilinear", align_corners=False)[0]
                total[:, rows, columns] += spread
                seen[rows, columns] += 1
        chances = (total / seen).softmax(dim=0).numpy()
        return np.concatenate([chances[: len(words)], chances[len(words) :].sum(axis=0, keepdims=True)])

    def _places(self, tile: np.ndarray):
        """(h, w, D) normalised vectors of a tile's places."""
        import torch
        from torch.nn import functional as F

        pixels = torch.from_numpy((tile.astype(np.float32) / 255 - self.mean) / self.spread).permute(2, 0, 1)
        pixels = F.interpolate(pixels[None], (self.size, self.size), mode="bilinear", align_corners=False)
        visual, kept = self.model.visual, []
        hook = visual.transformer.register_forward_hook(lambda _, __, out: kept.append(out))
        try:
            visual(pixels)
        finally:
            hook.remove()
        places = visual.ln_post(kept[0][0, 1:])
        side = int(len(places) ** 0.5)
        return F.normalize(places @ visual.proj, dim=-1).view(side, side, -1)

    def _vectors(self, words: tuple[str, ...]):
        """(Q + 3, D) normalised vectors of the words and of texts for everything else."""
        import torch
        from torch.nn import functional as F

        if words not in self._text:
            said = [[s.format(w) for s in _SAID] for w in words] + [[w] * len(_SAID) for w in _NOTHING]
            with torch.inference_mode():
                vectors = self.model.encode_text(self.tokenizer(sum(said, [])), normalize=True)
            self._text[words] = F.normalize(vectors.view(len(said), len(_SAID), -1).mean(1), dim=-1)
        return self._text[words]


def _values(attention, x):
    """Attention of each place to itself alone: its value, brought back to the width of the tokens."""
    from torch.nn import functional as F

    width = x.shape[-1]
    bias = None if attention.in_proj_bias is None else attention.in_proj_bias[2 * width :]
    return attention.out_proj(F.linear(x, attention.in_proj_weight[2 * width :], bias))


def _tiles(height: int, width: int) -> Iterator[tuple[slice, slice]]:
    """Overlapping squares over the image, large ones and small ones."""
    for zoom in _ZOOMS:
        side = max(min(height, width) // zoom, 1)
        for top in _starts(height, side):
            for left in _starts(width, side):
                yield slice(top, top + side), slice(left, left + side)


def _starts(length: int, side: int) -> list[int]:
    count = 1 + int(np.ceil(2 * (length - side) / side))
    return sorted({int(v) for v in np.linspace(0, length - side, count).round()})


RECORDED = "recorded"
# (image (H, W, 3) uint8, words) → (word, mask (H, W) or box (left, top, right, bottom), score from 0 to 1) each
Teacher = Callable[[np.ndarray, list[str]], Sequence[tuple]]


def teacher_named(name: str) -> Teacher | None:
    """Load a teacher: "module:function", "open_clip:MODEL/WEIGHTS", or None for the recording itself."""
    if name == RECORDED:
        return None
    if name.startswith(OPEN_CLIP):
        return OpenClipTeacher.load(name)
    return plugin(name, "teacher", f"{RECORDED!r}, '{OPEN_CLIP}MODEL/WEIGHTS'")


def answers(shot: Shot, teacher: Teacher | None, words: Sequence[str]) -> tuple[ScoredMask, ...]:
    """Return the teacher's checked answers for a shot."""
    found: Sequence[ScoredMask]
    if teacher is None:
        if shot.masks is None:
            raise InputError(f"{shot.name} holds no masks or boxes: name a --teacher that looks at its image")
        found = shot.masks
    else:
        if shot.image is None:
            raise InputError(f"{shot.name} has no image for the teacher to look at")
        shape = (shot.camera.height, shot.camera.width)
        if shot.image.shape[:2] != shape:
            h, w = shot.image.shape[:2]
            raise InputError(
                f"{shot.name}: the image is {w} × {h}, but its camera model {shape[1]} × {shape[0]}"
            )
        found = [as_mask(each, shape, shot.name) for each in teacher(shot.image, list(words))]
    for each in found:
        _check(each, shot)
    return tuple(replace(each, word=clean(each.word)) for each in found)


def as_mask(given: tuple, shape: tuple[int, int], name: str) -> ScoredMask:
    """Convert one of a teacher's answers to a mask."""
    try:
        word, where, score = given
        where = np.asarray(where)
        mask = box_mask(where, shape) if where.shape == (4,) else where.astype(bool)
        return ScoredMask(str(word), mask, float(score))
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{name}: a teacher must give (word, mask or box, score) for each answer: {error}"
        ) from None


def _check(found: ScoredMask, shot: Shot) -> None:
    shape = (shot.camera.height, shot.camera.width)
    if found.mask.shape != shape:
        raise InputError(
            f"{shot.name}: the mask of {found.word!r} has the shape {found.mask.shape}, the image {shape}"
        )
    if not found.mask.any():
        raise InputError(f"{shot.name}: the mask of {found.word!r} is empty; leave out absent words")
    if not 0 <= found.score <= 1:
        raise InputError(f"{shot.name}: the score of {found.word!r} is {found.score}, not from 0 to 1")


VIEWS = 6


def rendered_knowledge(
    thing: Thing, teacher: Teacher, words: Sequence[str]
) -> tuple[tuple[Knowledge, ...], dict[str, int]]:
    """Return the teacher's masks on a shape's points, piece by piece, and how often it gave each word."""
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
    """A cloud or a mesh to learn from; the teacher is shown pictures of it."""

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
