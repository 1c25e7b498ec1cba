"""Requests: services and the action."""
