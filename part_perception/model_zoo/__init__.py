"""Models: build, import, fetch and export them."""
