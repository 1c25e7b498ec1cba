"""Depth images, masks and 2-D boxes."""

import io
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import PIL.Image
import pytest
from sensor_msgs.msg import CameraInfo, CompressedImage, Image, RegionOfInterest
from std_msgs.msg import Header

from part_perception.config import DEFAULTS
from part_perception.errors import InputError
from part_perception.geometry.poses import pose_matrix
from part_perception.parts.naming import UNSURE, Belief
from part_perception.recordings import rvl
from part_perception.ros.input import HeldMessages
from part_perception.ros.messages.clouds import XYZ, write_cloud
from part_perception.ros.messages.images import (
    ImageCamera,
    depth_cloud,
    detection_regions,
    image_regions,
    mask_regions,
)
from part_perception.ros.refusal import Refusal, Status
from part_perception.settings import with_values

INFO = CameraInfo(width=4, height=3, k=[2.0, 0.0, 1.5, 0.0, 4.0, 1.0, 0.0, 0.0, 1.0])


P = [190.0, 0.0, 159.0, 0.0, 0.0, 190.0, 121.0, 0.0, 0.0, 0.0, 1.0, 0.0]


def camera_info(**fields) -> CameraInfo:
    return CameraInfo(
        width=320, height=240, k=[200.0, 0.0, 160.0, 0.0, 200.0, 120.0, 0.0, 0.0, 1.0], **fields
    )


def png(values: np.ndarray, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    PIL.Image.fromarray(values).save(stream, kind)
    return stream.getvalue()


def compressed(form: str, data: bytes) -> CompressedImage:
    return CompressedImage(header=Header(frame_id="camera"), format=form, data=data)


def image(values: np.ndarray, encoding: str, step_gap: int = 0, big: bool = False) -> Image:
    values = values.astype(values.dtype.newbyteorder(">" if big else "<"))
    rows = [row.tobytes() + bytes(step_gap) for row in values]
    message = Image(header=Header(frame_id="camera"), height=values.shape[0], width=values.shape[1])
    message.encoding, message.step, message.is_bigendian = encoding, len(rows[0]), int(big)
    message.data = b"".join(rows)
    return message


@pytest.mark.parametrize("gap", [0, 5])
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize(("kind", "encoding", "unit"), [("u2", "16UC1", 1000), ("f4", "32FC1", 1)])
def test_depth_becomes_points_by_the_pinhole_model(gap, big, kind, encoding, unit):
    depth = np.arange(12).reshape(3, 4) + 1
    cloud = depth_cloud(image((depth * unit).astype(kind), encoding, gap, big), INFO)
    np.testing.assert_allclose(cloud.points[2, 3], ((3 - 1.5) / 2 * 12, (2 - 1) / 4 * 12, 12), rtol=1e-6)
    assert cloud.points.shape == (3, 4, 3)


def test_colours_are_taken_in_the_order_of_their_encoding():
    bgr = np.zeros((3, 4, 3), np.uint8)
    bgr[1, 2] = (1, 2, 3)
    cloud = depth_cloud(image(np.ones((3, 4), "f4"), "32FC1"), INFO, image(bgr, "bgr8"))
    assert cloud.colours[1, 2].tolist() == [3, 2, 1]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"encoding": "yuv"}, "encoding 'yuv' is not one of"),
        ({"height": 2}, "it is 4 × 2, but camera_info says 4 × 3"),
        ({"data": b"1"}, "fit"),
    ],
)
def test_a_depth_image_that_makes_no_sense_is_refused(change, reason):
    message = image(np.ones((3, 4), "f4"), "32FC1")
    for name, value in change.items():
        setattr(message, name, value)
    with pytest.raises(Refusal, match=reason):
        depth_cloud(message, INFO)


