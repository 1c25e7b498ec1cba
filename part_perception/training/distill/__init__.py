"""Distill: improve a 3-D model with a noisy 2-D model's scored masks on unlabelled recordings."""
