"""Compiled loops over all pixels. Points (N, 3) are in row order; reach is each one's range, 0 = nothing."""

from __future__ import annotations

import numpy as np

from part_perception.jit import compiled

NOTHING, SUPPORT, SOLID, VEIL = 0, 1, 2, 3
FAINT, NEXT, AFTER = 4, 5, 6  # used only during classification
FAINT_FROM = 0.5  # of the tolerance: a rise this small is an object's low rim if it is beside an object
EDGE_ON = 6.0  # depth change per pixel, in pixel pitches, beyond which a surface is seen edge-on: 80 degrees


@compiled("void(f4[:,::1], f8[::1], f8, f8, f8[::1], f8[::1], f4[::1])")
def measure_reach(points, viewpoint, near, far, low, high, reach):
    """Distance from the camera, or 0 where nothing was measured or the point is outside the limits."""
    near2, far2 = near * near, far * far
    for i in range(points.shape[0]):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        reach[i] = 0.0
        if x == 0.0 and y == 0.0 and z == 0.0:
            continue
        dx, dy, dz = x - viewpoint[0], y - viewpoint[1], z - viewpoint[2]
        square = dx * dx + dy * dy + dz * dz
        # NaN and infinity fail this comparison
        if not (near2 <= square <= far2):
            continue
        if low[0] <= x <= high[0] and low[1] <= y <= high[1] and low[2] <= z <= high[2]:
            reach[i] = np.sqrt(square)


@compiled("f4[:,::1](f4[:,:])")
def without_gaps(points):
    """A copy of points that lie scattered in memory; numpy takes five times as long."""
    out = np.empty((len(points), 3), np.float32)
    for i in range(len(points)):
        out[i, 0], out[i, 1], out[i, 2] = points[i, 0], points[i, 1], points[i, 2]
    return out


@compiled("f8[::1](f4[:,::1], f4[::1], f8[::1], i8[::1])")
def ray_angles(points, reach, viewpoint, left):
    """The angles between the rays of these points and of those that follow them."""
    out = np.empty(len(left))
    for k in range(len(left)):
        i, square = left[k], 0.0
        for axis in range(3):
            here = (points[i, axis] - viewpoint[axis]) / reach[i]
            beside = (points[i + 1, axis] - viewpoint[axis]) / reach[i + 1]
            square += (beside - here) ** 2
        out[k] = np.sqrt(square)
    return out


@compiled("void(u1[::1], i8)")
def settle(state, width):
    """Turn faint pixels into solid ones within two pixels of a solid one, and into support elsewhere."""
    count = state.shape[0]
    for beside, reached in ((SOLID, NEXT), (NEXT, AFTER)):
        for i in range(count):
            if state[i] != FAINT:
                continue
            column = i % width
            if (
                (column > 0 and state[i - 1] == beside)
                or (column < width - 1 and state[i + 1] == beside)
                or (i >= width and state[i - width] == beside)
                or (i < count - width and state[i + width] == beside)
            ):
                state[i] = reached
    for i in range(count):
        if state[i] == NEXT or state[i] == AFTER:
            state[i] = SOLID
        elif state[i] == FAINT:
            state[i] = SUPPORT


@compiled("f8(f8[::1], f8, f8, f8)")
def bent(bend, x, y, z):
    """How much higher a bent plane is at a point than the flat plane (see Support)."""
    if bend[9] == 0.0:
        return 0.0
    x, y, z = x - bend[0], y - bend[1], z - bend[2]
    form = bend[3] * x * x + bend[4] * y * y + bend[5] * z * z
    form += bend[6] * x * y + bend[7] * x * z + bend[8] * y * z
    return min(max(form, -bend[9]), bend[9])


