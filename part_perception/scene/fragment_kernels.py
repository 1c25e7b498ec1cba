"""Compiled loops over fragments of a cell image: what is measured of each, and of two (see fragments.EVIDENCE)."""

from __future__ import annotations

import numpy as np

from part_perception.jit import compiled

NEAR = 0.15  # metres: fragments farther apart are not compared
OUTLINED = 64  # cells that stand for the outline of a fragment
UNLINKED = -0.3  # stands for the affinity of fragments that no pair of cells links
IN_FRONT, LEVEL, BEHIND = 0.012, 0.012, 0.03  # metres, of what lies between two fragments in the image
# Sums over the cells of a fragment; the least and greatest heights are no sums.
CELLS, MOMENTS, REACH, MARGIN, LOW, HIGH = 0, 1, 10, 11, 12, 13
MEASURES = 14


@compiled("f8(f8[::1], f4[:,:,::1], i8, i8)")
def rise_at(plane, points, row, column):
    """The height of a cell above the support."""
    out = plane[3]
    for axis in range(3):
        out += plane[axis] * points[row, column, axis]
    return out


@compiled("Tuple((f8[:,::1], b1[:,::1]))(i4[:,::1], f4[:,:,::1], f4[:,::1], f4[:,::1], f8[::1], i8)")
def measured(number, points, reach, margin, plane, count):
    """(K, MEASURES) of each fragment, and which cells lie at the border of theirs."""
    height, width = number.shape
    out, edge = np.zeros((count, MEASURES)), np.zeros((height, width), np.bool_)
    out[:, LOW], out[:, HIGH] = np.inf, -np.inf
    for row in range(height):
        for column in range(width):
            k = number[row, column]
            if k < 0:
                continue
            out[k, CELLS] += 1
            at = MOMENTS + 3
            for i in range(3):
                value = np.float64(points[row, column, i])
                out[k, MOMENTS + i] += value
                for j in range(i, 3):
                    out[k, at] += value * points[row, column, j]
                    at += 1
            out[k, REACH] += reach[row, column]
            out[k, MARGIN] += margin[row, column]
            rise = rise_at(plane, points, row, column)
            out[k, LOW], out[k, HIGH] = min(out[k, LOW], rise), max(out[k, HIGH], rise)
            edge[row, column] = (
                row == 0
                or column == 0
                or row == height - 1
                or column == width - 1
                or number[row - 1, column] != k
                or number[row + 1, column] != k
                or number[row, column - 1] != k
                or number[row, column + 1] != k
            )
    return out, edge


@compiled("Tuple((i8[:,::1], i8[::1]))(i4[:,::1], b1[:,::1], i8)")
def outlines(number, edge, count):
    """(K, OUTLINED) cells at the border of each fragment, evenly spread, and how many there are."""
    height, width = number.shape
    length = np.zeros(count, np.int64)
    for row in range(height):
        for column in range(width):
            if edge[row, column]:
                length[number[row, column]] += 1
    out, taken, passed = np.zeros((count, OUTLINED), np.int64), np.zeros_like(length), np.zeros_like(length)
    for row in range(height):
        for column in range(width):
            if edge[row, column]:
                k = number[row, column]
                if taken[k] < OUTLINED and passed[k] * OUTLINED // length[k] >= taken[k]:
                    out[k, taken[k]] = row * width + column
                    taken[k] += 1
                passed[k] += 1
    return out, taken


