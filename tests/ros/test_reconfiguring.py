"""Settings that change while the node runs: what was learned under the old ones does not outlive them."""

import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import table
from robot import BASE, CAMERA
from stand_in import StandIn

from part_perception.config import Config
from part_perception.grasping.gripper import Gripper, Reach
from part_perception.ros import server as server_module
from part_perception.ros.input import Input
from part_perception.ros.messages.clouds import Cloud
from part_perception.ros.messages.parts import part_message
from part_perception.ros.perceived import ask
from part_perception.ros.requests.services import find
from part_perception.ros.server import Server
from part_perception.ros.transforms import OwnTransforms
from part_perception.scene import ScenePerception
from part_perception_interfaces.srv import QueryParts


def look(server: Server, count: int = 2, seconds: float = 1.0, frame: str = CAMERA, points=None):
    points = table.view(count).points if points is None else points
    cloud = Cloud(points, None, frame, int(seconds * 1e9))
    return server.look(SimpleNamespace(read=lambda: cloud, regions=lambda: None, arrived=0.0))


def seen_by(config: Config) -> Server:
    """A server that knows where the camera stands in two worlds, one of which is turned by half a turn."""
    transforms = OwnTransforms()
    transforms.buffer.set(BASE, CAMERA, None, table.POSE)
    transforms.buffer.set(BASE, "turned", None, np.diag((-1.0, -1.0, 1.0, 1.0)))
    return Server(config, StandIn(), transforms)


def test_the_number_of_an_object_is_never_that_of_another_one_later():
    server = seen_by(Config())
    before = {thing.id for thing in look(server).frame.objects}
    server.reconfigure(replace(server.config, gripper=Gripper(max_opening=0.06)))
    after = {thing.id for thing in look(server, seconds=1.1).frame.objects}
    assert len(before) == len(after) == 2 and not before & after
    server.forget()
    assert not {thing.id for thing in look(server, seconds=1.2).frame.objects} & (before | after)


def test_objects_do_not_change_places_when_the_fixed_frame_changes():
    server = seen_by(Config(gravity_frame=BASE))
    before = {thing.id: thing.centroid for thing in look(server, 3).frame.objects}
    server.reconfigure(replace(server.config, gravity_frame="turned"))
    for thing in look(server, 3, 1.1).frame.objects:
        assert thing.id not in before or np.linalg.norm(thing.centroid - before[thing.id]) < 0.01


def test_what_one_camera_saw_is_not_where_another_one_looks():
    """Without a fixed frame, nobody knows where they are to each other: each has its own origin."""
    with_handle = table.view(1).points
    cut_off = np.where((table.view(1).part == 1)[..., None], np.nan, with_handle)
    server = seen_by(Config(standing_queries=("handle",)))
    (there,) = look(server, 1).standing.parts
    assert len(there.indices) > 100
    other = look(server, seconds=1.1, frame="other_camera", points=cut_off)
    assert all(len(part.indices) for part in other.standing.parts), "none is remembered"
    assert not {thing.id for thing in other.frame.objects} & {there.object_id}
    assert other.remark.startswith(
        "objects are not followed from one frame to the other: clouds came in camera and now come in other_camera"
    )
    assert look(server, seconds=1.2, frame="other_camera", points=cut_off).remark == ""
    followed = seen_by(Config(standing_queries=("handle",), gravity_frame=BASE))
    followed.transforms.buffer.set(CAMERA, "other_camera", None, np.eye(4))
    (there,) = look(followed, 1).standing.parts
    (here,) = look(followed, seconds=1.1, frame="other_camera", points=cut_off).standing.parts
    assert (len(here.indices), here.object_id) == (0, there.object_id), (
        "TF knows that they are the same camera"
    )


def test_settings_that_change_while_a_scene_is_made_count(monkeypatch):
    server = seen_by(Config())
    narrow = replace(server.config, scene=replace(server.config.scene, max_range=0.3))

    def made(*given, **more):
        changing = threading.Thread(target=server.reconfigure, args=(narrow,))
        if server.config is not narrow:
            changing.start()
            changing.join(0.2)
        return ScenePerception(*given, **more)

    monkeypatch.setattr(server_module, "ScenePerception", made)
    look(server)
    assert look(server, seconds=1.1).frame.objects == []


def test_the_input_waits_for_transforms_and_clouds_as_long_as_it_is_told_now():
    waited: list[float] = []
    transforms = SimpleNamespace(lookup=lambda *given: waited.append(given[-1]))
    server = seen_by(Config(tf_timeout=0.1))
    node = SimpleNamespace(count_publishers=lambda _: 1)
    source = Input(node, lambda: server.config, transforms, None, None)
    source.topic, source._heard = "/points", {"/points": time.monotonic() - 1.0}
    diagnostics = replace(server.config.diagnostics, no_cloud_after=0.5)
    server.reconfigure(replace(server.config, tf_timeout=2.0, diagnostics=diagnostics))
    source._locate(BASE, CAMERA, 0)
    assert waited == [2.0]
    assert source.why_silent() == "/points has 1 publisher(s), but nothing arrives"


@pytest.mark.parametrize("wished", [0.0, 0.4])
def test_pre_grasps_of_another_offset_are_within_reach_too(wished):
    """The camera stands in its own base, about 0.9 m from the mug: farther back is nearer to it."""
    config = Config(reach=Reach(CAMERA, min_radius=0.5, max_radius=2.0))
    server = seen_by(config)
    (part,) = ask(look(server, 1), ["handle"]).parts
    assert part.grasps
    if not wished:
        server.reconfigure(replace(config, pre_grasp_offset=0.4))
    seen = look(server, 1, 1.1)
    request = QueryParts.Request(pre_grasp_offset=wished)
    (part,) = find(server, seen, request, ["handle"], 0, 0.0).parts
    where = replace(server.place(seen.cloud), pre_grasp_offset=wished or server.config.pre_grasp_offset)
    for grasp in part_message(part, where, 0.0).grasps:
        p = grasp.pre_grasp.position
        assert np.linalg.norm((p.x, p.y, p.z)) >= 0.5
