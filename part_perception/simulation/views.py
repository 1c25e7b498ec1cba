"""Views: a training cloud of one object, complete or as a depth camera sees it among other things."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from part_perception.shapes.primitives import rotation
from part_perception.simulation.bodies import Cloud, Mesh, draw_rectangle
from part_perception.simulation.capture import look_at
from part_perception.simulation.sensors import VGA_FOCAL, measured, random_sensor, smooth_noise
from part_perception.simulation.worlds import World

MAX_PIXELS = 200  # across; cameras closer than this are replaced by ones that see fewer pixels
MOST_GROWTH = 1.4  # times its pixels: how much a mask may grow
MARGIN = 24  # pixels around the object that are drawn as well
NOTHING, CONTEXT = -1, -3  # labels of what is drawn beside the object
MIN_POINTS = 96
WHOLE_DIRECTIONS = [(a, e) for e in (-0.6, 0.6) for a in np.arange(4) * np.pi / 2 + e]
WHOLE_PIXELS = 96  # across each of the images of a whole view
BEHIND = 5e-4  # metres: nearer to another part's face than this, a point is taken to lie in it


@dataclass(frozen=True)
class View:
    """Points (N, 3), z up as far as the robot knows, each with its part instance and primitive (-1 = none).

    viewpoint is the camera position, None for a whole scan; turn (3, 3) rotates the world into these points.
    close: only some region of the object, for a second look.
    """

    points: np.ndarray
    part: np.ndarray
    primitive: np.ndarray
    viewpoint: np.ndarray | None = None
    turn: np.ndarray = field(default_factory=lambda: np.eye(3))
    close: bool = False


def whole_view(world: World, rng: np.random.Generator) -> View:
    """Make a complete scan: everything that can be seen from any side."""
    surface, points = world.surface, world.surface.points
    seen = np.zeros(len(points), bool)
    size = float(np.linalg.norm(np.ptp(points, axis=0)))
    middle, distance = (points.min(axis=0) + points.max(axis=0)) / 2, 4 * size
    focal = WHOLE_PIXELS * distance / size
    for azimuth, elevation in WHOLE_DIRECTIONS:
        pose = look_at(azimuth, elevation, distance, middle)
        depth = np.full((WHOLE_PIXELS + 2,) * 2, np.inf)
        owner = np.full(depth.shape, -1, np.int32)
        world.body.draw(pose, focal, 0, depth, owner)
        local = (points - pose[:3, 3]) @ pose[:3, :3]
        column, row = (local[:, :2] / local[:, 2:] * focal + len(depth) / 2).round().astype(int).T
        near = np.flatnonzero(~seen & (local[:, 2] < depth[row, column] + 1.5 * size / WHOLE_PIXELS))
        seen[near] = True
        if isinstance(world.body, Mesh):
            behind = _covered(
                world.body, points[near], surface.part[near], owner[row, column][near], pose[:3, 3]
            )
            seen[near[behind & (local[near, 2] > depth[row, column][near])]] = False
    kept = np.flatnonzero(seen) if seen.sum() >= 64 else np.arange(len(points))
    noise = rng.normal(0, size * rng.choice([0, 0.001, 0.003]), (len(kept), 3))
    return View(points[kept] + noise, surface.part[kept], surface.primitive[kept])


def _covered(
    body: Mesh, points: np.ndarray, part: np.ndarray, owner: np.ndarray, camera: np.ndarray
) -> np.ndarray:
    """Whether points lie behind the plane of the quad of another part that the image shows at their place.

    The image is too coarse to tell a door from the case just behind it, which would mix their names.
    """
    covered = (owner >= 0) & (body.part[owner] != part)
    rows = np.flatnonzero(covered)
    quad = body.quads[owner[rows]]
    normal = np.cross(quad[:, 2] - quad[:, 0], quad[:, 3] - quad[:, 1])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    above = np.einsum("ij,ij->i", camera - quad[:, 0], normal)
    below = np.einsum("ij,ij->i", points[rows] - quad[:, 0], normal)
    covered[rows] = below * np.sign(above) < -BEHIND
    return covered


def camera_view(
    world: World,
    rng: np.random.Generator,
    other: Mesh | None = None,
    azimuths: tuple[float, float] | None = None,
) -> View:
    """Make one depth camera's view at a working distance, cut out as imperfectly as a robot would.

    other: sometimes placed beside or in front of the object; azimuths: replace those of the world.
    """
    body = world.body
    low, high = body.corners.min(axis=0), body.corners.max(axis=0)
    size = float(np.linalg.norm(high - low))
    distance = max(rng.uniform(0.35, 1.3), size * rng.uniform(1.0, 2.4))
    azimuth, elevation = rng.uniform(*(azimuths or world.azimuths(rng))), np.deg2rad(rng.uniform(5, 80))
    target = (low + high) / 2 + rng.normal(0, 0.05 * size, 3)
    pose = look_at(azimuth, elevation, distance, target)
    focal = min(VGA_FOCAL * rng.uniform(0.7, 1.15), MAX_PIXELS * distance / size)
    depth, owner = empty_window(body, pose, focal)
    draw_surroundings(low, high, pose, focal, world.front if world.hangs else None, depth, owner, rng)
    if other is not None and rng.random() < 0.4:
        beside(other, low, high, rng).draw(pose, focal, 0, depth, owner)
        owner[owner >= 0] = CONTEXT
    body.draw(pose, focal, 0, depth, owner)
    if rng.random() < 0.2:
        occlude(depth, owner, rng)
    sensor = random_sensor(rng)
    sensor = replace(sensor, max_range=max(sensor.max_range, distance + size))
    measured_depth, label = measured(depth, owner, sensor, rng, focal)
    rows, columns = np.nonzero(cut_out(measured_depth, depth, owner, size, rng))
    z = measured_depth[rows, columns]
    height, width = depth.shape
    local = np.stack([(columns - width / 2) / focal * z, (rows - height / 2) / focal * z, z], axis=1)
    roll, pitch = np.deg2rad(rng.normal(0, 3, 2) if rng.random() < 0.8 else rng.uniform(-20, 20, 2))
    tilt = rotation(roll, pitch, 0.0)
    points = (local @ pose[:3, :3].T + pose[:3, 3]) @ tilt.T
    whose = label[rows, columns]
    own = whose >= 0
    part = np.where(own, body.part[np.maximum(whose, 0)], -1)
    primitive = np.where(own, body.primitive[np.maximum(whose, 0)], -1)
    return View(points, part, primitive, pose[:3, 3] @ tilt.T, tilt)


def empty_window(body: Mesh | Cloud, pose: np.ndarray, focal: float) -> tuple[np.ndarray, np.ndarray]:
    """Return an empty image window around the object, plus a margin, centred on the camera's axis."""
    local = (body.corners - pose[:3, 3]) @ pose[:3, :3]
    pixel = np.abs(local[:, :2] / np.maximum(local[:, 2:], 0.05) * focal)
    width, height = 2 * np.minimum(np.ceil(pixel.max(axis=0)).astype(int) + MARGIN, MAX_PIXELS)
    return np.full((height, width), np.inf), np.full((height, width), NOTHING, np.int32)


