"""Tools and the workshop."""
