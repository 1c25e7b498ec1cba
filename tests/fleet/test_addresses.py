"""Addresses: recordings in a bucket are labelled like those in a folder, and their copies are removed."""

from __future__ import annotations

import json
import os
import tempfile

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from small_bags import JOB, Silence, load_stand_in, write_bag

from part_perception.cli.main import main
from part_perception.fleet.folder import output_of
from part_perception.fleet.labelling import in_this_process, label
from part_perception.fleet.recordings import find_recordings, read_ledger

TABLES = ("frames", "objects", "parts")
BUCKET = "fleet"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def bags(tmp_path_factory):
    """A bag in a folder, a single-file recording, and a file that is not a recording."""
    folder = tmp_path_factory.mktemp("bags")
    write_bag(folder / "monday" / "a", frames=2)
    write_bag(folder / "b", frames=1, start=200)
    (file,) = (folder / "b").glob("*.mcap")
    file.rename(folder / "monday" / "b.mcap")
    (folder / "monday" / "notes.txt").write_text("no bag")
    return folder / "monday"


def label_all(given, out):
    return label(find_recordings(given, out), out, JOB, in_this_process(load_stand_in), Silence())


@pytest.fixture(scope="module")
def plain(bags, tmp_path_factory):
    """Labels of the folder: tables by the recording's name."""
    out = tmp_path_factory.mktemp("plain") / "labels"
    return tables_of(out, label_all([str(bags)], out))


def tables_of(out, entries) -> dict:
    return {
        entry.source.rpartition("/")[2]: [
            (output_of(out, entry.recording) / f"{t}.parquet").read_bytes() for t in TABLES
        ]
        for entry in entries
    }


@pytest.fixture
def memory(bags):
    """A bucket in memory with the same recordings."""
    store = fsspec.filesystem("memory")
    fill(store, bags, f"/{BUCKET}")
    yield store
    store.rm(f"/{BUCKET}", recursive=True)


def fill(store, bags, root: str) -> None:
    for file in bags.rglob("*"):
        if file.is_file():
            store.pipe(f"{root}/monday/{file.relative_to(bags)}", file.read_bytes())


@pytest.fixture
def copies(tmp_path, monkeypatch):
    """Where copies are made."""
    place = tmp_path / "copies"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def test_a_bucket_is_labelled_as_a_folder_is(memory, plain, tmp_path, copies, capsys):
    out = tmp_path / "labels"
    entries = label_all([f"memory://{BUCKET}/monday"], out)
    assert [entry.source for entry in entries] == [
        f"memory:///{BUCKET}/monday/a",
        f"memory:///{BUCKET}/monday/b.mcap",
    ]
    assert tables_of(out, entries) == plain
    assert list(copies.iterdir()) == []
    picture = tmp_path / "sheet.png"
    assert main(["find", str(out), "-q", "handle", "--picture", str(picture), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["count"] == 9 and picture.stat().st_size > 5000


def test_patterns_select_and_what_has_changed_is_labelled_again(memory, tmp_path):
    out, pattern = tmp_path / "labels", f"memory://{BUCKET}/*/*.mcap"
    before = label_all([pattern], out)
    assert [entry.frames for entry in before] == [1]
    assert label_all([pattern], out) == before, "it was not labelled again"
    memory.pipe(f"/{BUCKET}/monday/b.mcap", memory.cat(f"/{BUCKET}/monday/b.mcap"))
    (after,) = label_all([pattern], out)
    assert after.finished > before[0].finished


class Flaky(MemoryFileSystem):
    """A store that lists its files but does not answer reads."""

    protocol = "flaky"
    cachable = False

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(path.replace("flaky://", "memory://"))

    def get_file(self, *_, **__):
        raise ConnectionResetError("Connection reset by peer")


def test_a_store_that_stops_answering_blames_no_recording(memory, tmp_path, monkeypatch, capsys):
    fsspec.register_implementation("flaky", Flaky, clobber=True)
    monkeypatch.setattr("part_perception.ros.node.load_segmenter", load_stand_in)
    out = tmp_path / "labels"
    assert (
        main(["label", f"flaky://{BUCKET}/monday/b.mcap", "--out", str(out), "-q", "handle", "--json"]) == 2
    )
    told = capsys.readouterr().err
    assert "cannot be copied: Connection reset by peer; try again" in told and told.count("\n") == 1
    assert read_ledger(out) == {}


def test_a_missing_recording_is_listed_as_failed(memory, plain, tmp_path):
    out = tmp_path / "labels"
    found = find_recordings([f"memory://{BUCKET}/monday"], out)
    memory.rm(f"/{BUCKET}/monday/b.mcap")
    entries = label(found, out, JOB, in_this_process(load_stand_in), Silence())
    assert [entry.done for entry in entries] == [True, False]
    assert entries[1].reason == f"memory:///{BUCKET}/monday/b.mcap no longer exists"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("nosuch://bucket/bags", "nosuch://bucket/bags cannot be opened: Protocol not known: nosuch"),
        (f"memory://{BUCKET}/tuesday", f"there is no recording at memory://{BUCKET}/tuesday"),
        (f"memory://{BUCKET}/monday/c.mcap", "there is no recording at "),
        (f"memory://{BUCKET}/monday/*.db3", "there is no recording at "),
    ],
)
def test_an_address_without_recordings_is_refused_in_one_sentence(memory, tmp_path, capsys, address, reason):
    assert main(["label", address, "--out", str(tmp_path / "out"), "-q", "handle", "--json"]) == 2
    told = capsys.readouterr().err
    assert reason in told and told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_file_address_is_a_path(bags, tmp_path):
    found = find_recordings([f"file://{bags}"], tmp_path)
    assert found == find_recordings([str(bags)], tmp_path) and len(found) == 2


@pytest.fixture(scope="module")
def s3():
    """A real S3 server on this machine."""
    pytest.importorskip("s3fs", reason="this test needs s3fs")
    server = pytest.importorskip("moto.server", reason="this test needs moto[server]").ThreadedMotoServer
    running = server(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    before = {name: os.environ.get(name) for name in (*KEYS, "AWS_ENDPOINT_URL")}
    os.environ |= KEYS | {"AWS_ENDPOINT_URL": f"http://{host}:{port}"}
    yield
    running.stop()
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


def test_an_s3_bucket_is_labelled_as_a_folder_is(s3, bags, plain, tmp_path, copies):
    store = fsspec.filesystem("s3")
    store.mkdir(BUCKET)
    fill(store, bags, BUCKET)
    out = tmp_path / "labels"
    entries = label_all([f"s3://{BUCKET}/monday/a", f"s3://{BUCKET}/*/*.mcap"], out)
    assert [entry.source for entry in entries] == [f"s3://{BUCKET}/monday/a", f"s3://{BUCKET}/monday/b.mcap"]
    assert all(entry.modified_ns > 10**18 for entry in entries)
    assert tables_of(out, entries) == plain
    assert label_all([f"s3://{BUCKET}"], out) == entries, "they were not labelled again"
    assert list(copies.iterdir()) == []