def test_an_image_that_is_not_rectified_is_read_with_its_distortion_and_a_rectified_one_with_p():
    """A lens with known distortion, whose formula gives the pixel of a line of sight."""
    info = camera_info(d=[-0.2, 0.05, 0.001, -0.002, 0.0], distortion_model="plumb_bob", p=P)
    depth = image(np.full((240, 320), 2.0, "f4"), "32FC1")
    points = depth_cloud(depth, info).points
    x, y = points[200, 300, :2] / 2
    r = x * x + y * y
    radial = 1 - 0.2 * r + 0.05 * r * r
    shown = (
        x * radial + 2 * 0.001 * x * y - 0.002 * (r + 2 * x * x),
        y * radial + 0.001 * (r + 2 * y * y) - 2 * 0.002 * x * y,
    )
    assert (200 * shown[0] + 160, 200 * shown[1] + 120) == pytest.approx((300, 200), abs=0.01)
    rectified = depth_cloud(depth, info, rectified=True).points[200, 300]
    assert rectified == pytest.approx((2 * (300 - 159) / 190, 2 * (200 - 121) / 190, 2), rel=1e-5)
    fish = camera_info(d=[0.0, 0.0, 0.0, 0.0], distortion_model="equidistant", p=P)
    fish.d[0] = 1e-9
    x, y, z = depth_cloud(depth, fish).points[120, 300]
    assert np.arctan2(x, z) == pytest.approx(140 / 200, abs=1e-4), "equal angles"


def test_a_distortion_that_is_no_number_is_refused_in_words():
    """Every point beside the axis would be NaN, as if nothing had been measured."""
    info = camera_info(d=[np.nan] * 5, distortion_model="plumb_bob", p=P)
    with pytest.raises(Refusal, match="the distortion in camera_info is not finite") as no:
        depth_cloud(image(np.ones((240, 320), np.float32), "32FC1"), info)
    assert no.value.code == Status.BAD_CLOUD


def test_an_unknown_distortion_model_is_refused_in_words():
    info = camera_info(d=[0.1, 0.2], distortion_model="mirror", p=P)
    with pytest.raises(
        Refusal, match="model 'mirror' with 2 coefficients is not among plumb_bob, .*image_rect"
    ):
        depth_cloud(image(np.ones((240, 320), "f4"), "32FC1"), info)


def test_a_colour_image_of_another_size_is_left_out_and_the_depth_is_used():
    depth = image(np.ones((3, 4), "f4"), "32FC1")
    cloud = depth_cloud(depth, INFO, image(np.zeros((6, 8, 3), np.uint8), "rgb8"))
    assert (cloud.points.shape, cloud.colours) == ((3, 4, 3), None)
    assert cloud.remark == (
        "colours are left out: the colour image is 8 × 6 but the depth image 4 × 3; use the registered one, "
        "or publish its camera_info on color/camera_info"
    )
    assert depth_cloud(depth, INFO, image(np.zeros((3, 4, 3), np.uint8), "rgb8")).remark == ""


DEPTH_MM = np.where(np.arange(12).reshape(3, 4) % 5 == 0, 0, 500 + 37 * np.arange(12).reshape(3, 4) ** 2)


def rvl_bytes(values: np.ndarray) -> bytes:
    """Encode an image by the published description of the format, group by group."""
    groups: list[int] = []

    def write(number: int) -> None:
        while True:
            number, low = number >> 3, number & 7
            groups.append(low | (8 if number else 0))
            if not number:
                return

    flat, k, before = values.ravel().tolist(), 0, 0
    while k < len(flat):
        zeros = next((n for n in range(len(flat) - k) if flat[k + n]), len(flat) - k)
        others = next(
            (n for n in range(len(flat) - k - zeros) if not flat[k + zeros + n]), len(flat) - k - zeros
        )
        write(zeros)
        write(others)
        for value in flat[k + zeros : k + zeros + others]:
            write(2 * (value - before) if value >= before else 2 * (before - value) - 1)
            before = value
        k += zeros + others
    groups += [0] * (-len(groups) % 8)
    words = [int("".join(f"{g:x}" for g in groups[i : i + 8]), 16) for i in range(0, len(groups), 8)]
    return np.array([values.shape[1], values.shape[0], *words], "<u4").tobytes()


