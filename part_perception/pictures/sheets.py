"""Contact sheets: many small shapes in one picture, drawn quickly."""

from __future__ import annotations

import numpy as np


def camera_axes(azimuth: float, elevation: float) -> np.ndarray:
    """Rows: right, up and towards-the-viewer for a viewer at these angles (radians), z up."""
    (ca, sa), (ce, se) = (np.cos(azimuth), np.sin(azimuth)), (np.cos(elevation), np.sin(elevation))
    return np.array([(-sa, ca, 0), (-se * ca, -se * sa, ce), (ce * ca, ce * sa, se)])


def render_points(
    points: np.ndarray,
    colours: np.ndarray,
    size: int = 256,
    azimuth: float = 0.9,
    elevation: float = 0.45,
    dot: int = 1,
    normals: np.ndarray | None = None,
) -> np.ndarray:
    """An orthographic picture (size, size, 3) of points; nearer ones on top; shaded by depth or normals."""
    image = np.full((size, size, 3), 255, np.uint8)
    if len(points) == 0:
        return image
    seen = (points - (points.min(axis=0) + points.max(axis=0)) / 2) @ camera_axes(azimuth, elevation).T
    scale = 0.92 * size / max(float(np.ptp(seen[:, :2], axis=0).max()), 1e-9)
    middle = (seen[:, :2].min(axis=0) + seen[:, :2].max(axis=0)) / 2
    xy = (seen[:, :2] - middle) * scale
    column, row = (size / 2 + xy[:, 0]).astype(int), (size / 2 - xy[:, 1]).astype(int)
    if normals is None:
        depth = seen[:, 2]
        shade = 0.6 + 0.4 * (depth - depth.min()) / max(float(np.ptp(depth)), 1e-9)
    else:
        light = camera_axes(azimuth + 0.5, elevation + 0.4)[2]
        shade = 0.45 + 0.55 * np.abs(normals @ light)
    lit = (colours * shade[:, None]).astype(np.uint8)
    order = np.argsort(seen[:, 2], kind="stable")
    nearness = np.full((size, size), -np.inf)
    for dy in range(-dot, dot + 1):
        for dx in range(-dot, dot + 1):
            r, c = np.clip(row[order] + dy, 0, size - 1), np.clip(column[order] + dx, 0, size - 1)
            front = np.full((size, size), -np.inf)
            np.maximum.at(front, (r, c), seen[order, 2])
            win = seen[order, 2] >= np.maximum(front[r, c], nearness[r, c])
            image[r[win], c[win]] = lit[order[win]]
            nearness = np.maximum(nearness, front)
    return image


def contact_sheet(
    tiles: list[np.ndarray], captions: list[list[tuple[str, tuple]]], columns: int = 6
) -> np.ndarray:
    """Draw tiles in a grid, each with lines of (text, colour) written on it."""
    from PIL import Image, ImageDraw

    size = tiles[0].shape[0]
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (columns * size, rows * size), "white")
    draw = ImageDraw.Draw(sheet)
    for i, (tile, lines) in enumerate(zip(tiles, captions, strict=True)):
        x, y = (i % columns) * size, (i // columns) * size
        sheet.paste(Image.fromarray(tile), (x, y))
        for k, (text, colour) in enumerate(lines):
            draw.text((x + 4, y + 3 + 11 * k), text, fill=tuple(int(c) for c in colour))
    return np.asarray(sheet)
