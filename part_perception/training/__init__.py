"""Training: make data, learn from it, and save the result."""
