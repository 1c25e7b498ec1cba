"""FrameWorker: processes the newest cloud in its own thread; a newer cloud replaces a waiting one, which is counted."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable

from part_perception.ros.perceived import PendingCloud, PerceivedFrame
from part_perception.ros.refusal import Refusal

SOON = 0.2  # seconds


class FrameWorker:
    """`look` is called in the thread, then `seen` or `refused` with its outcome, then `free`.

    `defect` receives any other exception and returns the refusal for it.
    """

    def __init__(
        self,
        look: Callable[[PendingCloud], PerceivedFrame],
        seen: Callable[[PerceivedFrame], None],
        refused: Callable[[Refusal], None],
        wanted: Callable[[], bool],
        defect: Callable[[str, Exception], Refusal],
        free: Callable[[], None] = lambda: None,
    ):
        self._look, self._seen, self._refused, self._wanted = look, seen, refused, wanted
        self._defect, self._free = defect, free
        self._change = threading.Condition()
        self._waiting: PendingCloud | None = None
        self._under_way: PendingCloud | None = None
        self._asked, self._begun = 0, 0.0
        self._open = True
        self.arrival: PendingCloud | None = None
        self.latest: PerceivedFrame | None = None
        self.busy = False
        self.counts: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._run, name="worker")
        self._thread.start()

    def take(self, arrival: PendingCloud) -> None:
        """A cloud has arrived."""
        with self._change:
            self.counts["received"] += 1
            if self._waiting is not None:
                self.counts["replaced" if self._needed() else "not wanted"] += 1
            self.arrival = self._waiting = arrival
            self._change.notify()

    def leave(self, why: str, number: int = 1) -> None:
        """Clouds have arrived that are not processed."""
        with self._change:
            self.counts["received"] += number
            self.counts[why] += number

    def pass_over(self, arrival: PendingCloud, why: str) -> None:
        """A cloud has arrived that is not processed: it shows that clouds come, and outdates those before it."""
        self.leave(why)
        with self._change:
            if self._waiting is not None:
                self.counts["not wanted"] += 1
            self.arrival, self._waiting, self.latest = arrival, None, None

    def __enter__(self) -> FrameWorker:
        """Clouds are processed while a request waits for a frame."""
        with self._change:
            self._asked += 1
            self._change.notify()
        return self

    def __exit__(self, *_) -> None:
        with self._change:
            self._asked -= 1

    def forget(self) -> None:
        """Forget everything seen so far."""
        with self._change:
            if self._waiting is not None:
                self.counts["forgotten"] += 1
            self.arrival = self._waiting = self._under_way = self.latest = None

    def close(self, timeout: float) -> None:
        with self._change:
            self._open = False
            self._change.notify()
        self._thread.join(timeout)

    def idle(self) -> bool:
        """Whether no cloud is waiting or being processed."""
        return not self.busy and self._waiting is None

    def soon_free(self) -> bool:
        """Whether a cloud that comes now had better wait: a newer one may come before this thread has time.

        In a frame that takes long, it had not: whether clouds come must be known.
        """
        if self.busy:
            return time.monotonic() - self._begun < SOON
        return self._waiting is not None and self._needed()

    def up_to_date(self) -> bool:
        """Whether the newest cloud has been processed, or will be without a request."""
        return self.busy or self._waiting is None or self._wanted()

    def _needed(self) -> bool:
        return self._asked > 0 or self._wanted()

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(
                    lambda: not self._open or (self._waiting is not None and self._needed())
                )
                if not self._open or self._waiting is None:
                    return
                arrival, self._waiting = self._waiting, None
                self._under_way = arrival
                self._begun, self.busy = time.monotonic(), True
            self._one(arrival)
            self.busy = False
            self._free()

    def _one(self, arrival: PendingCloud) -> None:
        try:
            seen = self._look(arrival)
            with self._change:
                if not self._open:
                    return
                if self._under_way is not arrival:
                    self.counts["forgotten"] += 1
                    return
                self.latest = seen
            self._seen(seen)
            self.counts["looked at"] += 1  # not if it was refused on its way out: each cloud counts once
        except Refusal as refusal:
            self._refuse(refusal)
        except Exception as error:
            # A bug must not end the thread: it is logged and counted, and the next cloud is tried.
            self._refuse(self._defect("perceiving a cloud", error))

    def _refuse(self, refusal: Refusal) -> None:
        self.counts[refusal.name] += 1
        self._refused(refusal)
