"""Shapes: generated objects whose parts have names."""
