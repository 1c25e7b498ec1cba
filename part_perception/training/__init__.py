"""Training: making data, learning from it, and keeping what was learned."""
