"""Examples: each runs as printed and prints what it promises."""

from __future__ import annotations

import ast
import json
import re
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from part_perception.cli.main import main

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.fixture
def printed(capsys, monkeypatch, tmp_path):
    """The output of an example, run with these arguments in its own folder."""
    monkeypatch.chdir(tmp_path)

    def run(name: str, *arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", [name, *arguments])
        capsys.readouterr()
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        return capsys.readouterr().out

    return run


def test_the_file_example_finds_its_parts(printed):
    assert main(["sample", "mug"]) == 0
    handle, body, wheel = printed("ask_a_file.py", "mug.ply").splitlines()
    assert re.match(r"handle: \d+ points at .* confidence 0\.\d\d", handle)
    assert body.startswith("body: ") and wheel.startswith("wheel: not there")


def test_a_scene_is_followed_over_time(printed):
    told = printed("scene_over_time.py")
    assert re.findall(r"frame (\d): 2 objects, (\d)", told) == [("0", "2"), ("1", "0"), ("2", "0")]
    assert set(re.findall(r"handle of object (\d)", told)) == {"0", "1"}


def test_a_word_is_taught(printed):
    told = printed("teach_a_word.py")
    assert "found: True" in told and "known again: gripping zone a" in told
    assert float(re.search(r"IoU with the truth (\S+)", told).group(1)) > 0.5


def test_objects_are_decomposed_and_cosegmented(printed):
    lines = printed("decompose_and_cosegment.py").splitlines()
    counts = [int(line.split()[0]) for line in lines[:3]]
    assert counts[:2] == [2, 4]
    for count, line in zip(counts, lines, strict=False):
        sizes = [int(size) for size in re.findall(r"\d+", line)[1:]]
        assert len(sizes) == count and sum(sizes) == 5000
    assert len(lines) == 7


def test_a_grasp_is_handed_to_moveit(printed):
    opened, start, goal = printed("moveit_handoff.py").splitlines()
    assert 0.01 < float(opened.split()[-2]) < 0.10
    places = [[float(n) for n in re.findall(r"-?\d\.\d+", line)] for line in (start, goal)]
    away = sum((a - b) ** 2 for a, b in zip(*places, strict=True)) ** 0.5
    assert away == pytest.approx(0.10, abs=0.002)


def test_the_notebook_runs_from_top_to_bottom(capsys, monkeypatch, tmp_path):
    """As in a notebook: cell after cell, and the value of a cell's last line is shown."""
    monkeypatch.chdir(tmp_path)
    notebook = json.loads((EXAMPLES / "first_hour.ipynb").read_text())
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    names: dict = {}
    shown = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None, "kept without results"
            *steps, last = ast.parse("".join(cell["source"])).body
            exec(compile(ast.Module(steps, []), cell["id"], "exec"), names)
            if isinstance(last, ast.Expr):
                shown.append(eval(compile(ast.Expression(last.value), cell["id"], "eval"), names))
            else:
                exec(compile(ast.Module([last], []), cell["id"], "exec"), names)
    told = capsys.readouterr().out
    assert "handle: found" in told and "wheel: not found" in told
    assert float(re.search(r"drip edge: found True, overlap with what was marked (\S+)", told)[1]) > 0.5
    assert re.search(r"object \d: handle at ", told)
    pictures = [each for each in shown if isinstance(each, Image.Image)]
    assert len(pictures) == 3 and all(each.size == (1200, 720) for each in pictures)
    for picture in pictures:
        colourful = np.ptp(np.asarray(picture.convert("RGB")).astype(int), axis=2) > 60
        assert colourful.mean() > 0.005


def test_all_are_known_and_the_ros_client_is_short():
    names = {path.name for path in EXAMPLES.glob("*.py")}
    # of tests/ros/: test_query.py, test_moveit_pick.py, test_find_part.py
    by_nodes = {"ros_client.py", "moveit_pick.py", "wrist_camera.py"}
    assert by_nodes <= names and len(names) == 8
    assert len((EXAMPLES / "ros_client.py").read_text().splitlines()) <= 40
