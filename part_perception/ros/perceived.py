"""PerceivedFrame: a cloud before and after perception, and the answers on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from sensor_msgs.msg import PointCloud2

from part_perception.grasping.cache import GraspCache
from part_perception.parts.naming import Belief
from part_perception.ros.messages.clouds import Cloud, nanoseconds, read_cloud
from part_perception.scene import Frame
from part_perception.types import Part


class PendingCloud(Protocol):
    """A received, unread cloud: its stamp, and its arrival by the monotonic clock."""

    @property
    def stamp_ns(self) -> int: ...

    @property
    def arrived(self) -> float: ...

    def read(self) -> Cloud:
        """Its points; a Refusal if they cannot be read."""

    def regions(self) -> list | None:
        """The regions to look in, with one object each; None means everywhere."""


@dataclass(frozen=True)
class PendingMessage:
    """A cloud message, not decoded yet."""

    message: PointCloud2
    arrived: float

    @property
    def stamp_ns(self) -> int:
        return nanoseconds(self.message.header.stamp)

    def read(self) -> Cloud:
        return read_cloud(self.message)

    def regions(self) -> None:
        return None


@dataclass(frozen=True)
class Found:
    """The answer to queries: whether and how surely each was found, the parts, and the names of their objects.

    `remarks` explain, for each query, why it was not found, or has no grasps.
    """

    queries: tuple[str, ...]
    found: list[bool]
    confidence: list[float]
    parts: list[Part]
    owners: list[Belief]
    remarks: list[str]


NOTHING = Found((), [], [], [], [], [])


@dataclass
class PerceivedFrame:
    """A cloud after perception, and the answer to the standing queries. `remark` says what is missing from it.

    Objects are known from frame to frame of one scene; a number tells which one it is.
    """

    cloud: Cloud
    frame: Frame
    arrived: float
    number: int = 0
    standing: Found = NOTHING
    timing: dict[str, float] = field(default_factory=dict)
    kept: GraspCache | None = None
    remark: str = ""
    scene: int = 0

    def with_kept_grasps(self, part: Part) -> Part:
        """Only parts that are visible now; remembered ones are dropped."""
        if self.kept is None or not self.frame.view.sight_known or not part.found or len(part.indices) == 0:
            return part
        thing = next(thing for thing in self.frame.objects if thing.id == part.object_id)
        workspace = self.frame.workspace
        arm = None if workspace is None else workspace.seen_from(thing.to_world)
        near = partial(self.frame.others_near, thing=thing)
        return self.kept.held(part, thing, self.frame.view.viewpoint, arm, near)


def ask(
    seen: PerceivedFrame,
    queries: Sequence[str],
    object_words: Sequence[str] = (),
    region=None,
    most: int = 0,
    least: float = 0.0,
) -> Found:
    """Ask a frame: only objects of the given words, at most so many parts, with at least this confidence."""
    grouped: dict[str, list[Part]] = {query: [] for query in queries}
    asked = seen.frame.ask(list(grouped), object_words, region) if grouped and seen.frame.objects else ()
    for part in asked:
        grouped[part.query].append(seen.with_kept_grasps(part))
    belief = {thing.id: thing.belief for thing in seen.frame.objects}
    found, confidence, parts, owners, remarks = [], [], [], [], []
    for query in queries:
        ranked = [part for part in grouped[query] if part.found and part.confidence >= least][: most or None]
        found.append(bool(ranked))
        confidence.append(max((part.confidence for part in grouped[query]), default=0.0))
        remarks.append(next((part.remark for part in grouped[query] if not part.found), ""))
        parts += ranked
        owners += [belief[part.object_id] for part in ranked]
    return Found(tuple(queries), found, [float(c) for c in confidence], parts, owners, remarks)
