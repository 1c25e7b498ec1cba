"""~/decompose over DDS with the shipped model, and ~/teach with a segmenter that records what it is taught."""

from types import SimpleNamespace

import numpy as np
import pytest
import table
from geometry_msgs.msg import Point
from robot import CAMERA
from stand_in import StandIn
from std_msgs.msg import Header

from part_perception.config import DEFAULTS, Config
from part_perception.errors import InputError
from part_perception.parts.hierarchy import Hierarchy
from part_perception.ros.messages.clouds import XYZ, index_array, read_cloud, write_cloud
from part_perception.ros.messages.parts import part_message
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.decompose import decompose, transfer
from part_perception.ros.requests.teach import needs_newest, teach
from part_perception.ros.server import Server
from part_perception.ros.transforms import OwnTransforms
from part_perception_interfaces.msg import Example, Region
from part_perception_interfaces.srv import Decompose, Teach, Transfer


@pytest.mark.ros
def test_an_object_is_taken_apart_and_the_tree_holds_every_other_level(start_node, robot):
    start_node(program=("-m", "part_perception.cli.node"))
    robot.start_camera(table.view().points, rate=3.0)
    answer = robot.decompose(parts=3, with_points=True, max_age=60.0, timeout=15.0)
    assert answer.status.code == Status.OK, answer.status.message
    assert answer.header.frame_id == CAMERA
    labels, indices = np.array(answer.labels), np.array(answer.indices)
    assert len(labels) == len(indices) == len(answer.tree.leaf)
    assert [part.instance for part in answer.parts] == [0, 1, 2]
    for k, part in enumerate(answer.parts):
        assert sorted(part.indices) == sorted(indices[labels == k])
        assert part.object_id == answer.object_id
        assert len(read_cloud(part.points).points) == len(part.indices)
    merges = np.stack([answer.tree.left, answer.tree.right], axis=1).astype(int)
    heights = np.array(answer.tree.height)
    assert (np.diff(heights) >= 0).all()
    tree = Hierarchy(merges, heights, np.zeros((len(merges) + 1, 3)), np.array(answer.tree.leaf).astype(int))
    np.testing.assert_array_equal(tree.cut(3), labels)

    one = Region(kind=Region.OBJECT, object_id=answer.object_id)
    coarse, fine = (robot.decompose(region=one, granularity=g, max_age=60.0) for g in (0.05, 0.9))
    assert 1 <= len(coarse.parts) < len(fine.parts)
    assert robot.decompose(granularity=2.0, max_age=60.0).status.code == Status.BAD_REQUEST
    assert robot.decompose(parts=100000, max_age=60.0).status.code == Status.BAD_REQUEST


def test_parts_without_words_name_their_object_like_others(school):
    thing = school.seen.frame.objects[0]
    handle = np.isin(thing.indices, school.handle.indices).astype(int)
    tree = Hierarchy(np.array([[0, 1]]), np.array([1.0]), np.zeros((2, 3)), handle)
    school.server.segmenter.hierarchy = lambda points, up: tree
    response = Decompose.Response()
    decompose(school.server, school.seen, Decompose.Request(parts=2), response, 0.0)
    asked = part_message(school.handle, school.server.place(school.seen.cloud), 0.0, thing.belief)
    assert (asked.object_name, asked.object_id) == ("mug", thing.id)
    for part in response.parts:
        assert (part.object_name, part.object_id) == (asked.object_name, asked.object_id)
        assert part.object_confidence == asked.object_confidence == pytest.approx(0.9)


class Pupil(StandIn):
    """Finds what it was taught last; clicks mean its handle, unless they contradict each other."""

    def __init__(self):
        super().__init__()
        self.lessons = {}

    def teach(self, word, examples):
        self.lessons[word] = examples

    def forget(self, word):
        del self.lessons[word]

    def ask(self, points, queries):
        return SimpleNamespace(masks=[self.lessons[queries[0]][-1][1]])

    def grow(self, points, clicks, not_part, up):
        handle = self.mask(SimpleNamespace(points=points, up=up), "handle")
        for places, wanted in ((clicks, True), (not_part, False)):
            rows = np.linalg.norm(points[None] - places[:, None], axis=2).argmin(axis=1)
            if (handle[rows] != wanted).any():
                raise InputError("no part holds all points inside and none outside")
        return handle


@pytest.fixture
def school():
    server = Server(DEFAULTS, Pupil(), OwnTransforms())
    cloud = write_cloud(table.view(1).points, Header(frame_id=CAMERA), XYZ)
    seen = server.look_apart(read_cloud(cloud))
    return SimpleNamespace(server=server, cloud=cloud, seen=seen, handle=seen.frame.ask("handle")[0])


