"""Transforms: one interface over tf2_ros or, if it is missing, over our own listener."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from typing import Protocol

import numpy as np
from rclpy.callback_groups import CallbackGroup
from rclpy.exceptions import InvalidHandle
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from rclpy.subscription import Subscription

from part_perception.recordings.transform_tree import TransformBuffer, TransformUnknown, not_heard_of
from part_perception.ros.messages.clouds import nanoseconds
from part_perception.ros.messages.poses import matrix_of
from part_perception.ros.refusal import Refusal, Status

FRAME_OF_YAML = re.compile(r"^([^\s:]+):", re.MULTILINE)
PARENT_OF_YAML = re.compile(r"^ +parent: '?([^'\n]+?)'? *$", re.MULTILINE)


class Transforms(Protocol):
    """The interface to TF, which both sources below implement."""

    name: str

    def lookup(self, target: str, source: str, stamp_ns: int, timeout: float) -> np.ndarray:
        """The 4×4 matrix from `source` to `target` at that stamp; a Refusal after the timeout."""

    def frames(self) -> list[str]:
        """The names of all frames that are children of others."""

    def clear(self) -> None:
        """Forget all transforms but the static ones: the clock has jumped back."""

    def close(self) -> None:
        """Stop listening."""


def waiting(subscription: Subscription, most: int) -> Iterator:
    """Take the waiting messages, at most so many."""
    for _ in range(most):
        try:
            with subscription.handle:
                taken = subscription.handle.take_message(subscription.msg_type, False)
        except InvalidHandle:  # it was closed meanwhile
            return
        if taken is None:
            return
        yield taken[0]


def no_transform(target: str, source: str, reason: str) -> Refusal:
    reason = reason.rstrip(". ")  # tf2 ends some of its reasons with ". "
    sentence = f"No transform from {source} to {target} at the cloud's stamp: {reason}."
    return Refusal(Status.NO_TRANSFORM, sentence)


class OwnTransforms:
    """Listens to /tf and /tf_static itself."""

    name = "own listener"

    def __init__(self, node=None, callback_group=None, keep: float = 10.0):
        self.buffer = TransformBuffer(keep)
        self._changed = threading.Condition()
        self._node, self._subscriptions = node, []
        if node is not None:
            self._subscriptions = [
                self._listen("/tf", QoSProfile(depth=100), False, callback_group),
                self._listen(
                    "/tf_static",
                    QoSProfile(depth=100, durability=DurabilityPolicy.TRANSIENT_LOCAL),
                    True,
                    callback_group,
                ),
            ]

    def _listen(self, topic: str, qos: QoSProfile, static: bool, group):
        from tf2_msgs.msg import TFMessage

        def taken(message) -> None:
            """Take all waiting messages in one turn of the executor: a busy machine has fewer turns than transforms."""
            self.take(message, static)
            for message in waiting(subscription, qos.depth):
                self.take(message, static)

        subscription = self._node.create_subscription(TFMessage, topic, taken, qos, callback_group=group)
        return subscription

    def take(self, message, static: bool) -> None:
        """Remember the transforms of a TFMessage."""
        with self._changed:
            for t in message.transforms:
                self.buffer.set(
                    t.header.frame_id.lstrip("/"),
                    t.child_frame_id.lstrip("/"),
                    None if static else nanoseconds(t.header.stamp),
                    matrix_of(t.transform),
                )
            self._changed.notify_all()

    def lookup(self, target: str, source: str, stamp_ns: int, timeout: float) -> np.ndarray:
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                try:
                    return self.buffer.lookup(target.lstrip("/"), source.lstrip("/"), stamp_ns)
                except TransformUnknown as unknown:
                    left = deadline - time.monotonic()
                    if left <= 0 or not unknown.may_come:
                        raise no_transform(target, source, str(unknown)) from None
                    self._changed.wait(left)

    def frames(self) -> list[str]:
        with self._changed:
            return self.buffer.children()

    def clear(self) -> None:
        with self._changed:
            self.buffer.clear()

    def close(self) -> None:
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
        self._subscriptions = []


class Tf2Transforms:
    """Uses tf2_ros, where it is installed."""

    name = "tf2_ros"

    def __init__(self, node: Node):
        import tf2_ros

        self._errors = tf2_ros.TransformException
        self._buffer = tf2_ros.Buffer()  # with a node, it would offer a service that outlives it
        self._listener = tf2_ros.TransformListener(self._buffer, node, spin_thread=False)

    def lookup(self, target: str, source: str, stamp_ns: int, timeout: float) -> np.ndarray:
        from rclpy.duration import Duration
        from rclpy.time import Time

        if stamp_ns == 0 and target.lstrip("/") != source.lstrip("/"):
            raise no_transform(
                target, source, "the cloud's stamp is 0, which tf2 takes to mean the latest time"
            )
        names = target.lstrip("/"), source.lstrip("/")
        try:
            found = self._buffer.lookup_transform(
                *names, Time(nanoseconds=stamp_ns), Duration(seconds=timeout)
            )
        except self._errors as error:  # tf2 names only the first frame that it does not know
            known = [*self.frames(), *PARENT_OF_YAML.findall(self._buffer.all_frames_as_yaml())]
            raise no_transform(target, source, not_heard_of(names, known) or str(error)) from None
        return matrix_of(found.transform)

    def frames(self) -> list[str]:
        return FRAME_OF_YAML.findall(self._buffer.all_frames_as_yaml())

    def clear(self) -> None:
        self._buffer.clear()

    def close(self) -> None:
        self._listener.unregister()


def listen(node: Node, callback_group: CallbackGroup) -> Transforms:
    """The best installed source of transforms."""
    try:
        return Tf2Transforms(node)
    except ImportError:
        return OwnTransforms(node, callback_group)
