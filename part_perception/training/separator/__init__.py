"""The separator's training: pictures of simulated scenes, the network, and the run."""