def test_every_kind_of_compressed_depth_is_read():
    a, b = 100 * 101.0, 1 - 100 * 101.0 / 10.0
    code = np.where(DEPTH_MM > 0, a / np.maximum(DEPTH_MM / 1000, 1e-3) + b, 0).round().astype(np.uint16)
    quantised = bytes(4) + np.array([a, b], "<f4").tobytes()
    millimetres = DEPTH_MM.astype(np.uint16)
    kinds = {
        "16UC1; compressedDepth": bytes(12) + png(millimetres),
        "16UC1; compressedDepth png": bytes(12) + png(millimetres),
        "16UC1; compressedDepth rvl": bytes(12) + rvl_bytes(millimetres),
        "32FC1; compressedDepth png": quantised + png(code),
        "32FC1; compressedDepth rvl": quantised + rvl_bytes(code),
        "16UC1; png compressed ": png(millimetres),
    }
    for form, data in kinds.items():
        points = depth_cloud(compressed(form, data), INFO).points
        there = DEPTH_MM > 0
        np.testing.assert_allclose(points[there][:, 2], DEPTH_MM[there] / 1000, rtol=2e-4, err_msg=form)
        assert not np.nan_to_num(points[~there]).any(), form


def test_compressed_colours_are_red_green_and_blue():
    values = np.zeros((3, 4, 3), np.uint8)
    values[1, 2] = (200, 100, 50)
    depth = image(np.ones((3, 4), "f4"), "32FC1")
    cloud = depth_cloud(depth, INFO, compressed("rgb8; png compressed bgr8", png(values)))
    assert cloud.colours[1, 2].tolist() == [200, 100, 50]
    whole = np.full((3, 4, 3), (200, 100, 50), np.uint8)
    cloud = depth_cloud(depth, INFO, compressed("rgb8; jpeg compressed bgr8", png(whole, "JPEG")))
    np.testing.assert_allclose(cloud.colours[1, 2], (200, 100, 50), atol=4)


WHOLE = rvl_bytes(DEPTH_MM.astype(np.uint16))


@pytest.mark.parametrize(
    ("form", "data", "reason"),
    [
        ("16UC1; compressedDepth png", bytes(12) + b"\x89PNG\r\n\x1a\n rest", "cannot be read"),
        ("16UC1; compressedDepth png", bytes(3), "has no data"),
        ("16UC1; compressedDepth rvl", bytes(12) + WHOLE[:12], "cut off or broken"),
        (
            "16UC1; compressedDepth rvl",
            bytes(12) + b"\xff" * 40,
            "cannot have 4294967295 × 4294967295 pixels",
        ),
        ("rgb8; jpeg compressed bgr8", b"", "is not one of the supported 16UC1, mono16, 32FC1"),
    ],
)
def test_a_compressed_image_that_is_broken_is_refused(form, data, reason):
    with pytest.raises(Refusal, match=reason):
        depth_cloud(compressed(form, data), INFO)


def test_a_depth_picture_of_eight_bits_is_refused():
    with pytest.raises(Refusal, match="one channel of 16 bits"):
        depth_cloud(compressed("16UC1; png compressed", png(np.ones((3, 4), np.uint8))), INFO)
    with pytest.raises(InputError, match="cannot have 4 × 3 pixels"):
        rvl.decoded(WHOLE, most=11)


def test_every_value_of_a_mask_but_0_is_a_region():
    mask = np.zeros((3, 4), np.uint8)
    mask[0, :2], mask[2, 3] = 7, 9
    first, second = mask_regions(image(mask, "mono8"), (3, 4, 3))
    assert np.flatnonzero(first).tolist() == [0, 1]
    assert np.flatnonzero(second).tolist() == [11]
    with pytest.raises(Refusal, match="The mask cannot be read: it is 4 × 3, not of the cloud's size"):
        mask_regions(image(mask, "mono8"), (4, 4, 3))
    with pytest.raises(Refusal, match="The mask cannot be read: .*encoding 'yuv'"):
        mask_regions(image(mask, "yuv"), (3, 4, 3))


def test_of_too_many_mask_values_the_largest_count():
    mask = np.zeros((20, 50), np.uint16)
    mask.ravel()[:200] = np.arange(1, 201)
    mask[10:15], mask[15:] = 150, 200
    regions = mask_regions(image(mask, "16UC1"), (20, 50, 3))
    assert len(regions) == 64
    assert [np.flatnonzero(region)[0] for region in regions[:62]] == list(range(62))
    assert [int(region.sum()) for region in regions] == [1] * 62 + [251, 251]


