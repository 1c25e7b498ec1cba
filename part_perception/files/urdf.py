"""URDF: the solids of a robot's links, from its description."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from part_perception.errors import InputError
from part_perception.files.mesh import ENDINGS, load_mesh
from part_perception.geometry.solids import Solid, box, cylinder, hull, sphere
from part_perception.storage import read_file

MAX_TEXT = 16_000_000  # characters
MAX_SOLIDS = 1000
MAX_SIZE = 100.0  # metres
MAX_MESH = 64_000_000  # bytes
Find = Callable[[str], Path]


@dataclass
class RobotBody:
    """The solids of every link, in the link's frame; `unread` says which shapes could not be read, and why."""

    links: dict[str, list[Solid]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def read_urdf(text: str, find: Find) -> RobotBody:
    """The collision shapes of all links, or the visual ones of links that have none.

    find: the file of a mesh's URI; an InputError if it knows none. A mesh stands for its convex hull.
    """
    body, count = RobotBody(), 0
    for link in _robot(text).iterfind("link"):
        name = link.get("name", "")
        shapes = link.findall("collision") or link.findall("visual")
        count += len(shapes)
        if count > MAX_SOLIDS:
            raise InputError(f"the robot description has more than {MAX_SOLIDS} shapes")
        for shape in shapes:
            try:
                solid = _solid(shape, find)
            except InputError as error:
                body.unread.append(f"{name}: {error}")
            else:
                body.links.setdefault(name, []).append(solid)
    return body


def _robot(text: str) -> ElementTree.Element:
    """The root of the description, which comes from the network."""
    if len(text) > MAX_TEXT:
        raise InputError(f"the robot description has more than {MAX_TEXT} characters")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError("the robot description declares a document type, which URDF does not have")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise InputError(f"the robot description is not XML: {error}") from None
    if root.tag != "robot":
        raise InputError(f"the robot description describes <{root.tag[:40]}>, not <robot>")
    return root


def _solid(shape: ElementTree.Element, find: Find) -> Solid:
    """A collision or visual element as a solid in its link's frame."""
    from scipy.spatial.transform import Rotation

    kinds = shape.find("geometry")
    kind = next(iter(kinds), None) if kinds is not None else None
    if kind is None:
        raise InputError("a shape has no geometry")
    origin = shape.find("origin")
    pose = np.eye(4)
    if origin is not None:
        pose[:3, 3] = _numbers(origin.get("xyz", "0 0 0"), 3)
        turn = Rotation.from_euler("xyz", _numbers(origin.get("rpy", "0 0 0"), 3))  # about fixed axes
        pose[:3, :3] = turn.as_matrix()
    return _of_kind(kind, find).moved(pose)


def _of_kind(kind: ElementTree.Element, find: Find) -> Solid:
    """A geometry element as a solid around its own origin."""
    if kind.tag == "box":
        return box(np.abs(_numbers(kind.get("size"), 3)))
    if kind.tag == "sphere":
        return sphere(*np.abs(_numbers(kind.get("radius"), 1)))
    if kind.tag in ("cylinder", "capsule"):
        (radius,), (length,) = (np.abs(_numbers(kind.get(name), 1)) for name in ("radius", "length"))
        return cylinder(radius, length + (2 * radius if kind.tag == "capsule" else 0.0))
    if kind.tag == "mesh":
        scale = _numbers(kind.get("scale", "1 1 1"), 3)
        return hull(_vertices(kind.get("filename", ""), find) * scale)
    raise InputError(f"<{kind.tag[:40]}> is no shape of URDF")


def _vertices(uri: str, find: Find) -> np.ndarray:
    path = find(uri)
    if path.suffix.lower() not in ENDINGS:
        raise InputError(f"{path.name} is no mesh that can be read ({' '.join(ENDINGS)})")
    try:
        vertices, faces = load_mesh(read_file(path, MAX_MESH), path.suffix.lower())
    except InputError as error:
        raise InputError(f"{path.name} {error}") from None
    return vertices[np.unique(faces)]


def _numbers(text: str | None, count: int) -> np.ndarray:
    try:
        values = np.array([float(word) for word in (text or "").split()])
    except ValueError:
        values = np.zeros(0)
    if len(values) != count or not (np.abs(values) <= MAX_SIZE).all():
        raise InputError(f"{count} numbers of at most {MAX_SIZE:g} are needed, not {(text or '')[:60]!r}")
    return values