def draw_surroundings(low, high, pose, focal, wall_towards, depth, owner, rng) -> None:
    """Draw what the object stands on or hangs from, and what is behind it."""
    middle, reach = (low + high) / 2, float(np.ptp([low, high], axis=0)[0].max())

    def rectangle(at, along, across) -> None:
        local = [
            np.ascontiguousarray(v @ pose[:3, :3]) for v in (np.asarray(at) - pose[:3, 3], along, across)
        ]
        draw_rectangle(*local, focal, CONTEXT, depth, owner)

    x, y, z = np.eye(3)
    if wall_towards is not None:
        facing = np.array((np.cos(wall_towards), np.sin(wall_towards), 0.0))
        back = middle - facing * (reach / 2 * rng.uniform(0.0, 0.3) + 0.002)
        half = reach * rng.uniform(0.55, 4.0)
        rectangle(back, np.cross(z, facing) * half, z * half)
    elif rng.random() < 0.85:
        half = reach / 2 + rng.choice([rng.uniform(0.02, 0.2), rng.uniform(0.2, 3.0)], 2)
        rectangle((middle[0], middle[1], low[2] - 0.001), x * half[0], y * half[1])
        if rng.random() < 0.7:
            rectangle((middle[0], middle[1], low[2] - rng.uniform(0.3, 0.9)), x * 5, y * 5)
    if rng.random() < 0.6:
        away = middle - pose[:3, 3]
        away = np.append(away[:2] / max(float(np.linalg.norm(away[:2])), 1e-6), 0.0)
        rectangle(middle + away * (reach / 2 + rng.uniform(0.02, 1.8)), np.cross(z, away) * 4, z * 4)


