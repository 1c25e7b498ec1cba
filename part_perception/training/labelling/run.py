"""Run: every object of the inputs → a labelled-shape file, one after the other; finished ones are skipped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.files import read_cloud
from part_perception.files.arrays import Npz
from part_perception.files.cloud import NamedMasks
from part_perception.files.clouds import KNOWN_ENDINGS
from part_perception.files.labelled_shapes import LabelledShape, save_shape
from part_perception.geometry import AXES
from part_perception.geometry.poses import level
from part_perception.recordings.reading import BAGS, find_inputs, shots_of
from part_perception.recordings.shots import FRAMES, Shot, Topics
from part_perception.scene.perception import ScenePerception
from part_perception.segmenter import PartSegmenter
from part_perception.storage import read_file, write_atomic
from part_perception.training.distill.lessons import objects_of
from part_perception.training.labelling.namers import Namer, names_of
from part_perception.training.labelling.views import (
    PARTS,
    Proposer,
    Thing,
    View,
    proposals,
    recorded_view,
    rendered_views,
)
from part_perception.training.progress import Say

REQUEST, ANSWERS = "request.json", ".answers"
_MAX_POINTS = 8192
_MIN_POINTS = 64
_AGREED = 0.5  # of the votes where a name has most: the points with at least as many have the name
_MIN_NAMED = 8  # points
_MIN_SCORE = 0.05
_MAX_NAMES = 100


@dataclass(frozen=True)
class Request:
    """What to label, and who proposes and names. `category` is what the objects are, where files do not say it."""

    inputs: tuple[str, ...]
    proposer: str = PARTS
    namer: str = ""
    words: tuple[str, ...] = ()
    category: str = ""
    views: int = 8
    frames: int = FRAMES
    topics: Topics = Topics()


@dataclass(frozen=True)
class Done:
    """The results of a run: files written now and before, unnamed objects, and all names."""

    written: int
    before: int
    nameless: int
    names: dict[str, int]


def label(
    request: Request, out: Path, segmenter: PartSegmenter, proposer: Proposer, namer: Namer, say: Say = print
) -> Done:
    """Write a file for every object into `out`, which also keeps what was asked for; another request is refused."""
    _open(out, request)
    written = before = nameless = 0
    names: dict[str, int] = {}
    for file, views in things(request, out, segmenter):
        if file.is_file():
            before += 1
            continue
        named = named_points(views, proposer, namer)
        if named is None:
            nameless += 1
            say(f"{file.stem}: no part of it was named")
            continue
        save_shape(file, labelled(views[0].thing, named))
        written += 1
        for name in named.names:
            names[name] = names.get(name, 0) + 1
        say(
            f"{file.name}: {', '.join(f'{n} {s:.2f}' for n, s in zip(named.names, named.scores, strict=True))}"
        )
    if not written + before + nameless:
        raise InputError("none of the recordings shows an object")
    return Done(written, before, nameless, names)


def _open(out: Path, request: Request) -> None:
    text = json.dumps(asdict(request), indent=1)
    out.mkdir(parents=True, exist_ok=True)
    file = out / REQUEST
    if file.is_file() and file.read_text() != text and any(out.glob("*.npz")):
        raise InputError(f"{out} holds what another request labelled: choose another --out, or remove it")
    write_atomic(file, text.encode())


# --- from files to objects and their views --------------------------------------------------------------------
def things(request: Request, out: Path, segmenter: PartSegmenter) -> Iterator[tuple[Path, Sequence[View]]]:
    """The output file of every object, and its views; of a shape that is labelled already, no views are made."""
    taken: set[str] = set()
    for path in find_things(request.inputs):
        stem = _free(re.sub(r"[^\w.-]+", "_", path.stem), taken)
        if not is_recording(path):
            file = out / f"{stem}.npz"
            yield (
                file,
                () if file.is_file() else rendered_views(shape_of(path, request.category), request.views),
            )
            continue
        scene = ScenePerception(segmenter)
        shots = shots_of(path, request.words, True, request.topics, request.frames)
        for number, shot in enumerate(shots):
            for place, view in enumerate(_seen(shot, scene, request.category, path)):
                yield out / f"{stem}-{number:04}-{place:02}.npz", (view,)


def find_things(inputs: Sequence[str]) -> list[Path]:
    """Shapes, bags and moments; a folder that is not a bag stands for its content."""
    return find_inputs([Path(i) for i in inputs], (*KNOWN_ENDINGS, *BAGS), "shape or recording")


def is_recording(path: Path) -> bool:
    """Bags, and moments: .npz files with a camera model."""
    if path.is_dir() or path.suffix.lower() in BAGS:
        return True
    if path.suffix.lower() != ".npz":
        return False
    with Npz(read_file(path)) as arrays:
        return "K" in arrays.names


def shape_of(path: Path, category: str) -> Thing:
    """Read one shape from a file, with at most as many points as labelled shapes can use."""
    cloud = read_cloud(path)
    points = np.asarray(cloud.points, float).reshape(-1, 3)
    keep = np.flatnonzero(np.isfinite(points).all(axis=1))
    if len(keep) < _MIN_POINTS or not np.ptp(points[keep], axis=0).max() > 0:
        raise InputError(f"{path} has no shape: it needs at least {_MIN_POINTS} points and some extent")
    if len(keep) > _MAX_POINTS:
        keep = np.sort(np.random.default_rng(0).choice(keep, _MAX_POINTS, replace=False))
    colours = None if cloud.colours is None else cloud.colours.reshape(-1, 3)[keep]
    up = np.array(AXES[cloud.up_axis or "z"])
    return Thing(path.stem, points[keep], up, category or cloud.category or "object", colours)


def _seen(shot: Shot, scene: ScenePerception, category: str, path: Path) -> Iterable[View]:
    if shot.image is None:
        raise InputError(f"{path} has no image that names could be read from")
    if shot.image.shape[:2] != (shot.camera.height, shot.camera.width):
        raise InputError(f"{path}: the image and its camera model have different sizes")
    for encoded in objects_of(shot, scene):
        if len(encoded.points) >= _MIN_POINTS:
            thing = Thing(shot.name, encoded.points, np.asarray(encoded.up, float), category or "object")
            view = recorded_view(thing, shot)
            if view is not None:
                yield view


def _free(stem: str, taken: set[str]) -> str:
    """Return a unique name, since files in different folders may have the same one."""
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name)
    return name


# --- from views to names --------------------------------------------------------------------------------------
def named_points(views: Sequence[View], proposer: Proposer, namer: Namer) -> NamedMasks | None:
    """Merge the names of all views: for each name, a mask of points and the views' agreement on it."""
    count = len(views[0].thing.points)
    seen = np.zeros(count)
    votes: dict[str, np.ndarray] = {}
    for view in views:
        seen += view.visible
        found = proposals(view, proposer)
        here: dict[str, np.ndarray] = {}
        for (mask, score), names in zip(found, names_of(view, [m for m, _ in found], namer), strict=True):
            covered = view.covered(mask)
            for name, sure in names:
                here[name] = np.maximum(here.get(name, 0.0), score * sure * covered)
        for name, vote in here.items():
            votes[name] = votes.get(name, 0.0) + vote
    return _agreed(votes, seen)


