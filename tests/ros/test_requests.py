"""Request fields besides words: minimum confidence, parts to avoid, the pre-grasp, and the size of the answer."""

import numpy as np
import pytest
import table

from part_perception.ros.messages.poses import matrix_of_pose
from part_perception.ros.refusal import Status

pytestmark = pytest.mark.ros


def test_limits_of_an_answer(start_node, robot):
    start_node({"pre_grasp_offset": 0.2, "max_cloud_age": 60.0})
    robot.start_camera(table.view(1).points, rate=4.0)

    plain = robot.query("handle", timeout=15.0).parts[0]
    assert len(plain.indices) > 0 and len(plain.grasps) > 0
    assert starts_back(plain.grasps[0]) == pytest.approx((0, 0, -0.2), abs=1e-6)

    short = robot.query("handle", with_indices=False, pre_grasp_offset=0.05).parts[0]
    assert len(short.indices) == 0 and short.centroid.z == pytest.approx(plain.centroid.z, abs=0.01)
    assert starts_back(short.grasps[0]) == pytest.approx((0, 0, -0.05), abs=1e-6)

    assert robot.query("handle", min_confidence=0.8).status.code == Status.OK
    unsure = robot.query("handle", min_confidence=0.95)
    assert (unsure.status.code, len(unsure.parts)) == (Status.PART_NOT_FOUND, 0)
    assert unsure.confidence[0] > 0.8

    kept = robot.query("handle", avoid=["mug"]).parts[0]
    assert len(kept.grasps) == 0 and kept.confidence == pytest.approx(plain.confidence)
    assert robot.query("handle", avoid=["wheel"]).parts[0].grasps

    for wrong in ({"min_confidence": 1.5}, {"pre_grasp_offset": -0.1}):
        answer = robot.query("handle", **wrong)
        assert answer.status.code == Status.BAD_REQUEST and next(iter(wrong)) in answer.status.message
    assert robot.query("handle", avoid=[""]).status.code == Status.BAD_TEXT


def starts_back(grasp) -> np.ndarray:
    """The pre-grasp position in the axes of the grasp."""
    return (np.linalg.inv(matrix_of_pose(grasp.pose)) @ matrix_of_pose(grasp.pre_grasp))[:3, 3]
