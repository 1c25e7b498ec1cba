"""Stream: a thread that takes the messages that come quickly, so that the executor sleeps while they come.

A message that would only be replaced by a newer one is left to the middleware, which replaces it at no cost: taking
a cloud copies megabytes twice, and rclpy lets no other thread run meanwhile.

rclpy's executor takes three turns for a message, each of which looks at everything that the node has: at 45 clouds a
second, with as many transforms, this took more time of the interpreter than perceiving them. Fast DDS has one
condition for a subscription's messages and events, so whoever waits for events is woken by messages, too: the thread
takes both.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from rclpy.callback_groups import CallbackGroup
from rclpy.guard_condition import GuardCondition
from rclpy.impl.implementation_singleton import rclpy_implementation
from rclpy.node import Node
from rclpy.qos import QoSProfile
from rclpy.subscription import Subscription

from part_perception.ros.distributions import serialized

AFTER_DEFECT = 0.1  # seconds: a defect that returns at once must not keep a core busy
FOR_EVER, LOOK_AGAIN = -1, 50_000_000  # nanoseconds
Take = Callable[[Any, Any], None]


class Untouched(CallbackGroup):
    """The executor leaves alone what is in this group: somebody else takes it."""

    def can_execute(self, entity: Any) -> bool:
        return False


class Stream:
    """Calls `take(message, info)`, one call after the other. `defect` receives what they raise."""

    def __init__(self, node: Node, defect: Callable[[str, Exception], object]):
        self._node, self._defect, self._group = node, defect, Untouched()
        self._turn = threading.Lock()  # held while a message is taken, and to change what is taken
        self._taken: dict[Subscription, tuple[Take, Callable[[], bool]]] = {}
        self._changed = GuardCondition(None, None, node.context)
        self._open = True
        node.context.on_shutdown(self.wake)
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)
        self._thread.start()

    def subscribe(
        self,
        kind: Any,
        topic: str,
        take: Take,
        qos: QoSProfile,
        later: Callable[[], bool] = lambda: False,
        **options: Any,
    ) -> Subscription:
        """As Node.create_subscription, but this thread takes messages and events.

        While `later()`, they wait in the middleware; `wake` is called once they should not.
        """
        with self._turn:
            subscription = self._node.create_subscription(
                kind, topic, lambda _: None, qos, callback_group=self._group, **options
            )
            self._taken[subscription] = take, later
        self.wake()
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Once this returns, nothing more is taken."""
        with self._turn:
            if self._taken.pop(subscription, None) is not None:
                self._node.destroy_subscription(subscription)
        self.wake()

    def clear(self) -> None:
        """End all subscriptions."""
        for subscription in list(self._taken):
            self.unsubscribe(subscription)

    def close(self) -> None:
        """End the thread."""
        self._open = False
        self.wake()
        self._thread.join()

    def wake(self) -> None:
        """Look again what may be taken."""
        self._changed.trigger()

    def _run(self) -> None:
        while self._open and self._node.context.ok():
            try:
                for subscription in self._ready():
                    self._take(subscription)
            except Exception as error:  # a bug must not end the thread: the next message is taken
                if self._node.context.ok():
                    self._defect("taking a message", error)
                    time.sleep(AFTER_DEFECT)

    def _ready(self) -> list[Subscription]:
        """Wait until something has come; returns the subscriptions that have messages, and tells of events."""
        context: Any = self._node.context.handle
        with ExitStack() as used:
            with self._turn:
                waited = [each for each, (_, later) in self._taken.items() if not later()]
                patience = FOR_EVER if len(waited) == len(self._taken) else LOOK_AGAIN
                events = [event for each in waited for event in each.event_handlers]
                entities: list[Any] = [context, *(each.handle for each in waited), *events]
                for entity in entities:
                    used.enter_context(entity)  # it is destroyed after the wait, whoever asks for it before
            wait_set = rclpy_implementation.WaitSet(len(waited), 1, 0, 0, 0, len(events), context)
            wait_set.clear_entities()
            wait_set.add_guard_condition(self._changed.handle)
            for each in waited:
                wait_set.add_subscription(each.handle)
            for event in events:
                event.add_to_wait_set(wait_set)
            wait_set.wait(patience)
            for event in events:
                if event.is_ready(wait_set) and (told := event.take_data()):
                    event.callback(told)
            with_message = wait_set.get_ready_entities("subscription")
            return [each for each in waited if each.handle.pointer in with_message]

    def _take(self, subscription: Subscription) -> None:
        """Take all messages that wait, at most as many as the subscription keeps."""
        for _ in range(max(subscription.qos_profile.depth, 1)):
            with self._turn:
                if subscription not in self._taken:
                    return
                take, _ = self._taken[subscription]
                taken = next_message(subscription)
                if taken is None:
                    return
                take(*taken)


def next_message(subscription: Subscription) -> tuple[Any, Any] | None:
    """The next message of an untouched subscription and its information, if one waits."""
    with subscription.handle:
        return subscription.handle.take_message(subscription.msg_type, subscription.raw)


def take_from(subscription: Subscription) -> bytes | None:
    """The next message as it came over the wire."""
    taken = next_message(subscription)
    return None if taken is None else serialized(taken[0])
