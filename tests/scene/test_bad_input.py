"""Bad input: a frame without objects and the reason in words, or a ValueError for what no caller should send."""

import numpy as np
import pytest


def wall(distance: float = 1.0) -> np.ndarray:
    v, u = np.mgrid[:240, :320]
    z = np.full(u.shape, distance) + 0.001 * np.random.default_rng(0).normal(size=u.shape)
    return np.stack([(u - 160) * z / 280, (v - 120) * z / 280, z], axis=-1).astype(np.float32)


NOTHING = {
    "empty": np.zeros((0, 3), np.float32),
    "empty image": np.zeros((0, 640, 3), np.float32),
    "one point": np.array([[0.1, 0.1, 0.5]], np.float32),
    "all nan": np.full((48, 64, 3), np.nan, np.float32),
    "all zero": np.zeros((48, 64, 3), np.float32),
    "all infinite": np.full((48, 64, 3), np.inf, np.float32),
    "one row": np.random.default_rng(0).uniform(0.3, 1, (1, 50, 3)).astype(np.float32),
    "scattered": np.random.default_rng(0).uniform(-1, 1, (500, 3)),
    "same point": np.tile(np.float32((0.1, 0.2, 0.7)), (64, 64, 1)),
    "flat wall": wall(),
    "half a wall": np.where(np.arange(320)[None, :, None] < 160, wall(), np.nan),
    "a line": np.linspace((0, 0, 0.5), (0.3, 0, 0.5), 5000),
}


@pytest.mark.parametrize("name", NOTHING)
@pytest.mark.parametrize("up", [None, (0, -1, 0)])
def test_nothing_to_see_is_said_in_words(scene, name, up):
    frame = scene.process(NOTHING[name], 0.0, up=up)
    if name != "a line":
        assert frame.objects == []
        assert len(frame.reason.split()) >= 4
    part = frame.ask("wheel")[0]
    assert not part.found and len(part.indices) == 0
    labels = frame.labels([part])
    assert all(len(each) == NOTHING[name].reshape(-1, 3).shape[0] for each in labels)


def test_ten_million_points(scene):
    rng = np.random.default_rng(0)
    cloud = rng.uniform((-1, -1, 0.79), (1, 1, 0.8), (10_000_000, 3)).astype(np.float32)
    cloud[:200_000] = rng.uniform((-0.1, -0.1, 0.6), (0.1, 0.1, 0.79), (200_000, 3))
    frame = scene.process(cloud, 0.0)
    assert len(frame.objects) == 1
    assert (frame.objects[0].indices < 200_000).mean() > 0.9


def test_a_stamp_that_goes_back_starts_anew(scene, few):
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
        ({"regions": [np.zeros(7, bool)]}, "region"),
    ],
)
def test_what_no_caller_should_send_is_refused(scene, few, arguments, said):
    with pytest.raises(ValueError, match=said):
        scene.process(**{"cloud": few.points, "stamp": 0.0, **arguments})


@pytest.mark.parametrize("text", ["", "  ", 7])
def test_a_query_must_be_text(scene, few, text):
    with pytest.raises(ValueError, match="query"):
        scene.process(few.points, 0.0).ask([text])