def test_of_too_many_boxes_the_surest_count():
    boxes = [box(2, 2, 2, 2) for _ in range(200)]
    for k, one in enumerate(boxes):
        one.results = [hypothesis(f"class {k}", k / 200)]
    regions = detection_regions(SimpleNamespace(detections=boxes), (3, 4, 3))
    assert [each.said.name for each in regions] == [f"class {k}" for k in range(199, 135, -1)]


def box(x: float, y: float, width: float, height: float):
    centre = SimpleNamespace(position=SimpleNamespace(x=x, y=y))
    return SimpleNamespace(bbox=SimpleNamespace(center=centre, size_x=width, size_y=height), results=[])


def hypothesis(name: str, score: float):
    return SimpleNamespace(hypothesis=SimpleNamespace(class_id=name, score=score))


def test_boxes_become_regions_within_the_image():
    detections = SimpleNamespace(detections=[box(1, 1, 2, 2), box(100, 100, 5, 5), box(4, 3, 4, 4)])
    inside, cut = detection_regions(detections, (3, 4, 3))
    assert np.flatnonzero(inside.region).tolist() == [0, 1, 4, 5]
    assert np.flatnonzero(cut.region).tolist() == [6, 7, 10, 11]
    assert inside.said == UNSURE


def test_a_box_has_the_class_that_the_detector_is_surest_of():
    one = box(1, 1, 2, 2)
    one.results = [
        hypothesis("bowl", 0.3),
        hypothesis("mug", 0.7),
        hypothesis("pan", np.nan),
        hypothesis("cup", 7),
    ]
    (region,) = detection_regions(SimpleNamespace(detections=[one]), (3, 4, 3))
    assert region.said == Belief("mug", 0.7)


def test_boxes_outside_the_image_are_refused_but_an_empty_list_is_not():
    assert detection_regions(SimpleNamespace(detections=[]), (3, 4, 3)) == []
    useless = SimpleNamespace(detections=[box(np.nan, 1, 2, 2), box(100, 100, 5, 5)])
    with pytest.raises(
        Refusal, match=r"None of the boxes of detections \(2\) is finite and within the 4 × 3"
    ) as no:
        detection_regions(useless, (3, 4, 3))
    assert no.value.code == Status.NO_OBJECT


def plain(info: CameraInfo | None, pose: np.ndarray = np.eye(4)) -> ImageCamera:  # noqa: B008 - not written to
    return ImageCamera(info, False, lambda target, source, stamp_ns: pose)


def test_a_cropped_and_binned_image_is_read():
    """A window of 60 x 40 pixels that starts at column 100, row 50, with 2 x 4 binning, in the terms of CameraInfo."""
    rows, columns = np.mgrid[0:240, 0:320]
    slanted = (1 + 0.001 * rows + 0.002 * columns).astype("f4")
    lens = {"d": [-0.2, 0.05, 0.001, -0.002, 0.0], "distortion_model": "plumb_bob"}
    whole = depth_cloud(image(slanted, "32FC1"), camera_info(**lens)).points
    info = camera_info(binning_x=2, binning_y=4, **lens)
    info.roi = RegionOfInterest(x_offset=100, y_offset=50, width=60, height=40)
    window = (slice(50, 90, 4), slice(100, 160, 2))
    part = depth_cloud(image(slanted[window], "32FC1"), info).points
    np.testing.assert_allclose(part, whole[window], atol=2e-5)
    complete = depth_cloud(image(slanted, "32FC1"), info).points
    np.testing.assert_array_equal(complete, whole, "the full image, whatever else is said")
    with pytest.raises(Refusal, match="it is 5 × 5, but camera_info says 320 × 240 or 30 × 10"):
        depth_cloud(image(slanted[:5, :5], "32FC1"), info)


def test_points_are_shown_in_the_pixels_that_they_came_from():
    lens = {"d": [-0.2, 0.05, 0.001, -0.002, 0.0], "distortion_model": "plumb_bob"}
    depth = image(np.full((240, 320), 2.0, "f4"), "32FC1")
    for info in (camera_info(), camera_info(**lens)):
        cloud = depth_cloud(depth, info)
        pixel = plain(info).pixels(cloud, "camera", (240, 320))
        assert (pixel == np.arange(240 * 320)).all()
        away = replace(cloud, points=-cloud.points)
        assert (plain(info).pixels(away, "camera", (240, 320)) == -1).all(), "behind the camera"


