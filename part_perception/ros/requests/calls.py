"""Calls: requests to another node's service, a few at a time."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

from rclpy.client import Client
from rclpy.task import Future

AT_ONCE = 4  # a server keeps ten requests by default, of all its callers, and loses the others without a word


class Calls:
    """The calls of one client. Those that must wait are sent in their order, as others are answered."""

    def __init__(self, client: Client):
        self._client = client
        self._change = threading.Lock()
        self._waiting: dict[Future, Any] = {}  # requests by the futures of their answers
        self._sent: dict[Future, Future] = {}  # the client's own futures by ours

    def call(self, request: Any) -> Future:
        """The future of an answer."""
        future: Future = Future()
        with self._change:
            self._waiting[future] = request
        self._send()
        return future

    def forget(self, future: Future) -> None:
        """Nobody waits for this answer any more."""
        with self._change:
            self._waiting.pop(future, None)
            sent = self._sent.pop(future, None)
        if sent is not None:
            self._client.remove_pending_request(sent)
        self._send()

    def _send(self) -> None:
        """Send what may be sent."""
        while True:
            with self._change:
                if not self._waiting or len(self._sent) >= AT_ONCE:
                    return
                future = next(iter(self._waiting))
                sent = self._sent[future] = self._client.call_async(self._waiting.pop(future))
            sent.add_done_callback(partial(self._answered, future))

    def _answered(self, future: Future, sent: Future) -> None:
        with self._change:
            if self._sent.pop(future, None) is None:  # it was forgotten
                return
        error = sent.exception()
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(sent.result())
        self._send()
