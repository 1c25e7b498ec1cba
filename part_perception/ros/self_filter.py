"""SelfFilter: the robot's own links in a cloud, from its description on /robot_description and from TF."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import String

from part_perception.config import Config
from part_perception.errors import InputError
from part_perception.files.urdf import RobotBody, read_urdf
from part_perception.geometry.solids import Solid
from part_perception.ros.messages.clouds import Cloud
from part_perception.ros.refusal import Refusal
from part_perception.ros.stream import Stream
from part_perception.ros.transforms import Transforms

TOPIC = "robot_description"
NAMED = 3  # links named in a remark


@dataclass(frozen=True)
class Robot:
    """A description that was read; `remark` says what is wrong with it."""

    body: RobotBody = field(default_factory=RobotBody)
    remark: str = ""


class SelfFilter:
    """Keeps the newest description."""

    def __init__(self) -> None:
        self._robot = Robot(remark=f"no {TOPIC} has arrived, so the robot itself is not left out")
        self._turn = threading.Lock()  # held to change the two below
        self._newest, self._reads = "", False
        self._lost: frozenset[str] = frozenset()  # links without a transform, last time

    @classmethod
    def of(cls, config: Config, stream: Stream) -> SelfFilter | None:
        """One that listens, if the robot is to be left out."""
        if not config.self_filter.enabled:
            return None
        robot = cls()
        robot.listen(stream)
        return robot

    def listen(self, stream: Stream) -> None:
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        stream.subscribe(String, TOPIC, self._take, latched)

    def _take(self, message: String, _: dict) -> None:
        """Have it read by a thread of its own, one at a time: meshes may take seconds, and clouds must not wait."""
        with self._turn:
            self._newest, reads = message.data, self._reads
            self._reads = True
        if not reads:
            threading.Thread(target=self._read, args=(message.data,), daemon=True).start()

    def _read(self, description: str) -> None:
        """Read a description, then those that have come meanwhile, of which only the newest counts."""
        while self._reads:
            robot = read_robot(description)
            with self._turn:
                self._reads = description is not self._newest
                self._robot, description = robot, self._newest

    def solids(self, cloud: Cloud, config: Config, transforms: Transforms) -> tuple[list[Solid], str]:
        """The links in a cloud's frame, in metres, and what is missing from them."""
        found: list[Solid] = []
        lost: list[str] = []
        robot = self._robot
        # Links that were unknown last time come last: once the others are there, no wait would bring them.
        ordered = sorted(robot.body.links.items(), key=lambda item: item[0] in self._lost)
        for number, (link, own) in enumerate(ordered):
            hopeful = not lost and (number == 0 or link not in self._lost)
            try:
                pose = transforms.lookup(
                    cloud.frame_id, link, cloud.stamp_ns, config.tf_timeout if hopeful else 0.0
                )
            except Refusal:
                lost.append(link)
                continue
            found += [solid.moved(pose).padded(config.self_filter.padding) for solid in own]
        self._lost = frozenset(lost)
        missing = listed(f"links without a transform to {cloud.frame_id} are not left out", lost)
        return found, "; ".join(filter(None, (robot.remark, missing)))


def read_robot(description: str) -> Robot:
    """A description that cannot be used has no links, and a remark that says why."""
    try:
        body = read_urdf(description, mesh_file)
    except InputError as error:
        return Robot(remark=f"{error}, so the robot itself is not left out")
    return Robot(body, listed("links that cannot be read are not left out", body.unread))


def listed(what: str, which: list[str]) -> str:
    """A remark that names the first of them; empty if there are none."""
    if not which:
        return ""
    more = f" and {len(which) - NAMED} more" if len(which) > NAMED else ""
    return f"{what}: {', '.join(which[:NAMED])}{more}"


def mesh_file(uri: str) -> Path:
    """The file of a mesh's URI, package://NAME/PATH or file://PATH."""
    scheme, _, rest = uri.partition("://")
    if scheme == "file":
        return Path(unquote(rest))
    if scheme != "package":
        raise InputError(f"{uri[:100]} is neither a package:// nor a file:// address")
    package, _, path = unquote(rest).partition("/")
    try:
        from ament_index_python.packages import get_package_share_directory

        share = Path(get_package_share_directory(package)).resolve()
    except (ImportError, LookupError, ValueError, OSError) as error:
        raise InputError(f"the package {package[:100]} is not installed: {type(error).__name__}") from None
    found = (share / path).resolve()
    if not found.is_relative_to(share):
        raise InputError(f"{uri[:100]} lies outside its package")
    return found
