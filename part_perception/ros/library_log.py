"""Library log: forwards the library's log lines to the node's log, such as engine builds and damaged caches."""

from __future__ import annotations

import logging

LIBRARY = logging.getLogger("part_perception")


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
