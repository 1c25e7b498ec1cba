"""Primitives: each function returns a (U, V, 3) grid of vertices whose quads form the surface."""

from __future__ import annotations

import numpy as np

_PLANES = {"xy": (0, 1, 2), "xz": (0, 2, 1), "yz": (1, 2, 0)}


def rotation(roll: float, pitch: float, yaw: float) -> np.ndarray:
    """Return the rotation about x, then y, then z (radians)."""
    (cr, sr), (cp, sp), (cy, sy) = ((np.cos(a), np.sin(a)) for a in (roll, pitch, yaw))
    return np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )


def lathe(profile, smooth: bool, arc: float, sides: int = 28) -> np.ndarray:
    """Revolve (radius, z) pairs about z."""
    profile = np.asarray(profile, float)
    if smooth:
        profile, _ = _curve(profile, np.zeros(len(profile)), 4 * len(profile))
        profile[:, 0] = np.maximum(profile[:, 0], 0.0)
    angle = np.linspace(0, arc, sides + 1)
    r, z = profile[:, :1], profile[:, 1:]
    return np.stack(
        [r * np.cos(angle), r * np.sin(angle), np.broadcast_to(z, (len(profile), sides + 1))], axis=2
    )


def _across(direction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return two unit vectors perpendicular to a direction and to each other."""
    helper = np.array([0.0, 0.0, 1.0]) if abs(direction[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    a = np.cross(direction, helper)
    a /= np.linalg.norm(a)
    return a, np.cross(direction, a)


def cone(start, end, r0: float, r1: float, caps: bool, sides: int) -> np.ndarray:
    start, end = np.asarray(start, float), np.asarray(end, float)
    direction = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    a, b = _across(direction)
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    around = np.cos(angle)[:, None] * a + np.sin(angle)[:, None] * b
    along = [(start, 0.0), (start, r0), (end, r1), (end, 0.0)] if caps else [(start, r0), (end, r1)]
    return np.stack([centre + radius * around for centre, radius in along])


def _curve(path: np.ndarray, values: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Fit a Catmull-Rom curve through the points and interpolate the values along it."""
    padded = np.concatenate([2 * path[:1] - path[1:2], path, 2 * path[-1:] - path[-2:-1]])
    t = np.linspace(0, len(path) - 1, steps + 1)
    i = np.minimum(t.astype(int), len(path) - 2)
    f = (t - i)[:, None]
    p0, p1, p2, p3 = (padded[i + k] for k in range(4))
    points = 0.5 * (
        2 * p1 + (p2 - p0) * f + (2 * p0 - 5 * p1 + 4 * p2 - p3) * f**2 + (3 * p1 - p0 - 3 * p2 + p3) * f**3
    )
    return points, np.interp(t, np.arange(len(path)), values)


def tube(path, radius, flat: float, sides: int, steps: int, smooth: bool) -> np.ndarray:
    """A bar along a path; its cross-section is swept without twist, and both ends are closed."""
    path = np.asarray(path, float)
    radius = np.broadcast_to(np.asarray(radius, float), (len(path),))
    if smooth and len(path) > 2:
        path, radius = _curve(path, radius, steps)
    tangent = np.gradient(path, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-9)
    normal = _plane_normal(path)
    side = np.cross(normal, tangent)
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    out = np.cross(tangent, side)
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    around = np.cos(angle)[None, :, None] * side[:, None] + flat * np.sin(angle)[None, :, None] * out[:, None]
    body = path[:, None] + radius[:, None, None] * around
    ends = [np.broadcast_to(p, body[:1].shape) for p in (path[0], path[-1])]
    return np.concatenate([ends[0], body, ends[1]])


def _plane_normal(path: np.ndarray) -> np.ndarray:
    """Return the normal of the plane in which a path lies; for a straight path, the one closest to z."""
    centred = path - path.mean(axis=0)
    _, size, axes = np.linalg.svd(centred, full_matrices=False)
    if len(size) > 1 and size[1] > 1e-3 * size[0]:
        normal = axes[2] if len(axes) > 2 else np.cross(axes[0], axes[1])
    else:
        a, b = _across(axes[0])
        normal = b if abs(b[2]) > abs(a[2]) else a
    return normal if normal[np.argmax(np.abs(normal))] > 0 else -normal


def superellipsoid(size, e1: float, e2: float, rows: int = 12, columns: int = 20) -> np.ndarray:
    lat = np.linspace(-np.pi / 2, np.pi / 2, rows + 1)[:, None]
    lon = np.linspace(-np.pi, np.pi, columns + 1)[None]

    def power(x, e):
        return np.sign(x) * np.abs(x) ** e

    ring_radius = power(np.cos(lat), e1)
    x, y = ring_radius * power(np.cos(lon), e2), ring_radius * power(np.sin(lon), e2)
    z = np.broadcast_to(power(np.sin(lat), e1), x.shape)
    return np.stack([x, y, z], axis=2) * (np.asarray(size, float) / 2)


_BOX_RING = np.array([(-1, -1), (-0.33, -1), (0.33, -1), (1, -1), (1, -0.33), (1, 0.33), (1, 1), (0.33, 1), (-0.33, 1),
                      (-1, 1), (-1, 0.33), (-1, -0.33), (-1, -1)], float)  # fmt: skip


def box(size, round: float, taper: float) -> np.ndarray:
    """A box built from rings, from the middle of its floor up the sides to the middle of its top."""
    half = np.asarray(size, float) / 2
    soft = np.clip(round, 0.0, 1.0) * half.min()
    if soft > 0.02 * half.min():
        rows = [(-half[2], 0.0, 0.0), (-half[2], 1.0, soft), (-half[2] + soft, 1.0, 0.0),
                (half[2] - soft, 1.0, 0.0), (half[2], 1.0, soft), (half[2], 0.0, 0.0)]  # fmt: skip
    else:
        rows = [(-half[2], 0.0, 0.0), (-half[2], 1.0, 0.0), (half[2], 1.0, 0.0), (half[2], 0.0, 0.0)]
    out = []
    for z, spread, inset in rows:
        scale = 1.0 + (taper - 1.0) * (z / half[2] + 1) / 2
        ring_xy = _BOX_RING * np.maximum(half[:2] * scale - inset, 0.0) * spread
        out.append(np.concatenate([ring_xy, np.full((len(ring_xy), 1), z)], axis=1))
    return np.stack(out)


def ring(radius: float, thickness: float, axis: str, arc, squash: float) -> np.ndarray:
    """A torus about an axis; thickness is the radius of the bar."""
    turn = np.linspace(arc[0], arc[1], 29)[:, None]
    around = np.linspace(0, 2 * np.pi, 11)[None]
    r = radius + thickness * np.cos(around)
    flat = np.stack(
        [r * np.cos(turn), squash * r * np.sin(turn), np.broadcast_to(thickness * np.sin(around), (29, 11))],
        2,
    )
    order = {"z": (0, 1, 2), "x": (2, 0, 1), "y": (0, 2, 1)}[axis]
    return flat[..., list(order)]


def _place(flat: np.ndarray, plane: str) -> np.ndarray:
    """Map (…, [a, b, normal]) to xyz, with a and b in the plane."""
    out = np.empty_like(flat)
    for source, target in enumerate(_PLANES[plane]):
        out[..., target] = flat[..., source]
    return out


def extrude(outline, depth: float, plane: str, bevel: float) -> np.ndarray:
    outline = np.asarray(outline, float)
    outline = np.concatenate([outline, outline[:1]])
    middle = outline[:-1].mean(axis=0)
    h = depth / 2
    rows = [
        (0.0, -h),
        (1.0 - bevel, -h),
        (1.0, -h * (1 - bevel)),
        (1.0, h * (1 - bevel)),
        (1.0 - bevel, h),
        (0.0, h),
    ]
    rows = rows if bevel > 0 else [rows[0], rows[1], rows[4], rows[5]]
    flat = [
        np.concatenate([middle + (outline - middle) * s, np.full((len(outline), 1), z)], axis=1)
        for s, z in rows
    ]
    return _place(np.stack(flat), plane)


def ribbon(left, right, depth: float, plane: str) -> np.ndarray:
    left, right = np.asarray(left, float), np.asarray(right, float)
    h = depth / 2

    def lift(xy, z):
        return np.concatenate([xy, np.full((len(xy), 1), z)], axis=1)

    sides = np.stack([lift(left, -h), lift(right, -h), lift(right, h), lift(left, h), lift(left, -h)])
    ends = [np.broadcast_to(sides.mean(axis=0)[i], sides[:, :1].shape[:1] + (3,))[:, None] for i in (0, -1)]
    return _place(np.concatenate([ends[0], sides, ends[1]], axis=1), plane)
