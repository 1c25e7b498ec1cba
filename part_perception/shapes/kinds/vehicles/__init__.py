"""Vehicles: what rolls, floats and flies."""
