"""Furniture, lamps and decoration."""
