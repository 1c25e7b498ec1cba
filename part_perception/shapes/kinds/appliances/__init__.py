"""Appliances: machines of the home."""
