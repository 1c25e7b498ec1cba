"""LeRobot: the dataset agrees with the tables, and the real package, if installed, loads it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_bags import JOB, SECOND, Silence, load_stand_in, write_bag

from part_perception.cli.main import main
from part_perception.fleet.labelling import in_this_process, label
from part_perception.fleet.lerobot import frames_per_second, write_dataset
from part_perception.fleet.recordings import find_recordings

HANDLE, LID = "observation.parts.handle", "observation.parts.lid"


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    """Labels of a recording of two frames at 100 s and one of three frames at 200 s."""
    folder = tmp_path_factory.mktemp("lerobot")
    write_bag(folder / "bags" / "a")
    write_bag(folder / "bags" / "b", frames=3, start=200)
    out = folder / "labels"
    label(find_recordings([str(folder / "bags")], out), out, JOB, in_this_process(load_stand_in), Silence())
    return out


@pytest.fixture(scope="module")
def dataset(labels, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "dataset"
    assert main(["label", "--status", str(labels), "--lerobot", str(out), "--json"]) == 0
    return out


def test_every_recording_is_an_episode_with_its_surest_parts(dataset, labels):
    info = json.loads((dataset / "meta" / "info.json").read_text())
    assert (info["codebase_version"], info["fps"], info["total_frames"]) == ("v3.0", 10, 5)
    assert info["splits"] == {"train": "0:2"} and info["features"][HANDLE]["shape"] == [13]
    names, row = info["features"][HANDLE]["names"], 0
    episodes = pq.read_table(dataset / "meta/episodes/chunk-000/file-000.parquet").to_pylist()
    assert [(e["dataset_from_index"], e["dataset_to_index"]) for e in episodes] == [(0, 2), (2, 5)]
    for number, place in enumerate(sorted(labels.glob("recording=*"))):
        parts = pq.read_table(place / "parts.parquet").to_pylist()
        data = pq.read_table(dataset / info["data_path"].format(chunk_index=0, file_index=number)).to_pylist()
        for frame, given in enumerate(data):
            best = max((p for p in parts if p["frame"] == frame), key=lambda p: p["confidence"])
            numbers = dict(zip(names, given[HANDLE], strict=True))
            assert numbers["found"] == 1 and numbers["confidence"] == pytest.approx(best["confidence"])
            assert [numbers[axis] for axis in "xyz"] == pytest.approx(best["centroid"], abs=1e-6)
            if best["grasps"]:
                assert numbers["grasp_opening"] == pytest.approx(best["grasps"][0]["opening_width"])
            assert given[LID] == [0.0] * 13, "a part that was not found is all zeros"
            assert (given["index"], given["frame_index"], given["episode_index"]) == (row, frame, number)
            assert given["timestamp"] == pytest.approx(frame / 10)
            row += 1
        assert data[0]["observation.stamp"] == pytest.approx(100.0 * (number + 1))
    stats = json.loads((dataset / "meta" / "stats.json").read_text())
    assert stats["frame_index"]["max"] == [2.0] and stats["index"]["count"] == [5]
    assert stats["index"]["mean"] == [2.0] and stats["index"]["std"] == pytest.approx([np.std(range(5))])


def test_queries_that_are_written_alike_have_features_of_their_own(tmp_path):
    write_bag(tmp_path / "bag", frames=1)
    config = replace(JOB.config, standing_queries=("handle", "Handle", "handle 2"))
    out, job = tmp_path / "labels", replace(JOB, config=config)
    label(find_recordings([str(tmp_path / "bag")], out), out, job, in_this_process(load_stand_in), Silence())
    told = write_dataset(out, tmp_path / "dataset")
    assert told["features"] == [HANDLE, f"{HANDLE}_2", f"{HANDLE}_2_2"]
    (row,) = pq.read_table(tmp_path / "dataset/data/chunk-000/file-000.parquet").to_pylist()
    assert row[HANDLE] == row[f"{HANDLE}_2"] and row[HANDLE][0] == 1.0


@pytest.mark.parametrize(("steps_s", "fps"), [([0.1, 0.1, 0.3], 10), ([0, 0, 0.1], 1), ([], 1)])
def test_the_rate_is_that_of_most_frames(tmp_path, steps_s, fps):
    times = np.cumsum([0, *(round(s * SECOND) for s in steps_s)])
    pq.write_table(
        pa.table({"time": pa.array(times, pa.timestamp("ns", "UTC"))}), tmp_path / "frames.parquet"
    )
    assert frames_per_second([tmp_path / "frames.parquet"]) == fps


def test_pandas_finds_the_task_as_the_index(dataset):
    pandas = pytest.importorskip("pandas")
    tasks = pandas.read_parquet(dataset / "meta" / "tasks.parquet")
    assert tasks.index.tolist() == ["look for handle, lid"] and tasks.task_index.tolist() == [0]


def test_the_real_package_loads_it(dataset):
    lerobot = pytest.importorskip("lerobot.datasets.lerobot_dataset", reason="lerobot is not installed")
    loaded = lerobot.LeRobotDataset("local/parts", root=dataset)
    assert (loaded.num_episodes, loaded.num_frames, loaded.fps) == (2, 5, 10)
    item = loaded[3]
    assert item[HANDLE].shape == (13,) and int(item["episode_index"]) == 1
    assert item["task"] == "look for handle, lid"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--lerobot", "new"], "with --status DIR"),
        (["--status", "nowhere", "--lerobot", "new"], "nowhere is not a folder of labels"),
        (["--status", "labels", "--lerobot", "labels"], "labels already exists: choose a new folder"),
    ],
)
def test_a_dataset_that_cannot_be_written_is_refused_in_one_sentence(
    labels, tmp_path, monkeypatch, capsys, arguments, reason
):
    (tmp_path / "labels").symlink_to(labels)
    monkeypatch.chdir(tmp_path)
    assert main(["label", *arguments]) == 2
    told = capsys.readouterr().err
    assert reason in told and told.count("\n") == 1 and not (tmp_path / "new").exists()
