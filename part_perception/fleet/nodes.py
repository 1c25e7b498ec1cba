"""Nodes: a Ray cluster of several nodes on this machine, one core each, as `ray start` makes them."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEMORY = 80_000_000  # bytes of each node's object store


def ask_for_a_token() -> None:
    """Set a secret shared by all Ray clusters this process starts or joins; call before importing Ray."""
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}


@contextmanager
def cluster(nodes: int) -> Iterator[str]:
    """Yield the address of a cluster that ends with the context; clients need our environment's token."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    address = f"127.0.0.1:{port}"
    started: list[subprocess.Popen] = []
    try:
        started.append(_start("--head", f"--port={port}", "--include-dashboard=false"))
        started += [_start(f"--address={address}") for _ in range(nodes - 1)]
        yield address
    finally:
        for node in reversed(started):
            with suppress(ProcessLookupError):
                os.killpg(node.pid, signal.SIGKILL)
            node.wait()


def _start(*arguments: str) -> subprocess.Popen:
    """Start one node and wait until it is up."""
    ray = Path(sys.executable).parent / "ray"
    limits = ("--num-cpus=1", f"--object-store-memory={MEMORY}", "--disable-usage-stats", "--block")
    node = subprocess.Popen(
        [ray, "start", "--node-ip-address=127.0.0.1", *limits, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert node.stdout is not None
    for line in node.stdout:
        if "Ray runtime started" in line:
            return node
    raise RuntimeError("a node of Ray did not start")
