"""Grasps judged by what is really there."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.cli.main import main
from part_perception.evaluation.grasps import evaluate_grasps, figures, grasps_summary, hits
from part_perception.grasping.gripper import Gripper
from part_perception.types import Grasp

GRIPPER = Gripper()
GRASP = Grasp(np.zeros(3), np.eye(3), 0.03, 1.0)  # closes along x, approaches along z
BALL = np.random.default_rng(0).normal(size=(50, 3)) * 1e-4  # surface points near one place


@pytest.mark.parametrize(
    ("place", "hit"),
    [
        ((0.0, 0, 0), False),  # held between the fingers
        ((0.02, 0, 0), True),  # in a finger
        ((-0.02, 0, 0), True),
        ((0.03, 0, 0), False),  # beside it
        ((0.02, 0.015, 0), False),  # past its breadth
        ((0.02, 0, 0.018), False),  # below its tip
        ((0.0, 0.02, -0.05), True),  # in the palm
        ((0.0, 0.04, -0.05), False),
        ((0.0, 0, -0.2), False),  # behind the hand
    ],
)
def test_what_is_in_fingers_or_palm_is_hit(place, hit):
    turn, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))
    moved = Grasp(np.array([1.0, 2, 3]), turn, GRASP.width, 1.0)
    assert hits(GRASP, BALL + place, GRIPPER) is hit
    assert hits(moved, (BALL + place) @ turn.T + moved.position, GRIPPER) is hit


def test_figures_by_hand():
    assert figures([[False, True], [True, True], [], [False]]) == {
        "parts": 4, "with_grasp": 0.75, "grasps": 5, "hit": 0.6, "best_hits": pytest.approx(1 / 3), "best_free": 0.5,
    }  # fmt: skip


def test_scenes_are_judged_by_measured_and_by_exact_depth(capsys):
    report = evaluate_grasps(2)
    assert report.keys() == {"measured", "exact"}
    for one in report.values():
        assert one["parts"] > 5 and 0 < one["with_grasp"] <= 1 and 0 <= one["best_free"] <= one["with_grasp"]
    assert "parts whose best grasp is free" in grasps_summary(report)
    assert main(["eval", "--grasps", "2", "--model", "x"]) == 2
    assert "use no model" in capsys.readouterr().err
