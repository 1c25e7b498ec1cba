"""Appliances: household machines."""
