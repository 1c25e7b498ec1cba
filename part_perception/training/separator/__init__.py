"""Training of the separator: pictures of simulated scenes, the network, and the run."""
