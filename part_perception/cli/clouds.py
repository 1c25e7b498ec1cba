"""Clouds on the command line: expands file patterns, and reads and writes clouds with their gravity and holes."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from part_perception.cli.usage import direction
from part_perception.errors import InputError
from part_perception.files import CloudFile, read_cloud, write_cloud
from part_perception.files.clouds import KNOWN_ENDINGS
from part_perception.files.depth_image import DEPTH_ENDINGS, Intrinsics, read_depth
from part_perception.files.mesh import write_mesh


def open_cloud(path: Path, camera: Intrinsics | None = None) -> CloudFile:
    """A file's cloud; in an organised cloud, zeros are holes, as in depth images."""
    if path.suffix.lower() in DEPTH_ENDINGS:
        if camera is None:
            raise InputError(
                f"{path} is an image: only `part-perception ask` reads depth images, with their camera "
                "(--intrinsics fx,fy,cx,cy, in pixels)"
            )
        return read_depth(path, camera)
    cloud = read_cloud(path)
    if cloud.size is None:
        return cloud
    points = np.where((cloud.points == 0).all(axis=1, keepdims=True), np.nan, cloud.points)
    return replace(cloud, points=points)


def files_meant(words: Sequence[str], queries: list[str]) -> list[Path]:
    """The files of a command line, with patterns such as '*.ply' expanded.

    A file after the texts of -q is parsed as one of them; it is moved back to the files.
    """
    swallowed = [text for text in queries if Path(text).suffix.lower() in (*KNOWN_ENDINGS, *DEPTH_ENDINGS)]
    queries[:] = [text for text in queries if text not in swallowed]
    files: list[Path] = []
    for word in (*words, *swallowed):
        found = sorted(glob.glob(word)) if glob.has_magic(word) and not Path(word).exists() else [word]
        if not found:
            raise InputError(f"no file matches the pattern {word!r}")
        files += map(Path, found)
    return files


def write_labelled(path: Path, cloud: CloudFile, labels: np.ndarray, scores, names: tuple[str, ...]) -> None:
    """Write a cloud with a label for each point, or a mesh with labels of its vertices and faces."""
    if cloud.mesh is not None:
        write_mesh(path, cloud.points, labels, cloud.mesh, names, cloud.up_axis)
    else:
        write_cloud(path, cloud.grid, cloud.colours, labels, scores, names, cloud.up_axis)


def up_of(cloud: CloudFile, given: tuple[float, float, float] | None) -> tuple[float, float, float]:
    """The up direction: the given one, else the file's, else +z."""
    return given or direction(cloud.up_axis or "z")
