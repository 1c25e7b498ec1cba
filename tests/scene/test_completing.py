"""Completing: the network's objects grow into their pieces, and pieces that it missed become objects."""

import numpy as np

from part_perception.scene.cell_image import CellImage
from part_perception.scene.completing import MIN_CELLS, completed

PITCH = 0.003  # at 1 m, three millimetres a cell: an object grows by six cells


def image(height: int = 20, width: int = 60) -> CellImage:
    cells = np.arange(height * width, dtype=np.int32)
    reach = np.ones((height, width), np.float32)
    return CellImage(
        np.ones((height, width, 3), np.float32), reach, cells.reshape(height, width), cells, PITCH
    )


def numbers(**columns: tuple[int, int]) -> np.ndarray:
    """Objects a, b, … in bands of columns."""
    out = np.full((20, 60), -1, np.int32)
    for number, (first, last) in enumerate(columns.values()):
        out[:, first:last] = number
    return out


def piece(first: int, last: int) -> np.ndarray:
    return np.flatnonzero((np.arange(1200) % 60 >= first) & (np.arange(1200) % 60 < last))


def test_an_object_takes_the_rim_that_the_network_lost():
    out = completed(numbers(a=(10, 20)), image(), [piece(6, 24)])
    np.testing.assert_array_equal(out, numbers(a=(6, 24)))


def test_it_does_not_grow_farther_than_two_centimetres():
    out = completed(numbers(a=(10, 40)), image(), [piece(0, 50)])
    np.testing.assert_array_equal(out, numbers(a=(4, 46)))


def test_two_objects_share_their_piece_where_they_meet():
    out = completed(numbers(a=(10, 20), b=(24, 34)), image(), [piece(10, 34)])
    np.testing.assert_array_equal(out, numbers(a=(10, 22), b=(22, 34)))


def test_a_piece_that_the_network_missed_is_an_object():
    out = completed(numbers(a=(0, 10)), image(), [piece(0, 10), piece(30, 50)])
    np.testing.assert_array_equal(out, numbers(a=(0, 10), b=(30, 50)))


def test_a_spill_does_not_claim_a_piece():
    spilled = numbers()
    spilled[0, 30 : 30 + MIN_CELLS - 1] = 0
    out = completed(spilled, image(), [piece(30, 50)])
    assert (out[0, 30 : 30 + MIN_CELLS - 1] == 0).all() and (out[1:, 30:50] == 1).all()


def test_nothing_stays_nothing():
    assert (completed(numbers(), image(), []) == -1).all()
