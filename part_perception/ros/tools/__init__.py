"""Tools around the node: bags, bench, demo, the simulated camera."""
