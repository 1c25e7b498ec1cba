"""Encoder: turns an object's points into features: sampling, the network, its files, and its runtimes."""
