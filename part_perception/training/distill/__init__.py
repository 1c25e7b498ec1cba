"""Distill: a better 3-D model from unlabelled recordings and a noisy 2-D model's scored masks, in both directions."""
