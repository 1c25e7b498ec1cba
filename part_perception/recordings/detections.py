"""Recorded output of a 2-D model: reads vision_msgs detections or mask images as scored masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from part_perception.errors import InputError
from part_perception.recordings import images
from part_perception.recordings.shots import Camera, ScoredMask, box_mask

DETECTIONS = "vision_msgs/msg/Detection2DArray"
LABELS = "vision_msgs/msg/LabelInfo"
_SURE = 1.0  # a mask image has no confidence


def class_names(info) -> dict[str, str]:
    """Class names by class number (as text) from a LabelInfo message."""
    return {str(c.class_id): c.class_name for c in info.class_map}


def masks_of(
    message, camera: Camera, words: Sequence[str], names: Mapping[str, str]
) -> tuple[ScoredMask, ...]:
    """The masks in a message. Values of a mask image are classes, or without names, word positions from 1."""
    if hasattr(message, "detections"):
        return tuple(_detected(message, camera, names))
    values = images.mask_of(message)
    names = names or {str(i): word for i, word in enumerate(words, 1)}
    here = (int(v) for v in np.unique(values) if v != 0)
    return tuple(ScoredMask(names.get(str(v), str(v)), values == v, _SURE) for v in here)


def _detected(message, camera: Camera, names: Mapping[str, str]):
    for detection in message.detections:
        box = detection.bbox
        centre = getattr(box.center, "position", box.center)  # before Humble, a plain Pose2D
        x, y, w, h = centre.x, centre.y, box.size_x / 2, box.size_y / 2
        try:
            mask = box_mask((x - w, y - h, x + w, y + h), (camera.height, camera.width))
        except InputError:  # a detector's box outside the image shows nothing
            continue
        for result in detection.results:
            said = result.hypothesis
            yield ScoredMask(names.get(said.class_id, said.class_id), mask, float(said.score))
