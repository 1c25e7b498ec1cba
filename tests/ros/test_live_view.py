"""The view beside a running node: its moments arrive over DDS, and queries in the view are sent to the node."""

from __future__ import annotations

import socket
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
import table
from builtin_interfaces.msg import Time
from rclpy.serialization import deserialize_message, serialize_message
from robot import CAMERA
from std_msgs.msg import Header

pytest.importorskip("viser", reason="the view needs viser")
from stand_in import StandIn  # noqa: E402

from part_perception.config import DEFAULTS  # noqa: E402
from part_perception.errors import InputError  # noqa: E402
from part_perception.pictures.thinning import MOST, are_there  # noqa: E402
from part_perception.ros.messages.clouds import XYZ, read_cloud, read_raw_cloud, write_cloud  # noqa: E402
from part_perception.ros.outputs.publisher import FrameMessages  # noqa: E402
from part_perception.ros.perceived import PendingMessage  # noqa: E402
from part_perception.ros.server import Server  # noqa: E402
from part_perception.ros.tools.live_view import LiveSource, moment  # noqa: E402
from part_perception.ros.transforms import OwnTransforms  # noqa: E402
from part_perception.settings import with_values  # noqa: E402
from part_perception.view.page import Page  # noqa: E402
from part_perception.view.painting import paint  # noqa: E402
from part_perception.view.session import Session  # noqa: E402
from part_perception_interfaces.msg import PartArray  # noqa: E402
from part_perception_interfaces.srv import Teach  # noqa: E402

pytestmark = pytest.mark.ros


@pytest.fixture
def live(start_node, robot):
    """A session that follows a node; `watched` says whether a browser is connected."""
    start_node({"standing_queries": ["handle"]})
    source = LiveSource("part_perception", StandIn)
    session = Session(source, source.start())
    watched = threading.Event()
    thread = threading.Thread(target=source.show_in, args=(session, watched.is_set), daemon=True)
    thread.start()
    yield session, watched
    source.close()
    thread.join(5.0)
    assert not thread.is_alive()


def test_the_view_shows_what_the_node_sees_and_forwards_queries(live, robot):
    session, watched = live
    assert session.queries == ["handle"]
    heard = robot.listen(PartArray, "/part_perception/parts")
    robot.start_camera(table.view().points, rate=5.0)
    robot.wait("the view", lambda: "part_perception_view" in robot.node.get_node_names())
    robot.wait("frames of the node", lambda: heard)
    assert receivers(robot) == 0 and session.shown is None, "nothing is received without a viewer"
    watched.set()
    shown = robot.wait("a moment", lambda: session.shown)
    assert shown.points.shape == (MOST, 3) and shown.thinned and len(shown.objects) == 3
    assert shown.colours is None and np.array_equal(shown.camera, np.zeros(3))
    assert are_there(shown.points).all()
    assert [part.query for part in session.parts] == ["handle"] * 3
    pose = table.view().pose
    for part in session.parts:
        place = pose[:3, :3] @ part.centroid + pose[:3, 3]
        assert min(np.linalg.norm(place - table.handle_centre(mug)) for mug in table.MUGS) < 0.03
        on_cloud = shown.points[part.indices].mean(axis=0)
        assert np.allclose(on_cloud, part.centroid, atol=2e-3), "indices are rows of the cloud that is shown"
    closer = session.source.closer()
    assert closer.points.shape == (480 * 640, 3) and not closer.thinned
    assert [len(thing.indices) for thing in closer.objects] == [len(thing.indices) for thing in shown.objects]
    assert [len(part.indices) for part in closer.parts] == [len(part.indices) for part in session.parts]
    assert robot.node.count_subscribers("/part_perception/labeled_cloud") == 0, "only while it is wanted"
    assert len([label for label in paint(session).labels if label.text.startswith("handle")]) == 3

    session.ask("lid")
    assert list(robot.parameter("standing_queries").string_array_value) == ["handle", "lid"]
    robot.wait("an honest no", lambda: any(p.query == "lid" and not p.found for p in session.shown.parts))
    assert robot.set(standing_queries=["lid"]) == []
    robot.wait("the view to follow", lambda: session.queries == ["lid"] and not session.parts)

    session.hold(True)
    still = session.shown
    assert not still.thinned, "a picture that stays can be clicked, marked and taught"
    count = len(heard)
    robot.wait("another frame", lambda: len(heard) > count + 1)
    assert session.shown is still
    session.hold(False)
    robot.wait("the picture to go on", lambda: session.shown is not still)

    session.ask("x" * 300)
    assert session.remark and session.queries == ["lid"]
    with pytest.raises(InputError, match="sends its moments by itself"):
        session.source.look(0, [])

    watched.clear()
    robot.wait("the end of receiving", lambda: receivers(robot) == 0)
    watched.set()
    last = session.shown.stamp
    robot.wait("the picture to go on for the next viewer", lambda: session.shown.stamp > last)


