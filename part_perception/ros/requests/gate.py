"""Desk: where requests wait for a frame to answer on, or are told why there is none."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from part_perception.config import Config
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.waiting import Bell, Pool
from part_perception.ros.server import Seen, Server
from part_perception.ros.worker import Looker

LOADING = "The model is not loaded; configure the node, or wait until it is."
NOT_ACTIVE = "The node is not active; activate it."
DISABLED = "The node is disabled; call ~/enable with true."


@dataclass(frozen=True)
class Shift:
    """What answers while the node is active."""

    server: Server
    looker: Looker

    @property
    def config(self) -> Config:
        return self.server.config

    def deadline(self, timeout: float) -> float:
        """When a request has to be answered."""
        return time.monotonic() + checked_seconds("timeout", timeout, self.config.request_timeout)


class Desk:
    """Knows whether the node can answer; everything that answers goes through here."""

    def __init__(self, node, say_why_silent: Callable[[], str]):
        self.bell, self.pool = Bell(node), Pool(node)
        self._now_ns = lambda: node.get_clock().now().nanoseconds
        self._say_why_silent = say_why_silent
        self.shift: Shift | None = None
        self.enabled = True
        self.trouble = Refusal(Status.MODEL_NOT_READY, LOADING)
        self._last_refusal: Refusal | None = None

    def open(self, server: Server, looker: Looker) -> None:
        self.shift, self._last_refusal = Shift(server, looker), None
        self.bell.ring()

    def close(self, trouble: Refusal) -> None:
        """Requests that wait, and those to come, are refused with this."""
        self.shift, self.trouble = None, trouble
        self.bell.ring()

    def seen(self) -> None:
        """The newest cloud was looked at."""
        self._last_refusal = None
        self.bell.ring()

    def refused(self, refusal: Refusal) -> None:
        """The newest cloud could not be looked at."""
        self._last_refusal = refusal
        self.bell.ring()

    def opened(self) -> Shift:
        """What answers now, or a Refusal."""
        shift = self.shift
        if shift is None:
            raise self.trouble
        if not self.enabled:
            raise Refusal(Status.INACTIVE, DISABLED)
        return shift

    def age(self, stamp_ns: int) -> float:
        """Seconds since a stamp, by the node's clock."""
        return (self._now_ns() - stamp_ns) * 1e-9

    async def frame(self, shift: Shift, newer: bool, deadline: float, max_age: float) -> Seen:
        """The newest frame, or the first of a cloud taken from now on; a Refusal once the time is over."""
        limit = checked_seconds("max_age", max_age, shift.config.max_cloud_age)
        since = self._now_ns() if newer else None
        with shift.looker:
            while True:
                seen = self._answerable(shift.looker, since, limit)
                if seen is not None:
                    return seen
                if time.monotonic() >= deadline:
                    raise self.why_nothing(shift, newer)
                await self.bell.next()
                self.opened()

    def _answerable(self, looker: Looker, since: int | None, limit: float) -> Seen | None:
        """The frame a request can be answered on now; None: wait."""
        seen, arrival = looker.latest, looker.arrival
        if since is not None:
            return seen if seen is not None and seen.cloud.stamp_ns > since else None
        if seen is not None and looker.up_to_date() and self.age(seen.cloud.stamp_ns) <= limit:
            return seen
        if arrival is not None and (age := self.age(arrival.stamp_ns)) > limit:
            sentence = (
                f"The newest cloud is {age:.2f} s old, and {limit:.2f} s is allowed; is the camera running?"
            )
            raise Refusal(Status.CLOUD_TOO_OLD, sentence)
        refusal = self._last_refusal
        if refusal is not None and refusal.code != Status.NO_TRANSFORM and looker.idle():
            raise refusal  # waiting may bring a transform, but not another cloud
        return None

    async def after(self, shift: Shift, number: int) -> Seen | None:
        """The first frame after the one with this number; None if something else happened."""
        self.opened()
        if shift.looker.latest is None or shift.looker.latest.number <= number:
            await self.bell.next()
        self.opened()
        latest = shift.looker.latest
        return latest if latest is not None and latest.number > number else None

    def why_nothing(self, shift: Shift, newer: bool) -> Refusal:
        """Why no frame has come."""
        if self._last_refusal is not None:
            return self._last_refusal
        if shift.looker.arrival is None:
            return Refusal(Status.NO_CLOUD, f"No cloud has arrived yet: {self._say_why_silent()}.")
        what = "newer cloud came" if newer else "frame was ready"
        return Refusal(Status.TIMED_OUT, f"No {what} in the time that was given.")


def checked_seconds(name: str, value: float, default: float) -> float:
    """The value, or the default for 0."""
    if not 0 <= value <= 3600:
        raise Refusal(
            Status.BAD_REQUEST, f"{name} must be from 0 (the default) to 3600 seconds, not {value}."
        )
    return value or default


def check_texts(texts: Sequence[str], what: str, config: Config, least: int = 0) -> None:
    """Refuse texts that are empty, too long or too many."""
    if len(texts) < least:
        raise Refusal(Status.BAD_TEXT, f"There is no {what}; give at least one.")
    if len(texts) > config.max_queries:
        raise Refusal(
            Status.BAD_TEXT, f"{len(texts)} of {what} are too many; at most {config.max_queries} at once."
        )
    for text in texts:
        if not text.strip():
            raise Refusal(Status.BAD_TEXT, f"An empty {what} cannot be looked for.")
        if len(text) > config.max_text_length:
            sentence = f"A {what} of {len(text)} characters is too long; at most {config.max_text_length}."
            raise Refusal(Status.BAD_TEXT, sentence)
