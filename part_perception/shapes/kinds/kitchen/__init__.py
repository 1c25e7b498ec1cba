"""Kitchen: what one cooks, eats and drinks with."""
