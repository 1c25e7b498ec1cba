"""Lessons: what a teacher says about a recording's objects, as scored sets of points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from part_perception.errors import InputError
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.language.english import clean
from part_perception.parts.encoded import EncodedObject
from part_perception.recordings.shots import AnsweredCloud, Camera, ScoredMask, ScoredPoints, Shot
from part_perception.scene.gravity import CAMERA_UP
from part_perception.scene.perception import ScenePerception
from part_perception.segmenter import PartSegmenter

_CRUMB = 0.02  # of a mask: a smaller piece of it goes with the largest one
_BEHIND = 0.02  # of the object's size: what lies this far behind the nearest point of a pixel is hidden


@dataclass(frozen=True)
class Knowledge:
    """One mask lifted to an object's points: class, score, and the points (N,) it covers.

    `view` numbers the images of an object; `eye` is where the camera was, among the points.
    """

    label: int
    score: float
    points: np.ndarray
    view: int = 0
    eye: np.ndarray | None = None


def pixels_of(points: np.ndarray, camera: Camera) -> tuple[np.ndarray, np.ndarray]:
    """(N,) the pixel (row · width + column) of every point and whether the camera sees it: in the image, not hidden."""
    seen = (points - camera.position) @ np.asarray(camera.rotation).T
    z = seen[:, 2]
    u, v = np.floor(camera.lens.pixels(seen) + 0.5).T  # a pixel's middle is a whole number
    inside = (u >= 0) & (u < camera.width) & (v >= 0) & (v < camera.height)
    pixel = np.where(inside, v * camera.width + u, 0).astype(np.int64)
    nearest = np.full(camera.width * camera.height, np.inf)
    np.minimum.at(nearest, pixel[inside], z[inside])
    size = float(np.ptp(points, axis=0).max())
    return pixel, inside & (z <= nearest[pixel] + _BEHIND * size)


def lift(
    masks: Sequence[ScoredMask], camera: Camera, points: np.ndarray, words: Sequence[str], view: int = 0
) -> tuple[list[Knowledge], np.ndarray]:
    """Masks of one image on an object's points, piece by piece, and which points (N,) the image shows at all."""
    pixel, visible = pixels_of(points, camera)
    out = []
    for found in masks:
        if found.mask.shape != (camera.height, camera.width):
            raise InputError(
                f"a mask is {found.mask.shape[1]} × {found.mask.shape[0]}, "
                f"but the camera's image {camera.width} × {camera.height}"
            )
        if found.word not in words:
            continue
        number = list(words).index(found.word)
        for piece in pieces_of(found.mask):
            covered = visible & piece.ravel()[pixel]
            if covered.any():
                out.append(Knowledge(number, float(found.score), covered, view, np.asarray(camera.position)))
    return out, visible


def pieces_of(mask: np.ndarray) -> list[np.ndarray]:
    """The connected pieces of a mask (H, W), crumbs joined to the largest: a model may be right in only some."""
    from scipy.ndimage import label

    numbers, count = label(mask, np.ones((3, 3)))
    if count == 1:
        return [mask]
    sizes = np.bincount(numbers.ravel(), minlength=count + 1)
    sizes[0] = 0
    crumb = (sizes > 0) & (sizes < _CRUMB * sizes.sum())
    whole = np.where(crumb, sizes.argmax(), np.arange(count + 1))[numbers]
    return [whole == k for k in range(1, count + 1) if not crumb[k]]


def vote(knowledge: Sequence[Knowledge], scores: Sequence[float], count: int, classes: int) -> np.ndarray:
    """(N,) the class with the most votes, weighted by mask score; -1 for points that no mask covers."""
    votes = np.zeros((count, classes))
    for known, score in zip(knowledge, scores, strict=True):
        votes[known.points, known.label] += score
    return np.where(votes.any(axis=1), votes.argmax(axis=1), -1)


@dataclass(frozen=True)
class Lesson:
    """One object seen once: its encoding, the teacher's masks, and its labels (N,) if a person gave them."""

    encoded: EncodedObject
    knowledge: tuple[Knowledge, ...]
    labels: np.ndarray | None = None


@dataclass(frozen=True)
class Lessons:
    """The lessons of a recording, the numbers of shots and objects, and how often each word was given."""

    each: tuple[Lesson, ...]
    shots: int
    objects: int
    said: dict[str, int]


