"""Making training data, learning from it, and keeping what was learned."""
