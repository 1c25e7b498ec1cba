"""A tree of frames over time: stores the poses from /tf and interpolates between them."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np

from part_perception.geometry.poses import inverse, pose_matrix, quaternion_of


class TransformUnknown(LookupError):  # noqa: N818 - it may come yet
    """A transform is not known; the message says why, and `may_come` whether waiting can help."""

    def __init__(self, reason: str, may_come: bool = True):
        super().__init__(reason)
        self.may_come = may_come


@dataclass
class _Link:
    """A frame's pose in its parent over time: stamps (rising) and poses as (translation, quaternion)."""

    parent: str
    static: bool
    stamps: deque = field(default_factory=deque)
    poses: deque = field(default_factory=deque)

    def add(self, stamp: int, pose: np.ndarray, keep_ns: int) -> None:
        if self.stamps and stamp < self.stamps[-1] - keep_ns:  # the sender's clock has restarted
            self.stamps.clear()
            self.poses.clear()
        where = bisect_left(self.stamps, stamp)
        entry = (pose[:3, 3].copy(), quaternion_of(pose[:3, :3]))
        if where < len(self.stamps) and self.stamps[where] == stamp:
            self.poses[where] = entry
            return
        self.stamps.insert(where, stamp)
        self.poses.insert(where, entry)
        while self.stamps[-1] - self.stamps[0] > keep_ns:
            self.stamps.popleft()
            self.poses.popleft()

    def at(self, stamp: int, child: str) -> np.ndarray:
        """The pose at a moment; interpolated between two known ones, unknown outside them."""
        if self.static:
            return pose_matrix(*self.poses[0])
        first, last = self.stamps[0], self.stamps[-1]
        if stamp > last:
            late = (stamp - last) * 1e-9
            raise TransformUnknown(f"the newest one of {child} is {late:.3f} s older than the cloud")
        if stamp < first:
            early = (first - stamp) * 1e-9
            reason = f"the oldest one kept of {child} is {early:.3f} s newer than the cloud"
            raise TransformUnknown(reason, may_come=False)
        after = bisect_left(self.stamps, stamp)
        if self.stamps[after] == stamp:
            return pose_matrix(*self.poses[after])
        part = (stamp - self.stamps[after - 1]) / (self.stamps[after] - self.stamps[after - 1])
        return pose_matrix(*between(self.poses[after - 1], self.poses[after], part))


def between(before, after, part: float) -> tuple[np.ndarray, np.ndarray]:
    """Interpolate linearly for the translation, spherically (slerp) for the rotation."""
    (t0, q0), (t1, q1) = before, after
    cosine = float(q0 @ q1)
    if cosine < 0:
        q1, cosine = -q1, -cosine
    if cosine > 0.9995:
        turned = (1 - part) * q0 + part * q1
    else:
        angle = np.arccos(cosine)
        turned = (np.sin((1 - part) * angle) * q0 + np.sin(part * angle) * q1) / np.sin(angle)
    return (1 - part) * t0 + part * t1, turned / np.linalg.norm(turned)


class TransformBuffer:
    """Poses of frames in their parents; not thread-safe by itself."""

    def __init__(self, keep: float):
        self._keep_ns = int(keep * 1e9)
        self._links: dict[str, _Link] = {}

    def set(self, parent: str, child: str, stamp: int | None, pose: np.ndarray) -> None:
        """Store the pose of `child` in `parent` at a stamp (None: always); ignore it if not finite."""
        if not np.isfinite(pose).all() or parent == child:
            return
        link = self._links.get(child)
        if link is None or link.parent != parent or link.static or stamp is None:
            link = self._links[child] = _Link(parent, stamp is None)
        link.add(stamp or 0, pose, self._keep_ns)

    def children(self) -> list[str]:
        """The frames with a known parent."""
        return list(self._links)

    def clear(self) -> None:
        """Forget all but the static transforms."""
        self._links = {child: link for child, link in self._links.items() if link.static}

    def lookup(self, target: str, source: str, stamp: int) -> np.ndarray:
        """4×4 from `source` to `target` at a stamp (nanoseconds), or TransformUnknown."""
        if target == source:
            return np.eye(4)
        up, down = self._ancestors(source), self._ancestors(target)
        shared = next((frame for frame in up if frame in down), None)
        if shared is None:
            raise TransformUnknown(self._why_apart(target, source))
        return inverse(self._climb(target, shared, stamp)) @ self._climb(source, shared, stamp)

    def _ancestors(self, frame: str) -> list[str]:
        chain = [frame]
        while (link := self._links.get(chain[-1])) is not None:
            if link.parent in chain:
                raise TransformUnknown(f"the frames {' → '.join([*chain, link.parent])} form a loop", False)
            chain.append(link.parent)
        return chain

    def _climb(self, frame: str, top: str, stamp: int) -> np.ndarray:
        pose = np.eye(4)
        while frame != top:
            link = self._links[frame]
            pose = link.at(stamp, frame) @ pose
            frame = link.parent
        return pose

    def _why_apart(self, target: str, source: str) -> str:
        known = set(self._links) | {link.parent for link in self._links.values()}
        return not_heard_of((target, source), known) or "the two frames are in trees that are not connected"


def not_heard_of(frames: Iterable[str], known: Collection[str]) -> str:
    """Which of the frames no transform has named yet, as a reason; empty if all are known."""
    missing = [frame for frame in frames if frame not in known]
    return f"frame {' and '.join(missing)} is not on /tf or /tf_static" if missing else ""
