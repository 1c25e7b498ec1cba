"""Vehicles: things that roll, float and fly."""
