"""Shared memory of killed processes is removed, that of living ones stays; free memory returns to the system."""

import fcntl
import os
import subprocess
import sys
import time

import pytest

from part_perception.ros.processes import SETTLED, remove_abandoned

LONG_AGO = time.time() - SETTLED - 60


def leave(folder, base: str, lock: str = "el", when: float = LONG_AGO) -> None:
    for name in (base, f"{base}_{lock}", f"sem.{base}_mutex"):
        (folder / name).write_bytes(b"")
        os.utime(folder / name, (when, when))


def test_only_files_without_an_owner_are_removed(tmp_path):
    leave(tmp_path, "fastdds_00112233aabbccdd")
    leave(tmp_path, "fastdds_port7411", "sl")
    leave(tmp_path, "fastdds_port7413", "el")
    leave(tmp_path, "fastdds_port7415", "el", time.time())
    (tmp_path / "somebody_elses_el").write_bytes(b"")
    with open(tmp_path / "fastdds_port7413_el", "rb") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        assert remove_abandoned(tmp_path) == ["fastdds_00112233aabbccdd", "fastdds_port7411"]
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "fastdds_port7413",
            "fastdds_port7413_el",
            "fastdds_port7415",
            "fastdds_port7415_el",
            "sem.fastdds_port7413_mutex",
            "sem.fastdds_port7415_mutex",
            "somebody_elses_el",
        ]
    assert remove_abandoned(tmp_path) == ["fastdds_port7413"]


GAPS = """
import threading, psutil
from part_perception.heap import prepare, release
prepare()
kept = []
def work():
    blocks = [b"x" * 20_000 for _ in range(6_000)]
    kept.append(blocks[::10])
worker = threading.Thread(target=work)
worker.start()
worker.join()
mb = lambda: psutil.Process().memory_info().rss / 1e6
before = mb()
release()
print(before - mb(), sum(map(len, kept[0])))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the allocator of glibc")
def test_gaps_between_what_is_used_are_released():
    done = subprocess.run([sys.executable, "-c", GAPS], capture_output=True, text=True, check=True)
    released, kept = map(float, done.stdout.split())
    assert kept == 600 * 20_000
    assert released > 60
