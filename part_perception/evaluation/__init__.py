"""How good are the answers, and how fast: metrics, protocols, benchmarks."""
