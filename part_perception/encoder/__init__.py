"""From an object's points to features: sampling, the network, its file, and the runtimes it runs on."""
