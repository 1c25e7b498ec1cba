"""Household: boxes, buckets, plants and the garden."""
