"""Simulated scenes with truth: generated objects on tables and floors, seen by depth cameras with their faults."""
