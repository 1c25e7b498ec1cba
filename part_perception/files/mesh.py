"""Meshes (.obj .stl .glb .ply with faces) → points sampled by area; point labels → mesh labels."""

from __future__ import annotations

import importlib.util
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry import AXES
from part_perception.storage import write_atomic

ENDINGS = (".obj", ".stl", ".glb")
SAMPLES = 20_000
MAX_FACES = 5_000_000


@dataclass(frozen=True)
class Mesh:
    """Vertices (V, 3) and triangles (F, 3), and the triangle (N,) of each sampled point."""

    vertices: np.ndarray
    faces: np.ndarray
    face_of: np.ndarray


def read_mesh(data: bytes, ending: str, samples: int = SAMPLES) -> tuple[np.ndarray, Mesh]:
    """Points (N, 3) sampled evenly by area, and their mesh, with every piece in its place."""
    vertices, faces = load_mesh(data, ending)
    points, face_of = sample(vertices, faces, samples)
    return points, Mesh(vertices, faces, face_of)


def load_mesh(data: bytes, ending: str) -> tuple[np.ndarray, np.ndarray]:
    """Vertices and triangles of a file; materials, textures and other files are ignored."""
    if importlib.util.find_spec("trimesh") is None:
        raise InputError("is a mesh, which needs trimesh: pip install 'part_perception[mesh]'")
    import trimesh

    if len(data) > 1 << 30:
        raise InputError("is larger than 1 GB: simplify the mesh")
    try:
        found: Any = trimesh.load(
            io.BytesIO(data), ending.lstrip("."), force="mesh", process=False, skip_materials=True
        )
        vertices, faces = np.asarray(found.vertices, float), np.asarray(found.faces, np.int64)
    except Exception as error:  # the readers can raise anything
        raise InputError(f"cannot be read as a mesh: {type(error).__name__}: {error}") from None
    if not len(faces):
        raise InputError("has no faces: a mesh needs at least one")
    if len(faces) > MAX_FACES:
        raise InputError(f"has {len(faces)} faces, more than {MAX_FACES}: simplify the mesh")
    if faces.min() < 0 or faces.max() >= len(vertices):
        raise InputError("has a face with a vertex that does not exist")
    if not np.isfinite(vertices[faces]).all():
        raise InputError("has a face with a vertex that is not finite")
    return vertices, faces


def sample(vertices: np.ndarray, faces: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(count, 3) points and their faces (count,): each face gets its share by area, to within one."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    cumulative = np.cumsum(area)
    if not cumulative[-1] > 0:
        raise InputError("has faces without any area")
    rng = np.random.default_rng(0)
    ticks = (np.arange(count) + rng.random()) * (cumulative[-1] / count)
    face = np.minimum(np.searchsorted(cumulative, ticks, side="right"), len(faces) - 1)
    u, v = rng.random((2, count, 1))
    u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
    return a[face] + u * (b[face] - a[face]) + v * (c[face] - a[face]), face


def on_mesh(labels: np.ndarray, points: np.ndarray, mesh: Mesh) -> tuple[np.ndarray, np.ndarray]:
    """Point labels → vertex labels (V,), by the nearest point, and face labels (F,), by most points.

    A face without points takes the label of the point nearest to its middle.
    """
    from scipy.spatial import cKDTree

    tree = cKDTree(points)
    of_vertices = labels[tree.query(mesh.vertices)[1]]
    names, number = np.unique(labels, return_inverse=True)
    order = np.argsort(number, kind="stable")
    counts = np.zeros(len(mesh.faces), int)
    of_faces = labels[tree.query(mesh.vertices[mesh.faces].mean(axis=1))[1]]
    for k in range(len(names)):
        votes = np.bincount(mesh.face_of[order[number[order] == k]], minlength=len(mesh.faces))
        more = votes > counts
        of_faces[more], counts = names[k], np.maximum(counts, votes)
    return of_vertices, of_faces


def labels_of_samples(
    points: np.ndarray, mesh: Mesh, of_vertices: np.ndarray | None, of_faces: np.ndarray | None
) -> np.ndarray | None:
    """Mesh labels → labels of the sampled points (N,): those of their faces, else of their nearest corners."""
    # Faces with more than three corners are several in the mesh, and their labels no longer fit.
    if of_faces is not None and len(of_faces) == len(mesh.faces):
        return of_faces[mesh.face_of]
    if of_vertices is None or len(of_vertices) != len(mesh.vertices):
        return None
    corners = mesh.faces[mesh.face_of]
    nearest = np.linalg.norm(mesh.vertices[corners] - points[:, None], axis=2).argmin(axis=1)
    return of_vertices[corners[np.arange(len(points)), nearest]]


def comments(names: tuple[str, ...], up_axis: str) -> list[str]:
    """The lines of a .ply header that name the labels and the axis that points up."""
    told = [f"comment label {i} {' '.join(name.split())}" for i, name in enumerate(names)]
    return told + [f"comment up_axis {up_axis}"] * (up_axis in AXES)


def write_mesh(
    path: Path, points: np.ndarray, labels: np.ndarray, mesh: Mesh, names: tuple[str, ...], up_axis: str = ""
) -> None:
    """Write the mesh as a .ply with labels of vertices and faces, or as .npz with the points as well."""
    of_vertices, of_faces = on_mesh(labels, points, mesh)
    if path.suffix.lower() == ".npz":
        stream = io.BytesIO()
        up: dict[str, Any] = {"up_axis": np.array(up_axis)} if up_axis in AXES else {}
        np.savez_compressed(
            stream, points=points, labels=labels.astype(np.int32), label_names=np.array(names, str),
            vertices=mesh.vertices, faces=mesh.faces, vertex_labels=of_vertices, face_labels=of_faces, **up,
        )  # fmt: skip
        _write(path, stream.getvalue())
        return
    vertices = np.empty(len(mesh.vertices), [("place", "<f4", 3), ("label", "<i4")])
    vertices["place"], vertices["label"] = mesh.vertices, of_vertices
    faces = np.empty(len(mesh.faces), [("count", "u1"), ("corners", "<i4", 3), ("label", "<i4")])
    faces["count"], faces["corners"], faces["label"] = 3, mesh.faces, of_faces
    head = ["ply", "format binary_little_endian 1.0",
            *comments(names, up_axis),
            f"element vertex {len(vertices)}", *(f"property float {axis}" for axis in "xyz"), "property int label",
            f"element face {len(faces)}", "property list uchar int vertex_indices", "property int label",
            "end_header\n"]  # fmt: skip
    _write(path, "\n".join(head).encode() + vertices.tobytes() + faces.tobytes())


def _write(path: Path, data: bytes) -> None:
    try:
        write_atomic(path, data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None
