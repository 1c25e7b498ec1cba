"""Meshes as input, with the real trimesh: area, labels on vertices and faces, splats, and files that are not meshes."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
import trimesh

from part_perception.cli.clouds import write_labelled
from part_perception.cli.main import main
from part_perception.errors import InputError
from part_perception.files import read_cloud
from part_perception.files.mesh import Mesh, on_mesh, sample
from part_perception.files.ply import read_ply


@pytest.fixture(scope="module")
def dumbbell() -> trimesh.Trimesh:
    """A thin bar between a box and a ball."""
    bar = trimesh.creation.cylinder(0.02, 0.5, sections=24)
    box = trimesh.creation.box((0.2, 0.2, 0.2)).apply_translation((0, 0, 0.3))
    ball = trimesh.creation.icosphere(3, 0.12).apply_translation((0, 0, -0.3))
    return trimesh.util.concatenate([bar, box, ball])


@pytest.mark.parametrize("ending", ["obj", "stl", "glb", "ply"])
def test_points_are_sampled_by_area_in_every_format(dumbbell, tmp_path, ending):
    path = tmp_path / f"dumbbell.{ending}"
    dumbbell.export(path)
    cloud = read_cloud(path)
    assert len(cloud.points) == 20_000
    share = 6 * 0.2**2 / dumbbell.area
    inside = (np.abs(cloud.points[:, :2]) < 0.101).all(axis=1) & (cloud.points[:, 2] > 0.199)
    assert inside.mean() == pytest.approx(share, abs=0.02)
    assert len(cloud.mesh.faces) == len(dumbbell.faces)
    assert cloud.up_axis == ("y" if ending == "glb" else "")


def test_pieces_of_a_glb_are_where_its_nodes_put_them(dumbbell, tmp_path):
    scene = trimesh.Scene()
    scene.add_geometry(dumbbell, transform=trimesh.transformations.translation_matrix((5, 0, 0)))
    scene.export(tmp_path / "moved.glb")
    assert read_cloud(tmp_path / "moved.glb").points[:, 0].min() > 4.8


def test_every_face_gets_its_share_to_within_one():
    vertices = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [3, 0, 0], [0, 3, 0.0]])
    points, face = sample(vertices, np.array([[0, 1, 2], [0, 3, 4], [0, 0, 0]]), 1000)
    assert np.abs(np.bincount(face, minlength=3) - [100, 900, 0]).max() <= 1
    assert (points >= 0).all() and (points[face == 0].sum(axis=1) <= 1 + 1e-9).all()


def test_labels_go_to_faces_by_most_points_and_to_vertices_by_the_nearest():
    vertices = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0.0]])
    faces = np.array([[0, 1, 2], [1, 2, 3]])
    points = np.array([[0.1, 0.0, 0], [0.0, 0.8, 0], [0.3, 0.3, 0], [0.8, 0.8, 0]])
    mesh = Mesh(vertices, faces, np.array([0, 0, 0, 0]))
    of_vertices, of_faces = on_mesh(np.array([4, 4, -1, 7]), points, mesh)
    assert of_faces.tolist() == [4, 7]
    assert of_vertices.tolist() == [4, -1, 4, 7]


def test_a_mesh_is_taken_apart_and_comes_back_with_labelled_faces(dumbbell, tmp_path, capsys):
    dumbbell.export(tmp_path / "dumbbell.stl")
    out = tmp_path / "parts.ply"
    assert (
        main(["decompose", str(tmp_path / "dumbbell.stl"), "--parts", "3", "--out", str(out), "--json"]) == 0
    )
    assert len(json.loads(capsys.readouterr().out)["parts"]) == 3
    back = trimesh.load(out, process=False)
    assert len(back.faces) == len(dumbbell.faces)
    labels = read_ply(out.read_bytes()).labels
    z = back.vertices[:, 2]
    assert len(np.unique(labels[z > 0.26])) == 1 and len(np.unique(labels[z < -0.26])) == 1
    assert labels[z > 0.26][0] != labels[z < -0.26][0]


@pytest.mark.parametrize("ending", [".ply", ".npz"])
def test_a_labelled_mesh_that_was_written_is_read_with_its_labels_and_its_up_axis(dumbbell, tmp_path, ending):
    """What `decompose --out` writes can be drawn by `view --picture` and taught from."""
    dumbbell.export(tmp_path / "dumbbell.glb")
    cloud, out = read_cloud(tmp_path / "dumbbell.glb"), tmp_path / f"out{ending}"
    labels = np.digitize(cloud.points[:, 2], (-0.2, 0.2))
    write_labelled(out, cloud, labels, None, ("ball", "bar", "box"))
    back = read_cloud(out)
    assert (back.label_names, back.up_axis) == (("ball", "bar", "box"), "y")
    assert (back.labels == np.digitize(back.points[:, 2], (-0.2, 0.2))).mean() > 0.97


@pytest.mark.parametrize("labelled", ["vertex", "face"])
@pytest.mark.parametrize("encoding", ["ascii", "binary_big_endian"])
def test_points_of_a_mesh_have_the_labels_of_their_faces_or_nearest_corners(tmp_path, labelled, encoding):
    corners = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]
    vertices = [(*place, 5 + (place[0] > 0.5)) if labelled == "vertex" else place for place in corners]
    faces = [(3, 0, 1, 2), (3, 0, 2, 3)]
    faces = [(*face, 5 + k) if labelled == "face" else face for k, face in enumerate(faces)]
    extra = {labelled: "property int label\n"}
    head = (
        f"ply\nformat {encoding} 1.0\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\n"
        f"{extra.get('vertex', '')}element face 2\nproperty list uchar int vertex_indices\n"
        f"{extra.get('face', '')}end_header\n"
    )
    if encoding == "ascii":
        body = "".join(" ".join(map(str, row)) + "\n" for row in (*vertices, *faces)).encode()
    else:
        body = b"".join(struct.pack(">fff" + "i" * (len(row) - 3), *row) for row in vertices)
        body += b"".join(struct.pack(">B" + "i" * (len(row) - 1), *row) for row in faces)
    (tmp_path / "m.ply").write_bytes(head.encode() + body)
    cloud = read_cloud(tmp_path / "m.ply")
    x, y = cloud.points[:, 0], cloud.points[:, 1]
    second = x > 0.5 if labelled == "vertex" else y > x
    clear = (np.abs(x - 0.5) > 0.2) & (np.abs(x - y) > 1e-3)
    np.testing.assert_array_equal(cloud.labels[clear], 5 + second[clear])


def test_a_mesh_that_cannot_be_written_is_bad_input(dumbbell, tmp_path):
    dumbbell.export(tmp_path / "dumbbell.stl")
    (tmp_path / "out.ply").mkdir()
    cloud = read_cloud(tmp_path / "dumbbell.stl")
    with pytest.raises(InputError, match=r"out.ply cannot be written: it already exists and is not a file"):
        write_labelled(tmp_path / "out.ply", cloud, np.zeros(len(cloud.points), int), None, ("all",))


def splats(opacity: np.ndarray) -> bytes:
    names = ["x", "y", "z", "f_dc_0", "f_dc_1", "f_dc_2", "opacity", "scale_0"]
    rows = np.random.default_rng(0).normal(size=(len(opacity), len(names))).astype("<f4")
    rows[:, 6] = opacity
    head = ["ply", "format binary_little_endian 1.0", f"element vertex {len(rows)}"]
    return (
        "\n".join([*head, *(f"property float {n}" for n in names), "end_header\n"]).encode() + rows.tobytes()
    )


def test_faint_splats_are_holes_and_the_others_keep_their_rows():
    cloud = read_ply(splats(np.array([3.0, -4.0, 0.0, np.nan])))
    assert np.isfinite(cloud.points).all(axis=1).tolist() == [True, False, True, False]
    with pytest.raises(ValueError, match="too faint"):
        read_ply(splats(np.full(4, -5.0)))


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.glb", b"glTF nonsense", "cannot be read as a mesh"),
        ("a.obj", b"v 0 0 0\nv 1 0 0\n", "a.obj"),
        ("a.stl", b"solid x\nendsolid x\n", "a.stl"),
        ("a.obj", b"v 0 0 0\nv 0 0 0\nv 0 0 0\nf 1 2 3\n", "without any area"),
        ("a.obj", b"v 0 0 0\nv 1 0 0\nv nan 1 0\nf 1 2 3\n", "not finite"),
    ],
)
def test_a_file_that_is_not_a_mesh_is_refused_in_one_sentence(tmp_path, capsys, name, data, reason):
    (tmp_path / name).write_bytes(data)
    assert main(["decompose", str(tmp_path / name)]) == 2
    error = capsys.readouterr().err
    assert reason in error and error.count("\n") == 1


def test_without_trimesh_it_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "a.obj").write_bytes(b"v 0 0 0\n")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"part_perception\[mesh\]"):
        read_cloud(tmp_path / "a.obj")
