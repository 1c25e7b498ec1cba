"""Workers on Ray: the same bits as from one process, and each frame once, whichever process is killed."""

from __future__ import annotations

import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest
from small_bags import JOB, Silence, load_stand_in, write_bag
from watching import family, labellers, until

from part_perception.cli.main import main
from part_perception.fleet.labelling import in_this_process, label
from part_perception.fleet.recordings import find_recordings, read_ledger

pytest.importorskip("ray", reason="these tests need the extra [fleet]")
SCRIPT = str(Path(__file__).parent / "label_with_stand_in.py")
BAGS = 20


@pytest.fixture(scope="module")
def bags(tmp_path_factory):
    folder = tmp_path_factory.mktemp("many")
    for k in range(BAGS):
        write_bag(folder / f"bag{k}", frames=1 + (k % 5 == 0), start=100 * (k + 1))
    (folder / "broken.mcap").write_bytes(b"no bag")
    return folder


@pytest.fixture(scope="module")
def plain(bags, tmp_path_factory):
    """Labels by one process."""
    out = tmp_path_factory.mktemp("plain") / "labels"
    label(find_recordings([str(bags)], out), out, JOB, in_this_process(load_stand_in), Silence())
    return out


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_workers_and_the_driver_are_killed_and_every_frame_is_there_once(
    bags, plain, tmp_path, start_process
):
    out = tmp_path / "labels"
    paths = [str(Path(__file__).parents[2]), *(p for p in sys.path if "/tests/" in p)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
    asked = ["-q", "handle", "-q", "lid", "-p", "target_frame=world", "-p", "gravity_frame=world", "--json"]
    command = ["python", SCRIPT, str(bags), "--out", str(out), *asked, "--workers", "2"]

    driver = start_process(command, env=env).popen.pid
    until("a worker at work", lambda: labellers(driver))[0].kill()
    killed_after = len(until("the ledger to go on", lambda: read_ledger(out)))
    until("two more lines", lambda: len(read_ledger(out)) >= killed_after + 2)
    everybody = family(driver)
    os.kill(driver, signal.SIGKILL)
    _, alive = psutil.wait_procs(everybody, timeout=5)
    for process in alive:  # helpers of Ray, which notice its end late
        assert process.name() in ("ray::DashboardAgent", "ray::RuntimeEnvAgent"), process
        process.kill()
    before = read_ledger(out)
    assert 3 <= len(before) < BAGS, "it was killed in the middle"

    label(find_recordings([str(bags)], out), out, JOB, in_this_process(load_stand_in), Silence())
    after = read_ledger(out)
    assert {name: entry for name, entry in after.items() if name in before} == before, "what was done stays"
    lines = (out / "ledger.jsonl").read_text().splitlines()
    assert len(lines) == len(after) == BAGS + 1
    places = sorted(path.name for path in out.glob("recording=*"))
    assert places == sorted(path.name for path in plain.glob("recording=*")) and len(places) == BAGS
    for place in places:
        for table in ("frames.parquet", "objects.parquet", "parts.parquet"):
            assert (out / place / table).read_bytes() == (plain / place / table).read_bytes(), (place, table)
    frames = [pq.read_table(out / place / "frames.parquet").num_rows for place in places]
    assert sum(frames) == sum(entry.frames for entry in after.values()) == 24


def test_a_port_of_another_program_is_refused_in_one_sentence(bags, tmp_path, capsys):
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address, out = f"127.0.0.1:{server.server_port}", tmp_path / "labels"
    try:
        assert main(["label", str(bags), "--out", str(out), "-q", "handle", "--json", "--ray", address]) == 2
    finally:
        server.shutdown()
    told = capsys.readouterr().err.splitlines()[-1]
    assert told == f"part-perception: there is no Ray at {address}: another program listens there"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1:9", "there is no Ray at 127.0.0.1:9: "),
        ("nonsense", "nonsense is not the address of a Ray"),
    ],
)
def test_an_address_without_ray_is_refused_in_one_sentence(
    bags, tmp_path, monkeypatch, capsys, address, reason
):
    out = tmp_path / "labels"
    assert main(["label", str(bags), "--out", str(out), "-q", "handle", "--json", "--ray", address]) == 2
    told = capsys.readouterr().err
    assert reason in told and told.count("\n") == 1
    assert read_ledger(out) == {}
