"""Stream: the callback group of subscriptions to which messages come quickly."""

from __future__ import annotations

from typing import Any

from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from rclpy.waitable import Waitable


class Stream(MutuallyExclusiveCallbackGroup):
    """The events of a subscription, such as an incompatible publisher, wait until its message is taken.

    Fast DDS has one condition for a subscription's events and messages. While a message waits for a thread that
    takes it, an executor that waits for events is woken without one, again and again: at 30 clouds a second this
    took more time than they did.
    """

    def can_execute(self, entity: Any) -> bool:
        if isinstance(entity, Waitable) and any(each._executor_event for each in self._alive()):
            return False
        return super().can_execute(entity)

    def _alive(self) -> list[Any]:
        held = list(self.entities)  # at once: others come and go in another thread
        return [each for each in (one() for one in held) if each is not None]
