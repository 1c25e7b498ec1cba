"""Markers for RViz: a box, a name and a grasp arrow for every part; the last frame's markers are deleted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from geometry_msgs.msg import Point, Pose, Vector3
from std_msgs.msg import ColorRGBA, Header
from visualization_msgs.msg import Marker, MarkerArray

from part_perception.geometry.poses import moved
from part_perception.ros.messages.parts import motion_of
from part_perception.ros.messages.poses import point_message
from part_perception_interfaces.msg import Part

ARROW_LENGTH = 0.08
TEXT_HEIGHT = 0.025
UP = np.array((0.0, 0.0, 1.0))
ARC, ARC_POSES = np.radians(70), 12


def markers(
    parts: Sequence[Part], colours: Sequence[np.ndarray], header: Header, up: np.ndarray = UP
) -> MarkerArray:
    """`colours`: one for each part, 0 to 255. `up`: in the parts' frame."""
    result = [Marker(header=header, action=Marker.DELETEALL)]
    for k, (part, colour) in enumerate(zip(parts, colours, strict=True)):
        r, g, b = (float(c) / 255 for c in colour)
        result.append(box(part, k, ColorRGBA(r=r, g=g, b=b, a=0.35)))
        result.append(name(part, k, up))
        result += [arrow(part, k, ColorRGBA(r=r, g=g, b=b, a=1.0))] if part.grasps else []
        result += way(part, k, ColorRGBA(r=r, g=g, b=b, a=1.0))
    return MarkerArray(markers=result)


def box(part: Part, k: int, colour: ColorRGBA) -> Marker:
    size = part.box.size
    least = 0.002  # RViz refuses to draw a box without thickness
    scale = Vector3(x=max(size.x, least), y=max(size.y, least), z=max(size.z, least))
    marker = _marker(part, "boxes", k, Marker.CUBE, colour, scale)
    marker.pose = part.box.center
    return marker


def name(part: Part, k: int, up: np.ndarray) -> Marker:
    white = ColorRGBA(r=1.0, g=1.0, b=1.0, a=1.0)
    marker = _marker(part, "names", k, Marker.TEXT_VIEW_FACING, white, Vector3(z=TEXT_HEIGHT))
    middle = np.array((part.centroid.x, part.centroid.y, part.centroid.z))
    marker.pose = Pose(position=point_message(middle + (0.5 * _reach(part) + TEXT_HEIGHT) * up))
    owner = f"{part.object_name} " if part.object_name else ""
    marker.text = f"{owner}{part.query} {part.confidence:.0%}"
    return marker


def arrow(part: Part, k: int, colour: ColorRGBA) -> Marker:
    """An arrow from the pre-grasp position to the grasp."""
    marker = _marker(part, "grasps", k, Marker.ARROW, colour, Vector3(x=0.006, y=0.014, z=0.02))
    pose = part.grasps[0].pose
    q = pose.orientation
    approach = (
        2 * (q.x * q.z + q.w * q.y),
        2 * (q.y * q.z - q.w * q.x),
        1 - 2 * (q.x * q.x + q.y * q.y),
    )
    tip = pose.position
    start = Point(
        x=tip.x - ARROW_LENGTH * approach[0],
        y=tip.y - ARROW_LENGTH * approach[1],
        z=tip.z - ARROW_LENGTH * approach[2],
    )
    marker.points = [start, tip]
    return marker


def way(part: Part, k: int, colour: ColorRGBA) -> list[Marker]:
    """How the part opens: an arrow, or an arc from its middle about the axis; nothing if that is unknown."""
    motion = motion_of(part.motion)
    if not motion.moves:
        return []
    middle = np.array((part.centroid.x, part.centroid.y, part.centroid.z))
    if not motion.turning:
        marker = _marker(part, "motions", k, Marker.ARROW, colour, Vector3(x=0.008, y=0.018, z=0.025))
        marker.points = [
            point_message(middle),
            point_message(middle + max(_reach(part) / 2, 0.05) * motion.axis),
        ]
        return [marker]
    arm = middle - motion.origin
    arm = arm - (arm @ motion.axis) * motion.axis
    if np.linalg.norm(arm) < _reach(part) / 8:  # it turns about its own middle
        aside = np.cross(motion.axis, np.eye(3)[int(np.argmin(np.abs(motion.axis)))])
        middle = middle + _reach(part) / 2 * aside / np.linalg.norm(aside)
    arc = [moved(middle, motion.after(angle)) for angle in np.linspace(0, ARC, ARC_POSES)]
    line = _marker(part, "motions", k, Marker.LINE_STRIP, colour, Vector3(x=0.008))
    line.points = [point_message(point) for point in arc]
    tip = _marker(part, "motion_tips", k, Marker.ARROW, colour, Vector3(x=0.008, y=0.018, z=0.025))
    tip.points = line.points[-2:]
    return [line, tip]


def _reach(part: Part) -> float:
    return max(part.box.size.x, part.box.size.y, part.box.size.z)


def _marker(part: Part, namespace: str, k: int, kind: int, colour: ColorRGBA, scale: Vector3) -> Marker:
    return Marker(
        header=part.header, ns=namespace, id=k, type=kind, action=Marker.ADD, color=colour, scale=scale
    )