def test_the_colours_of_another_camera_are_those_of_where_its_image_shows_the_points():
    """A colour camera 10 cm to the right, with a finer image whose colours encode column and row."""
    depth = image(np.full((240, 320), 2.0, "f4"), "32FC1")
    fine = CameraInfo(width=640, height=480, k=[400.0, 0.0, 320.0, 0.0, 400.0, 240.0, 0.0, 0.0, 1.0])
    rows, columns = np.mgrid[0:480, 0:640]
    painted = np.stack([columns // 4, rows // 4, np.full_like(rows, 7)], axis=-1).astype(np.uint8)
    colour = image(painted, "rgb8")
    colour.header.frame_id = "colour"
    shift = np.eye(4)
    shift[0, 3] = -0.1
    cloud = depth_cloud(depth, camera_info(), colour, camera=plain(fine, shift))
    assert cloud.remark == ""
    x, y, z = cloud.points[100, 200]
    column, row = round(400 * (x - 0.1) / z + 320), round(400 * y / z + 240)
    assert cloud.colours[100, 200].tolist() == [column // 4, row // 4, 7]
    assert cloud.colours[100, 0].tolist() == [150, 150, 150], "to the left of what the colour camera sees"
    unknown = depth_cloud(depth, camera_info(), colour, camera=plain(None))
    assert unknown.colours is None
    assert "the colour image is in the frame colour but the depth image in camera; use" in unknown.remark

    def lost(*_):
        raise Refusal(Status.NO_TRANSFORM, "No transform from camera to colour.")

    lost_cloud = depth_cloud(depth, camera_info(), colour, camera=ImageCamera(fine, False, lost))
    assert (lost_cloud.colours, lost_cloud.remark) == (
        None,
        "colours are left out: No transform from camera to colour",
    )


def test_an_unordered_cloud_in_millimetres_is_seen_by_a_camera_some_metres_away():
    organised = depth_cloud(image(np.full((240, 320), 2.0, "f4"), "32FC1"), camera_info()).points
    mask = np.zeros((240, 320), np.uint8)
    mask[30:90, 200:] = 3
    away = np.array((0.5, -0.3, 1.0))  # from the cloud's frame to the camera
    millimetres = ((organised.reshape(-1, 3) + away) * 1000).astype(np.float32)
    message = write_cloud(millimetres, Header(frame_id="base"), XYZ)
    camera = ImageCamera(camera_info(), False, lambda *_: pose_matrix(-away, (0, 0, 0, 1)))
    config = with_values(DEFAULTS, {"scene.units": "millimetres", "regions": "mask"})
    held = HeldMessages((message, image(mask, "mono8")), config, {"camera_info": camera}, 0.0)
    (region,) = held.regions()
    assert (region == (mask.ravel() == 3)).all()
    np.testing.assert_array_equal(held.read().points, millimetres)


def test_boxes_and_masks_are_mapped_to_an_unordered_cloud_through_its_camera():
    organised = depth_cloud(image(np.full((240, 320), 2.0, "f4"), "32FC1"), camera_info())
    order = np.random.default_rng(0).permutation(240 * 320)[:5000]
    shuffled = replace(organised, points=organised.points.reshape(-1, 3)[order])
    boxes = SimpleNamespace(detections=[box(50, 60, 20, 30)])
    boxes.detections[0].results = [hypothesis("mug", 0.9)]
    (whole,) = image_regions(boxes, organised, plain(None))
    (region,) = image_regions(boxes, shuffled, plain(camera_info()))
    assert region.said == Belief("mug", 0.9)
    assert region.region.any() and (region.region == whole.region[order]).all()
    mask = np.zeros((240, 320), np.uint8)
    mask[30:90, 200:] = 3
    (covered,) = image_regions(image(mask, "mono8"), shuffled, plain(camera_info()))
    assert (covered == (mask.ravel()[order] == 3)).all()
    with pytest.raises(
        Refusal, match="needs the camera_info of its image for clouds with a single row"
    ) as no:
        image_regions(boxes, shuffled, plain(None))
    assert no.value.code == Status.BAD_CLOUD
