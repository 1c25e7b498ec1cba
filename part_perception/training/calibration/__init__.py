"""Calibration: confidence and masks fitted on fresh views."""
