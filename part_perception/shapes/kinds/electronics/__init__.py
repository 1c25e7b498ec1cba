"""Electronics and gadgets."""
