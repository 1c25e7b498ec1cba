"""Benchmarks that papers report, read from the layouts in which their authors distribute them."""