def beside(other: Mesh, low: np.ndarray, high: np.ndarray, rng: np.random.Generator) -> Mesh:
    """Place another object, scaled to a similar size, close to this one on some side."""
    corners = other.corners * (np.ptp([low, high], axis=0).max() / np.ptp(other.corners, axis=0).max())
    corners = corners * rng.uniform(0.4, 1.3)
    angle = rng.uniform(0, 2 * np.pi)
    way = np.array((np.cos(angle), np.sin(angle), 0.0))
    half = np.abs(way[:2]) @ (high - low)[:2] / 2
    place = (low + high) / 2 + way * (half + rng.uniform(0.0, 0.08))
    shift = place - way * (corners @ way).min()
    shift[2] = low[2] - corners[:, 2].min()
    shift -= np.append(corners[:, :2].mean(axis=0) - (corners[:, :2].mean(axis=0) @ way[:2]) * way[:2], 0)
    return other.with_corners(corners + shift)


def occlude(depth: np.ndarray, owner: np.ndarray, rng: np.random.Generator) -> None:
    """Hide at most half of the object behind an occluder: a half plane or a disc of the image."""
    rows, columns = np.nonzero(owner >= 0)
    if len(rows) < 50:
        return
    all_rows, all_columns = np.indices(depth.shape)
    if rng.random() < 0.5:
        angle = rng.uniform(0, 2 * np.pi)
        along = np.cos(angle) * all_rows + np.sin(angle) * all_columns
        hidden = along > np.quantile(along[rows, columns], rng.uniform(0.55, 0.92))
    else:
        k = rng.integers(len(rows))
        radius = np.ptp(rows) * rng.uniform(0.08, 0.3)
        hidden = np.hypot(all_rows - rows[k], all_columns - columns[k]) < radius
    nearest = float(depth[rows, columns].min())
    depth[hidden] = np.minimum(depth[hidden], nearest * rng.uniform(0.75, 0.98))
    owner[hidden] = CONTEXT


def cut_out(
    depth: np.ndarray, true_depth: np.ndarray, owner: np.ndarray, size: float, rng: np.random.Generator
) -> np.ndarray:
    """Return which pixels a robot takes for the object: slightly too many or too few, as segments are."""
    from scipy.ndimage import binary_dilation, binary_erosion

    own = owner >= 0
    grown = int(rng.choice([-1, 0, 0, 1, 1, 2, 3]))
    taken = binary_erosion(own, iterations=1) if grown < 0 else own
    if grown > 0:
        wider = binary_dilation(own, iterations=grown)
        taken = wider if wider.sum() < MOST_GROWTH * own.sum() else own
    if rng.random() < 0.3:  # leftovers of the support and of neighbours, in patches along the outline
        reach = binary_dilation(own, iterations=int(rng.integers(3, 12)))
        taken = taken | (reach & (smooth_noise(own.shape, rng.uniform(8, 30), rng) > rng.uniform(0.3, 1.5)))
    if rng.random() < 0.15:  # a lost piece: dark, shiny, or taken for something else
        taken = taken & (smooth_noise(own.shape, rng.uniform(10, 40), rng) < rng.uniform(0.5, 1.5))
    if rng.random() < 0.1:  # the border of the image cuts the object
        rows, columns = np.nonzero(own)
        if len(rows):
            axis, side = rng.integers(2), rng.random() < 0.5
            place = np.quantile(
                (rows, columns)[axis], rng.uniform(0.1, 0.45) if side else rng.uniform(0.55, 0.9)
            )
            grid = np.indices(own.shape)[axis]
            taken = taken & ((grid > place) if side else (grid < place))
    if rng.random() < 0.85 and own.any():  # distance separates what lies far behind
        behind = float(true_depth[own].max()) + 0.3 * size
        taken = taken & (depth < behind)
    return taken & np.isfinite(depth)