def lessons_of(
    said: Iterable[tuple[Shot, Sequence[ScoredMask]]], segmenter: PartSegmenter, words: Sequence[str]
) -> Lessons:
    """Collect the objects of every shot on which the teacher found one of the words."""
    scene = ScenePerception(segmenter)
    gathered = _Gathered()
    for shot, masks in said:
        known = [(e, lift(masks, shot.camera, e.points, words)[0]) for e in objects_of(shot, scene)]
        gathered.add([m.word for m in masks], known)
    return gathered.lessons()


def lessons_of_answers(
    clouds: Iterable[AnsweredCloud], segmenter: PartSegmenter, words: Sequence[str]
) -> Lessons:
    """Collect the objects of every cloud of a scene in which one of the words was found."""
    scene = ScenePerception(segmenter)
    gathered = _Gathered()
    for answered in clouds:
        scene.forget()
        things = scene.process(answered.cloud, 0.0, answered.up).objects
        known = [(t.encoded, found_on(answered.said, t.observations[-1].indices, words)) for t in things]
        gathered.add([s.word for s in answered.said], known)
    return gathered.lessons()


def found_on(said: Sequence[ScoredPoints], indices: np.ndarray, words: Sequence[str]) -> list[Knowledge]:
    """Return what was found on the points of one object, given by their indices in the cloud."""
    out = []
    for found in said:
        covered = np.isin(indices, found.indices)
        if found.word in words and covered.any():
            out.append(Knowledge(list(words).index(found.word), found.score, covered))
    return out


class _Gathered:
    """Lessons collected while a recording is processed."""

    def __init__(self):
        self._lessons: list[Lesson] = []
        self._heard: Counter[str] = Counter()
        self._shots = self._objects = 0

    def add(self, heard: Iterable[str], objects: Sequence[tuple[EncodedObject, Sequence[Knowledge]]]) -> None:
        """Add a shot: each word given in it, and what is known of each object."""
        self._heard.update(heard)
        self._lessons += [Lesson(lean(encoded), tuple(known)) for encoded, known in objects if known]
        self._objects += len(objects)
        self._shots += 1

    def lessons(self) -> Lessons:
        return Lessons(tuple(self._lessons), self._shots, self._objects, dict(self._heard))


def objects_of(shot: Shot, scene: ScenePerception) -> Sequence[EncodedObject]:
    """Everything that stands in a scene, as this shot alone shows it; a list of points is one object."""
    if shot.cloud.ndim == 2:
        finite = shot.cloud[np.isfinite(shot.cloud).all(axis=1)]
        return scene.segmenter.encode([finite], CAMERA_UP)
    scene.forget()  # every shot is perceived separately: the model learns from single views
    return [thing.encoded for thing in scene.process(shot.cloud, 0.0).objects]


def lean(encoded: EncodedObject) -> EncodedObject:
    """The lesson without the features that a student computes itself, because a recording has many objects."""
    return replace(encoded, features=np.zeros((0, 0), np.float32), field=np.zeros((0, 0), np.float32))


def labelled_lesson(shape: LabelledShape, segmenter: PartSegmenter, words: Sequence[str]) -> Lesson | None:
    """A person's labels of a shape, limited to the taught words."""
    names = [clean(n) for n in shape.names]
    place = np.array([words.index(n) if n in words else -1 for n in names] + [-1])
    finite = np.isfinite(shape.points).all(axis=1)
    labels = place[shape.labels[finite]]
    if not (labels >= 0).any():
        return None
    return Lesson(lean(segmenter.encode([shape.points[finite]], shape.up)[0]), (), labels)


def soft_targets(lesson: Lesson, scores: Sequence[float], classes: int, labelled: float) -> np.ndarray:
    """(S, C) membership of each sample in each class, from its masks' scores; human labels count more."""
    encoded = lesson.encoded
    targets = np.zeros((encoded.patches.count, classes))
    share = 1.0 / np.maximum(encoded.points_of, 1)
    for known, score in zip(lesson.knowledge, scores, strict=True):
        covered = np.bincount(encoded.member, known.points[encoded.rows], encoded.patches.count)
        targets[:, known.label] += score * covered * share
    if lesson.labels is not None:
        labels = lesson.labels[encoded.rows]
        for c in range(classes):
            told = np.bincount(encoded.member, labels == c, encoded.patches.count)
            targets[:, c] += labelled * told * share
    return targets
