"""Where is the handle? Named parts of objects from a live depth camera, or an honest "not there"."""

from importlib import import_module

__version__ = "0.1.0"
__all__ = ["PartSegmenter", "ScenePerception"]

_HOMES = {"PartSegmenter": "part_perception.segmenter", "ScenePerception": "part_perception.scene"}


def __getattr__(name: str) -> object:
    """Load the public classes on first use, so that importing the package costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
