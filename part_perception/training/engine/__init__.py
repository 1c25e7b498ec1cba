"""The data engine: named parts on generated objects, seen by simulated depth cameras. Needs numpy only."""
