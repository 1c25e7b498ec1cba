"""Furniture, from boards, fronts and legs. Fronts face +x."""
