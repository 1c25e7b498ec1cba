"""The scene settings that users may change; everything else follows from the sensor's geometry and noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from part_perception.errors import InputError
from part_perception.settings import check_types, setting

UNITS = ("metres", "millimetres")
SUPPORTS = ("auto", "none")
SEPARATORS = ("learned", "gaps")


def _is_corner(corner: Any) -> bool:
    """Whether these are three numbers, which may be infinite."""
    return np.shape(corner) == (3,) and all(isinstance(v, Real) and not math.isnan(v) for v in corner)


@dataclass(frozen=True)
class SceneConfig:
    """Lengths in metres, times in seconds."""

    units: str = setting("metres", "Unit of the cloud's coordinates", choices=UNITS)
    min_range: float = setting(0.1, "Nearer points are ignored, metres", 0.0, 10.0)
    max_range: float = setting(3.5, "Farther points are ignored, metres", 0.01, 100.0)
    crop_min: tuple[float, float, float] | None = setting(
        None, "Lower corner of the box to look in, cloud frame; empty = no limit"
    )
    crop_max: tuple[float, float, float] | None = setting(
        None, "Upper corner of the box to look in, cloud frame; empty = no limit"
    )
    support: str = setting("auto", "Find the table or floor and remove it", choices=SUPPORTS)
    separator: str = setting(
        "learned",
        "What separates objects: gaps in depth alone, or a network as well (learned)",
        choices=SEPARATORS,
    )
    max_support_tilt_deg: float = setting(
        20.0, "A plane that tilts more is not a support, degrees", 0.0, 90.0
    )
    whole_cloud: bool = setting(False, "The cloud is one object that stands alone: nothing is cut out")
    object_gap: float = setting(
        0.008, "Points farther apart belong to different objects, metres", 0.0005, 1.0
    )
    min_object_size: float = setting(0.02, "Smaller things are ignored, metres", 0.0, 10.0)
    max_object_size: float = setting(3.0, "Larger things are ignored, metres", 0.01, 100.0)
    min_object_points: int = setting(80, "Things with fewer points are ignored", 1, 1000000)
    max_objects: int = setting(16, "At most this many objects, the nearest ones", 1, 1000)
    max_object_samples: int = setting(
        4096, "Maximum number of an object's points that the model sees", 256, 65536
    )
    remember: float = setting(3.0, "Seconds that an object out of sight keeps its number", 0.0, 600.0)
    max_seconds: float = setting(
        5.0,
        "A cloud that takes longer to cut into objects is refused, and the next one taken, seconds",
        0.05,
        600.0,
    )
    max_encode_ms: float = setting(
        0.0,
        "Encoding may take this much of a frame, milliseconds: new and large objects first, the others with the "
        "next frame; 0 = no limit",
        0.0,
        60000.0,
    )
    views: int = setting(3, "Views of an object that are kept and averaged", 1, 32)

    def __post_init__(self) -> None:
        check_types(self, "scene.")
        if self.units not in UNITS:
            raise InputError(f"scene.units must be one of {UNITS}, not {self.units!r}")
        if self.separator not in SEPARATORS:
            raise InputError(f"scene.separator must be one of {SEPARATORS}, not {self.separator!r}")
        if self.support not in SUPPORTS:
            raise InputError(f"scene.support must be one of {SUPPORTS}, not {self.support!r}")
        if not 0 <= self.min_range < self.max_range:
            raise InputError("scene.min_range must be at least 0 and less than scene.max_range")
        for name, corner in (("crop_min", self.crop_min), ("crop_max", self.crop_max)):
            if corner is not None and not _is_corner(corner):
                raise InputError(f"scene.{name} must be three numbers, or None for no limit, not {corner!r}")
        if not 0 < self.min_object_size < self.max_object_size:
            raise InputError("scene.min_object_size must be more than 0 and less than scene.max_object_size")
        if min(self.max_objects, self.views) < 1 or min(self.min_object_points, self.max_object_samples) < 32:
            raise InputError(
                "scene: at least 1 object and view, and 32 points and samples of an object, are needed"
            )
        if self.object_gap <= 0 or self.remember < 0:
            raise InputError("scene.object_gap must be more than 0 and scene.remember at least 0")
