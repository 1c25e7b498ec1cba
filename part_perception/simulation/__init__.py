"""Simulated scenes with ground truth: generated objects on tables and floors, seen by simulated sensors."""