@compiled("void(f4[:,::1], f4[::1], i8, f8[:,::1], f8[:,::1], f8, f8, f8, u1[::1])")
def classify(points, reach, width, planes, bends, least, noise, pitch, state):
    """Classify every pixel: nothing, support (or below the lowest), solid, or a flying pixel.

    planes (K, 4) are ordered from highest to lowest, bends (K, 10) are their bends by the sensor;
    width 0 = the points form no image.
    """
    count, planes_count = points.shape[0], planes.shape[0]
    for i in range(count):
        r = reach[i]
        if r == 0.0:
            state[i] = NOTHING
            continue
        state[i] = SOLID
        tolerance = max(least, noise * r * r)
        for k in range(planes_count):
            h = (
                planes[k, 0] * points[i, 0]
                + planes[k, 1] * points[i, 1]
                + planes[k, 2] * points[i, 2]
                + planes[k, 3]
                - bent(bends[k], points[i, 0], points[i, 1], points[i, 2])
            )
            if h < tolerance and (h > -tolerance or k == planes_count - 1):
                state[i] = FAINT if width > 0 and h > FAINT_FROM * tolerance else SUPPORT
                break
        if width == 0 or state[i] != SOLID:
            continue
        column = i % width
        if column == 0 or column == width - 1 or i < width or i >= count - width:
            continue
        steep = EDGE_ON * pitch * r
        for step in (1, width):
            before, after = reach[i - step], reach[i + step]
            if before > 0.0 and after > 0.0:
                first, second = r - before, after - r
                if (first > steep and second > steep) or (first < -steep and second < -steep):
                    state[i] = VEIL
    if width > 0:
        settle(state, width)


@compiled("i4(i4[::1], i4)")
def root_of(parent, i):
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@compiled("void(f4[:,::1], f8[:,::1], f8, i8[::1], i4[::1], f4[:,::1], i4[::1], f4[::1])")
def nearest_in_cells(queries, transform, cell, shape, starts, known, order, distance):
    """The known point nearest to each transformed query, in its own and adjoining cells; order: -1 if none.

    Cells are counted from the origin of known, which is sorted by cell; starts has one entry per cell plus one.
    A point in the query's own cell is accepted as the nearest if it is nearer than half a cell.
    """
    near_enough = np.float32((cell / 2) ** 2)
    for q in range(queries.shape[0]):
        x, y, z = queries[q, 0], queries[q, 1], queries[q, 2]
        px = transform[0, 0] * x + transform[0, 1] * y + transform[0, 2] * z + transform[0, 3]
        py = transform[1, 0] * x + transform[1, 1] * y + transform[1, 2] * z + transform[1, 3]
        pz = transform[2, 0] * x + transform[2, 1] * y + transform[2, 2] * z + transform[2, 3]
        cx = int(np.floor(px / cell))
        cy = int(np.floor(py / cell))
        cz = int(np.floor(pz / cell))
        best, found = np.float32(np.inf), -1
        if 0 <= cx < shape[0] and 0 <= cy < shape[1] and 0 <= cz < shape[2]:
            own = (cx * shape[1] + cy) * shape[2] + cz
            for k in range(starts[own], starts[own + 1]):
                dx, dy, dz = known[k, 0] - px, known[k, 1] - py, known[k, 2] - pz
                square = np.float32(dx * dx + dy * dy + dz * dz)
                if square < best:
                    best, found = square, k
        # the other cells can hardly improve on a point this near
        if best > near_enough:
            for ix in range(max(cx - 1, 0), min(cx + 2, shape[0])):
                for iy in range(max(cy - 1, 0), min(cy + 2, shape[1])):
                    base = (ix * shape[1] + iy) * shape[2]
                    low, high = max(cz - 1, 0), min(cz + 2, shape[2])
                    if low >= high:
                        continue
                    # cells of one column are adjacent in memory, so three form one run
                    for k in range(starts[base + low], starts[base + high]):
                        dx, dy, dz = known[k, 0] - px, known[k, 1] - py, known[k, 2] - pz
                        square = np.float32(dx * dx + dy * dy + dz * dz)
                        if square < best:
                            best, found = square, k
        order[q] = found
        distance[q] = np.sqrt(best)
