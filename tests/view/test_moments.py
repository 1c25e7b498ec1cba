"""Sources of the view: files, folders, bags with clouds or depth images; and what is refused."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from rosbags.rosbag2 import StoragePlugin, Writer

from part_perception.errors import InputError
from part_perception.evaluation.taught_shapes import generated
from part_perception.files import write_cloud
from part_perception.recordings.bag_reader import typestore
from part_perception.view.moments import StillSource, moments_of
from part_perception.view.painting import paint
from part_perception.view.session import Session, pose_text


def test_an_image_of_points_is_a_scene_and_other_clouds_are_one_object(tmp_path, table_file):
    points = np.random.default_rng(0).random((500, 3)).astype(np.float32)
    write_cloud(tmp_path / "a.ply", points)
    write_cloud(tmp_path / "b.npz", points)
    (tmp_path / "notes.md").write_text("no cloud")
    (table,) = moments_of([table_file])
    scene = table.read()
    assert not scene.whole and scene.up is None and scene.points.shape == (480, 640, 3)
    assert np.isnan(scene.points).any(), "zeros of an image are holes"
    one, two = moments_of([tmp_path])
    assert (one.name, two.name) == ("a.ply", "b.npz")
    assert one.read().whole and one.read().up == (0, 0, 1) and len(one.read().points) == 500
    assert not moments_of([tmp_path], scene=True)[0].read().whole
    assert two.read().up == (0, 0, 1) and moments_of([tmp_path], up=(0, 1, 0))[0].read().up == (0, 1, 0)


def test_one_object_is_asked_as_a_whole_wherever_it_lies(segmenter, tmp_path, truth, table_file):
    owner, _ = truth
    cloud = moments_of([table_file])[0].read().points.reshape(-1, 3)
    write_cloud(tmp_path / "far.ply", cloud[owner == 1] + np.float32(10))
    shown = StillSource(moments_of([tmp_path], up=(0, -1, 0)), segmenter).look(0, ["handle"])
    assert len(shown.objects) == 1 and len(shown.objects[0].indices) == (owner == 1).sum()
    (handle,) = shown.parts
    assert handle.query == "handle" and shown.milliseconds > 0
    up = np.array((0, -1, 0))
    assert len(handle.grasps) > 0, "approached from above, as the camera is not known"
    assert all(np.linalg.norm(grasp.position - handle.centroid) < 0.06 for grasp in handle.grasps)
    assert all(grasp.rotation[:, 2] @ up < -0.3 for grasp in handle.grasps)


def test_one_object_in_the_coordinates_of_a_map_is_seen_as_beside_the_origin(segmenter, tmp_path):
    shape = generated("mug", 91, 0, False)
    place = np.array((500_000.0, 5_400_000.0, 120.0))
    (tmp_path / "near").mkdir()
    np.savez(tmp_path / "far.npz", points=shape.points + place)
    np.savez(tmp_path / "near" / "near.npz", points=shape.points.astype(float))
    far, near = (
        Session(StillSource(moments_of([p]), segmenter), ["handle"]) for p in sorted(tmp_path.iterdir())
    )
    for session in far, near:
        session.show(0)
        assert session.shown is not None, session.remark
    (there,), (here,) = far.parts, near.parts
    assert there.confidence == pytest.approx(here.confidence, abs=0.02)
    assert np.linalg.norm(there.centroid + far.shown.origin - place - here.centroid) < 0.002
    picture = paint(far)
    assert np.abs(picture.points).max() < 0.5 and np.abs(picture.lines).max() < 0.5
    copied = np.array(pose_text(far.grasp, far.shown.origin).split()[:3], float)
    assert np.linalg.norm(copied - place - here.centroid) < 0.06


@pytest.mark.parametrize(
    ("path", "reason"),
    [("none.ply", "there is no file"), ("", "holds no cloud"), ("a.mcap", "cannot be read")],
)
def test_files_that_are_not_clouds_are_refused(tmp_path, path, reason):
    (tmp_path / "a.mcap").write_bytes(b"no bag")
    with pytest.raises(InputError, match=reason):
        moments_of([tmp_path / path if path else _empty(tmp_path)])


def _empty(folder):
    (folder / "empty").mkdir()
    return folder / "empty"


STORE, FRAME, SECOND = typestore(), "camera_optical_frame", 1_000_000_000


def message(kind: str, **values):
    return STORE.types[kind](**values)


def header(stamp: int):
    time = message("builtin_interfaces/msg/Time", sec=stamp // SECOND, nanosec=stamp % SECOND)
    return message("std_msgs/msg/Header", stamp=time, frame_id=FRAME)


def cloud_message(stamp: int, points: np.ndarray):
    """x y z and a packed colour that is its row's number."""
    kind = np.dtype([("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("rgb", "<u4")])
    rows = np.empty(len(points), kind)
    for k, axis in enumerate("xyz"):
        rows[axis] = points[:, k]
    rows["rgb"] = np.arange(len(points))
    fields = [message("sensor_msgs/msg/PointField", name=name, offset=4 * k, datatype=7, count=1)
              for k, name in enumerate(kind.names)]  # fmt: skip
    return message("sensor_msgs/msg/PointCloud2", header=header(stamp), height=1, width=len(points), fields=fields,
                   is_bigendian=False, point_step=16, row_step=16 * len(points),
                   data=np.frombuffer(rows.tobytes(), np.uint8), is_dense=True)  # fmt: skip


def depth_message(stamp: int, depth: np.ndarray):
    height, width = depth.shape
    return message("sensor_msgs/msg/Image", header=header(stamp), height=height, width=width, encoding="16UC1",
                   is_bigendian=0, step=2 * width, data=np.frombuffer(depth.tobytes(), np.uint8))  # fmt: skip


def model_message(stamp: int, width: int, height: int):
    roi = message(
        "sensor_msgs/msg/RegionOfInterest", x_offset=0, y_offset=0, height=0, width=0, do_rectify=False
    )
    k = np.array((100.0, 0, width / 2, 0, 100.0, height / 2, 0, 0, 1))
    return message("sensor_msgs/msg/CameraInfo", header=header(stamp), height=height, width=width,
                   distortion_model="", d=np.zeros(0), k=k, r=np.eye(3).ravel(), p=np.zeros(12), binning_x=0,
                   binning_y=0, roi=roi)  # fmt: skip


def write_bag(folder, messages):
    with Writer(folder, version=9, storage_plugin=StoragePlugin.MCAP) as writer:
        known = {}
        for topic, stamp, each in messages:
            kind = each.__msgtype__
            known[topic] = known.get(topic) or writer.add_connection(topic, kind, typestore=STORE)
            writer.write(known[topic], stamp, STORE.serialize_cdr(each, kind))
    return folder


def test_a_bag_of_clouds_is_moments_in_their_order(tmp_path):
    points = np.random.default_rng(0).random((2, 300, 3)).astype(np.float32)
    stamps = (100 * SECOND, 100 * SECOND + SECOND // 4)
    bag = write_bag(
        tmp_path / "bag", [("/points", s, cloud_message(s, p)) for s, p in zip(stamps, points, strict=True)]
    )
    first, second = moments_of([bag])
    assert (first.name, second.name) == ("bag at 0.00 s", "bag at 0.25 s")
    assert (first.stamp, second.stamp) == (100.0, 100.25) and not first.follows and second.follows
    read = second.read()
    assert np.array_equal(read.points, points[1]) and not read.whole
    assert read.colours[259].tolist() == [0, 1, 3], "red, green, blue of 259 = 0x000103"
    with pytest.raises(InputError, match=r"no clouds on /other; it has /points"):
        moments_of([bag], topic="/other")


def test_a_bag_of_depth_images_is_clouds_by_the_cameras_model(tmp_path):
    depth = np.full((48, 64), 2000, np.uint16)
    bag = write_bag(tmp_path / "bag", [("/d/camera_info", SECOND, model_message(SECOND, 64, 48)),
                                       ("/d/image", SECOND, depth_message(SECOND, depth))])  # fmt: skip
    (moment,) = moments_of([bag])
    points = moment.read().points
    assert points.shape == (48, 64, 3) and np.allclose(points[24, 32], (0, 0, 2))
    assert np.allclose(points[0, 0], (-0.64, -0.48, 2))


def test_a_bag_of_depth_images_is_read_with_the_lens_and_the_window_of_its_camera(tmp_path):
    """Of 320 x 240 pixels a window of 64 x 48 came, not rectified; on a topic of rectified images, P counts."""
    depth = np.full((48, 64), 2000, np.uint16)
    model = model_message(SECOND, 320, 240)
    model.roi.x_offset, model.roi.y_offset, model.roi.width, model.roi.height = 200, 120, 64, 48
    model.distortion_model, model.d = "plumb_bob", np.array((-0.2, 0.0, 0.0, 0.0, 0.0))
    model.p[[0, 2, 5, 6, 10]] = 50.0, 160.0, 50.0, 120.0, 1.0
    image = depth_message(SECOND, depth)
    bags = [
        write_bag(tmp_path / name, [("/d/camera_info", SECOND, model), (f"/d/{name}", SECOND, image)])
        for name in ("image_raw", "image_rect_raw")
    ]
    bent, straight = (moment.read().points for moment in moments_of(bags))
    np.testing.assert_allclose(straight[0, 0], (2 * (200 - 160) / 50, 0, 2), atol=1e-5)
    x = bent[0, 0, 0] / 2
    assert x - 0.2 * x**3 == pytest.approx((200 - 160) / 100, abs=1e-4)


def test_a_bag_without_clouds_or_with_several_says_so(tmp_path):
    one = cloud_message(SECOND, np.zeros((3, 3)))
    several = write_bag(tmp_path / "two", [("/a", SECOND, one), ("/b", SECOND, one)])
    with pytest.raises(InputError, match=r"several clouds; name one with --topic: /a, /b"):
        moments_of([several])
    assert len(moments_of([several], topic="/b")) == 1
    none = write_bag(tmp_path / "none", [("/d/camera_info", SECOND, model_message(SECOND, 4, 3))])
    with pytest.raises(InputError, match="neither clouds"):
        moments_of([none])


def png_message(stamp: int, values: np.ndarray, how: str = "png compressed "):
    picture = io.BytesIO()
    Image.fromarray(values).save(picture, "PNG")
    data = np.frombuffer(bytes(12 * ("Depth" in how)) + picture.getvalue(), np.uint8)
    kind = "sensor_msgs/msg/CompressedImage"
    return message(kind, header=header(stamp), format=f"16UC1; {how}", data=data)


def test_depth_images_that_were_recorded_as_plain_pictures_are_clouds(tmp_path):
    """The transport compressed, which the node reads as well."""
    depth, model = np.full((3, 4), 1500, np.uint16), model_message(SECOND, 4, 3)
    named = ("/d/image_raw/compressed", SECOND, png_message(SECOND, depth))
    bag = write_bag(tmp_path / "one", [named, ("/d/camera_info", SECOND, model)])
    (one,) = moments_of([bag])
    np.testing.assert_allclose(one.read().points[..., 2], 1.5, rtol=1e-6)
    sure = ("/d/image_raw/compressedDepth", SECOND, png_message(SECOND, 2 * depth, "compressedDepth png"))
    bag = write_bag(tmp_path / "two", [named, sure, ("/d/camera_info", SECOND, model)])
    (one,) = moments_of([bag])
    np.testing.assert_allclose(one.read().points[..., 2], 3.0, rtol=1e-6)


def test_of_several_depth_cameras_one_is_named_by_the_option_that_the_view_has(tmp_path):
    depth = depth_message(SECOND, np.full((3, 4), 1500, np.uint16))
    model = ("/a/camera_info", SECOND, model_message(SECOND, 4, 3))
    bag = write_bag(tmp_path / "two", [("/a/image", SECOND, depth), ("/b/image", SECOND, depth), model])
    with pytest.raises(
        InputError, match=r"2 topics with a depth image: name one with --topic: /a/image, /b/image"
    ):
        moments_of([bag])
    assert len(moments_of([bag], topic="/b/image")) == 1


@pytest.mark.parametrize("organised", [False, True])
def test_a_scene_in_the_coordinates_of_a_map_is_seen_as_beside_the_origin(
    segmenter, tmp_path, table_file, organised
):
    place = np.array((500_000.0, 5_400_000.0, 120.0))
    points = moments_of([table_file])[0].read().points.astype(float)
    grid = points if organised else points.reshape(-1, 3)
    near, far = tmp_path / "near.npz", tmp_path / "far.npz"
    np.savez(near, points=grid)
    np.savez(far, points=grid + place)
    up = tuple(StillSource(moments_of([table_file]), segmenter).look(0, []).up)
    here, there = (
        StillSource(moments_of([path], scene=True, up=up), segmenter).look(0, ["handle"])
        for path in (near, far)
    )
    assert len(there.objects) >= len(here.objects) > 1
    found = np.array([part.centroid + there.origin - place for part in there.parts if part.instance == 0])
    for part in here.parts:
        assert part.instance or np.linalg.norm(found - part.centroid, axis=1).min() < 0.02
    assert not any(part.grasps for part in there.parts), "the camera may be anywhere"
