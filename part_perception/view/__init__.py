"""The view in a browser: what the camera sees, what was found in it, and the marking of new words."""
