"""The fixtures that start processes: they find a line, and leave nothing behind."""

import os
import select
from pathlib import Path

import pytest

CHILD = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("child", flush=True)
time.sleep(600)
"""
PARENT = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}])
print("pid", child.pid, flush=True)
child.wait()
"""
running: list[int] = []  # file descriptors of processes: readable when the process has ended


def test_a_process_and_its_child_run(start_process):
    process = start_process(["python", "-c", PARENT])
    child = int(process.wait_for(r"^pid (\d+)$").group(1))
    process.wait_for("^child$")
    running[:] = [os.pidfd_open(process.popen.pid), os.pidfd_open(child)]
    assert select.select(running, [], [], 0)[0] == []


def test_both_have_ended_after_the_test():
    assert len(running) == 2
    for descriptor in running:
        assert select.select([descriptor], [], [], 5)[0] == [descriptor]
        os.close(descriptor)


def test_a_process_that_ends_too_early_fails_the_test_with_its_output(start_process):
    process = start_process(["python", "-c", "print('one'); print('two')"])
    with pytest.raises(pytest.fail.Exception, match=r"ended before .*it printed:\none\ntwo"):
        process.wait_for("three")
    assert process.wait() == 0


def test_ctrl_c_reaches_the_process(start_process):
    code = (
        "import time\ntry:\n    print('ready', flush=True)\n    time.sleep(600)\n"
        "except KeyboardInterrupt:\n    print('bye')"
    )
    process = start_process(["python", "-c", code])
    process.wait_for("ready")
    process.interrupt()
    assert (process.wait(), process.lines[-1]) == (0, "bye")


def test_every_test_has_a_domain_of_its_own(ros_env, ros_domain_id):
    assert 1 <= ros_domain_id <= 100
    assert os.environ["ROS_DOMAIN_ID"] == ros_env["ROS_DOMAIN_ID"] == str(ros_domain_id)
    assert "shm_large" in Path(ros_env["FASTDDS_DEFAULT_PROFILES_FILE"]).read_text()
