"""Pictures of point clouds: a small software renderer (numpy) and what is drawn over it (Pillow)."""

from part_perception.pictures.answers import (
    picture_of_answer,
    picture_of_cloud,
    picture_of_frame,
    picture_of_labels,
)
from part_perception.pictures.palette import PALETTE, colours_of
from part_perception.pictures.sheets import camera_axes, contact_sheet, render_points

__all__ = [
    "PALETTE",
    "camera_axes",
    "colours_of",
    "contact_sheet",
    "picture_of_answer",
    "picture_of_cloud",
    "picture_of_frame",
    "picture_of_labels",
    "render_points",
]
