"""Preview: a contact sheet of the data engine's kinds, coloured by part, as made and as a camera sees them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from part_perception.pictures import PALETTE, colours_of, contact_sheet, render_points
from part_perception.training.engine.builder import Shape
from part_perception.training.engine.kinds import KINDS
from part_perception.training.engine.surface import sample_surface


def part_concepts(shape: Shape) -> tuple[list[str], np.ndarray]:
    """The distinct first names of a shape's parts, and for each part instance the index of its own."""
    names = list(dict.fromkeys(p.names[0] for p in shape.parts))
    return names, np.array([names.index(p.names[0]) for p in shape.parts])


def preview_kinds(names: list[str], out: Path, seed: int = 0, variants: int = 3, size: int = 230) -> None:
    """Write a picture with a few variants of each kind named."""
    tiles, captions = [], []
    for name in names:
        for v in range(variants):
            rng = np.random.default_rng([seed, v])
            shape = KINDS[name].make(rng)
            surface = sample_surface(shape, 12000, rng)
            concepts, of_part = part_concepts(shape)
            tiles.append(
                render_points(surface.points, colours_of(of_part[surface.part]), size, normals=surface.normals,
                              azimuth=0.6 + 0.7 * v, elevation=0.5)
            )  # fmt: skip
            captions.append(
                [(name, (0, 0, 0))] + [(c, PALETTE[i % len(PALETTE)]) for i, c in enumerate(concepts)]
            )
    from PIL import Image

    Image.fromarray(contact_sheet(tiles, captions)).save(out)
