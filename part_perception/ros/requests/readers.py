"""Readers: whether the middleware knows yet who reads an answer.

Discovery tells of a client's two ends one after the other, so a request may come before its reader is known. Asked to
answer, rmw_fastrtps then waits for 0.1 s, in which no thread of the node runs, and gives the answer up: a client on a
busy machine would wait in vain, and a made-up one could halt the node. So the answer waits here instead.
"""

from __future__ import annotations

import time
from typing import Any

from rclpy.node import Node
from rclpy.utilities import get_rmw_implementation_identifier

from part_perception.ros.requests.admission import UNKNOWN, identity_of

LOOK_EVERY = 0.05  # seconds


class Readers:
    """The readers of the answers of one service."""

    def __init__(self, node: Node, service: str):
        self._node, self._topic = node, f"rr{node.resolve_service_name(service)}Reply"
        # In the headers of other middleware, a request's sender is not named by its reader.
        self._named = get_rmw_implementation_identifier().startswith("rmw_fastrtps")
        self._known: set[bytes] = set()
        self._next_look = 0.0

    def known(self, header: Any) -> bool:
        """Whether an answer to the request with this header would be sent at once."""
        identity = identity_of(header)
        if not self._named or identity == UNKNOWN or identity in self._known:
            return True
        now = time.monotonic()
        if now < self._next_look:
            return False
        self._next_look = now + LOOK_EVERY
        found = self._node.get_subscriptions_info_by_topic(self._topic, no_mangle=True)
        self._known = {bytes(each.endpoint_gid[: len(identity)]) for each in found}
        return identity in self._known
