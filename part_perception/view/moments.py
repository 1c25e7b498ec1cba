"""Moments: the clouds of files, folders and recordings in the order of time, each read when it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.files import CloudFile, read_cloud
from part_perception.files.clouds import KNOWN_ENDINGS
from part_perception.geometry import AXES
from part_perception.recordings.reading import BagClouds

BAGS = (".mcap", ".db3")
MAX_MOMENTS = 100_000


@dataclass(frozen=True)
class Cloud:
    """What a moment holds. `whole`: it is one object that stands alone; `up` None: find it in the cloud."""

    points: np.ndarray
    colours: np.ndarray | None
    whole: bool
    up: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Moment:
    """A name, when it was (seconds), whether it belongs to the one before it, and how to read it."""

    name: str
    stamp: float
    follows: bool
    read: Callable[[], Cloud]


def moments_of(paths: Sequence[Path], scene: bool = False, up=None, topic: str | None = None) -> list[Moment]:
    """All moments of cloud files, folders of them, and bags; scene: clouds without an image's rows are scenes, too."""
    found: list[Moment] = []
    for path in paths:
        if not path.exists():
            raise InputError(f"there is no file {path}")
        if path.suffix in BAGS or (path / "metadata.yaml").is_file():
            found += bag_moments(path, up, topic)
        else:
            found += [file_moment(file, scene, up) for file in cloud_files(path)]
    if len(found) > MAX_MOMENTS:
        raise InputError(f"these are {len(found)} clouds; at most {MAX_MOMENTS} can be looked at in one go")
    return found


def cloud_files(path: Path) -> list[Path]:
    """A cloud file, or all of a folder."""
    if not path.is_dir():
        return [path]
    files = [file for file in sorted(path.iterdir()) if file.suffix.lower() in KNOWN_ENDINGS]
    if not files:
        raise InputError(f"{path} holds no cloud ({' '.join(KNOWN_ENDINGS)}) and is no bag")
    return files


def file_moment(path: Path, scene: bool, up) -> Moment:
    return Moment(path.name, 0.0, False, partial(read_file_cloud, path, scene, up))


def read_file_cloud(path: Path, scene: bool, up) -> Cloud:
    """An image of points is a scene seen from the origin; other clouds are one object unless `scene` is said."""
    file = read_cloud(path)
    whole = not scene and file.size is None
    upward = up or (AXES[file.up_axis or "z"] if whole else AXES.get(file.up_axis))
    return Cloud(grid_of(file), file.colours, whole, upward)


def grid_of(file: CloudFile) -> np.ndarray:
    """The file's points; in an image of them zeros are holes."""
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
