"""Shared memory: files of killed processes are removed, those of living ones stay."""

import fcntl
import os
import time

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
