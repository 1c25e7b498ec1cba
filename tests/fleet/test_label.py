"""Labels: tables and bags of every frame, each recording exactly once, whatever happens meanwhile."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest
import table
from rclpy.serialization import deserialize_message
from rosbags.rosbag2 import StoragePlugin
from small_bags import JOB, SECOND, Silence, load_stand_in, write_bag

from part_perception.cli.main import main
from part_perception.errors import InputError
from part_perception.fleet import folder as folders
from part_perception.fleet.folder import status
from part_perception.fleet.labelling import in_this_process, label
from part_perception.fleet.recordings import LEDGER, find_recordings, read_ledger
from part_perception.fleet.tables import indices_of, runs_of
from part_perception.recordings.bag_reader import BagReader
from part_perception_interfaces.msg import PartArray


def label_all(given, out, progress=None):
    recordings = find_recordings(given, out)
    return label(recordings, out, JOB, in_this_process(load_stand_in), progress or Silence())


@pytest.fixture(scope="module")
def bags(tmp_path_factory):
    """Two good recordings, one in each storage format, a truncated one, and one without clouds."""
    folder = tmp_path_factory.mktemp("bags")
    write_bag(folder / "a")
    write_bag(folder / "b", frames=1, start=200, storage=StoragePlugin.SQLITE3)
    write_bag(folder / "no_clouds", frames=0)
    write_bag(folder / "whole", frames=1)
    (file,) = (folder / "whole").glob("*.mcap")
    (folder / "cut.mcap").write_bytes(file.read_bytes()[:5000])
    shutil.rmtree(folder / "whole")
    return folder


@pytest.fixture(scope="module")
def labels(bags, tmp_path_factory):
    """The labels of all of them, and the entries."""
    out = tmp_path_factory.mktemp("labels") / "out"
    return out, {entry.source.rpartition("/")[2]: entry for entry in label_all([str(bags)], out)}


def test_tables_say_what_the_bag_of_answers_says(labels):
    out, entries = labels
    place = folders.output_of(out, entries["a"].recording)
    frames, objects, parts = (pq.read_table(place / f"{n}.parquet") for n in ("frames", "objects", "parts"))
    assert frames["frame"].to_pylist() == [0, 1]
    assert frames["time"].cast("int64").to_pylist() == [100 * SECOND, 100 * SECOND + SECOND // 10]
    assert frames["answers"][0].as_py()[0]["found"] and not frames["answers"][0].as_py()[1]["found"]
    assert (frames["height"][0].as_py(), frames["width"][0].as_py()) == (120, 160)
    with BagReader(place / "answers") as reader:
        said = [deserialize_message(raw, PartArray) for _, raw in reader.raw("/part_perception/parts")]
    assert objects.num_rows == sum(len(each.objects) for each in said) == 6
    assert parts.num_rows == sum(len(each.parts) for each in said) > 0
    for row, part in zip(parts.to_pylist(), [part for each in said for part in each.parts], strict=True):
        assert (row["query"], row["object"], row["confidence"]) == ("handle", "mug", part.confidence)
        starts, lengths = np.array(row["mask_start"]), np.array(row["mask_length"])
        assert np.array_equal(indices_of(starts, lengths), np.sort(part.indices))
        assert row["centroid"] == [part.centroid.x, part.centroid.y, part.centroid.z]
        assert len(row["grasps"]) == len(part.grasps)
        assert min(np.linalg.norm(row["centroid"] - table.handle_centre(m)) for m in table.MUGS) < 0.03
        assert row["motion"]["kind"] == "unknown"


def test_broken_recordings_are_listed_and_do_not_stop_the_others(labels, bags):
    out, entries = labels
    assert {name for name, entry in entries.items() if entry.done} == {"a", "b"}
    assert "no cloud" in entries["no_clouds"].reason and "cannot be read" in entries["cut.mcap"].reason
    told = status(out)
    assert (told["done"], told["frames"], told["left"]) == (2, 3, [])
    assert set(told["failed"]) == {str(bags / "no_clouds"), str(bags / "cut.mcap")}
    assert told["found"] == {"handle": 3}
    assert sorted(path.name for path in out.iterdir() if path.is_dir()) == sorted(
        f"recording={entries[name].recording}" for name in ("a", "b")
    )


def test_finished_recordings_are_skipped_and_changed_ones_labelled_again(bags, tmp_path):
    shutil.copytree(bags / "a", tmp_path / "in" / "a")
    shutil.copytree(bags / "b", tmp_path / "in" / "b")
    out = tmp_path / "out"
    label_all([str(tmp_path / "in")], out)
    again = Silence()
    label_all([str(tmp_path / "in")], out, again)
    assert (again.entries, again.began) == ([], (2, 2))
    shutil.rmtree(tmp_path / "in" / "a")
    write_bag(tmp_path / "in" / "a", frames=1, start=300)
    label_all([str(tmp_path / "in")], out, again)
    assert [entry.frames for entry in again.entries] == [1]
    tables = sorted(out.glob("recording=a-*/frames.parquet"))
    assert [pq.read_table(path)["time"].cast("int64").to_pylist() for path in tables] == [[300 * SECOND]]


class Killed(BaseException):
    pass


@pytest.mark.parametrize("moment", ["before the rename", "before the line", "in the line"])
def test_a_kill_at_any_moment_loses_and_duplicates_nothing(bags, tmp_path, monkeypatch, moment):
    out, given = tmp_path / "out", [str(bags / "a"), str(bags / "b")]

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patch:
        if moment == "before the rename":
            patch.setattr(folders.os, "rename", killed)
        else:
            patch.setattr(folders.LedgerWriter, "add", killed)
        with pytest.raises(Killed):
            label_all(given, out)
    if moment == "in the line":
        with open(out / LEDGER, "a") as file:
            file.write('{"recording": "a-')
    entries = label_all(given, out)
    assert [entry.done for entry in entries] == [True, True]
    assert len(read_ledger(out)) == len((out / LEDGER).read_text().splitlines()) == 2
    counts = [pq.read_table(path).num_rows for path in sorted(out.glob("recording=*/frames.parquet"))]
    assert sorted(counts) == [1, 2]
    assert not (out / folders.WORK).exists()


def test_a_full_disk_stops_the_run_and_blames_no_recording(bags, tmp_path, monkeypatch):
    out = tmp_path / "out"

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("part_perception.fleet.labelling.write_frame", full)
        with pytest.raises(OSError, match="No space left"):
            label_all([str(bags / "b")], out)
    assert read_ledger(out) == {}
    assert [entry.done for entry in label_all([str(bags / "b")], out)] == [True]


def test_one_folder_has_one_job_and_one_writer(bags, labels, tmp_path):
    out, _ = labels
    other = folders.Job(JOB.config, "/camera/points")
    with pytest.raises(InputError, match="another job .its topic differs"), folders.label_folder(out, other):
        pass
    with folders.label_folder(tmp_path / "out", JOB), pytest.raises(InputError, match="another process"):
        label_all([str(bags / "a")], tmp_path / "out")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nowhere", "--out", "out", "-q", "handle"], "there is no recording nowhere"),
        (["file.txt", "--out", "out", "-q", "handle"], "file.txt is not a recording"),
        (["empty", "--out", "out", "-q", "handle"], "there is no recording in empty"),
        (["nosuch://bucket/bags", "--out", "out", "-q", "handle"], "Protocol not known: nosuch"),
        (["bags/a", "--out", "out"], "there is nothing to ask"),
        (["bags/a"], "give the recordings"),
        (["bags/a", "--out", "file.txt/out", "-q", "handle"], "cannot be written: Not a directory"),
        (["bags/a", "--out", "/proc/labels", "-q", "handle"], "/proc/labels cannot be written"),
        (["bags/a", "--out", "other", "-q", "handle"], "other is not empty and has no labels"),
        (["bags/a", "--out", "out", "-q", "handle", "--topic", "/nope"], "the bag has no topic /nope"),
        (
            ["bags/a", "bags/cut.mcap", "--out", "out", "-q", "handle"],
            "1 of 2 recordings could not be labelled",
        ),
        (["--status", "empty"], "empty is not a folder of labels"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(bags, tmp_path, monkeypatch, capsys, arguments, reason):
    (tmp_path / "bags").symlink_to(bags)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("no bag")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("keep")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("part_perception.ros.node.load_segmenter", load_stand_in)
    assert main(["label", *arguments, "--json"]) == 2
    told = capsys.readouterr().err
    assert reason in told
    assert told.count("\n") == 1
    if "cut.mcap" in " ".join(arguments):
        assert [entry.frames for entry in read_ledger(tmp_path / "out").values() if entry.done] == [2]


def test_the_command_prints_the_state_for_programs(bags, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("part_perception.ros.node.load_segmenter", load_stand_in)
    pattern = str(bags / "[ab]")
    assert main(["label", pattern, "--out", str(tmp_path / "out"), "-q", "handle", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["recordings"], told["frames"], told["found"]) == (2, 3, {"handle": 3})
    assert main(["label", "--status", str(tmp_path / "out")]) == 0
    assert "2 recordings done, 0 failed, 0 left" in capsys.readouterr().out
    assert main(["label", pattern, "--out", str(tmp_path / "none"), "-q", "lid", "--json"]) == 1


def test_a_mask_survives_run_length_encoding():
    rng = np.random.default_rng(0)
    for share in (0.0, 0.1, 0.9, 1.0):
        indices = np.flatnonzero(rng.random(1000) < share)
        starts, lengths = runs_of(rng.permutation(indices))
        assert np.array_equal(indices_of(starts, lengths), indices)
        assert (np.diff(starts.astype(int)) > lengths[:-1]).all(), "neighbouring runs are one"
