"""Bad input: a frame without objects and a reason in words, or a ValueError for invalid arguments."""

import contextlib

import numpy as np
import pytest

from part_perception import Gripper, InputError, SceneConfig, ScenePerception
from part_perception.settings import settings
from part_perception.types import OrientedBox


def wall(distance: float = 1.0) -> np.ndarray:
    v, u = np.mgrid[:240, :320]
    z = np.full(u.shape, distance) + 0.001 * np.random.default_rng(0).normal(size=u.shape)
    return np.stack([(u - 160) * z / 280, (v - 120) * z / 280, z], axis=-1).astype(np.float32)


EMPTY = "the cloud is empty"
NOWHERE = "no point of the cloud is finite and within range and limits"
NO_OBJECT = "no support was found, and nothing in the cloud is a separate object"
BARE = "nothing stands on the support"
NOTHING = {
    "empty": (np.zeros((0, 3), np.float32), EMPTY),
    "empty image": (np.zeros((0, 640, 3), np.float32), EMPTY),
    "one point": (
        np.array([[0.1, 0.1, 0.5]], np.float32),
        "too few points of the cloud (1) are finite and within range and limits",
    ),
    "all nan": (np.full((48, 64, 3), np.nan, np.float32), NOWHERE),
    "all zero": (np.zeros((48, 64, 3), np.float32), NOWHERE),
    "all infinite": (np.full((48, 64, 3), np.inf, np.float32), NOWHERE),
    "far away": (wall(9.0), NOWHERE),
    "one row": (np.random.default_rng(0).uniform(0.3, 1, (1, 50, 3)).astype(np.float32), NO_OBJECT),
    "scattered": (np.random.default_rng(0).uniform(-1, 1, (500, 3)), NO_OBJECT),
    "same point": (np.tile(np.float32((0.1, 0.2, 0.7)), (64, 64, 1)), NO_OBJECT),
    "flat wall": (wall(), BARE),
    "half a wall": (np.where(np.arange(320)[None, :, None] < 160, wall(), np.nan), BARE),
}


@pytest.mark.parametrize("name", NOTHING)
@pytest.mark.parametrize("up", [None, (0, -1, 0)])
def test_an_empty_view_is_explained_in_words(scene, name, up):
    cloud, reason = NOTHING[name]
    frame = scene.process(cloud, 0.0, up=up)
    assert frame.objects == []
    # with gravity given, a wall is not a support
    assert frame.reason == (NO_OBJECT if reason == BARE and up else reason)
    part = frame.ask("wheel")[0]
    assert not part.found and part.confidence == 0 and len(part.indices) == 0
    assert np.isnan(part.centroid).all() and part.box is None and part.grasps == ()
    labels = frame.labels([part])
    assert all(len(each) == cloud.reshape(-1, 3).shape[0] for each in labels)


def test_points_on_a_line_do_not_fail(scene):
    frame = scene.process(np.linspace((0, 0, 0.5), (0.3, 0, 0.5), 5000), 0.0)
    assert len(frame.objects) == 1 and frame.reason == ""
    assert not frame.ask("wheel")[0].found


def test_a_read_only_cloud_is_processed(scene, few):
    kept = few.points.astype(np.float32)
    kept.flags.writeable = False  # as arrays from files and messages are
    assert len(scene.process(kept, 0.0).objects) == len(scene.process(few.points, 0.0).objects) > 0


def test_infinities_among_valid_points_do_no_harm(scene, few):
    spoilt = few.points.copy()
    spoilt[::7, ::5], spoilt[3::7, ::5] = np.inf, -np.inf
    frame = scene.process(spoilt, 0.0)
    assert len(frame.objects) == 4
    assert np.isfinite(np.concatenate([thing.points for thing in frame.objects])).all()


def test_ten_million_points(scene):
    rng = np.random.default_rng(0)
    cloud = rng.uniform((-1, -1, 0.79), (1, 1, 0.8), (10_000_000, 3)).astype(np.float32)
    cloud[:200_000] = rng.uniform((-0.1, -0.1, 0.6), (0.1, 0.1, 0.79), (200_000, 3))
    frame = scene.process(cloud, 0.0)
    assert len(frame.objects) == 1
    assert (frame.objects[0].indices < 200_000).mean() > 0.9


def test_a_stamp_that_goes_back_starts_over(scene, few):
    first = scene.process(few.points, 10.0)
    again = scene.process(few.points, 5.0)
    assert len(again.objects) == len(first.objects)
    assert not {o.id for o in first.objects} & {o.id for o in again.objects}
    assert all(o.age == 0 for o in again.objects)


@pytest.mark.parametrize(
    "arguments, said",
    [
        ({"cloud": np.zeros((4, 4))[:, :2]}, "shape"),
        ({"cloud": np.array([["a", "b", "c"]])}, "numbers"),
        ({"cloud": np.zeros((2, 2, 2, 3))}, "shape"),
        ({"stamp": np.nan}, "stamp"),
        ({"up": (0, 0, 0)}, "up"),
        ({"up": (0, np.nan, 1)}, "up"),
        ({"camera_pose": np.zeros((4, 4))}, "camera_pose"),
        ({"camera_pose": np.eye(3)}, "camera_pose"),
        ({"camera_pose": "base_link"}, "camera_pose"),
        ({"viewpoint": (0.0, 0.0)}, "viewpoint must be three finite numbers, or None"),
        ({"viewpoint": (0.0, 0.0, np.nan)}, "viewpoint must be three finite numbers, or None"),
        ({"viewpoint": "camera"}, "viewpoint must be three numbers, or None"),
        ({"regions": [np.zeros(7, bool)]}, "region"),
    ],
)
def test_invalid_arguments_are_refused(scene, few, arguments, said):
    with pytest.raises(InputError, match=said):
        scene.process(**{"cloud": few.points, "stamp": 0.0, **arguments})


