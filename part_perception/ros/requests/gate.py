"""RequestGate: requests wait here for a frame to answer on, or learn why there is none."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from rclpy.clock import ROSClock
from rclpy.node import Node
from rclpy.task import Future

from part_perception.config import DEFAULTS, Config
from part_perception.errors import InputError
from part_perception.ros.perceived import PerceivedFrame
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.admission import Admission
from part_perception.ros.requests.pool import Pool
from part_perception.ros.server import Server
from part_perception.ros.worker import FrameWorker


class AsyncEvent:
    """`await changed.wait()` resumes at the next set(), from any thread."""

    def __init__(self, node: Node):
        self._node, self._lock = node, threading.Lock()
        self._listeners: list[Future[None]] = []

    def wait(self) -> Future[None]:
        future: Future[None] = Future(executor=self._node.executor)
        with self._lock:
            self._listeners.append(future)
        return future

    def set(self) -> None:
        with self._lock:
            listeners, self._listeners = self._listeners, []
        for future in listeners:
            future.set_result(None)
        if listeners and self._node.executor is not None:
            self._node.executor.wake()


MAX_TIMEOUT = 3600.0  # seconds
MAX_SEARCHES = 16  # at once: each processes every frame
MAX_FOR_OTHERS = 2.0  # seconds that an answer waits for objects not yet encoded
IN_LINE = 0.75  # of a request's time
LOADING = "The model is not loaded; configure the node, or wait until it is."
NOT_ACTIVE = "The node is not active; activate it."
DISABLED = "The node is disabled; call ~/enable with true."


@dataclass(frozen=True)
class Session:
    """What an active node answers with."""

    server: Server
    worker: FrameWorker

    @property
    def config(self) -> Config:
        return self.server.config

    def deadline(self, timeout: float, arrived: float) -> float:
        """The deadline of a request."""
        return arrived + checked_seconds("timeout", timeout, self.config.request_timeout)


class RequestGate:
    """Knows whether the node can answer; all requests pass through it."""

    def __init__(self, node: Node, say_why_silent: Callable[[], str]):
        self.changed, self.pool = AsyncEvent(node), Pool(node)
        # separate lines: plain requests wait neither behind heavy ones nor behind long searches
        self.plain, self.heavy, self.goals = Admission(), Admission(), Admission(MAX_SEARCHES)
        self._clock = cast(ROSClock, node.get_clock())  # a node has no other clock
        self._now_ns = lambda: node.get_clock().now().nanoseconds
        self._say_why_silent = say_why_silent
        self.session: Session | None = None
        self.enabled = True
        self.trouble = Refusal(Status.MODEL_NOT_READY, LOADING)
        self._last_refusal: Refusal | None = None
        self._last_seen = -math.inf, 0  # by the monotonic clock, and by the node's

    def patience(self, timeout: float) -> float:
        """How many seconds a request may wait for its turn; the rest is for the answer and its transport."""
        config = self.session.config if self.session is not None else DEFAULTS
        return IN_LINE * (timeout if 0 < timeout <= MAX_TIMEOUT else config.request_timeout)

    def tick(self) -> None:
        """Time has passed: waiting requests check their deadlines."""
        self.changed.set()
        for each in (self.plain, self.heavy, self.pool):
            each.expire()

    def open(self, server: Server, worker: FrameWorker) -> None:
        self.session, self._last_refusal = Session(server, worker), None
        self.changed.set()

    def close(self, trouble: Refusal) -> None:
        """Refuse waiting and later requests with this."""
        self.session, self.trouble = None, trouble
        self.changed.set()

    def enable(self, enabled: bool) -> None:
        """Answer from now on, or refuse; what was wrong with the last cloud before says nothing of the next one."""
        self.enabled, self._last_refusal = enabled, None
        self.changed.set()

    def seen(self) -> None:
        """The newest cloud was processed."""
        self._last_refusal, self._last_seen = None, (time.monotonic(), self._now_ns())
        self.changed.set()

    def unseen_for(self) -> float:
        """Seconds since a cloud was processed, by the slower clock: a paused simulation has not lost its camera."""
        steady, by_clock = self._last_seen
        return min(time.monotonic() - steady, abs(self._now_ns() - by_clock) * 1e-9)

    def refused(self, refusal: Refusal) -> None:
        """The newest cloud was refused."""
        self._last_refusal = refusal
        self.changed.set()

    def opened(self) -> Session:
        """The current session, or a Refusal."""
        session = self.session
        if session is None:
            raise self.trouble
        if not self.enabled:
            raise Refusal(Status.INACTIVE, DISABLED)
        return session

    def still(self, session: Session) -> None:
        """A Refusal if the node has been deactivated since a request came, even if it is active again."""
        if self.opened() is not session:
            raise Refusal(Status.INACTIVE, "The node was deactivated meanwhile; ask again.")

    def age(self, stamp_ns: int, arrived: float) -> float:
        """Seconds since a stamp by the node's clock, or since its arrival, whichever is more.

        A stamp ahead of the clock does not make a cloud younger. A simulated clock may stand still: then the stamp
        alone tells.
        """
        by_stamp = (self._now_ns() - stamp_ns) * 1e-9
        return by_stamp if self._clock.ros_time_is_active else max(by_stamp, time.monotonic() - arrived)

    def check_stamp(self, stamp_ns: int, most_ahead: float) -> None:
        """Refuse a stamp far ahead of the clock: the cloud's age would be unknown."""
        ahead = (stamp_ns - self._now_ns()) * 1e-9
        if ahead <= most_ahead:
            return
        if self._clock.ros_time_is_active and self._now_ns() == 0:
            raise Refusal(Status.BAD_CLOUD, "use_sim_time is true, but no time has arrived on /clock.")
        sentence = (
            f"The cloud's stamp is {ahead:.2f} s ahead of this node's clock; {most_ahead:.2f} s is allowed"
        )
        raise Refusal(Status.BAD_CLOUD, f"{sentence}; synchronise the clocks of camera and computer.")

    async def frame(self, session: Session, newer: bool, deadline: float, max_age: float) -> PerceivedFrame:
        """The newest frame, or the first of a cloud taken from now on; a Refusal once time is up.

        If it had no time for all of its objects, the answer may wait until later frames have encoded the others.
        """
        # what is newer than the request is no older than its time
        limit = checked_seconds("max_age", max_age, math.inf if newer else session.config.max_cloud_age)
        since = (self._now_ns(), time.monotonic()) if newer else None
        all_seen_by = math.inf
        with session.worker:
            while True:
                seen = self._answerable(session.worker, since, limit)
                now = time.monotonic()
                if seen is not None:
                    all_seen_by = min(all_seen_by, now + MAX_FOR_OTHERS)
                    if not seen.frame.unseen or now >= min(all_seen_by, deadline):
                        return seen
                elif now >= deadline:
                    raise self.why_nothing(session, since, limit)
                await self.changed.wait()
                self.still(session)

    def _answerable(
        self, worker: FrameWorker, since: tuple[float, float] | None, limit: float
    ) -> PerceivedFrame | None:
        """The frame that a request can be answered on now; None: wait."""
        seen, arrival = worker.latest, worker.arrival
        if since is not None:
            if seen is None or not taken_since(seen, since):
                return None
            return seen if self.age(seen.cloud.stamp_ns, seen.arrived) <= limit else None
        if seen is not None and worker.up_to_date() and self.age(seen.cloud.stamp_ns, seen.arrived) <= limit:
            return seen
        if arrival is not None and (age := self.age(arrival.stamp_ns, arrival.arrived)) > limit:
            sentence = (
                f"The newest cloud is {age:.2f} s old; {limit:.2f} s is allowed. Is the camera running?"
            )
            raise Refusal(Status.CLOUD_TOO_OLD, sentence)
        refusal = self._last_refusal
        if refusal is not None and refusal.code != Status.NO_TRANSFORM and worker.idle():
            raise refusal  # waiting may bring a transform, but not another cloud
        return None

    async def after(self, session: Session, number: int) -> PerceivedFrame | None:
        """The first frame after the one with this number; None if something else happened."""
        self.still(session)
        latest = session.worker.latest
        if latest is None or latest.number <= number:
            await self.changed.wait()
        self.still(session)
        latest = session.worker.latest
        return latest if latest is not None and latest.number > number else None

    def why_nothing(self, session: Session, since: tuple[float, float] | None, limit: float) -> Refusal:
        """Why no frame is available, of a cloud taken since then."""
        if self._last_refusal is not None:
            return self._last_refusal
        if session.worker.arrival is None:
            return Refusal(Status.NO_CLOUD, f"No cloud has arrived yet: {self._say_why_silent()}.")
        latest = session.worker.latest
        if since is not None and latest is not None and taken_since(latest, since):
            age = self.age(latest.cloud.stamp_ns, latest.arrived)
            if age > limit:
                sentence = f"The newest cloud is {age:.2f} s old once its objects are known; {limit:.2f} s is allowed"
                reason = "frames take too long, or the clocks of camera and computer differ"
                return Refusal(Status.CLOUD_TOO_OLD, f"{sentence}: {reason}.")
        what = "newer cloud came" if since is not None else "frame was ready"
        return Refusal(Status.TIMED_OUT, f"No {what} within the request's time.")


