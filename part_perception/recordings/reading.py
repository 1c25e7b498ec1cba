"""Reading: a robot's own recordings, bags or moments in .npz files, as shots or as clouds by index.

A moment is an .npz with `points`, (N, 3) of one object or (H, W, 3) of a scene, in the camera's frame (x
right, y down, z forward), `K` (3, 3) and `image` (H, W, 3), or a 2-D model's output: `masks` (M, H, W) or
`boxes` (M, 4) with `image_size` (width, height), `words` (M,) and `scores` (M,).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.files.arrays import Npz
from part_perception.recordings import images
from part_perception.recordings.bag_reader import BagReader
from part_perception.recordings.bags import bag_shots, depth_topics, only, source
from part_perception.recordings.point_clouds import points_and_colours
from part_perception.recordings.shots import (
    ANY,
    FRAMES,
    Camera,
    ScoredMask,
    Shot,
    Topics,
    box_mask,
    check_room,
)
from part_perception.storage import read_file

_KNOWN = ("points", "K", "image", "masks", "boxes", "image_size", "words", "scores")


BAGS = (".mcap", ".db3")


def find_recordings(paths: Sequence[Path]) -> list[Path]:
    """Bags and moments; a folder that is not a bag stands for all the moments and bags in it."""
    return find_inputs(paths, (".npz", *BAGS), "recording")


def find_inputs(paths: Sequence[Path], endings: Sequence[str], kind: str) -> list[Path]:
    """Bags and files; a folder that is not a bag stands for the bags in it and the files with these endings."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise InputError(f"there is no {kind} {path}")
        if path.is_dir() and not (path / "metadata.yaml").is_file():
            inside = [p for p in sorted(path.iterdir()) if p.suffix.lower() in endings]
            inside += [p.parent for p in sorted(path.glob("*/metadata.yaml"))]
            if not inside:
                raise InputError(
                    f"{path} holds no {kind}: no bag, and no file that ends in {', '.join(endings)}"
                )
            found += inside
        else:
            found.append(path)
    return found


def shots_of(
    path: Path, words: Sequence[str], look: bool, topics: Topics = ANY, most: int = FRAMES
) -> Iterator[Shot]:
    """At most `most` shots of a recording, spread evenly. look: with images, else with a model's output."""
    if path.suffix == ".npz":
        yield load_moment(path)
    else:
        yield from bag_shots(path, words, look, topics, most)


def load_moment(path: Path) -> Shot:
    """Load one moment; an error names what it lacks."""
    try:
        with Npz(read_file(path)) as arrays:
            given = {name: array for name in _KNOWN if (array := arrays.get(name)) is not None}
    except InputError as error:
        raise InputError(f"{path} is not a recording: {str(error).removeprefix(f'{path} ')}") from error
    try:
        return _moment(path, given)
    except InputError:
        raise
    except (TypeError, ValueError, OverflowError, IndexError) as error:  # arrays can have any shape and type
        raise InputError(f"{path} is not a recording: {error}") from error


def _moment(path: Path, given: dict[str, np.ndarray]) -> Shot:
    """The moment in the arrays of a file."""
    if "K" not in given:
        raise InputError(f"{path} has no camera model: it needs K, a 3 × 3 matrix")
    if "points" not in given or not {"image", "words"} & set(given):
        raise InputError(f"{path} is not a recording: it needs points, and image or words")
    masks = _said(path, given) if "words" in given else None
    image = given.get("image")
    if image is not None and (image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8):
        raise InputError(f"image in {path} must be (H, W, 3) uint8, not {image.dtype} {image.shape}")
    height, width = _size(path, given, image)
    camera = Camera(given["K"], width, height, np.eye(3), np.zeros(3))
    return Shot(str(path), np.asarray(given["points"], np.float32), camera, image, masks)


def _size(path: Path, given: dict[str, np.ndarray], image: np.ndarray | None) -> tuple[int, int]:
    if image is not None:
        return image.shape[:2]
    if "masks" in given:
        return given["masks"].shape[1:]
    if "image_size" not in given:
        raise InputError(f"{path} needs masks, or boxes with image_size")
    width, height = (int(v) for v in given["image_size"])
    return height, width


def _said(path: Path, given: dict[str, np.ndarray]) -> tuple[ScoredMask, ...]:
    masks = _masks(path, given)
    words, scores = given["words"], given.get("scores", np.zeros(0))
    if not len(masks) == len(words) == len(scores):
        raise InputError(f"{path} has {len(masks)} masks, {len(words)} words and {len(scores)} scores")
    return tuple(ScoredMask(str(w), m, float(s)) for w, m, s in zip(words, masks, scores, strict=True))


def _masks(path: Path, given: dict[str, np.ndarray]) -> list[np.ndarray]:
    if "masks" in given:
        if given["masks"].ndim != 3:
            raise InputError(f"masks in {path} must be (M, H, W), not {given['masks'].shape}")
        return list(given["masks"] > 0)
    if "boxes" not in given:
        raise InputError(f"{path} needs masks, or boxes with image_size")
    size = _size(path, given, None)
    check_room(len(given["boxes"]), size)
    return [box_mask(box, size) for box in given["boxes"]]


CLOUD = "sensor_msgs/msg/PointCloud2"


class BagClouds:
    """One topic of a bag; `stamps` (N,) in nanoseconds, in order. Each cloud is read on demand."""

    def __init__(self, path: Path, topic: str | None = None):
        self.path = path
        with BagReader(path) as bag:
            measured = [*bag.topics(CLOUD), *depth_topics(bag)]
            if topic is not None and topic not in measured:
                raise InputError(f"{path} has no clouds on {topic}; it has {', '.join(measured) or 'none'}")
            self.topic = topic or _chosen(bag, measured)
            self._camera = None if self.topic in bag.topics(CLOUD) else source(bag, self.topic)
            self.stamps = bag.stamps(self.topic)

    def read(self, index: int) -> tuple[np.ndarray, np.ndarray | None]:
        """Points (H, W, 3) or (N, 3) of one moment, and their colours."""
        with BagReader(self.path) as bag:
            found = bag.at({self.topic: {int(self.stamps[index])}})
            message = next((message for _, message in found), None)
        if message is None:
            raise InputError(f"{self.path} no longer has its cloud {index}; has it been changed?")
        if self._camera is not None:
            depth = images.depth_of(message)
            return self._camera.lens(depth.shape).cloud(depth), None
        try:
            return points_and_colours(message)
        except InputError as error:
            raise InputError(f"cloud {index} of {self.path} cannot be read: {error}") from None


def _chosen(bag: BagReader, measured: list[str]) -> str:
    """The only topic with clouds, or else the only one with depth images."""
    clouds = bag.topics(CLOUD)
    if len(clouds) > 1:
        raise InputError(f"{bag.path} has several clouds; name one with --topic: {', '.join(clouds)}")
    if not measured:
        raise InputError(f"{bag.path} holds neither clouds (PointCloud2) nor depth images")
    return clouds[0] if clouds else only(bag, "depth image", measured, "topic")
