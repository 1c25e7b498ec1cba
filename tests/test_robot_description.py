"""Robot descriptions: the solids of links, from shapes and meshes, and broken shapes."""

from pathlib import Path

import numpy as np
import pytest

from part_perception.errors import InputError
from part_perception.files.urdf import read_urdf
from part_perception.geometry.solids import leave_out

ARM = """<?xml version="1.0"?>
<robot name="arm">
  <link name="base"><visual><geometry><box size="0.2 0.2 0.1"/></geometry></visual></link>
  <link name="upper">
    <visual><geometry><sphere radius="5"/></geometry></visual>
    <collision><origin xyz="0 0 0.5" rpy="0 1.5707963 0"/>
      <geometry><cylinder radius="0.1" length="0.6"/></geometry></collision>
    <collision><geometry><sphere radius="0.2"/></geometry></collision>
  </link>
  <link name="frame_only"/>
  <joint name="shoulder" type="revolute"><parent link="base"/><child link="upper"/></joint>
</robot>"""


def nowhere(uri: str) -> Path:
    raise InputError(f"{uri} is unknown")


def inside(solids, *places) -> list[bool]:
    points, reach = np.array(places, np.float32), np.ones(len(places), np.float32)
    leave_out(points, reach, solids)
    return (reach == 0).tolist()


def test_collision_shapes_count_and_visual_ones_where_there_are_none():
    body = read_urdf(ARM, nowhere)
    assert set(body.links) == {"base", "upper"} and body.unread == []
    assert [len(solids) for solids in body.links.values()] == [1, 2]
    assert inside(body.links["base"], (0.09, 0.09, 0.04), (0, 0, 0.06)) == [True, False]
    lying, ball = body.links["upper"]
    assert inside([lying], (0.29, 0, 0.5), (0, 0, 0.7), (0, 0.09, 0.5)) == [True, False, True], (
        "it lies along x"
    )
    assert inside([ball], (0, 0, 0.19), (0, 0, 0.21)) == [True, False]


def test_roll_pitch_and_yaw_are_about_fixed_axes():
    text = """<robot><link name="a"><collision><origin rpy="1.5707963 0 1.5707963"/>
              <geometry><box size="0.2 1 0.2"/></geometry></collision></link></robot>"""
    (solid,) = read_urdf(text, nowhere).links["a"]
    assert inside([solid], (0, 0, 0.45), (0.45, 0, 0), (0, 0.45, 0)) == [True, False, False]


def test_a_mesh_stands_for_its_hull(tmp_path):
    trimesh = pytest.importorskip("trimesh")
    file = tmp_path / "link one.stl"
    file.write_bytes(trimesh.creation.box((100, 200, 300)).export(file_type="stl"))
    text = """<robot><link name="a"><collision><origin xyz="1 0 0"/><geometry>
              <mesh filename="package://arm/link one.stl" scale="0.001 0.001 0.001"/>
              </geometry></collision></link></robot>"""
    (solid,) = read_urdf(text, lambda uri: tmp_path / uri.removeprefix("package://arm/")).links["a"]
    assert inside([solid], (1.04, 0.09, 0.14), (1.06, 0, 0), (1, 0.11, 0), (0, 0, 0)) == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        ('<mesh filename="package://arm/a.dae"/>', "a.dae is no mesh that can be read"),
        ('<mesh filename="package://arm/missing.stl"/>', "missing.stl"),
        ('<box size="1 nan 1"/>', "3 numbers"),
        ('<box size="1 1"/>', "3 numbers"),
        ('<sphere radius="1e9"/>', "1 numbers of at most 100"),
        ("<sphere/>", "1 numbers"),
        ("<torus/>", "<torus> is no shape of URDF"),
        ("", "no geometry"),
    ],
)
def test_a_shape_that_cannot_be_read_is_named_and_the_others_count(geometry, reason, tmp_path):
    text = f"""<robot><link name="bad"><collision><geometry>{geometry}</geometry></collision></link>
               <link name="good"><collision><geometry><sphere radius="1"/></geometry></collision></link></robot>"""
    body = read_urdf(text, lambda uri: tmp_path / uri.rpartition("/")[2])
    assert list(body.links) == ["good"] and len(body.links["good"]) == 1
    (told,) = body.unread
    assert told.startswith("bad: ") and reason in told
