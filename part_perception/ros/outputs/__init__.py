"""Outputs: what the node publishes."""