@pytest.mark.parametrize("name", ["crop_min", "crop_max"])
@pytest.mark.parametrize("corner", [(0.0, 0.0), (0.0, 0.0, np.nan)])
def test_a_corner_of_the_crop_box_has_three_numbers(name, corner):
    with pytest.raises(InputError, match=f"scene.{name} must be three numbers, or None for no limit"):
        SceneConfig(**{name: corner})


def test_a_cloud_far_from_the_origin_of_its_frame_is_not_in_millimetres(scene, few):
    moved = few.points.astype(np.float32) + np.float32(100)
    frame = scene.process(moved, 0.0, viewpoint=(100, 100, 100))
    assert len(frame.objects) == 4
    with pytest.raises(InputError, match="seems to be in millimetres"):
        scene.process(1000 * few.points, 1.0, viewpoint=(0.1, 0.2, 1.0))


@pytest.mark.parametrize("text", ["", "  ", 7])
def test_a_query_must_be_text(scene, few, text):
    with pytest.raises(ValueError, match="query"):
        scene.process(few.points, 0.0).ask([text])


@pytest.mark.parametrize("texts", [None, 7, np.nan, b"wheel", [None], [["wheel"]]])
def test_queries_and_owners_are_texts(scene, few, texts):
    frame = scene.process(few.points, 0.0)
    for ask in (frame.ask, frame.chances):
        with pytest.raises(InputError, match="a query must be text"):
            ask(texts)
        if texts is not None:
            with pytest.raises(InputError, match="a query must be text"):
                ask("wheel", texts)


def test_queries_and_owners_may_be_arrays(scene, few):
    frame = scene.process(few.points, 0.0)
    words = ["wheel", "lid"]
    assert [p.query for p in frame.ask(np.array(words))] == [p.query for p in frame.ask(words)]
    assert len(frame.ask("wheel", np.array(words))) == len(frame.ask("wheel", words))


@pytest.mark.parametrize("stamp", [None, "0", [0], 1j, 10**400, -np.inf, np.datetime64("now")])
def test_a_stamp_is_a_number_of_seconds(scene, few, stamp):
    with pytest.raises(InputError, match="stamp must be a finite number of seconds"):
        scene.process(few.points, stamp)


def test_a_ragged_cloud_is_refused(scene):
    with pytest.raises(InputError, match="rows of this one differ in length"):
        scene.process([[1, 2, 3], [1, 2]] * 30, 0.0)


NO_BOX = OrientedBox(None, None, None)
ONE_NUMBER = OrientedBox(np.zeros(1), np.eye(3), np.ones(3))


@pytest.mark.parametrize("region", [NO_BOX, ONE_NUMBER])
def test_a_box_has_three_coordinates(scene, few, region):
    with pytest.raises(InputError, match="an OrientedBox has"):
        scene.process(few.points, 0.0, regions=[region])
    frame = scene.process(few.points, 0.0)
    for ask in (frame.objects_in, lambda region: frame.ask("wheel", region=region)):
        with pytest.raises(InputError, match="an OrientedBox has"):
            ask(region)


@pytest.mark.parametrize("regions", [3, OrientedBox(np.zeros(3), np.eye(3), np.ones(3))])
def test_regions_are_a_list(scene, few, regions):
    with pytest.raises(InputError, match="regions must be a list"):
        scene.process(few.points, 0.0, regions=regions)


@pytest.mark.parametrize("wrong", ["x", {"units": "metres"}, 3])
def test_configurations_are_of_their_type(scene, wrong):
    with pytest.raises(InputError, match="a SceneConfig is needed"):
        ScenePerception(scene.segmenter, wrong)
    with pytest.raises(InputError, match="a Gripper is needed"):
        ScenePerception(scene.segmenter, None, wrong)


@pytest.mark.parametrize("wrong", ["models/mine", 3, object()])
def test_a_segmenter_answers_questions(wrong):
    with pytest.raises(InputError, match="a segmenter is needed, such as"):
        ScenePerception(wrong)


@pytest.mark.parametrize("wrong", [3, [1, 2], "12"])
def test_ids_are_counted_on(scene, wrong):
    with pytest.raises(InputError, match="ids are an iterator of numbers"):
        ScenePerception(scene.segmenter, ids=wrong)


@pytest.mark.parametrize("kind", [SceneConfig, Gripper])
def test_every_setting_refuses_other_types(kind):
    refused = 0
    for name in settings(kind()):
        for value in ("x", [], np.nan, 1e300, -1, {}):
            with contextlib.suppress(InputError):
                kind(**{name: value})
                continue
            refused += 1
    assert refused > 3 * len(settings(kind()))


def test_settings_may_be_numpy_numbers():
    config = SceneConfig(max_range=np.float32(2.5), max_objects=np.int64(3), crop_min=np.zeros(3))
    assert (config.max_range, config.max_objects) == (2.5, 3)
    assert Gripper(max_opening=np.float32(0.1)).max_opening == np.float32(0.1)


def test_a_cloud_in_the_coordinates_of_a_map_is_not_called_millimetres(scene, few):
    with pytest.raises(InputError, match="lies 5400000 m from the camera.*subtract an offset"):
        scene.process(few.points.astype(float) + (5e5, 5.4e6, 120.0), 0.0)


@pytest.mark.parametrize("wrong", [3, "x", [None]])
def test_solids_and_parts_are_of_their_type(scene, few, wrong):
    with pytest.raises(InputError, match="unwanted must be a list of Solid"):
        scene.process(few.points, 0.0, unwanted=wrong)
    with pytest.raises(InputError, match="parts must be a list of Part"):
        scene.process(few.points, 0.0).labels(wrong)
