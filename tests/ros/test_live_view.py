"""The view beside a running node: its moments arrive over DDS, and queries in the view are sent to the node."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import table

pytest.importorskip("viser", reason="the view needs viser")
from stand_in import StandIn  # noqa: E402

from part_perception.errors import InputError  # noqa: E402
from part_perception.ros.tools.live_view import LiveSource  # noqa: E402
from part_perception.view.painting import paint  # noqa: E402
from part_perception.view.session import Session  # noqa: E402
from part_perception_interfaces.msg import PartArray  # noqa: E402

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
    assert shown.points.shape == (480 * 640, 3) and len(shown.objects) == 3
    assert shown.colours is None and np.array_equal(shown.camera, np.zeros(3))
    assert [part.query for part in session.parts] == ["handle"] * 3
    pose = table.view().pose
    for part in session.parts:
        place = pose[:3, :3] @ part.centroid + pose[:3, 3]
        assert min(np.linalg.norm(place - table.handle_centre(mug)) for mug in table.MUGS) < 0.03
        on_cloud = shown.points[part.indices].mean(axis=0)
        assert np.allclose(on_cloud, part.centroid, atol=2e-3), "indices are rows of the cloud that is shown"
    assert len([label for label in paint(session).labels if label.text.startswith("handle")]) == 3

    session.ask("lid")
    assert list(robot.parameter("standing_queries").string_array_value) == ["handle", "lid"]
    robot.wait("an honest no", lambda: any(p.query == "lid" and not p.found for p in session.shown.parts))
    assert robot.set(standing_queries=["lid"]) == []
    robot.wait("the view to follow", lambda: session.queries == ["lid"] and not session.parts)

    session.hold(True)
    still = session.shown
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
    return robot.node.count_subscribers("/part_perception/labeled_cloud")


def test_without_a_node_it_says_so(ros_env, monkeypatch):
    monkeypatch.setattr("part_perception.ros.tools.live_view.START_WITHIN", 1.0)
    source = LiveSource("nobody", StandIn)
    try:
        with pytest.raises(TimeoutError, match="/nobody"):
            source.start()
    finally:
        source.close()
