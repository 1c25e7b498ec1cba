"""Cluster: the Ray that does the work, at an address or of our own; and how many cores it has."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import ray
from ray.exceptions import AuthenticationError

from part_perception.errors import InputError

PATIENCE = 5.0  # seconds for an address to answer
_MEMORY = 80_000_000  # bytes of our own Ray's object store, which only has entries of a ledger in it
_SETTINGS = (
    b"\0\0\0\4\0\0\0\0\0"  # an empty frame; its fourth byte is its kind, with which an answer begins too
)
_GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _SETTINGS  # Ray speaks gRPC, and gRPC speaks HTTP/2


@contextmanager
def connected(cores: int | None, address: str | None) -> Iterator[None]:
    """The Ray at an address; without one, a Ray of our own with so many cores, which ends with us."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is reported to anybody
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address is None:
        own: dict[str, Any] = {"address": "local", "num_cpus": cores, "object_store_memory": _MEMORY}
        ray.init(**own, include_dashboard=False, **quiet)  # beside any other Ray of this machine
    else:
        _require_answer(address)
        try:
            ray.init(address=address, **quiet)
        except (ConnectionError, RuntimeError, ValueError, AuthenticationError) as error:
            reason = str(error).splitlines()[0]
            raise InputError(
                f"there is no Ray at {address} that lets us in: {reason}; if it has a token, "
                "export RAY_AUTH_MODE=token, and copy its ~/.ray/auth_token to this machine"
            ) from None
    try:
        yield
    finally:
        ray.shutdown()


def _require_answer(address: str) -> None:
    """Ray itself would try for minutes, where nobody or somebody else listens."""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        if not (parts.hostname and parts.port):
            raise ValueError
    except ValueError:
        raise InputError(f"{address} is no address of a Ray: give HOST:PORT or ray://HOST:PORT") from None
    try:
        with socket.create_connection((parts.hostname, parts.port), PATIENCE) as one:
            one.sendall(_GREETING)
            answer = one.recv(len(_SETTINGS))
    except OSError as error:
        raise InputError(f"there is no Ray at {address}: {error.strerror or error}") from None
    if answer[3:4] != _SETTINGS[3:4] and not os.environ.get("RAY_USE_TLS"):
        raise InputError(f"there is no Ray at {address}: another program listens there")


def cores() -> int:
    """Of all machines of the Ray that we are connected to."""
    return int(ray.cluster_resources().get("CPU", 1))
