"""Compiled loops over all points for each grasp candidate, in its frame: x closing, y across, z approach."""

from __future__ import annotations

import numpy as np

from part_perception.jit import compiled

MIN_HELD = 2  # points on either half of the fingers' breadth
SLIP = 0.7  # sideways over along: the tangent at which a grip slides off
ON_AXIS = 1e-6  # metres
PALM_REACH, PALM_HALF = 0.15, 0.03  # metres: the space behind the fingers


@compiled("UniTuple(f8, 2)(f8[::1], i8, f8)")
def wall(x, count, contiguous):
    """Least and greatest of the x[:count] connected about 0; NaN if there are too few. Sorts x[:count]."""
    if count < MIN_HELD:
        return np.nan, np.nan
    x[:count].sort()
    low, high = 0, count - 1
    for k in range(count - 1):
        if x[k + 1] - x[k] > contiguous:
            if x[k + 1] <= ON_AXIS:
                low = k + 1
            if x[k] >= -ON_AXIS:
                high = k
                break
    return x[low], x[high]


@compiled(
    "void(f8[:,::1], f8[:,:,::1], f8[:,::1], f8[:,::1], f8, f8[::1], f8[::1], f8[::1], f8[::1], f8[::1])"
)
def hold(positions, rotations, part, around, contiguous, lengths, middle, width, held, hit):
    """Each candidate's hold: the wall's middle along closing, the opening width (0 = none that fits), the
    share of the part between the fingers, and the share of all points that a finger or the palm would hit."""
    opening, finger, thick, breadth, reach, clearance = lengths
    half = breadth / 2
    left, right = np.empty(len(part)), np.empty(len(part))
    for g in range(len(positions)):
        r, p = rotations[g], positions[g]
        n_left, n_right, between = 0, 0, 0
        for k in range(len(part)):
            dx, dy, dz = part[k, 0] - p[0], part[k, 1] - p[1], part[k, 2] - p[2]
            z = dx * r[0, 2] + dy * r[1, 2] + dz * r[2, 2]
            if abs(z) >= reach:
                continue
            y = dx * r[0, 1] + dy * r[1, 1] + dz * r[2, 1]
            if abs(y) >= half:
                continue
            x = dx * r[0, 0] + dy * r[1, 0] + dz * r[2, 0]
            between += 1
            if y <= 0.0:
                left[n_left] = x
                n_left += 1
            if y >= 0.0:
                right[n_right] = x
                n_right += 1
        middle[g], width[g], hit[g] = 0.0, 0.0, 0.0
        held[g] = between / len(part)
        l0, l1 = wall(left, n_left, contiguous)
        r0, r1 = wall(right, n_right, contiguous)
        if np.isnan(l0) and np.isnan(r0):
            continue
        if np.isnan(l0):
            l0, l1 = r0, r1
        elif np.isnan(r0):
            r0, r1 = l0, l1
        elif max(abs(l0 - r0), abs(l1 - r1)) > SLIP * half:  # fingers slip off a corner
            continue
        low, high = min(l0, r0), max(l1, r1)
        if high - low + 2 * clearance > opening:
            continue
        middle[g], width[g] = (low + high) / 2, high - low + 2 * clearance
        inner = width[g] / 2
        outer = inner + thick
        struck = 0
        for cloud in (part, around):
            for k in range(len(cloud)):
                dx, dy, dz = cloud[k, 0] - p[0], cloud[k, 1] - p[1], cloud[k, 2] - p[2]
                z = dx * r[0, 2] + dy * r[1, 2] + dz * r[2, 2]
                if z >= reach or z <= -PALM_REACH:
                    continue
                x = abs(dx * r[0, 0] + dy * r[1, 0] + dz * r[2, 0] - middle[g])
                if x >= outer:
                    continue
                y = abs(dx * r[0, 1] + dy * r[1, 1] + dz * r[2, 1])
                if z > reach - finger:
                    struck += x > inner and y < half
                else:
                    struck += y < PALM_HALF
        hit[g] = struck / (len(part) + len(around))
