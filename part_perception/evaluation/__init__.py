"""Measure accuracy and speed: metrics, protocols and benchmarks."""
