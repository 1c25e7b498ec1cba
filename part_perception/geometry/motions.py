"""Motions: how a part moves relative to its object, and the path of a gripper that holds it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

MOTIONS = ("fixed", "slides", "turns", "screws", "presses", "lifts")
UNKNOWN = "unknown"
TURNING = ("turns", "screws")
# The longest path: a view does not show how far a drawer can be pulled out.
REACH = {"slides": 0.3, "lifts": 0.15, "presses": 0.01}
ANGLE = {"turns": np.radians(90), "screws": np.radians(90)}
MAX_PATH = 1.0  # metres: the longest path of the gripper around an axis
STEP, TURN_STEP = 0.02, np.radians(5)
NO_POSES = np.zeros((0, 4, 4))
_NOWHERE = np.full(3, np.nan)
for _constant in (NO_POSES, _NOWHERE):
    _constant.flags.writeable = False


@dataclass(frozen=True, eq=False)
class Motion:
    """How a part moves: a `kind` of MOTIONS or "unknown", and its probability.

    `axis` is a unit vector in the direction of opening, loosening or pressing, by the right-hand rule for
    turns. `origin` is a point on the axis of a part that turns or screws, otherwise the part's middle. Both
    are NaN if nothing moves or the motion is unknown. `measured`: the part was seen moving; otherwise the
    motion is estimated from its shape.
    """

    kind: str = UNKNOWN
    confidence: float = 0.0
    axis: np.ndarray = field(default_factory=lambda: _NOWHERE)
    origin: np.ndarray = field(default_factory=lambda: _NOWHERE)
    measured: bool = False

    @property
    def moves(self) -> bool:
        return self.kind not in ("fixed", UNKNOWN)

    @property
    def turning(self) -> bool:
        """Whether it rotates around its axis rather than sliding along it."""
        return self.kind in TURNING

    def seen_from(self, pose: np.ndarray) -> Motion:
        """The same motion in another frame; `pose` (4, 4) maps points to that frame."""
        if not self.moves:
            return self
        turn, shift = pose[:3, :3], pose[:3, 3]
        return replace(self, axis=turn @ self.axis, origin=turn @ self.origin + shift)

    def direction(self, at: np.ndarray) -> np.ndarray:
        """The initial direction, a unit vector, of a point of the part as it opens; NaN if it is fixed."""
        if not self.turning:
            return self.axis
        across = np.cross(self.axis, np.asarray(at, float) - self.origin)
        length = float(np.linalg.norm(across))
        return across / length if length > 1e-9 else np.full(3, np.nan)

    def after(self, amount: float) -> np.ndarray:
        """(4, 4): the part's displacement by some metres along or radians about its axis."""
        pose = np.eye(4)
        if self.turning:
            pose[:3, :3] = turn_about(self.axis, amount)
            pose[:3, 3] = self.origin - pose[:3, :3] @ self.origin
        elif self.moves:
            pose[:3, 3] = amount * self.axis
        return pose


def turn_about(axis: np.ndarray, angle: float) -> np.ndarray:
    """The rotation by an angle about a unit axis."""
    x, y, z = axis
    cross = np.array(((0, -z, y), (z, 0, -x), (-y, x, 0)))
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def opening(motion: Motion, gripper: np.ndarray) -> np.ndarray:
    """(K, 4, 4) poses of a gripper that holds the part at a pose (4, 4) and opens it, starting there.

    A straight line or an arc in steps of 2 cm or 5 degrees, as far as such parts usually move and a gripper
    can.
    """
    if not motion.moves:
        return NO_POSES
    if motion.turning:
        arm = gripper[:3, 3] - motion.origin
        radius = float(np.linalg.norm(arm - (arm @ motion.axis) * motion.axis))
        far, step = min(ANGLE[motion.kind], MAX_PATH / max(radius, 1e-9)), TURN_STEP
    else:
        far, step = REACH[motion.kind], STEP
    amounts = np.linspace(0.0, far, 1 + int(np.ceil(far / step - 1e-9)))
    return np.stack([motion.after(amount) @ gripper for amount in amounts])
