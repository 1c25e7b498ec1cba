"""Runtimes: run the encoder's graph. Each turns stacked patches into language features and a part field."""
