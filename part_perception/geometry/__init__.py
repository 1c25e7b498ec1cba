"""Geometry: poses, boxes and outlines."""

AXES = {
    "x": (1.0, 0.0, 0.0),
    "y": (0.0, 1.0, 0.0),
    "z": (0.0, 0.0, 1.0),
}  # by the letters of files and commands
