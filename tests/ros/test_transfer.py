"""~/transfer and ~/cosegment over DDS with the shipped model: mugs on a table, one node for all."""

from __future__ import annotations

import numpy as np
import pytest
import table
from geometry_msgs.msg import PoseStamped
from robot import CAMERA, NODE

from part_perception.geometry.poses import inverse, moved
from part_perception.ros.messages.poses import pose_message
from part_perception.ros.refusal import Status
from part_perception_interfaces.msg import Region
from part_perception_interfaces.srv import Cosegment, Transfer

NEAR = 0.045  # metres: the free end of a handle is 75 mm long


@pytest.mark.ros
def test_a_place_is_transferred_to_another_mug_and_mugs_are_cosegmented(start_node, robot):
    # so little time that every frame encodes one more object: requests wait for all of them
    start_node({"scene.max_encode_ms": 1.0}, program=("-m", "part_perception.cli.node"))
    robot.start_camera(table.view().points, rate=5.0)
    alike = robot.call(Cosegment, f"{NODE}/cosegment", Cosegment.Request(parts=2, max_age=60.0, timeout=15.0))
    assert alike.status.code == Status.OK, alike.status.message
    assert alike.header.frame_id == CAMERA
    owners, labels, indices = (np.array(v) for v in (alike.object_ids, alike.labels, alike.indices))
    assert len(owners) == len(labels) == len(indices) == len(np.unique(indices))
    assert set(labels) == {0, 1} and len(set(owners)) == 3

    points = table.view().points.reshape(-1, 3)
    handles = [moved(table.handle_centre(mug), inverse(table.POSE)) for mug in table.MUGS]

    def owner_of(handle: np.ndarray) -> int:
        return int(owners[np.linalg.norm(points[indices] - handle, axis=1).argmin()])

    ids = [owner_of(handle) for handle in handles]
    assert len(set(ids)) == 3
    place = PoseStamped(pose=pose_message(handles[0], np.eye(3)))
    away = []
    for handle, owner in zip(handles[1:], ids[1:], strict=True):
        request = Transfer.Request(
            place=place, target=Region(kind=Region.OBJECT, object_id=owner), max_age=60.0, timeout=15.0
        )
        answer = robot.call(Transfer, f"{NODE}/transfer", request)
        assert answer.status.code == Status.OK, answer.status.message
        assert (answer.object_id, answer.header.frame_id) == (owner, CAMERA)
        assert 0 < answer.confidence <= 1
        p = answer.place.position
        away.append(float(np.linalg.norm(np.array([p.x, p.y, p.z]) - handle)))
    assert max(away) < NEAR, away

    far = PoseStamped(pose=pose_message(handles[0] + 5.0, np.eye(3)))
    for source in Region(), Region(kind=Region.OBJECT, object_id=ids[0]):
        request = Transfer.Request(place=far, source=source, max_age=60.0, timeout=15.0)
        refused = robot.call(Transfer, f"{NODE}/transfer", request)
        assert refused.status.code == Status.BAD_REQUEST and " m from its object" in refused.status.message
    one = Cosegment.Request(object_ids=[ids[0]], max_age=60.0)
    assert robot.call(Cosegment, f"{NODE}/cosegment", one).status.code == Status.BAD_REQUEST
