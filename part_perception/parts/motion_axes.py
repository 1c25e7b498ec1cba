"""Motion axes: the lines that a part may move about or along, and a rule that chooses among them.

The evidence that counts depends on the part: a wheel turns about its thinnest axis, a door about an upright
edge. So the weight of each piece of evidence is a function of the part's features.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.boxes import principal_box
from part_perception.geometry.motions import MOTIONS
from part_perception.geometry.normals import Whole
from part_perception.geometry.poses import level
from part_perception.parts.encoded import EncodedObject
from part_perception.storage import write_atomic

FILE = "motion_axes.safetensors"
DIRECTION_EVIDENCE, LINE_EVIDENCE = 20, 23
MOVING = len(MOTIONS) - 1

_UP = np.array((0.0, 0.0, 1.0))
_FACES = 0.93  # minimum cosine of a normal with a direction that it faces
_ACROSS = 0.25  # maximum cosine of a normal across a direction
_FAR = 0.3  # canonical units: greater distances count the same
_BESIDE = 0.12  # canonical units: samples nearer than this are beside a line
_STANDS_OUT = 3.0  # times the flatness of a face
_RAISED = 0.015  # canonical units, at least
_FEW = 3  # samples
_OUTLIERS = 0.02  # of the samples, at either end of an extent


class Build:
    """The geometry of a part (P, 3) and of its whole, and the camera's position (3,), if known."""

    def __init__(self, whole: Whole, chosen: np.ndarray, seen_from: np.ndarray | None = None):
        self.whole, self.normals, self.frame = whole.points, whole.normals, whole.frame
        self.part, self.rest = self.whole[chosen], self.whole[~chosen]
        self._chosen, self._seen_from = chosen, seen_from

    @classmethod
    def of(cls, encoded: EncodedObject, chosen: np.ndarray) -> Build:
        """Build the part with the chosen samples of an encoded object."""
        patches, eye = encoded.patches, encoded.seen_from
        if eye is not None:
            eye = (level(encoded.up) @ eye - patches.centre) / patches.scale
        return cls(encoded.whole, chosen, eye)

    @cached_property
    def principal(self) -> np.ndarray:
        """(3, 3) rows are the long, middle and short axis of the part."""
        return principal_box(self.part).rotation.T

    @cached_property
    def towards(self) -> np.ndarray:
        """(3,) the direction to the camera; zeros if the whole was seen from all sides."""
        if self._seen_from is None:
            return np.zeros(3)
        way = self._seen_from - self.whole.mean(axis=0)
        return way / max(float(np.linalg.norm(way)), 1e-9)

    @cached_property
    def knob(self) -> np.ndarray:
        """(3,) from the part's middle to what protrudes from its face, such as a handle; zeros if nothing."""
        long, middle, normal = self.principal
        centre = np.median(self.part, axis=0)
        outwards = self.towards if self.towards.any() else centre - self.whole.mean(axis=0)
        normal = normal if normal @ outwards >= 0 else -normal
        away = self.whole - centre
        height = away @ normal
        flat = float(np.median(np.abs((self.part - centre) @ normal)))
        out = (height > max(_STANDS_OUT * flat, _RAISED)) & (height < _FAR)
        for axis in (long, middle):
            inside = (self.part - centre) @ axis
            out &= (away @ axis >= inside.min()) & (away @ axis <= inside.max())
        return away[out].mean(axis=0) if out.sum() >= _FEW else np.zeros(3)

    @cached_property
    def directions(self) -> np.ndarray:
        """(7, 3) up, the axes of the whole, and the axes of the part."""
        return np.vstack([_UP, self.frame, self.principal])

    def direction_evidence(self, said: np.ndarray) -> np.ndarray:
        """(7, DIRECTION_EVIDENCE) the evidence for each direction; `said` is the network's axis."""
        axes, part, whole = self.directions, self.part, self.whole
        upright = np.abs(axes[:, 2])
        extent, of_whole = np.ptp(part @ axes.T, axis=0), np.ptp(whole @ axes.T, axis=0)
        middle = (whole.min(axis=0) + whole.max(axis=0)) / 2
        off = np.abs((part.mean(axis=0) - middle) @ axes.T) / np.maximum(of_whole / 2, 1e-6)
        even = np.array([evenness(part, axis) for axis in axes])
        form = np.abs(axes @ self.principal.T)
        aside = self.towards * (1, 1, 0)
        aside = aside / max(float(np.linalg.norm(aside)), 1e-9)
        facing = np.abs(self.normals @ axes.T)
        of_part = facing[self._chosen]
        return np.column_stack(
            [
                np.abs(axes @ said),
                upright,
                upright**2,
                np.abs(axes @ self.frame.T).max(axis=1),
                extent / max(float(extent.max()), 1e-6),
                extent / np.maximum(of_whole, 1e-6),
                np.minimum(off, 1.0),
                even,
                even**4,
                np.abs(axes @ self.towards),
                np.abs(axes @ aside) * (1 - upright),
                form,
                form[:, 2] ** 4,
                (facing > _FACES).mean(axis=0),
                (of_part > _FACES).mean(axis=0),
                (facing**2).mean(axis=0),
                (of_part**2).mean(axis=0),
                (of_part < _ACROSS).mean(axis=0),
            ]
        )

    def across(self, axis: np.ndarray) -> np.ndarray:
        """(3, 2) orthonormal columns perpendicular to an axis, along the whole's axes if it is near one."""
        along = np.abs(self.frame @ axis)
        if along.max() > np.cos(np.radians(25)):
            first = self.frame[int(np.argmin(along))]
        else:
            flat = self.part - self.part.mean(axis=0)
            flat = flat - np.outer(flat @ axis, axis)
            first = np.linalg.eigh(flat.T @ flat)[1][:, 2]
        first = first - (first @ axis) * axis
        first = first / max(float(np.linalg.norm(first)), 1e-9)
        return np.stack([first, np.cross(axis, first)], axis=1)

    def lines(self, axis: np.ndarray, said: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(19, 3) places of lines along an axis, and the evidence (19, LINE_EVIDENCE) of each.

        Across the axis, they pass through the corners, the sides and the middle of the boxes of part and
        whole; the last one passes through the network's prediction (3,).
        """
        flat = self.across(axis)
        part, rest, voted = self.part @ flat, self.rest @ flat, said @ flat
        (middle, half), (whole, whole_half) = _box(part), _box(self.whole @ flat)
        steps = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)], float)
        places = np.vstack([middle + steps * half, whole + steps * whole_half, voted])
        corner = np.abs(steps).sum(axis=1)
        of_whole = np.repeat((0.0, 1.0, 0.0), (9, 9, 1))
        sides = np.append(np.tile(corner, 2), -1.0)
        away, outwards = places - middle, middle - whole
        up, view = _UP @ flat, self.towards @ flat
        distance = np.linalg.norm(places - voted, axis=1)
        length = np.linalg.norm(away, axis=1)
        to_rest = np.linalg.norm(rest[:, None] - places, axis=2) if len(rest) else np.full((1, 19), _FAR)
        reach = np.append(np.tile(np.abs(steps) @ (half / half.max()), 2), 0.0)
        relative = (places - whole) / whole_half
        knob = np.clip(self.knob @ flat / half, -1, 1)
        evidence = np.column_stack(
            [
                of_whole,
                sides == 1,
                sides == 2,
                of_whole * (sides == 0),
                distance,
                np.minimum(distance, _FAR),
                away @ up,
                away @ view,
                away @ outwards,
                np.sign(away @ outwards),
                np.sign(away @ up) * (np.abs(away @ up) > 1e-3),
                np.sign(away @ view) * (np.abs(away @ view) > 1e-3),
                length,
                np.minimum(to_rest.min(axis=0), _FAR),
                (to_rest < _BESIDE).mean(axis=0),
                (np.linalg.norm(part[:, None] - places, axis=2) < _BESIDE).mean(axis=0),
                reach,
                (relative**2).sum(axis=1),
                (places - whole) @ up,
                (places - whole) @ view,
                np.abs(relative).max(axis=1),
                np.clip((places - middle) / half, -1.5, 1.5) @ knob,
                sides < 0,
            ]
        )
        along = self.part.mean(axis=0) @ axis
        return places @ flat.T + along * axis, evidence


def _box(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Middle and half size of points (N, 2), without outliers."""
    low, high = np.quantile(points, (_OUTLIERS, 1 - _OUTLIERS), axis=0)
    return (low + high) / 2, np.maximum((high - low) / 2, 1e-3)


def evenness(part: np.ndarray, axis: np.ndarray) -> float:
    """0 to 1: how evenly the part spreads in all directions across an axis; 1 if it is round."""
    across = part - part.mean(axis=0)
    across = across - np.outer(across @ axis, axis)
    spread = np.linalg.eigvalsh(across.T @ across)[1:]
    return float(np.sqrt(max(spread[0], 0.0) / max(spread[1], 1e-12)))


@dataclass(frozen=True)
class MotionAxes:
    """Weights of the evidence, linear in a part's descriptor: (feature - mean) @ basis (K,), and a constant.

    `directions` (MOVING, DIRECTION_EVIDENCE, 1 + K) for each kind that moves, `lines` (LINE_EVIDENCE, 1 + K).
    """

    mean: np.ndarray
    basis: np.ndarray
    directions: np.ndarray
    lines: np.ndarray

    def of_part(self, feature: np.ndarray) -> np.ndarray:
        """(1 + K,) a part's descriptor, from the mean of its samples' features (D,)."""
        return np.append(1.0, (feature / max(float(np.linalg.norm(feature)), 1e-9) - self.mean) @ self.basis)

    def direction(self, kind: int, build: Build, feature: np.ndarray, said: np.ndarray) -> np.ndarray:
        """The likeliest direction of a kind of motion; its sign is arbitrary."""
        weights = self.directions[kind - 1] @ self.of_part(feature)
        return build.directions[int(np.argmax(build.direction_evidence(said) @ weights))]

    def place(self, build: Build, feature: np.ndarray, axis: np.ndarray, said: np.ndarray) -> np.ndarray:
        """A point of the likeliest line along an axis that something turns about."""
        places, evidence = build.lines(axis, said)
        return places[int(np.argmax(evidence @ (self.lines @ self.of_part(feature))))]

    def save(self, path: Path) -> None:
        from safetensors.numpy import save

        write_atomic(path, save({k: np.ascontiguousarray(v, np.float32) for k, v in vars(self).items()}))

    @classmethod
    def load(cls, path: Path, width: int) -> MotionAxes:
        """Read and check a file for a model whose features have this width; an InputError if it is damaged."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, "numpy") as content:
                read = {name: content.get_tensor(name) for name in cls.__dataclass_fields__}
        except (SafetensorError, OSError, ValueError, TypeError) as error:
            raise InputError(f"the motion axes {path} cannot be read: {error}") from None
        known = read["basis"].shape[-1] if read["basis"].ndim == 2 else -1
        shapes = {
            "mean": (width,),
            "basis": (width, known),
            "directions": (MOVING, DIRECTION_EVIDENCE, 1 + known),
            "lines": (LINE_EVIDENCE, 1 + known),
        }
        for name, shape in shapes.items():
            value = read[name]
            if value.dtype != np.float32 or value.shape != shape or not np.isfinite(value).all():
                raise InputError(f"{path} is damaged: {name} must be {shape} finite numbers")
        return cls(**{name: value.astype(float) for name, value in read.items()})