def receivers(robot) -> int:
    return robot.node.count_subscribers("/part_perception/preview_cloud")


@pytest.mark.parametrize(("units", "scale"), [("metres", 1.0), ("millimetres", 1000.0)])
def test_an_example_is_sent_in_the_unit_of_the_nodes_clouds(units, scale):
    """What the view shows is in metres, whatever the camera measures in."""
    points = table.view(1).points
    mask = np.arange(points.size // 3) < 50
    marked = SimpleNamespace(cloud=points, rows=np.arange(points.size // 3))
    source, sent = LiveSource.__new__(LiveSource), []
    source._header, source._sent, source._get, source._teach = Header(frame_id=CAMERA), set(), "get", "teach"

    def call(client, request):
        if client == "get":
            assert request.names == ["scene.units"]
            return SimpleNamespace(values=[SimpleNamespace(string_value=units)])
        sent.append(request)
        return Teach.Response()

    source._call = call
    source.teach("ear", [SimpleNamespace(marked=marked, mask=mask)])
    (example,) = sent[0].examples
    np.testing.assert_allclose(read_cloud(example.cloud).points, scale * points, rtol=1e-5)
    assert list(example.indices) == list(range(50))
    server = Server(with_values(DEFAULTS, {"scene.units": units}), StandIn(), OwnTransforms())
    assert len(server.look_apart(read_cloud(example.cloud)).frame.objects) == 1


def test_without_a_node_it_says_so(ros_env, monkeypatch):
    monkeypatch.setattr("part_perception.ros.tools.live_view.START_WITHIN", 1.0)
    source = LiveSource("nobody", StandIn)
    try:
        with pytest.raises(TimeoutError, match="/nobody"):
            source.start()
    finally:
        source.close()


FRAMES, RATE, SHARE = 20, 10.0, 0.15  # of a core


def published(seed: int) -> tuple[bytes, bytes]:
    """A preview and its parts, as a node publishes them."""
    noise = np.random.default_rng(seed).normal(0, 1e-3, 3)
    message = write_cloud(
        (table.view().points + noise).astype(np.float32), Header(stamp=Time(sec=seed), frame_id=CAMERA), XYZ
    )
    server = Server(with_values(DEFAULTS, {"standing_queries": ["handle"]}), StandIn(), OwnTransforms())
    seen = server.look(PendingMessage(message, 0.0))
    sight = FrameMessages(seen, server.place(seen.cloud), 0.0)
    return serialize_message(sight.preview_cloud()), serialize_message(sight.parts_array())


@pytest.mark.timed
def test_a_moment_is_read_and_drawn_within_its_share_of_a_core(ros_env, slowness):
    """From the bytes that DDS delivers to the messages for a browser."""

    class Nowhere:
        names = ()

    session = Session(Nowhere(), ["handle"])
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        port = any_port.getsockname()[1]
    page = Page(session, port=port)
    frames = [published(seed) for seed in range(FRAMES + 1)]
    try:
        for number, (cloud, parts) in enumerate(frames):
            if number == 1:  # the first one makes the scene
                start = time.process_time()
            session.shown = moment(read_raw_cloud(cloud), deserialize_message(parts, PartArray), True)
            page._draw()
        share = (time.process_time() - start) / FRAMES * RATE
    finally:
        page.close()
    assert len(session.shown.points) == MOST and len(session.parts) == 3
    assert share < SHARE * slowness
