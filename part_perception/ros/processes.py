"""Processes: how ours end (cleanly, in time) and how others are started and stopped with their children."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack

import rclpy
from rclpy.executors import ExternalShutdownException, MultiThreadedExecutor
from rclpy.signals import SignalHandlerOptions

from part_perception.paths import launch_dir

END_WITHIN = 1.4
THREADS = 4


def run_node(make: Callable[[], rclpy.node.Node], args: Sequence[str] | None) -> int:
    """Spin a node until SIGINT or SIGTERM, then end the process: exit code 0, in time, whatever is running."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    rclpy.init(args=args, signal_handler_options=SignalHandlerOptions.NO)
    try:
        node = make()
    except Exception as error:
        print(f"part_perception: {error}", file=sys.stderr)
        rclpy.try_shutdown()
        return 2
    executor = MultiThreadedExecutor(THREADS)
    executor.add_node(node)
    threading.Thread(target=_spin, args=(executor, node, stop), name="executor").start()
    stop.wait()
    # Only if threads have too much in hand: Fast DDS then leaves its shared memory behind.
    last = threading.Timer(END_WITHIN, os._exit, (0,))
    last.daemon = True
    last.start()
    node.close(END_WITHIN / 3)
    executor.shutdown(END_WITHIN / 6, wait_for_threads=False)
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    node.destroy_node()
    rclpy.try_shutdown()
    last.cancel()
    return 0


def _spin(executor: MultiThreadedExecutor, node, stop: threading.Event) -> None:
    """A callback that fails is told and does not end the node."""
    while rclpy.ok() and not stop.is_set():
        try:
            executor.spin()
        except ExternalShutdownException:
            break
        except Exception as error:
            if not stop.is_set():
                node.get_logger().error(f"Defect in a callback: {type(error).__name__}: {error}")
    stop.set()


def dds_environment(domain: int | None = None) -> dict[str, str]:
    """The environment of a process that takes part: big clouds through shared memory, and its own domain."""
    environment = dict(os.environ)
    old = environment.get("ROS_DISTRO") in ("humble", "jazzy")  # Fast DDS before 3 reads another variable
    name = "FASTRTPS_DEFAULT_PROFILES_FILE" if old else "FASTDDS_DEFAULT_PROFILES_FILE"
    environment.setdefault(name, str(launch_dir() / "config" / "fastdds_shm.xml"))
    if domain is not None:
        environment |= {"ROS_DOMAIN_ID": str(domain), "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}
    return environment


def set_parameters(standing_queries: Sequence[str], gravity_frame: str = "world") -> list[str]:
    """ROS arguments of a node that works beside the simulated camera."""
    queries = json.dumps(list(standing_queries))
    return ["-p", f"standing_queries:={queries}", "-p", f"gravity_frame:={gravity_frame}"]


class Processes(ExitStack):
    """Started processes; all have ended when the block is left."""

    def __init__(self, environment: dict[str, str]):
        super().__init__()
        self._environment = environment

    def start(self, *command: str, **options) -> subprocess.Popen:
        """A process in its own group, so that Ctrl-C reaches it through us, in order."""
        process = subprocess.Popen(command, env=self._environment, start_new_session=True, **options)
        self.callback(stop, process)
        return process

    def module(self, name: str, *arguments: str, **options) -> subprocess.Popen:
        """A module of ours, run by this Python."""
        return self.start(sys.executable, "-m", name, *arguments, **options)


def stop(process: subprocess.Popen, patience: float = 3.0) -> int:
    """Ask it to end, then insist; gives its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return process.returncode
