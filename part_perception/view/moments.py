"""Moments: the clouds of files, folders and recordings in time order, each read on demand."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from part_perception.encoder.strays import viewpoint_of
from part_perception.errors import InputError
from part_perception.files import CloudFile, read_cloud
from part_perception.files.clouds import KNOWN_ENDINGS
from part_perception.geometry import AXES
from part_perception.grasping.gripper import Gripper
from part_perception.grasping.lone_object import with_grasps
from part_perception.recordings.reading import BagClouds
from part_perception.scene.config import SceneConfig
from part_perception.scene.decode import MILLIMETRES_FROM
from part_perception.scene.frame import Frame
from part_perception.scene.perception import ScenePerception
from part_perception.segmenter import PartSegmenter
from part_perception.view.examples import Example
from part_perception.view.shown import Shown, shown

BAGS = (".mcap", ".db3")
MAX_MOMENTS = 100_000


@dataclass(frozen=True)
class Cloud:
    """The content of a moment. `whole`: it is a single object; `up` None: find it in the cloud.

    `origin`: what was subtracted from the points.
    """

    points: np.ndarray
    colours: np.ndarray | None
    whole: bool
    up: tuple[float, float, float] | None = None
    origin: np.ndarray = field(default_factory=lambda: np.zeros(3))


@dataclass(frozen=True)
class Moment:
    """A name, its time in seconds, whether it continues the previous moment, and how to read it."""

    name: str
    stamp: float
    follows: bool
    read: Callable[[], Cloud]


def moments_of(paths: Sequence[Path], scene: bool = False, up=None, topic: str | None = None) -> list[Moment]:
    """All moments of cloud files, folders of them, and bags; scene: unorganised clouds are scenes, too."""
    found: list[Moment] = []
    for path in paths:
        if not path.exists():
            raise InputError(f"there is no file {path}")
        if path.suffix in BAGS or (path / "metadata.yaml").is_file():
            found += bag_moments(path, up, topic)
        else:
            found += [file_moment(file, scene, up) for file in cloud_files(path)]
    if len(found) > MAX_MOMENTS:
        raise InputError(f"these are {len(found)} clouds; at most {MAX_MOMENTS} can be shown at once")
    return found


def cloud_files(path: Path) -> list[Path]:
    """The moment of a cloud file, or those of a folder."""
    if not path.is_dir():
        return [path]
    files = [file for file in sorted(path.iterdir()) if file.suffix.lower() in KNOWN_ENDINGS]
    if not files:
        raise InputError(f"{path} holds no cloud ({' '.join(KNOWN_ENDINGS)}) and is not a bag")
    return files


def file_moment(path: Path, scene: bool, up) -> Moment:
    return Moment(path.name, 0.0, False, partial(read_file_cloud, path, scene, up))


def read_file_cloud(path: Path, scene: bool, up) -> Cloud:
    """An organised cloud is a scene seen from the origin; other clouds are one object unless `scene` is set."""
    file = read_cloud(path)
    whole = not scene and file.size is None
    upward = up or (AXES[file.up_axis or "z"] if whole else AXES.get(file.up_axis))
    points = grid_of(file)
    origin = near_origin(points.reshape(-1, 3))
    if origin.any() and not whole:  # nothing is nearer to it than a camera could be
        origin += np.asarray(upward or AXES["z"], float)
    return Cloud(points - origin if origin.any() else points, file.colours, whole, upward, origin)


def near_origin(points: np.ndarray) -> np.ndarray:
    """An origin near the points: their middle, if they have the coordinates of a map, which single precision rounds."""
    there = points[np.isfinite(points).all(axis=1)].astype(float)
    if not len(there) or np.ptp(there, axis=0).max() > MILLIMETRES_FROM:  # those may be millimetres
        return np.zeros(3)
    middle = there.mean(axis=0)
    return middle if np.abs(middle).max() > MILLIMETRES_FROM else np.zeros(3)


def grid_of(file: CloudFile) -> np.ndarray:
    """The file's points; in an organised cloud, zeros are holes."""
    if file.size is None:
        return file.points
    holes = (file.points == 0).all(axis=1, keepdims=True)
    return replace(file, points=np.where(holes, np.nan, file.points)).grid


def bag_moments(path: Path, up, topic: str | None) -> list[Moment]:
    clouds = BagClouds(path, topic)
    first = clouds.stamps[0] if len(clouds.stamps) else 0

    def read(index: int) -> Cloud:
        points, colours = clouds.read(index)
        return Cloud(points, colours, False, up)

    return [
        Moment(
            f"{path.name} at {(stamp - first) * 1e-9:.2f} s", stamp * 1e-9, index > 0, partial(read, index)
        )
        for index, stamp in enumerate(map(int, clouds.stamps))
    ]


class StillSource:
    """Moments and their perception; the frame is kept while other words are asked."""

    def __init__(
        self,
        moments: Sequence[Moment],
        segmenter: PartSegmenter,
        config: SceneConfig | None = None,
        gripper: Gripper | None = None,
    ):
        self.moments, self._segmenter = moments, segmenter
        config = config or SceneConfig()
        alone = replace(config, whole_cloud=True, min_range=0.0, max_range=100.0)
        self._scenes = ScenePerception(segmenter, config, gripper)
        self._alone = ScenePerception(segmenter, alone, gripper)
        self._gripper = gripper or Gripper()
        self._index, self._milliseconds, self._is_alone = -1, 0.0, False
        self._frame: Frame
        self._colours: np.ndarray | None = None
        self._origin = np.zeros(3)

    def segmenter(self) -> PartSegmenter:
        """The model that answers clicks."""
        return self._segmenter

    @property
    def names(self) -> Sequence[str]:
        """The names of the moments, for the slider."""
        return [moment.name for moment in self.moments]

    def look(self, index: int, queries: Sequence[str]) -> Shown:
        """A moment with the answers to the queries."""
        moment = self.moments[index]
        start = time.perf_counter()
        if index != self._index:
            cloud = moment.read()
            start = time.perf_counter()  # reading a file does not count as the camera's time
            self._frame, self._colours, self._index = self._process(moment, cloud), cloud.colours, index
            self._is_alone, self._origin = cloud.whole, cloud.origin
            self._milliseconds = 1e3 * (time.perf_counter() - start)
            start = time.perf_counter()
        parts = self._frame.ask(list(queries)) if queries else []
        if self._is_alone:
            parts = with_grasps(parts, self._frame.view.points, self._frame.up, self._gripper)
        asked = 1e3 * (time.perf_counter() - start)
        took = self._milliseconds + asked
        return shown(moment.name, self._frame, self._colours, parts, took, self._origin)

    def closer(self) -> Shown:
        raise InputError("the moments of files have all their points")

    def _process(self, moment: Moment, cloud: Cloud) -> Frame:
        perception = self._alone if cloud.whole else self._scenes
        if not moment.follows:
            perception.forget()
        # in a map, the camera may be anywhere
        viewpoint: np.ndarray | None = None if cloud.origin.any() else np.zeros(3)
        if cloud.whole:
            finite = np.isfinite(cloud.points).all(axis=1)
            viewpoint = viewpoint_of(cloud.points[finite]) if finite.any() else None
        return perception.process(cloud.points, moment.stamp, cloud.up, viewpoint=viewpoint)

    def ask(self, queries: Sequence[str]) -> None:
        """Refuse queries that cannot be asked; the next frame answers the others."""
        for query in queries:
            self._segmenter.read(query)

    def teach(self, word: str, examples: Sequence[Example]) -> None:
        """Learn a word, effective at once."""
        self._segmenter.teach(word, [(example.upright, example.mask) for example in examples])
