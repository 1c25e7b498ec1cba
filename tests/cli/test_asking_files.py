"""`ask`: which files it takes, how its command line is read, and its answers on a single object."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from PIL import Image

from part_perception.cli.clouds import files_meant, open_cloud
from part_perception.cli.main import PASSED_ON, main, without_loudness
from part_perception.cli.node import refuse_unknown
from part_perception.cli.usage import add_settings, settings_given
from part_perception.command_lines import Parser, meant
from part_perception.config import DEFAULTS
from part_perception.errors import InputError
from part_perception.files import read_cloud, write_cloud
from part_perception.files.depth_image import Intrinsics
from part_perception.terminal import QUIET, Bar, counted

CAMERA = Intrinsics(10.0, 20.0, 1.5, 0.5)


@pytest.fixture(scope="module")
def mug(tmp_path_factory):
    path = tmp_path_factory.mktemp("sample") / "mug.ply"
    assert main(["sample", "mug", "--out", str(path)]) == 0
    return path


def test_a_sample_is_a_labelled_object_and_a_lone_object_has_grasps(mug, capsys):
    sample = read_cloud(mug)
    assert len(sample.points) == 6000 and "handle" in sample.label_names
    handle = sample.points[sample.labels == sample.label_names.index("handle")]
    assert main(["ask", "-q", "handle", "wheel", str(mug), "--json"]) == 0, "-q does not swallow the file"
    found, missing = json.loads(capsys.readouterr().out)["parts"]
    assert np.linalg.norm(np.subtract(found["centroid"], handle.mean(axis=0))) < 0.01
    assert 0.004 < found["grasps"][0]["width"] < 0.085
    assert not missing["found"] and "centroid" not in missing
    assert main(["ask", str(mug), "-q", "handle", "--gripper", "0.002", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parts"][0]["grasps"] == []


def test_a_sample_table_is_a_scene_whose_parts_have_objects(tmp_path, capsys):
    path = tmp_path / "table.npz"
    assert main(["sample", "table", "--seed", "2", "--out", str(path)]) == 0
    assert read_cloud(path).size == (480, 640)
    capsys.readouterr()
    assert main(["ask", str(path), "--scene", "-q", "handle"]) == 0
    head, _, *rows, note = capsys.readouterr().out.splitlines()
    assert head.split()[:5] == ["query", "found", "confidence", "object", "points"]
    assert {row.split()[3] for row in rows} == {"0", "1", "2"}, "every object has a handle"
    assert note.startswith("3 objects; answered in")
    assert main(["ask", str(path), "--scene", "-q", "handle", "--json"]) == 0
    parts = json.loads(capsys.readouterr().out)["parts"]
    told = [" ".join(filter(None, (str(part["object_id"]), part["object_name"]))) for part in parts]
    assert all(owner in row for owner, row in zip(told, rows, strict=True)), "and JSON has their names, too"
    assert any(part["object_name"] for part in parts)


def test_an_image_taken_for_one_object_in_which_nothing_is_found_may_be_a_scene(mug, tmp_path, capsys):
    table, hint = tmp_path / "table.npz", "if it shows a table or several objects, add --scene"
    assert main(["sample", "table", "--out", str(table)]) == 0
    for file, meant_for_it in (table, True), (mug, False):
        assert main(["ask", str(file), "-q", "steering wheel"]) == 1
        assert (hint in capsys.readouterr().out) is meant_for_it, file


def test_a_query_given_twice_is_answered_once(mug, capsys):
    assert main(["ask", str(mug), "-q", "handle", "wheel", "handle", "--json"]) == 0
    assert [part["query"] for part in json.loads(capsys.readouterr().out)["parts"]] == ["handle", "wheel"]


@pytest.mark.parametrize(("more", "up"), [([], (0, 1, 0)), (["--up=-z"], (0, 0, -1))])
def test_up_in_a_scene_is_the_given_axis_or_that_of_the_file(tmp_path, monkeypatch, more, up):
    class SeenError(Exception):
        pass

    def process(self, cloud, stamp, up):
        raise SeenError(up)

    monkeypatch.setattr("part_perception.ScenePerception.process", process)
    monkeypatch.setenv("PART_PERCEPTION_DEBUG", "1")
    np.savez(tmp_path / "y.npz", points=np.random.default_rng(0).random((100, 3)), up_axis="y")
    with pytest.raises(SeenError) as seen:
        main(["ask", str(tmp_path / "y.npz"), "--scene", "-q", "handle", *more])
    assert seen.value.args == (up,)


def test_several_files_and_patterns_are_asked_in_one_call(mug, tmp_path, capsys):
    for name in ("a.ply", "b.ply"):
        (tmp_path / name).write_bytes(mug.read_bytes())
    assert main(["ask", str(tmp_path / "*.ply"), "-q", "handle", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["file"] for each in told] == [str(tmp_path / "a.ply"), str(tmp_path / "b.ply")]
    assert all(each["parts"][0]["found"] for each in told)
    assert main(["ask", str(tmp_path / "*.ply"), "-q", "handle", "--out", str(tmp_path / "o.ply")]) == 2
    assert main(["ask", str(tmp_path / "*.pcd"), "-q", "handle"]) == 2
    assert main(["ask", "-q", "handle"]) == 2
    assert main(["ask", "-q", str(mug)]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert "work with one file only" in errors[0] and "no file matches the pattern" in errors[1]
    assert "give at least one file" in errors[2] and "give at least one query" in errors[3]


def test_one_file_that_cannot_be_read_does_not_cost_the_answers_about_the_others(mug, tmp_path, capsys):
    (tmp_path / "a.ply").write_bytes(b"ply\n")
    (tmp_path / "b.ply").write_bytes(mug.read_bytes())
    write_cloud(tmp_path / "c.ply", np.zeros((5, 3)))
    assert main(["ask", str(tmp_path / "*.ply"), "-q", "handle", "--json"]) == 2
    out, errors = capsys.readouterr()
    (told,) = json.loads(out)
    assert told["file"] == str(tmp_path / "b.ply") and told["parts"][0]["found"]
    first, second = errors.splitlines()
    assert first == f"part-perception: {tmp_path / 'a.ply'} ends before its header does"
    assert second.startswith(f"part-perception: {tmp_path / 'c.ply'}: at least 32 finite points")


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ("--intrinsics=525,525,320,240", "works only with depth images"),
        ("--scene.object_gap=0.02", "--scene.object_gap works only with --scene"),
    ],
)
def test_options_without_effect_are_refused(mug, capsys, option, reason):
    assert main(["ask", str(mug), "-q", "handle", option]) == 2
    assert reason in capsys.readouterr().err


def test_file_names_among_the_texts_count_as_files():
    queries = ["handle", "lid no. 2", "scan.PCD"]
    assert [str(path) for path in files_meant(["a.ply"], queries)] == ["a.ply", "scan.PCD"]
    assert queries == ["handle", "lid no. 2"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c.csv", "x,y,z,label\n1,2,3,0\n4,5,6,1\n"),
        ("c.txt", "# x y z\n1 2 3\n4 5 6\n"),
        ("c.pts", "2\n1 2 3 17 255 0 9\n4 5 6 -4 1 2 3\n"),
        ("c.xyzn", "1 2 3 0.0 0.6 0.8\n4 5 6 1.0 0.0 0.5\n"),
    ],
)
def test_text_files_with_other_endings_are_read(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    cloud = read_cloud(tmp_path / name)
    np.testing.assert_array_equal(cloud.points, [[1, 2, 3], [4, 5, 6]])
    assert (cloud.labels is not None) == (name == "c.csv")
    assert (cloud.colours is not None) == (name == "c.pts")
    if name == "c.pts":
        np.testing.assert_array_equal(cloud.colours, [[255, 0, 9], [1, 2, 3]])


@pytest.mark.parametrize("ending", [".las", ".laz"])
def test_laser_scans_are_read_if_laspy_is_installed(tmp_path, ending):
    laspy = pytest.importorskip("laspy")
    path = tmp_path / f"scan{ending}"
    scan = laspy.LasData(laspy.LasHeader(point_format=2, version="1.2"))
    scan.header.scales = np.full(3, 0.001)
    scan.x, scan.y, scan.z = np.array([[1.5, 4], [2, 5], [3, 6.25]])
    scan.red, scan.green, scan.blue = np.array([[65535, 0], [0, 257], [0, 514]])
    scan.classification = np.array([2, 6])
    scan.write(path)
    cloud = read_cloud(path)
    np.testing.assert_allclose(cloud.points, [[1.5, 2, 3], [4, 5, 6.25]])
    np.testing.assert_array_equal(cloud.colours, [[255, 0, 0], [0, 1, 2]])
    np.testing.assert_array_equal(cloud.labels, [2, 6])
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(InputError, match="scan"):
        read_cloud(path)


def test_colours_of_a_laser_scan_that_have_only_8_bits_are_not_black(tmp_path):
    laspy = pytest.importorskip("laspy")
    scan = laspy.LasData(laspy.LasHeader(point_format=2, version="1.2"))
    scan.x, scan.y, scan.z = np.array([[1.0, 4], [2, 5], [3, 6]])
    scan.red, scan.green, scan.blue = np.array([[255, 0], [0, 17], [9, 200]])
    scan.write(tmp_path / "scan.las")
    np.testing.assert_array_equal(read_cloud(tmp_path / "scan.las").colours, [[255, 0, 9], [0, 17, 200]])


@pytest.mark.parametrize(("ending", "kind", "unit"), [(".png", np.uint16, 1000), (".tiff", np.float32, 1)])
def test_depth_images_become_clouds_by_their_intrinsics(tmp_path, ending, kind, unit):
    depth = np.array([[0, 1, 2, 3], [1, 1, 0, 2]])
    path = tmp_path / f"d{ending}"
    Image.fromarray((depth * unit).astype(kind)).save(path)
    cloud = open_cloud(path, CAMERA)
    assert (cloud.size, cloud.up_axis) == ((2, 4), "-y")
    grid = cloud.grid
    np.testing.assert_array_equal(np.isnan(grid[..., 2]), depth == 0)
    np.testing.assert_allclose(grid[0, 3], [(3 - 1.5) / 10 * 3, (0 - 0.5) / 20 * 3, 3], rtol=1e-6)
    with pytest.raises(InputError, match="--intrinsics fx,fy,cx,cy"):
        open_cloud(path)


def test_a_file_that_is_not_a_depth_image_is_refused_in_one_sentence(tmp_path):
    Image.new("RGB", (4, 4)).save(tmp_path / "photo.png")
    Image.new("I;16", (4, 4)).save(tmp_path / "empty.png")
    (tmp_path / "text.png").write_text("hello")
    for name, reason in (
        ("photo", "not a depth image"),
        ("empty", "no pixel with a depth"),
        ("text", "damaged"),
    ):
        with pytest.raises(InputError, match=reason):
            open_cloud(tmp_path / f"{name}.png", CAMERA)
    for text in ("1,2,3", "0,1,2,3", "a,b,c,d"):
        assert (
            pytest.raises(SystemExit, main, ["ask", "d.png", "-q", "lid", "--intrinsics", text]).value.code
            == 2
        )


def test_settings_are_options_by_the_names_of_the_nodes_parameters():
    parser = Parser()
    add_settings(parser, DEFAULTS, "scene.", "gripper.")
    given = ["--scene.object_gap", "0.02", "--scene.whole_cloud", "true", "--scene.crop_min=-1,0,0.5",
             "--gripper.max_opening", "0.14", "--scene.max_objects", "3", "--scene.support", "none"]  # fmt: skip
    config = settings_given(parser.parse_args(given), DEFAULTS)
    assert (config.scene.object_gap, config.scene.whole_cloud, config.scene.max_objects) == (0.02, True, 3)
    assert (config.scene.crop_min, config.scene.support) == ((-1.0, 0.0, 0.5), "none")
    assert config.gripper.max_opening == 0.14
    assert settings_given(parser.parse_args([]), DEFAULTS) == DEFAULTS
    for wrong, reason in (("0.02m", "must be a number"), ("9", "must be from 0.0005 to 1")):
        with pytest.raises(InputError, match=reason):
            settings_given(parser.parse_args(["--scene.object_gap", wrong]), DEFAULTS)


@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("aks mug.ply", "'ask'"),
        ("models lst", "'list'"),
        ("ask a.ply -q x --pictures p.png", "'--picture'"),
        ("ask a.ply -q x --scene.objectgap 1", "'--scene.object_gap'"),
        ("bag in out -q x --topci /points", "'--topic'"),
        ("demo --sed 3", "'--seed'"),
    ],
)
def test_misspelt_words_are_reported_with_suggestions(line, near, capsys):
    if line.split()[0] in PASSED_ON:
        pytest.importorskip("rclpy")
    try:
        code = main(line.split())
    except SystemExit as end:
        code = end.code
    assert code == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert f"did you mean {near}?" in told


def test_what_another_action_takes_is_not_suggested(capsys):
    assert pytest.raises(SystemExit, main, ["models", "list", "--views", "3"]).value.code == 2
    told = capsys.readouterr().err
    assert told == (
        "part-perception models list: unrecognized arguments: --views 3 (try part-perception models list --help)\n"
    )


@pytest.mark.parametrize(
    "line", ["view a.ply", "find labels", "label a.mcap --out labels", "bag in out", "demo"]
)
def test_several_words_after_one_q_are_refused_with_what_to_write(line, capsys):
    if line.split()[0] in PASSED_ON:
        pytest.importorskip("rclpy")
    assert pytest.raises(SystemExit, main, [*line.split(), "-q", "handle", "lid"]).value.code == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert "unrecognized arguments: lid; give each query a -q of its own" in told


@pytest.mark.parametrize(
    ("argv", "advice"),
    [
        (["-p", "standing_queries:=[lid]"], "names and values follow --ros-args"),
        (["--dump-parms"], "did you mean '--dump-params'?"),
        (["--ros-args", "-r", "points:=/p", "--", "more"], "unrecognized arguments: more;"),
    ],
)
def test_the_node_refuses_what_ros_would_ignore(argv, advice):
    pytest.importorskip("rclpy")
    with pytest.raises(InputError, match=re.escape(advice)):
        refuse_unknown(argv)
    refuse_unknown(["--dump-params", "--ros-args", "-r", "points:=/p"])


def test_nothing_is_suggested_when_no_name_is_similar():
    assert meant("--colour", ["--out", "--json"]) == ""


def test_quiet_and_verbose_may_stand_anywhere_and_bars_are_for_terminals(monkeypatch, capsys):
    monkeypatch.setenv(QUIET, "")
    assert without_loudness(["--quiet", "eval", "shapes", "--verbose"]) == ["eval", "shapes"]
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    quiet = Bar("views")
    monkeypatch.setenv(QUIET, "")
    loud = Bar("views")
    for bar in (quiet, loud):
        bar._start -= 3.0  # as if this many seconds had passed
    quiet(1, 4)
    assert capsys.readouterr().err == ""
    loud(1, 4)
    assert "1 of 4 views, 9 s left" in capsys.readouterr().err
    Bar("views")(1, 4)
    assert capsys.readouterr().err == "", "nothing in the first two seconds"
    monkeypatch.setattr("part_perception.terminal.AFTER", 0.0)
    monkeypatch.setattr("part_perception.terminal.EVERY", 0.0)
    assert list(counted(iter("abc"), "letters", 3)) == ["a", "b", "c"]
    told = capsys.readouterr().err
    assert "2 of 3 letters" in told and told.endswith("\r\x1b[K"), "and it goes away at the end"
