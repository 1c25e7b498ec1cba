"""Preview: contact sheets of the data engine's kinds, coloured by part, as made or as a depth camera sees them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from part_perception.pictures import PALETTE, colours_of, contact_sheet, render_points
from part_perception.pictures.rendering import write_picture
from part_perception.shapes.builder import Shape, sample_surface
from part_perception.shapes.kinds import KINDS
from part_perception.simulation.worlds import make_world
from part_perception.terminal import counted

_COLUMNS = 8
_TILES_A_PAGE = 48
_POINTS = 12000
Tile = tuple[np.ndarray, list[tuple[str, tuple]]]


def part_concepts(shape: Shape) -> tuple[list[str], np.ndarray]:
    """The distinct first names of a shape's parts, and for each part instance the index of its own."""
    names = list(dict.fromkeys(p.names[0] for p in shape.parts))
    return names, np.array([names.index(p.names[0]) for p in shape.parts])


def preview_kinds(
    names: Sequence[str], out: Path, seed: int = 0, variants: int = 1, seen: bool = False, size: int = 230
) -> list[Path]:
    """Write pages with variants of each kind: OUT.png, or OUT-1.png, OUT-2.png … if one page is not enough."""

    draw = _seen_tile if seen else _whole_tile
    chosen = [(name, v) for name in names for v in range(variants)]
    tiles = [draw(name, seed, v, size) for name, v in counted(chosen, "tiles")]
    pages = [tiles[i : i + _TILES_A_PAGE] for i in range(0, len(tiles), _TILES_A_PAGE)]
    paths = [out] if len(pages) == 1 else [out.with_stem(f"{out.stem}-{i + 1}") for i in range(len(pages))]
    for page, path in zip(pages, paths, strict=True):
        images, captions = zip(*page, strict=True)
        sheet = contact_sheet(list(images), list(captions), min(_COLUMNS, len(page)))
        write_picture(path, sheet)
    return paths


def _whole_tile(name: str, seed: int, variant: int, size: int) -> Tile:
    rng = np.random.default_rng([seed, variant])
    shape = KINDS[name].make(rng)
    surface = sample_surface(shape, _POINTS, rng)
    concepts, of_part = part_concepts(shape)
    colours = colours_of(of_part[surface.part])
    image = render_points(
        surface.points, colours, size, azimuth=_azimuth(name, variant), elevation=0.5, normals=surface.normals
    )
    return image, _caption(name, concepts)


def _seen_tile(name: str, seed: int, variant: int, size: int) -> Tile:
    """Draw what the network sees; grey points belong to no part."""
    from part_perception.simulation.views import camera_view

    rng = np.random.default_rng([seed, variant])
    shape, world = make_world(KINDS[name], rng)
    azimuth = _azimuth(name, variant)
    view = camera_view(world, rng, azimuths=(azimuth, azimuth))
    concepts, of_part = part_concepts(shape)
    colours = colours_of(np.append(of_part, -1)[view.part])
    return render_points(view.points, colours, size, azimuth=azimuth, elevation=0.5), _caption(name, concepts)


def _azimuth(name: str, variant: int) -> float:
    """Return a different side for every variant; furniture against a wall is seen from the front."""
    return 0.9 * np.cos(2.4 * variant) if KINDS[name].front else 0.6 + 0.7 * variant


def _caption(name: str, concepts: list[str]) -> list[tuple[str, tuple]]:
    return [(name, (0, 0, 0))] + [(c, PALETTE[i % len(PALETTE)]) for i, c in enumerate(concepts)]
