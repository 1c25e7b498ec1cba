"""Models: where they lie, what they are, and how they come here and leave."""