def _agreed(votes: dict[str, np.ndarray], seen: np.ndarray) -> NamedMasks | None:
    """Return the points on which most views agree, by name, most confident first; None without a name."""
    kept = []
    for name, total in votes.items():
        mean = total / np.maximum(seen, 1)
        mask = (mean >= _AGREED * mean.max()) & (mean > 0)
        score = float(mean[mask].mean()) if mask.any() else 0.0
        if mask.sum() >= _MIN_NAMED and score >= _MIN_SCORE:
            kept.append((score, name, mask))
    kept = sorted(kept, key=lambda each: (-each[0], each[1]))[:_MAX_NAMES]
    if not kept:
        return None
    scores, names, masks = zip(*kept, strict=True)
    return NamedMasks(np.stack(masks), names, np.minimum(np.array(scores, np.float32), 1.0))


def labelled(thing: Thing, named: NamedMasks) -> LabelledShape:
    """Build the shape with z up. A point's flat label is its smallest mask, which has the finest name."""
    labels = np.full(len(thing.points), -1)
    for k in np.argsort(-named.masks.sum(axis=1), kind="stable"):
        labels[named.masks[k]] = k
    points = thing.points @ level(thing.up).T
    return LabelledShape(thing.name, points, labels, named.names, thing.category, AXES["z"], named)
