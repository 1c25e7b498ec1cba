"""Depth images, masks and 2-D boxes."""

from types import SimpleNamespace

import numpy as np
import pytest
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import Header

from part_perception.ros.messages.clouds import Cloud
from part_perception.ros.messages.images import depth_cloud, detection_regions, grid_of, mask_regions
from part_perception.ros.refusal import Refusal, Status

INFO = CameraInfo(width=4, height=3, k=[2.0, 0.0, 1.5, 0.0, 4.0, 1.0, 0.0, 0.0, 1.0])


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
        ({"encoding": "yuv"}, "encoding 'yuv' is none of"),
        ({"width": 5}, "camera_info says 4 × 3"),
        ({"data": b"1"}, "fit"),
    ],
)
def test_a_depth_image_that_makes_no_sense_is_refused(change, reason):
    message = image(np.ones((3, 4), "f4"), "32FC1")
    for name, value in change.items():
        setattr(message, name, value)
    with pytest.raises(Refusal, match=reason):
        depth_cloud(message, INFO)


def test_every_value_of_a_mask_but_0_is_a_region():
    mask = np.zeros((3, 4), np.uint8)
    mask[0, :2], mask[2, 3] = 7, 9
    first, second = mask_regions(image(mask, "mono8"), (3, 4, 3))
    assert np.flatnonzero(first).tolist() == [0, 1]
    assert np.flatnonzero(second).tolist() == [11]
    with pytest.raises(Refusal, match="another size"):
        mask_regions(image(mask, "mono8"), (4, 4, 3))


def box(x: float, y: float, width: float, height: float):
    centre = SimpleNamespace(position=SimpleNamespace(x=x, y=y))
    return SimpleNamespace(bbox=SimpleNamespace(center=centre, size_x=width, size_y=height))


def test_boxes_become_regions_within_the_image():
    detections = SimpleNamespace(detections=[box(1, 1, 2, 2), box(100, 100, 5, 5), box(4, 3, 4, 4)])
    inside, cut = detection_regions(detections, (3, 4, 3))
    assert np.flatnonzero(inside).tolist() == [0, 1, 4, 5]
    assert np.flatnonzero(cut).tolist() == [6, 7, 10, 11]


def test_detections_without_a_box_in_the_image_are_refused_and_none_at_all_are_not():
    assert detection_regions(SimpleNamespace(detections=[]), (3, 4, 3)) == []
    useless = SimpleNamespace(detections=[box(np.nan, 1, 2, 2), box(100, 100, 5, 5)])
    with pytest.raises(
        Refusal, match=r"None of the boxes of detections \(2\) is finite and within the 4 × 3"
    ) as no:
        detection_regions(useless, (3, 4, 3))
    assert no.value.code == Status.NO_OBJECT


def test_regions_of_an_image_need_a_cloud_with_rows_and_columns():
    assert grid_of(Cloud(np.zeros((3, 4, 3)), None, "camera", 0)) == (3, 4, 3)
    with pytest.raises(Refusal, match="this one has a single row; use depth images") as no:
        grid_of(Cloud(np.zeros((12, 3)), None, "camera", 0))
    assert no.value.code == Status.BAD_CLOUD
