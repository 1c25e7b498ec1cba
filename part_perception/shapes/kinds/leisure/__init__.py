"""Leisure: toys, sports and music."""
