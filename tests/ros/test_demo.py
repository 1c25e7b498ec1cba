"""The demo: its judge, table and picture, and that it leaves nothing behind."""

import json
import re

import numpy as np
import psutil
import pytest
import table

from part_perception.ros.tools.demo import judge, parts_called
from part_perception.simulation.capture import capture, look_at, orbit
from part_perception.simulation.stages import Stage, level
from part_perception.simulation.things import block, thing, truth

TRUTH = truth(table.MUGS)


def test_the_judge_knows_right_from_wrong():
    centre = table.handle_centre(table.MUGS[1])
    assert judge(TRUTH, "handle", centre).right
    assert judge(TRUTH, "handle", centre).error == pytest.approx(0.0, abs=1e-9)
    assert judge(TRUTH, "handle", centre + (0, 0, 0.012)).right
    assert not judge(TRUTH, "handle", centre + (0, 0, 0.05)).right
    assert not judge(TRUTH, "body", centre + (0.06, 0, 0)).right
    assert not judge(TRUTH, "lid", centre).right
    assert np.isnan(judge(TRUTH, "lid", centre).error)
    assert judge(TRUTH, "handle", centre).against == "handle 2", "there are three mugs"
    assert judge(TRUTH, "lid", centre).against == ""


def test_the_judge_says_which_true_part_it_judges_by():
    pot = thing("cooking pot", 9)
    centres = [part["centroid"] for _, part in parts_called(truth([pot]), "handle")]
    verdicts = [judge(truth([pot]), "handle", np.array(centre)) for centre in centres]
    assert [verdict.against for verdict in verdicts] == ["handle 1", "handle 2"]
    drill, mug = block((0.1, 0.1, 0.2), "drill").moved((0.5, 0.0, 0.0)), thing("mug")
    stray = judge(truth([drill, mug]), "handle", np.array((0.5, 0.0, 0.1)))
    assert (stray.right, stray.owner, stray.against) == (False, "drill", "handle of mug")


def test_a_name_counts_when_its_words_are_in_one_of_the_parts_names():
    parts = [{"names": ["knob", "round handle"]}, {"names": ["lid"]}]
    knob = {"objects": [{"kind": "pot", "names": ["cooking pot"], "parts": parts}]}
    assert [part["names"][0] for _, part in parts_called(knob, "handle")] == ["knob"]
    assert [part["names"][0] for _, part in parts_called(knob, "Lid")] == ["lid"]
    assert parts_called(knob, "hand") == []
    assert len(parts_called(knob, "pot lid")) == 1
    assert parts_called(knob, "jar lid") == []


def test_the_simulated_camera_sees_what_is_there():
    """Without noise every point lies on the table or on a mug; the nearest surface hides the others."""
    view = capture(table.MUGS, table.POSE, stage=Stage((level(0.0, (0.6, 0.6)),)))
    world = view.points.reshape(-1, 3)[::7] @ view.pose[:3, :3].T + view.pose[:3, 3]
    world = world[np.isfinite(world).all(axis=1)]
    above = world[world[:, 2] > 0.004]
    assert 500 < len(above) < len(world)
    surface = np.concatenate([mug.surface.points for mug in table.MUGS])
    from scipy.spatial import cKDTree

    assert cKDTree(surface).query(above)[0].max() < 0.006
    assert np.abs(world[world[:, 2] <= 0.004][:, 2]).max() < 0.0045


def test_the_camera_is_level_and_looks_at_the_table():
    for pose in [*orbit(8), look_at(1.0, 0.5, 0.9)]:
        np.testing.assert_allclose(pose[:3, :3].T @ pose[:3, :3], np.eye(3), atol=1e-12)
        assert np.linalg.det(pose[:3, :3]) == pytest.approx(1.0)
        assert pose[2, 0] == pytest.approx(0.0), "right is level"
        assert pose[2, 1] < 0, "down is down"
        ahead = pose[:3, 3] + pose[:3, 2] * np.linalg.norm(pose[:3, 3] - (0, 0, 0.05))
        np.testing.assert_allclose(ahead, (0, 0, 0.05), atol=1e-9)


def ours(domain: int) -> list[psutil.Process]:
    """Our processes that run in a domain."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        try:
            line = " ".join(process.info["cmdline"] or [])
            if "-m part_perception." in line and process.environ().get("ROS_DOMAIN_ID") == str(domain):
                found.append(process)
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
    return found


@pytest.mark.ros
def test_it_answers_draws_and_leaves_no_process_behind(start_process, ros_env, ros_domain_id, tmp_path):
    picture = tmp_path / "demo.png"
    arguments = ["--json", "--picture", picture, "--domain", ros_domain_id]
    demo = start_process(["python", "-m", "part_perception.ros.tools.demo", *arguments], env=ros_env)
    code = demo.wait(100.0)
    told = json.loads(re.search(r"^\{.*^\}", demo.output, re.DOTALL | re.MULTILINE).group(0))
    assert {row["query"] for row in told["rows"]} == {"handle", "lid", "wheel"}
    assert told["right"] == all(row["right"] for row in told["rows"])
    assert (code == 0) == told["right"]
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert ours(ros_domain_id) == []


@pytest.mark.ros
def test_ctrl_c_leaves_no_process_behind(start_process, ros_env, ros_domain_id, tmp_path):
    arguments = ["--picture", tmp_path / "demo.png", "--domain", ros_domain_id]
    demo = start_process(["python", "-m", "part_perception.ros.tools.demo", *arguments], env=ros_env)
    demo.wait_for("Loading the model")
    assert len(ours(ros_domain_id)) >= 2
    demo.interrupt()
    assert demo.wait(20.0) == 130
    assert ours(ros_domain_id) == []
    assert "Traceback" not in demo.output


@pytest.mark.ros
def test_killing_the_demo_ends_its_processes(start_process, ros_env, ros_domain_id, tmp_path):
    arguments = ["--picture", tmp_path / "demo.png", "--domain", ros_domain_id]
    demo = start_process(["python", "-m", "part_perception.ros.tools.demo", *arguments], env=ros_env)
    demo.wait_for("Loading the model")
    children = [process for process in ours(ros_domain_id) if process.pid != demo.popen.pid]
    assert len(children) == 2
    demo.popen.kill()
    gone, alive = psutil.wait_procs(children, timeout=15.0)
    assert not alive
