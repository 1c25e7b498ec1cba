"""Runtimes: where the encoder's graph runs. Each turns stacked patches into language features and a part field."""
