"""Calibration: fit confidence and masks on fresh views."""
