"""PatchAlign3D's own recipe: first a 2-D model's features of patches, then the names of their points."""
