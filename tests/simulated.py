"""A mild depth camera for tests of rules: noise and steps, but no blur across edges. Harsher: `eval --scenes`."""

from dataclasses import replace

from part_perception.simulation.sensors import SENSORS

MILD = replace(
    SENSORS["perfect"], grain=0.0009, lumps=0.0005, lump_px=8.0, step=0.0005, holes=0.002, hole_px=2.0
)