@compiled("Tuple((f8[:,::1], i8[:,:,::1]))(f4[:,:,::1], i8[:,::1], i8[::1])")
def gaps(points, outline, outlined):
    """(K, K) the distance of each two fragments, infinite beyond NEAR, and the nearest cells of both (K, K, 2)."""
    count, width = len(outlined), points.shape[1]
    gap, nearest = np.full((count, count), np.inf), np.zeros((count, count, 2), np.int64)
    place, box = np.empty((count, OUTLINED, 3)), np.empty((count, 2, 3))
    for k in range(count):
        box[k, 0], box[k, 1] = np.inf, -np.inf
        for i in range(outlined[k]):
            row, column = divmod(outline[k, i], width)
            for axis in range(3):
                value = points[row, column, axis]
                place[k, i, axis] = value
                box[k, 0, axis], box[k, 1, axis] = min(box[k, 0, axis], value), max(box[k, 1, axis], value)
    for a in range(count):
        for b in range(a + 1, count):
            apart = False
            for axis in range(3):
                apart |= box[a, 0, axis] - box[b, 1, axis] > NEAR or box[b, 0, axis] - box[a, 1, axis] > NEAR
            if apart:
                continue
            least, first, second = NEAR * NEAR, -1, -1
            for i in range(outlined[a]):
                for j in range(outlined[b]):
                    x, y = place[a, i, 0] - place[b, j, 0], place[a, i, 1] - place[b, j, 1]
                    z = place[a, i, 2] - place[b, j, 2]
                    square = x * x + y * y + z * z
                    if square < least:
                        least, first, second = square, i, j
            if first >= 0:
                gap[a, b] = gap[b, a] = np.sqrt(least)
                nearest[a, b, 0] = nearest[b, a, 1] = outline[a, first]
                nearest[a, b, 1] = nearest[b, a, 0] = outline[b, second]
    return gap, nearest


@compiled("Tuple((f8[::1], f8[::1], f8[:,::1]))(f8[::1])")
def form(measures):
    """The middle of a fragment, and its spread along its axes, ascending, which are the columns of the last."""
    n = measures[CELLS]
    middle, spread = np.empty(3), np.empty((3, 3))
    for i in range(3):
        middle[i] = measures[MOMENTS + i] / n
    at = MOMENTS + 3
    for i in range(3):
        for j in range(i, 3):
            spread[i, j] = spread[j, i] = measures[at] / n - middle[i] * middle[j]
            at += 1
    squares, axes = np.linalg.eigh(spread)
    return middle, np.sqrt(np.maximum(squares, 1e-8)), np.ascontiguousarray(axes)


