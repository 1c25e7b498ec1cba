"""Logs: the library's log lines reach the node's log, and what may recur on every frame is logged now and then."""

from __future__ import annotations

import logging
import time

LIBRARY = logging.getLogger("part_perception")
SAY_AGAIN_AFTER = 10.0  # seconds


class NodeLogHandler(logging.Handler):
    """Forwards the library's log to a ROS logger, until it is closed."""

    def __init__(self, logger):
        super().__init__(logging.INFO)
        self._logger = logger
        self._level_before = LIBRARY.level
        LIBRARY.setLevel(logging.INFO)
        LIBRARY.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        message = self.format(record)
        # rclpy refuses two severities from one line of code
        if record.levelno >= logging.ERROR:
            self._logger.error(message)
        elif record.levelno >= logging.WARNING:
            self._logger.warning(message)
        else:
            self._logger.info(message)

    def close(self) -> None:
        LIBRARY.removeHandler(self)
        LIBRARY.setLevel(self._level_before)
        super().close()


class Recurring:
    """Decides when to log events that may occur on every frame."""

    def __init__(self):
        self._said: dict[str, float] = {}

    def due(self, event: str) -> bool:
        """Whether it is time to log an event, which is then not due for a while."""
        now = time.monotonic()
        due = now - self._said.get(event, -SAY_AGAIN_AFTER) >= SAY_AGAIN_AFTER
        if due:
            self._said[event] = now
        return due
