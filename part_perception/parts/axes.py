"""Axes: picks a motion axis among the few directions in which parts are usually built to move."""

from __future__ import annotations

import numpy as np

from part_perception.geometry.boxes import principal_box, upright_box

_UP = np.array((0.0, 0.0, 1.0))


def candidates(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """(6, 3) up, the level axes of the object (points, z up), and the principal axes of the part."""
    return np.vstack([_UP, upright_box(whole, _UP).rotation.T[:2], principal_box(part).rotation.T])


def axis_evidence(axes: np.ndarray, part: np.ndarray, whole: np.ndarray, said: np.ndarray) -> np.ndarray:
    """(A, 7) the evidence for each axis; `said` is the axis that the network predicts.

    Its similarity to that axis, to up, and to the object's nearest axis; the part's length along it, relative
    to its longest side and to the object; the part's offset along it from the object's middle; its evenness
    across.
    """
    along = part @ axes.T
    extent = np.ptp(along, axis=0)
    of_whole = np.ptp(whole @ axes.T, axis=0)
    middle = (whole.min(axis=0) + whole.max(axis=0)) / 2
    off = np.abs((part.mean(axis=0) - middle) @ axes.T) / np.maximum(of_whole / 2, 1e-6)
    built = np.abs(axes @ upright_box(whole, _UP).rotation).max(axis=1)
    spread = np.array([_evenness(part, axis) for axis in axes])
    return np.stack(
        [
            np.abs(axes @ said),
            np.abs(axes[:, 2]),
            built,
            extent / max(float(extent.max()), 1e-6),
            extent / np.maximum(of_whole, 1e-6),
            np.minimum(off, 1.0),
            spread,
        ],
        axis=1,
    )


def _evenness(part: np.ndarray, axis: np.ndarray) -> float:
    """0 to 1: how evenly the part spreads in all directions across an axis; 1 if it is round."""
    across = part - part.mean(axis=0)
    across = across - np.outer(across @ axis, axis)
    spread = np.linalg.eigvalsh(across.T @ across)[1:]
    return float(np.sqrt(spread[0] / max(spread[1], 1e-12)))


def likeliest_axis(part: np.ndarray, whole: np.ndarray, said: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The axis with the most evidence, by the weights (7,) of its kind of motion; its sign is arbitrary."""
    axes = candidates(part, whole)
    axis = axes[int(np.argmax(axis_evidence(axes, part, whole, said) @ weights))]
    return axis / np.linalg.norm(axis)