def taken_since(seen: PerceivedFrame, since: tuple[float, float]) -> bool:
    """Whether a frame's cloud is newer than a moment, given as its stamp and by the monotonic clock."""
    return seen.cloud.stamp_ns > since[0] and seen.arrived > since[1]


def checked_seconds(name: str, value: float, default: float) -> float:
    """The value, or the default for 0."""
    if not 0 <= value <= MAX_TIMEOUT:
        raise Refusal(
            Status.BAD_REQUEST,
            f"{name} must be from 0 (the default) to {MAX_TIMEOUT:.0f} seconds, not {value}.",
        )
    return value or default


def check_questions(texts: Sequence[str], what: str, server: Server, least: int = 0) -> None:
    """Refuse texts that cannot be asked or are not understood."""
    check_texts(texts, what, server.config, least)
    for text in texts:
        try:
            question = server.segmenter.read(text)
        except InputError as error:
            raise Refusal(Status.BAD_TEXT, f"The {what} cannot be asked: {error}.") from None
        if not question.understood:
            raise Refusal(Status.TEXT_NOT_UNDERSTOOD, f"The {what} is {question.remark}.")


def check_texts(texts: Sequence[str], what: str, config: Config, least: int = 0) -> None:
    """Refuse texts that are empty, too long or too many."""
    if len(texts) < least:
        raise Refusal(Status.BAD_TEXT, f"There is no {what}; give at least one.")
    if len(texts) > config.max_queries:
        raise Refusal(
            Status.BAD_TEXT, f"Too many texts for {what}: {len(texts)}; at most {config.max_queries} at once."
        )
    for text in texts:
        if not text.strip():
            raise Refusal(Status.BAD_TEXT, f"The {what} is empty.")
        if len(text) > config.max_text_length:
            sentence = f"A {what} of {len(text)} characters is too long; at most {config.max_text_length}."
            raise Refusal(Status.BAD_TEXT, sentence)
