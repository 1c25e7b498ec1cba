"""A cluster of two nodes, started by `ray start`: twice the frame rate of one, and each frame once even if one dies."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from small_bags import JOB, Silence, load_stand_in, write_bag
from watching import labellers, until

from part_perception.fleet.labelling import in_this_process, label
from part_perception.fleet.recordings import find_recordings, read_ledger

pytest.importorskip("ray", reason="these tests need the extra [fleet]")
SCRIPT = Path(__file__).parent / "label_with_stand_in.py"
BAGS = 8


@pytest.mark.slow
@pytest.mark.timed
@pytest.mark.timeout(300)
def test_two_nodes_give_nearly_twice_the_frames_of_one(tmp_path, start_ray, start_process, monkeypatch):
    """With a model that mostly waits, this measures that neither node waits for the other."""
    monkeypatch.setenv("SLOW", "0.8")  # workers have the environment of their node
    for k in range(2 * BAGS):
        write_bag(tmp_path / "bags" / f"bag{k}", frames=1, start=100 * (k + 1))
    asked = ["-q", "handle", "-p", "target_frame=world", "-p", "gravity_frame=world", "--json"]
    nodes, rates = [start_ray()], []
    for out in (tmp_path / "one", tmp_path / "two"):
        if rates:
            nodes.append(start_ray(nodes[0]))
        command = ["python", str(SCRIPT), str(tmp_path / "bags"), "--out", str(out), *asked]
        driver = start_process([*command, "--ray", nodes[0].address], env=nodes[0].env)
        until("all nodes at work", lambda: all(labellers(node.popen.pid) for node in nodes))
        begin, before = time.time(), len(read_ledger(out))
        assert driver.wait(timeout=150) == 0, driver.output
        entries = read_ledger(out).values()
        rates.append((len(entries) - before) / (max(entry.finished for entry in entries) - begin))
    assert rates[1] >= 1.7 * rates[0], rates


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_nodes_label_and_the_death_of_one_loses_nothing(tmp_path, start_ray, start_process):
    for k in range(BAGS):
        write_bag(tmp_path / "bags" / f"bag{k}", frames=2 + k % 2, start=100 * (k + 1))
    plain, out = tmp_path / "plain", tmp_path / "labels"
    given = [str(tmp_path / "bags")]
    label(find_recordings(given, plain), plain, JOB, in_this_process(load_stand_in), Silence())

    head = start_ray()
    second = start_ray(head)
    asked = ["-q", "handle", "-q", "lid", "-p", "target_frame=world", "-p", "gravity_frame=world", "--json"]
    command = ["python", str(SCRIPT), *given, "--out", str(out), *asked, "--ray", head.address]
    driver = start_process(command, env=head.env)
    until("both nodes at work", lambda: labellers(head.popen.pid) and labellers(second.popen.pid))
    os.killpg(second.popen.pid, signal.SIGKILL)
    assert len(read_ledger(out)) < BAGS, "it was killed in the middle"
    assert driver.wait(timeout=150) == 0, driver.output

    entries = read_ledger(out)
    assert len(entries) == len((out / "ledger.jsonl").read_text().splitlines()) == BAGS
    assert sum(entry.frames for entry in entries.values()) == 20 and all(e.done for e in entries.values())
    places = sorted(path.name for path in plain.glob("recording=*"))
    assert places == sorted(path.name for path in out.glob("recording=*"))
    for place in places:
        for table in ("frames.parquet", "objects.parquet", "parts.parquet"):
            assert (out / place / table).read_bytes() == (plain / place / table).read_bytes(), (place, table)
