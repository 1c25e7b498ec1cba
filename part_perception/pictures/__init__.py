"""Pictures of point clouds: a small software renderer (numpy) with overlays (Pillow)."""

from importlib import import_module
from typing import Any

from part_perception.pictures.palette import PALETTE, colours_of

_HOMES = {
    "camera_axes": "sheets",
    "contact_sheet": "sheets",
    "render_points": "sheets",
    "picture_of_answer": "answers",
    "picture_of_cloud": "answers",
    "picture_of_frame": "answers",
    "picture_of_labels": "answers",
}
__all__ = ["PALETTE", "colours_of", *_HOMES]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    """Load the drawing code on first use: the node only needs the colours."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
