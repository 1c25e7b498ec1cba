"""Compiled loops that find planes in a grid of cells (see grid). owner (R, C): each cell's plane."""

from __future__ import annotations

import numpy as np

from part_perception.jit import compiled
from part_perception.scene.grid import MIN_AROUND, add, height, solve

SEED_STEP = 4  # every fourth row and column of cells proposes, and as many vote
# metres, and at one metre: how far points stray from a plane before its noise is known
NEAR, NEAR_Z2 = 0.01, 0.01
ALIKE = 0.8  # cosine between a plane's normal and that of a cell on it
CLAIMED_ALIKE = 0.6  # the same once the plane is confirmed
PARALLEL = 0.985  # cosine: 10 degrees
CLOSE = 0.6  # of the strays allowed: a parallel plane this close is the same one, bent by the sensor
OPEN, NONE = -1, -2  # owners of a cell that no plane owns


@compiled("f8(f8[:,:,::1], f8[::1], i8, i8)")
def alike(local, plane, row, column):
    """Cosine between a cell's normal and a plane's; 0 if the cell has none."""
    return (
        plane[0] * local[row, column, 0] + plane[1] * local[row, column, 1] + plane[2] * local[row, column, 2]
    )


@compiled("i8(f8[:,:,::1], f8[:,::1], f8[:,:,::1], i4[:,::1], f8[::1])")
def refit(cells, reach, local, owner, plane):
    """Least squares through the open cells near a plane, nearer each round; returns their number."""
    sums = np.empty(9)
    count = 0
    for width in (2.0, 1.5, 1.0):
        sums[:] = 0.0
        count = 0
        for row in range(reach.shape[0]):
            for column in range(reach.shape[1]):
                if owner[row, column] != OPEN:
                    continue
                square = reach[row, column] ** 2
                if abs(height(cells, plane, row, column)) > width * max(NEAR, NEAR_Z2 * square):
                    continue
                if alike(local, plane, row, column) < ALIKE:
                    continue
                # strays grow with the square of the distance
                add(sums, cells[row, column, 0], cells[row, column, 1], cells[row, column, 2], 1.0 / square)
                count += 1
        if count < MIN_AROUND or not solve(sums, plane):
            return 0
    return count


@compiled("i8(f8[:,:,::1], f8[:,::1], f8[:,:,::1], i4[:,::1], f8[::1], i4, f8, f8)")
def claim(cells, reach, local, owner, plane, number, least, noise):
    """Assign the open cells on a plane to it; returns their number."""
    count = 0
    for row in range(reach.shape[0]):
        for column in range(reach.shape[1]):
            if owner[row, column] != OPEN:
                continue
            if abs(height(cells, plane, row, column)) > max(least, noise * reach[row, column] ** 2):
                continue
            # cells at an edge have no normal of their own
            if local[row, column, 3] > 0.0 and alike(local, plane, row, column) < CLAIMED_ALIKE:
                continue
            owner[row, column] = number
            count += 1
    return count


@compiled("i8(f8[:,:,::1], f8[:,::1], i4[:,::1], f8[:,::1], i8, i8)")
def same_plane(cells, reach, owner, planes, number, known):
    """The known plane that a new one's cells strayed from because the sensor bends planes; -1 if none."""
    for k in range(known):
        if (
            planes[k, 0] * planes[number, 0]
            + planes[k, 1] * planes[number, 1]
            + planes[k, 2] * planes[number, 2]
            < PARALLEL
        ):
            continue
        apart, count = 0.0, 0
        for row in range(reach.shape[0]):
            for column in range(reach.shape[1]):
                if owner[row, column] == number:
                    apart += abs(height(cells, planes[k], row, column)) / max(
                        NEAR, NEAR_Z2 * reach[row, column] ** 2
                    )
                    count += 1
        if count > 0 and apart / count < 1.0 + CLOSE:
            return k
    return -1


@compiled("i8(f8[:,:,::1], f8[:,::1], f8[:,:,::1], f8[:,::1], i8, f8[:,::1], i4[:,::1])")
def propose(cells, reach, local, known, least_cells, planes, owner):
    """Planes with many cells, those with most first; owner gets each cell's plane. Returns how many.

    Candidates are the planes known from before and every plane through a cell's surroundings; candidates on a
    plane that was accepted are dropped with it.
    """
    rows, columns = reach.shape
    seeds_most = known.shape[0] + (rows // SEED_STEP + 1) * (columns // SEED_STEP + 1)
    seeds = np.empty((seeds_most, 4))
    place = np.empty((seeds_most, 2), np.int32)
    judges, seed_count = 0, 0
    for k in range(known.shape[0]):
        seeds[seed_count] = known[k]
        place[seed_count] = -1
        seed_count += 1
    judge = np.empty((seeds_most, 2), np.int32)
    for row in range(rows):
        for column in range(columns):
            owner[row, column] = OPEN if reach[row, column] > 0.0 else NONE
            if row % SEED_STEP == 1 and column % SEED_STEP == 1 and local[row, column, 3] > 0.0:
                judge[judges, 0], judge[judges, 1] = row, column
                judges += 1
                seeds[seed_count] = local[row, column]
                place[seed_count, 0], place[seed_count, 1] = row, column
                seed_count += 1
    votes = np.zeros(seed_count, np.int32)
    alive = np.ones(seed_count, np.bool_)
    agree = np.zeros((seed_count, max(judges, 1)), np.bool_)
    for s in range(seed_count):
        for j in range(judges):
            row, column = judge[j, 0], judge[j, 1]
            near = max(NEAR, NEAR_Z2 * reach[row, column] ** 2)
            if (
                abs(height(cells, seeds[s], row, column)) < near
                and alike(local, seeds[s], row, column) > ALIKE
            ):
                agree[s, j] = True
                votes[s] += 1
    found = 0
    while found < planes.shape[0]:
        best = -1
        for s in range(seed_count):
            if alive[s] and (best < 0 or votes[s] > votes[best]):
                best = s
        if best < 0 or votes[best] * SEED_STEP * SEED_STEP < least_cells // 2:
            break
        alive[best] = False
        planes[found] = seeds[best]
        if refit(cells, reach, local, owner, planes[found]) < least_cells // 2:
            continue
        if claim(cells, reach, local, owner, planes[found], found, NEAR, NEAR_Z2) < least_cells:
            for row in range(rows):
                for column in range(columns):
                    if owner[row, column] == found:
                        owner[row, column] = OPEN
            continue
        same = same_plane(cells, reach, owner, planes, found, found)
        number = found if same < 0 else same
        for row in range(rows):
            for column in range(columns):
                if owner[row, column] == found:
                    owner[row, column] = number
        if same < 0:
            found += 1
        for j in range(judges):
            if owner[judge[j, 0], judge[j, 1]] == number:
                for s in range(seed_count):
                    if agree[s, j]:
                        agree[s, j] = False
                        votes[s] -= 1
        for s in range(seed_count):
            if place[s, 0] >= 0 and owner[place[s, 0], place[s, 1]] >= 0:
                alive[s] = False
    return found
