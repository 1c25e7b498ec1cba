"""Teachers: who says where the words are in an image: the recording itself, a Python function, or open_clip."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from part_perception.errors import InputError
from part_perception.language.cleaning import clean
from part_perception.language.open_clip import PREFIX as OPEN_CLIP
from part_perception.recordings.shots import ScoredMask, Shot, box_mask
from part_perception.training.distill.open_clip_teacher import OpenClipTeacher

RECORDED = "recorded"
# (image (H, W, 3) uint8, words) → (word, mask (H, W) or box (left, top, right, bottom), score from 0 to 1) each
Teacher = Callable[[np.ndarray, list[str]], Sequence[tuple]]


def teacher_named(name: str) -> Teacher | None:
    """None for the recording itself; "module:function"; or "open_clip:MODEL/WEIGHTS"."""
    if name == RECORDED:
        return None
    if name.startswith(OPEN_CLIP):
        return OpenClipTeacher.load(name)
    module, colon, function = name.partition(":")
    if not colon or not module or not function:
        raise InputError(
            f"a teacher is {RECORDED!r}, 'module:function' or '{OPEN_CLIP}MODEL/WEIGHTS', not {name!r}"
        )
    return _imported(module, function)


def _imported(module: str, function: str) -> Teacher:
    """A function on Python's path or in the folder where the command runs."""
    sys.path.insert(0, os.getcwd())
    try:
        found = getattr(importlib.import_module(module), function, None)
    except ImportError as error:
        raise InputError(f"the teacher's module {module!r} cannot be imported: {error}") from error
    finally:
        sys.path.remove(os.getcwd())
    if not callable(found):
        raise InputError(f"the module {module!r} has no function {function!r}")
    return found


def answers(shot: Shot, teacher: Teacher | None, words: Sequence[str]) -> tuple[ScoredMask, ...]:
    """What the teacher says of a shot, checked."""
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
            raise InputError(f"{shot.name}: the image is {w} × {h}, its camera model {shape[1]} × {shape[0]}")
        found = [_as_mask(each, shape, shot.name) for each in teacher(shot.image, list(words))]
    for each in found:
        _check(each, shot)
    return tuple(replace(each, word=clean(each.word)) for each in found)


def _as_mask(given: tuple, shape: tuple[int, int], name: str) -> ScoredMask:
    try:
        word, where, score = given
        where = np.asarray(where)
        mask = box_mask(where, shape) if where.shape == (4,) else where.astype(bool)
        return ScoredMask(str(word), mask, float(score))
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{name}: a teacher gives (word, mask or box, score) each, and this is none: {error}"
        ) from None


def _check(found: ScoredMask, shot: Shot) -> None:
    shape = (shot.camera.height, shot.camera.width)
    if found.mask.shape != shape:
        raise InputError(
            f"{shot.name}: the mask of {found.word!r} has the shape {found.mask.shape}, the image {shape}"
        )
    if not found.mask.any():
        raise InputError(f"{shot.name}: the mask of {found.word!r} is empty; leave out what is not there")
    if not 0 <= found.score <= 1:
        raise InputError(f"{shot.name}: the score of {found.word!r} is {found.score}, not from 0 to 1")
