"""Slices: a long recording gives the same labels in slices as in one piece, each frame once."""

from __future__ import annotations

import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest
from small_bags import JOB, SECOND, Silence, load_stand_in, write_bag

from part_perception.cli.main import main
from part_perception.errors import InputError
from part_perception.fleet.folder import Job, output_of, status
from part_perception.fleet.labelling import in_this_process, label
from part_perception.fleet.recordings import find_recordings, read_ledger, sliced

FRAMES, LENGTH, OVERLAP = 7, 0.25, 0.15  # clouds at 10 Hz; two or three in a slice, one or two before it
SLICED = Job(JOB.config, JOB.topic, JOB.formats, LENGTH, OVERLAP)


@pytest.fixture(scope="module")
def bags(tmp_path_factory):
    """A long recording, a short one, and one that cannot be read."""
    folder = tmp_path_factory.mktemp("bags")
    write_bag(folder / "long", frames=FRAMES)
    write_bag(folder / "short", frames=1, start=200)
    (folder / "broken.mcap").write_bytes(b"no bag")
    return folder


def label_all(units, out, job):
    entries = label(units, out, job, in_this_process(load_stand_in), Silence())
    return {entry.recording: entry for entry in entries}


def interrupted(folder, left, job, progress):
    raise KeyboardInterrupt


def times_of(out, entries) -> list[int]:
    """Stamps in nanoseconds."""
    places = [output_of(out, name) for name, entry in sorted(entries.items()) if "long" in entry.source]
    tables = [pq.read_table(place / "frames.parquet") for place in places]
    return [time for table in tables for time in table["time"].cast("int64").to_pylist()]


def rows_of(out, entries, table: str) -> list[dict]:
    places = [output_of(out, name) for name, entry in sorted(entries.items()) if "long" in entry.source]
    return [row for place in places for row in pq.read_table(place / f"{table}.parquet").to_pylist()]


def test_slices_give_the_same_answers_as_the_whole_recording(bags, tmp_path):
    plain, out = tmp_path / "plain", tmp_path / "sliced"
    found = find_recordings([str(bags)], out)
    units = sliced(found, LENGTH, OVERLAP)
    names = [unit.title.rpartition("/")[2] for unit in units]
    assert names == ["broken.mcap", "long, slice 0", "long, slice 1", "long, slice 2", "short"]

    whole, pieces = label_all(found, plain, JOB), label_all(units, out, SLICED)
    counts = [entry.frames for entry in pieces.values() if entry.slice is not None]
    assert sum(counts) == FRAMES and len(counts) == 3 and all(counts)
    every = 100 * SECOND + np.arange(FRAMES) * SECOND // 10
    frames, as_one = rows_of(out, pieces, "frames"), rows_of(plain, whole, "frames")
    assert times_of(out, pieces) == every.tolist()
    assert [row["answers"] for row in frames] == [row["answers"] for row in as_one]
    said = ("stamp", "query", "object", "confidence", "centroid", "grasps", "mask_start", "mask_length")
    parts, of_one = rows_of(out, pieces, "parts"), rows_of(plain, whole, "parts")
    assert len(parts) == len(of_one) == 3 * FRAMES
    for name in said:
        assert [row[name] for row in parts] == [row[name] for row in of_one], name

    told = status(out)
    assert (told["done"], told["frames"], told["left"]) == (4, FRAMES + 1, [])
    assert [source.rpartition("/")[2] for source in told["failed"]] == ["broken.mcap"]
    with pytest.raises(InputError, match="another job .its slices differ"):
        label_all(found, out, JOB)


def test_a_slice_is_as_long_as_asked_at_most_and_looks_back_by_the_overlap(bags, tmp_path):
    unit = sliced(find_recordings([str(bags / "long")], tmp_path), LENGTH, OVERLAP)[1]
    assert unit.slice.warm == unit.slice.begin - round(OVERLAP * SECOND)
    assert unit.slice.end - unit.slice.begin <= LENGTH * SECOND


def test_of_a_recording_that_changed_only_the_new_slices_count(tmp_path):
    bag, out = tmp_path / "long", tmp_path / "out"
    write_bag(bag, frames=FRAMES)
    label_all(sliced(find_recordings([str(bag)], out), LENGTH, OVERLAP), out, SLICED)
    assert len(read_ledger(out)) == len(list(out.glob("recording=*"))) == 3
    shutil.rmtree(bag)
    write_bag(bag, frames=2)
    (unit,) = sliced(find_recordings([str(bag)], out), LENGTH, OVERLAP)
    label_all([unit], out, SLICED)
    assert list(read_ledger(out)) == [unit.name] and status(out)["frames"] == 2
    assert list(out.glob("recording=*")) == [output_of(out, unit.name)]


def test_nothing_is_kept_of_a_recording_that_became_unusable(tmp_path):
    bag, out = tmp_path / "short", tmp_path / "out"
    write_bag(bag, frames=1)
    label_all(find_recordings([str(bag)], out), out, JOB)
    next(bag.glob("*.mcap")).write_bytes(b"no bag any more")
    found = find_recordings([str(bag)], out)
    with pytest.raises(KeyboardInterrupt):
        label(found, out, JOB, interrupted, Silence())
    assert (status(out)["done"], status(out)["left"]) == (0, [str(bag)])
    (entry,) = label_all(found, out, JOB).values()
    assert not entry.done and not list(out.glob("recording=*"))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--overlap", "2"], "--overlap works only with --slice S"),
        (["--slice", "0"], "must be a number of seconds above 0"),
        (["--slice", "ten"], "must be a number of seconds above 0"),
    ],
)
def test_invalid_slices_are_refused_in_one_sentence(bags, tmp_path, capsys, arguments, reason):
    try:
        code = main(["label", str(bags), "--out", str(tmp_path / "out"), "-q", "handle", *arguments])
    except SystemExit as end:
        code = end.code
    told = capsys.readouterr().err
    assert code == 2 and reason in told and told.count("\n") == 1


def test_an_address_is_not_sliced(bags, tmp_path, capsys):
    fsspec = pytest.importorskip("fsspec")
    store = fsspec.filesystem("memory")
    store.pipe("/slices/long.mcap", b"never read")
    given = ["label", "memory://slices", "--out", str(tmp_path / "out"), "-q", "handle", "--slice", "60"]
    assert main(given) == 2
    assert "cannot be sliced where it is: copy it" in capsys.readouterr().err
    store.rm("/slices", recursive=True)