@compiled("f8(i8, i8, f8[:,::1], i8[:,::1], i8[::1], f4[:,:,::1])")
def plan_gap(a, b, plan, outline, outlined, points):
    """The distance of two fragments seen from above, by half of their outlines."""
    width, least = points.shape[1], np.inf
    for i in range(0, outlined[a], 2):
        p = points[outline[a, i] // width, outline[a, i] % width]
        for j in range(0, outlined[b], 2):
            q = points[outline[b, j] // width, outline[b, j] % width]
            x, y, z = np.float64(p[0] - q[0]), np.float64(p[1] - q[1]), np.float64(p[2] - q[2])
            east = plan[0, 0] * x + plan[0, 1] * y + plan[0, 2] * z
            north = plan[1, 0] * x + plan[1, 1] * y + plan[1, 2] * z
            least = min(least, east * east + north * north)
    return np.sqrt(least)


@compiled("void(i8, i8, i8, i8, i4[:,::1], f4[:,:,::1], f4[:,::1], f4[:,::1], f8[::1], b1, f8[::1])")
def between(a, b, start, end, number, points, reach, margin, plane, known, out):
    """What the image shows on the line between two cells: shares nearer, farther and support, and mean margin."""
    width = number.shape[1]
    row, column = start // width, start % width
    down, right = end // width - row, end % width - column
    steps = max(abs(down), abs(right))
    out[:] = 0.0
    for step in range(1, steps):
        share = step / steps
        r, c = int(round(row + down * share)), int(round(column + right * share))
        out[3] += margin[r, c]
        k, here = number[r, c], reach[r, c]
        if k in (a, b) or here <= 0:
            continue
        expected = reach[row, column] * (1 - share) + reach[row + down, column + right] * share
        if here < expected - IN_FRONT * max(expected, 0.5):
            out[0] += 1
        elif k < 0:
            if known and rise_at(plane, points, r, c) < LEVEL:
                out[2] += 1
            elif here > expected + BEHIND:
                out[1] += 1
    out /= max(steps - 1, 1)


@compiled("f8(f8[::1], f4[:,:,::1], i8, f8[::1])")
def share_of_height(plane, points, cell, measures):
    """How high up a fragment one of its cells is: 0 at its lower end, 1 at its top."""
    rise = rise_at(plane, points, cell // points.shape[1], cell % points.shape[1])
    return min(max((rise - measures[LOW]) / (measures[HIGH] - measures[LOW] + 0.005), -1.0), 2.0)


@compiled(
    "void(i8[:,::1], i4[:,::1], f4[:,:,::1], f4[:,::1], f4[:,::1], f8[::1], b1, f8[:,::1], f8, f8[:,::1], "
    "i8[:,::1], i8[::1], f8[:,::1], i8[:,:,::1], f8[:,::1], f8[:,::1], i8[:,::1], b1[::1], f4[:,::1])"
)
def compare(
    candidates, number, points, reach, margin, plane, known, plan, pitch, measures, outline, outlined, gap,
    nearest, total, pairs, pieces, alive, out,
):  # fmt: skip
    """Fill in the evidence of each pair (see EVIDENCE); sizes and distances as logarithms."""
    width, line = number.shape[1], np.empty(4)
    for row in range(len(candidates)):
        a, b = candidates[row]
        if measures[a, CELLS] > measures[b, CELLS]:
            a, b = b, a
        (small, large, both), e = (measures[a], measures[b], measures[a] + measures[b]), out[row]
        distance, (p, q) = gap[a, b], nearest[a, b]
        (middle, _, direction), (centre, extent, axes) = form(small), form(large)
        _, together, _ = form(both)
        between(a, b, p, q, number, points, reach, margin, plane, known, line)
        e[0] = total[a, b] / pairs[a, b] if pairs[a, b] > 0 else UNLINKED
        e[1] = np.log1p(pairs[a, b]) - np.log(small[CELLS])
        e[2] = np.log(distance + 0.002)
        e[3] = np.log(distance / (pitch * small[REACH] / small[CELLS]) + 0.5)
        e[4], e[5], e[6] = line[0], line[1], line[2]
        e[7], e[8] = np.log(small[CELLS]), np.log(large[CELLS])
        e[9] = np.log(4 * extent[2])
        e[10], e[11] = np.tanh(10 * small[LOW]), np.tanh(10 * large[LOW])
        e[12] = np.log(together[0] / together[1])
        e[13] = abs(np.sum(direction[:, 2] * axes[:, 2]))
        beside = middle - centre
        beside = beside - np.sum(beside * axes[:, 2]) * axes[:, 2]
        e[14] = np.log(np.sqrt(np.sum(beside**2)) / (4 * extent[1] + 0.005) + 0.05)
        e[15] = np.log(plan_gap(a, b, plan, outline, outlined, points) + 0.003)
        mine, theirs = pieces[a].argmax(), pieces[b].argmax()
        e[16] = 1.0 if mine == theirs and pieces[a, mine] > 0 and pieces[b, theirs] > 0 else 0.0
        rival = NEAR
        for k in range(len(alive)):
            if alive[k] and k != a and k != b:
                rival = min(rival, gap[a, k])
        e[17] = np.log((distance + 0.003) / (rival + 0.003))
        e[18] = np.log(4 * together[2] + 0.01)
        step = reach[p // width, p % width] - reach[q // width, q % width]
        e[19] = np.tanh(step / (distance + 0.004))
        e[20] = line[3]
        e[21], e[22] = small[MARGIN] / small[CELLS], large[MARGIN] / large[CELLS]
        e[23], e[24] = np.tanh(15 * (small[LOW] - large[HIGH])), np.tanh(15 * (large[LOW] - small[HIGH]))
        e[25], e[26] = share_of_height(plane, points, p, small), share_of_height(plane, points, q, large)