def ask(school, **fields):
    request, response = Teach.Request(word="ear", **fields), Teach.Response()
    teach(school.server, school.seen if needs_newest(request) else None, request, response, 0.0)
    return response


def test_an_objects_number_tells_nothing_about_a_cloud_that_a_request_brings(school):
    """The objects of such a cloud would be numbered from 0 again, so that another one might be taught."""
    region = Region(kind=Region.OBJECT, object_id=school.seen.frame.objects[0].id)
    marks = index_array(school.handle.indices)
    ask(school, examples=[Example(region=region, indices=marks)])
    with pytest.raises(Refusal, match="number of an object in the newest cloud") as no:
        ask(school, examples=[Example(cloud=school.cloud, region=region, indices=marks)])
    request = Transfer.Request(cloud=school.cloud, source=region)
    with pytest.raises(Refusal, match="number of an object in the newest cloud"):
        transfer(school.server, school.seen, request, Transfer.Response(), 0.0)
    assert no.value.code == Status.BAD_REQUEST


def test_marked_points_are_learned_listed_and_forgotten(school):
    example = Example(indices=index_array(school.handle.indices))
    learned = ask(school, examples=[example])
    assert (learned.example_count, learned.fit, list(learned.taught_words)) == (1, 1.0, ["ear"])
    points, mask = school.server.segmenter.lessons["ear"][0]
    assert mask.sum() == len(school.handle.indices)
    thing = school.seen.frame.objects[0]
    assert np.ptp(points[:, 2]) == pytest.approx(np.ptp(thing.points @ school.seen.frame.up), rel=1e-4), (
        "upright"
    )
    with_cloud = ask(school, examples=[Example(cloud=school.cloud, indices=example.indices)])
    assert with_cloud.example_count == 2
    assert list(ask(school, command=Teach.Request.LIST).taught_words) == ["ear"]
    assert list(ask(school, command=Teach.Request.FORGET).taught_words) == []
    assert school.server.segmenter.lessons == {}


def test_a_cloud_of_yesterday_is_learned_whatever_the_frame_of_the_answers(school):
    """TF keeps ten seconds, and an example needs no transform."""
    newest = school.cloud.header.stamp.sec + 86400
    school.server.transforms.buffer.set("base", CAMERA, newest * 10**9, np.eye(4))
    example = Example(cloud=school.cloud, indices=index_array(school.handle.indices))
    school.server.reconfigure(Config(target_frame="base", tf_timeout=0.0))
    learned = ask(school, examples=[example])
    assert (learned.example_count, learned.fit) == (1, 1.0)
    school.server.reconfigure(Config(gravity_frame="base", tf_timeout=0.0))
    with pytest.raises(Refusal, match="No transform from camera to base") as no:
        ask(school, examples=[example])
    assert no.value.code == Status.NO_TRANSFORM, "up is not known"


def test_time_is_checked_between_examples(school):
    example = Example(indices=index_array(school.handle.indices))
    with pytest.raises(Refusal, match="ran out after 1 of 3 examples; give more time") as refused:
        ask(school, examples=[example] * 3)  # with no time left
    assert refused.value.code == Status.TIMED_OUT and school.server.book.examples == {}


def test_clicks_mean_the_part_around_them(school):
    points = school.seen.cloud.points.reshape(-1, 3)
    on = points[school.handle.indices[0]].astype(float)
    body = np.setdiff1d(school.seen.frame.objects[0].indices, school.handle.indices)
    off = points[body[0]].astype(float)
    clicks, not_part = [Point(x=on[0], y=on[1], z=on[2])], [Point(x=off[0], y=off[1], z=off[2])]
    ask(school, examples=[Example(clicks=clicks, not_part=not_part)])
    thing = school.seen.frame.objects[0]
    expected = StandIn().mask(SimpleNamespace(points=thing.points, up=school.seen.frame.up), "handle")
    np.testing.assert_array_equal(school.server.segmenter.lessons["ear"][0][1], expected)
    with pytest.raises(ValueError, match="no part holds all points inside and none outside"):
        ask(school, examples=[Example(clicks=clicks + not_part, not_part=not_part)])


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "no example"),
        ({"examples": [Example()]}, "either indices or clicks"),
        ({"examples": [Example(indices=[10**6])]}, "beyond the cloud's 307200 points"),
        ({"examples": [Example(indices=[0, 1])]}, "Only 0 marked points"),
        ({"examples": [Example(clicks=[Point(z=9.0)])]}, "m from the nearest object"),
        ({"command": 1}, "was not taught"),
        ({"command": 7}, "command must be from 0 to 2"),
    ],
)
def test_what_cannot_be_learned_is_refused_and_nothing_changes(school, fields, reason):
    with pytest.raises(Refusal, match=reason):
        ask(school, **fields)
    assert school.server.segmenter.lessons == {} and school.server.book.examples == {}
