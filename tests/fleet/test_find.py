"""Find: matching moments, best first, from the recordings that are done."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest
import table
from PIL import Image
from small_bags import JOB, Silence, load_stand_in, write_bag

from part_perception.cli.main import main
from part_perception.fleet.bench_find import bench_find, write_labels
from part_perception.fleet.labelling import in_this_process, label
from part_perception.fleet.recordings import find_recordings


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    """Labels of a recording of two frames at 100 s and one of one frame at 200 s."""
    folder = tmp_path_factory.mktemp("found")
    write_bag(folder / "bags" / "old")
    write_bag(folder / "bags" / "new", frames=1, start=200)
    out = folder / "labels"
    label(find_recordings([str(folder / "bags")], out), out, JOB, in_this_process(load_stand_in), Silence())
    return out


def find(capsys, *arguments) -> tuple[int, dict]:
    code = main(["find", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_moments_come_in_order_with_their_places(labels, capsys):
    code, told = find(capsys, labels, "-q", "handle", "--object", "mug", "--order", "newest", "--most", "4")
    assert (code, told["count"], len(told["parts"])) == (0, 9, 4)
    assert [part["stamp"] for part in told["parts"]] == pytest.approx([200, 200, 200, 100.1])
    assert [part["source"].rpartition("/")[2] for part in told["parts"]] == ["new", "new", "new", "old"]
    for part in told["parts"]:
        assert min(np.linalg.norm(part["centroid"] - table.handle_centre(m)) for m in table.MUGS) < 0.03


@pytest.mark.parametrize("narrower", [["--object", "pot"], ["--min-confidence", "0.95"], ["-q", "lid"]])
def test_what_does_not_fit_is_not_found(labels, capsys, narrower):
    assert find(capsys, labels, *narrower) == (1, {"count": 0, "parts": []})


def test_a_confidence_that_is_just_reached_counts(labels, capsys):
    assert find(capsys, labels, "--min-confidence", "0.9")[1]["count"] == 9


def test_an_output_without_its_ledger_line_does_not_count(labels, tmp_path, capsys):
    shutil.copytree(labels, tmp_path / "labels")
    lines = (tmp_path / "labels" / "ledger.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "labels" / "ledger.jsonl").write_text(next(line for line in lines if '"new-' in line))
    assert find(capsys, tmp_path / "labels")[1]["count"] == 3


def test_the_best_of_many_rows_are_those_of_a_plain_sort(tmp_path, capsys):
    write_labels(tmp_path, recordings=12, rows=500)
    tables = []
    for place in sorted(tmp_path.glob("recording=*")):
        rows = pq.read_table(
            place / "parts.parquet", columns=["frame", "stamp", "query", "object", "confidence"]
        )
        tables += [row | {"recording": place.name} for row in rows.to_pylist()]
    fit = [row for row in tables if row["query"] == "lid" and row["object"] in ("mug", "hammer")]
    for order, key in (("surest", "confidence"), ("newest", "stamp")):
        chosen = ["-q", "lid", "--object", "mug", "--object", "hammer", "--order", order, "--most", "7"]
        told = find(capsys, tmp_path, *chosen)[1]
        best = sorted(fit, key=lambda row: row[key], reverse=True)[:7]
        assert told["count"] == len(fit) > 600
        assert [part["frame"] for part in told["parts"]] == [row["frame"] for row in best]
        confidences = [row["confidence"] for row in best]
        assert [part["confidence"] for part in told["parts"]] == pytest.approx(confidences, abs=1e-6)


def test_the_bench_asks_in_a_process_of_its_own():
    result = bench_find(recordings=3, rows=100, runs=1)
    assert result["rows"] == 300 and result["ways"]["everything, newest first"]["count"] == 300
    assert all(way["seconds"] > 0 for way in result["ways"].values())


def test_a_sheet_shows_every_part_in_its_colour(labels, tmp_path, capsys):
    picture = tmp_path / "sheet.png"
    assert find(capsys, labels, "--order", "newest", "--most", "3", "--picture", picture)[0] == 0
    image = np.asarray(Image.open(picture)).astype(int)
    assert image.shape == (320, 960, 3)
    coloured = np.ptp(image, axis=2) > 60
    shares = [coloured[:, k * 320 : (k + 1) * 320].mean() for k in range(3)]
    assert all(0.003 < share < 0.4 for share in shares), shares


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nowhere"], "nowhere is not a folder of labels"),
        (["labels", "-q", "spout"], "was not asked for 'spout', but for 'handle', 'lid'"),
        (["labels", "--min-confidence", "2"], "must be a number from 0 to 1"),
    ],
)
def test_folders_that_cannot_be_searched_are_refused_in_one_sentence(
    labels, tmp_path, monkeypatch, capsys, arguments, reason
):
    (tmp_path / "labels").symlink_to(labels)
    monkeypatch.chdir(tmp_path)
    try:
        code = main(["find", *arguments])
    except SystemExit as end:
        code = end.code
    told = capsys.readouterr().err
    assert code == 2 and reason in told and told.count("\n") == 1
