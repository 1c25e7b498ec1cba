"""Processes: how ours begin (memory, threads) and end (cleanly, in time), and how others start and stop with them."""

from __future__ import annotations

import ctypes
import fcntl
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Protocol, cast

import rclpy
import rclpy.logging
from rclpy.context import Context
from rclpy.exceptions import ParameterException
from rclpy.executors import ExternalShutdownException, MultiThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions

from part_perception import heap
from part_perception.errors import InputError
from part_perception.launching import our_profile
from part_perception.ros.distributions import WITHOUT_THREADS

END_WITHIN = 1.0
THREADS = 4
ENDING = {signal.SIGINT, signal.SIGTERM}
PARENT = "PART_PERCEPTION_PARENT"
PR_SET_PDEATHSIG = 1
SWITCH_INTERVAL = 0.001  # seconds
SHARED_MEMORY = Path("/dev/shm")
SETTLED = 10.0  # seconds: a younger file may be one that its owner is about to lock


class EndingNode(Protocol):
    """A node that releases its resources within a given number of seconds."""

    @property
    def context(self) -> Context: ...

    def close(self, timeout: float) -> None: ...

    def destroy_node(self) -> None: ...


def run_node(make: Callable[[], EndingNode], args: Sequence[str] | None) -> int:
    """Spin a node until SIGINT or SIGTERM, then end the process in time with exit code 0, whatever is running.

    It returns only if the node could not be made, with the exit code.
    """
    stop = threading.Event()
    # for all later threads: one of them waits for the signals
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)  # shells start background processes with SIGINT ignored
    threading.Thread(target=_wait_for_the_end, args=(stop,), name="signals", daemon=True).start()
    end_with_parent()
    prepare()
    left = remove_abandoned()
    try:
        rclpy.init(args=None if args is None else list(args), signal_handler_options=SignalHandlerOptions.NO)
    except RuntimeError as error:  # arguments that rcl cannot parse
        raise InputError(f"ROS 2 does not start with these arguments: {error}") from error
    if left:
        logger = rclpy.logging.get_logger("part_perception")
        logger.info(f"Removed {len(left)} shared memory files of killed processes")
    try:
        node = make()
    except (InputError, ParameterException) as error:
        print(f"part_perception: {error}", file=sys.stderr)
        rclpy.try_shutdown()
        return 2
    executor = MultiThreadedExecutor(THREADS)
    executor.add_node(cast(Node, node))
    threading.Thread(target=_spin, args=(executor, node, stop), name="executor").start()
    stop.wait()
    node.close(END_WITHIN / 3)
    executor.shutdown(END_WITHIN / 6, **WITHOUT_THREADS)
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    node.destroy_node()
    context = node.context
    rclpy.try_shutdown()
    del node, executor
    context.destroy()
    gc.unfreeze()
    gc.collect()  # release the middleware, so that it removes its shared memory
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # on a busy machine the interpreter's own clean-up takes seconds


def _wait_for_the_end(stop: threading.Event) -> None:
    """Wait for signals in a thread: handlers must not touch locks, and the main thread may be busy."""
    signal.sigwait(ENDING)
    stop.set()
    time.sleep(END_WITHIN)
    os._exit(0)  # threads are still busy; Fast DDS then leaves its shared memory behind


def end_with_parent() -> None:
    """If Processes started us, have the kernel send SIGTERM when that process ends, however it ends."""
    parent = os.environ.get(PARENT)
    if parent is None or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        os.kill(os.getpid(), signal.SIGTERM)


def _spin(executor: MultiThreadedExecutor, node: Node, stop: threading.Event) -> None:
    """Runs callbacks; one that fails is logged and does not end the node."""
    defect = getattr(node, "defect", partial(_log_defect, node))
    while rclpy.ok() and not stop.is_set():
        try:
            executor.spin()
        except ExternalShutdownException:
            break
        except Exception as error:
            if not stop.is_set():
                defect("running a callback", error)
    os.kill(os.getpid(), signal.SIGTERM)


def _log_defect(node: Node, doing: str, error: Exception) -> None:
    trace = "".join(traceback.format_exception(error)).rstrip()
    node.get_logger().error(f"Internal error while {doing}:\n{trace}")


def dds_environment(domain: int | None = None) -> dict[str, str]:
    """The environment of a child process: large clouds through shared memory, and its own domain."""
    environment = dict(os.environ)
    environment |= our_profile(environment)
    if domain is not None:
        environment |= {"ROS_DOMAIN_ID": str(domain), "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}
    return environment


def set_parameters(standing_queries: Sequence[str], gravity_frame: str = "world") -> list[str]:
    """The ROS arguments of a node that runs beside the simulated camera."""
    queries = json.dumps(list(standing_queries))
    given = (f"standing_queries:={queries}", f"gravity_frame:={gravity_frame}", "taught_words:=none")
    return [word for each in given for word in ("-p", each)]


class Processes(ExitStack):
    """Started processes, all of which end with the block."""

    def __init__(self, environment: dict[str, str]):
        super().__init__()
        self._environment = environment | {PARENT: str(os.getpid())}

    def start(self, *command: str, **options) -> subprocess.Popen:
        """Start a process in its own group, so that we pass Ctrl-C on in order."""
        process = subprocess.Popen(command, env=self._environment, start_new_session=True, **options)
        self.callback(stop, process)
        return process

    def module(self, name: str, *arguments: str, **options) -> subprocess.Popen:
        """Start one of our modules with this Python."""
        return self.start(sys.executable, "-m", name, *arguments, **options)


def stop(process: subprocess.Popen, patience: float = 3.0) -> int:
    """Terminate it, then kill it; returns its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return process.returncode


def prepare() -> None:
    """Keep memory that was used once, and switch threads often enough for quick answers."""
    heap.prepare()
    sys.setswitchinterval(SWITCH_INTERVAL)


def remove_abandoned(folder: Path = SHARED_MEMORY) -> list[str]:
    """Remove shared memory that killed Fast DDS processes left behind: opening it may block forever.

    Living owners hold a lock on a file beside theirs, so an unlocked file has no owner.
    """
    removed = []
    for lock in sorted(folder.glob("fastdds_*_[es]l")):
        base = lock.name[:-3]
        locks = [each for each in (folder / f"{base}_el", folder / f"{base}_sl") if each.exists()]
        if not locks or not all(abandoned(each) for each in locks):
            continue
        for path in (folder / base, *locks, folder / f"sem.{base}_mutex"):
            path.unlink(missing_ok=True)
        removed.append(base)
    return removed


def abandoned(lock: Path) -> bool:
    """Whether a file is not locked and not about to be."""
    try:
        if time.time() - lock.stat().st_mtime < SETTLED:
            return False
        with open(lock, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # locked, another user's, or just removed
        return False
    return True
