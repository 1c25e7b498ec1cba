"""What a user may want to set about the scene; everything else follows from the sensor's own geometry and noise."""

from __future__ import annotations

from dataclasses import dataclass

UNITS = ("metres", "millimetres")
SUPPORTS = ("auto", "none")


@dataclass(frozen=True)
class SceneConfig:
    """Lengths in metres, times in seconds."""

    units: str = "metres"
    min_range: float = 0.1
    max_range: float = 3.5
    crop_min: tuple[float, float, float] | None = None
    crop_max: tuple[float, float, float] | None = None
    support: str = "auto"
    max_support_tilt_deg: float = 20.0
    whole_cloud: bool = False
    object_gap: float = 0.008
    min_object_size: float = 0.02
    max_object_size: float = 3.0
    min_object_points: int = 80
    max_objects: int = 16
    max_object_samples: int = 4096
    remember: float = 3.0
    views: int = 3

    def __post_init__(self) -> None:
        if self.units not in UNITS:
            raise ValueError(f"scene.units must be one of {UNITS}, not {self.units!r}")
        if self.support not in SUPPORTS:
            raise ValueError(f"scene.support must be one of {SUPPORTS}, not {self.support!r}")
        if not 0 <= self.min_range < self.max_range:
            raise ValueError("scene.min_range must be at least 0 and less than scene.max_range")
        if not 0 < self.min_object_size < self.max_object_size:
            raise ValueError("scene.min_object_size must be more than 0 and less than scene.max_object_size")
        if min(self.max_objects, self.views) < 1 or min(self.min_object_points, self.max_object_samples) < 32:
            raise ValueError(
                "scene: at least 1 object and view, and 32 points and samples of an object, are needed"
            )
        if self.object_gap <= 0 or self.remember < 0:
            raise ValueError("scene.object_gap must be more than 0 and scene.remember at least 0")
