"""Finds named parts of objects in a live depth camera's view, or answers honestly that they are not there."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from part_perception.errors import InputError
    from part_perception.files import read_cloud
    from part_perception.grasping.gripper import Gripper
    from part_perception.scene import ScenePerception
    from part_perception.scene.config import SceneConfig
    from part_perception.segmenter import PartSegmenter
    from part_perception.types import Answer, Grasp, Part

__version__ = "0.2.0"
__all__ = [
    "Answer",
    "Grasp",
    "Gripper",
    "InputError",
    "Part",
    "PartSegmenter",
    "SceneConfig",
    "ScenePerception",
    "read_cloud",
]

_HOMES = {
    "Answer": "part_perception.types",
    "Grasp": "part_perception.types",
    "Gripper": "part_perception.grasping.gripper",
    "InputError": "part_perception.errors",
    "Part": "part_perception.types",
    "PartSegmenter": "part_perception.segmenter",
    "SceneConfig": "part_perception.scene.config",
    "ScenePerception": "part_perception.scene",
    "read_cloud": "part_perception.files",
}


def __getattr__(name: str) -> object:
    """Load a public name on first use, so that importing the package stays cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
