"""Geometry: poses, boxes and outlines."""
