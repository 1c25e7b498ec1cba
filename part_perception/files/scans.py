"""Laser scans (.las .laz), if laspy is installed; .laz needs one of its decoders as well."""

from __future__ import annotations

import importlib.util
import io

import numpy as np

from part_perception.errors import InputError
from part_perception.files.cloud import CloudFile, as_bytes, as_integers, require_room

SCAN_ENDINGS = (".las", ".laz")
_NEED = "needs laspy: pip install 'part_perception[las]'"


def read_scan(data: bytes) -> CloudFile:
    if importlib.util.find_spec("laspy") is None:
        raise InputError(f"is a laser scan, which {_NEED}")
    import laspy

    try:
        with laspy.open(io.BytesIO(data)) as reader:
            count, width = reader.header.point_count, reader.header.point_format.size
            require_room(count * max(width, 24), "points")
            scan = reader.read()
        points = np.stack([np.asarray(scan.x), np.asarray(scan.y), np.asarray(scan.z)], axis=1)
        names = set(scan.point_format.dimension_names)
        colours = None
        if {"red", "green", "blue"} <= names:
            colours = _colours(
                np.stack([np.asarray(scan[c], np.uint16) for c in ("red", "green", "blue")], axis=1)
            )
        labels = as_integers(np.asarray(scan.classification), "classification")
    except (InputError, MemoryError):
        raise
    except Exception as error:  # the readers can raise anything
        raise InputError(f"cannot be read as a laser scan: {' '.join(str(error).split())[:200]}") from None
    if len(points) != count:
        raise InputError(f"ends before its {count} points do")
    return CloudFile(points, colours, labels)


def _colours(colours: np.ndarray) -> np.ndarray:
    """Colours as uint8. They should fill 16 bits, but many writers leave the 8 bits of a photo as they are."""
    return as_bytes(colours if colours.max(initial=0) > 255 else colours.astype(np.uint8))
