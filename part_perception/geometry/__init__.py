"""Geometry: poses, boxes and outlines."""

# keyed by the letters used in files and commands
AXES = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}
