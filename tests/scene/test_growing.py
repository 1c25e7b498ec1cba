"""Growing: the network's objects take the rest of their pieces, but not of others, and not far."""

import numpy as np

from part_perception.scene.cell_image import CellImage
from part_perception.scene.separator import MIN_CELLS, grown, piece_of_cells

PITCH = 0.003  # at 1 m a cell is three millimetres: an object grows by six cells


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


def after_growing(number: np.ndarray, pieces: list[np.ndarray]) -> np.ndarray:
    return grown(number, image(), piece_of_cells(image(), pieces))


def test_an_object_takes_the_rim_that_the_network_lost():
    out = after_growing(numbers(a=(10, 20)), [piece(6, 24)])
    np.testing.assert_array_equal(out, numbers(a=(6, 24)))


def test_it_does_not_grow_farther_than_two_centimetres():
    out = after_growing(numbers(a=(10, 40)), [piece(0, 50)])
    np.testing.assert_array_equal(out, numbers(a=(4, 46)))


def test_two_objects_share_their_piece_where_they_meet():
    out = after_growing(numbers(a=(10, 20), b=(24, 34)), [piece(10, 34)])
    np.testing.assert_array_equal(out, numbers(a=(10, 22), b=(22, 34)))


def test_a_few_stray_cells_do_not_claim_a_piece():
    spilled = numbers()
    spilled[0, 30 : 30 + MIN_CELLS - 1] = 0
    np.testing.assert_array_equal(after_growing(spilled, [piece(30, 50)]), spilled)


def test_nothing_stays_nothing():
    assert (after_growing(numbers(), []) == -1).all()
