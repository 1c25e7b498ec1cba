"""Transforms: one interface over the buffer of tf2_ros or, if that is missing, over our own."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from rclpy.qos import DurabilityPolicy, QoSProfile

from part_perception.recordings.transform_tree import TransformBuffer, TransformUnknown, not_heard_of
from part_perception.ros.messages.clouds import nanoseconds
from part_perception.ros.messages.poses import matrix_of
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.stream import Stream

AUTHORITY = "part_perception"  # who told tf2 of a transform
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


def hear(take: Callable[[Any, bool], None], subscribe: Callable[..., object]) -> None:
    """Have `take` called with the messages of /tf and /tf_static, and whether they are static ones."""
    from tf2_msgs.msg import TFMessage

    latched = QoSProfile(depth=100, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    subscribe(TFMessage, "/tf", lambda message, *_: take(message, False), QoSProfile(depth=100))
    subscribe(TFMessage, "/tf_static", lambda message, *_: take(message, True), latched)


def no_transform(target: str, source: str, reason: str) -> Refusal:
    reason = reason.rstrip(". ")  # tf2 ends some of its reasons with ". "
    sentence = f"No transform from {source} to {target} at the cloud's stamp: {reason}."
    return Refusal(Status.NO_TRANSFORM, sentence)


class OwnTransforms:
    """Our own buffer."""

    name = "own listener"

    def __init__(self, keep: float = 10.0):
        self.buffer = TransformBuffer(keep)
        self._changed = threading.Condition()

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


class Tf2Transforms:
    """The buffer of tf2_ros, where it is installed."""

    name = "tf2_ros"

    def __init__(self):
        import tf2_ros

        self._errors = tf2_ros.TransformException
        self._buffer = tf2_ros.Buffer()  # with a node, it would offer a service that outlives it

    def take(self, message, static: bool) -> None:
        remember = self._buffer.set_transform_static if static else self._buffer.set_transform
        for transform in message.transforms:
            remember(transform, AUTHORITY)

    def lookup(self, target: str, source: str, stamp_ns: int, timeout: float) -> np.ndarray:
        from rclpy.duration import Duration
        from rclpy.time import Time

        names = target.lstrip("/"), source.lstrip("/")
        if names[0] == names[1]:
            return np.eye(4)
        if stamp_ns == 0:
            raise no_transform(
                target, source, "the cloud's stamp is 0, which tf2 takes to mean the latest time"
            )
        if stamp_ns < 0:
            raise no_transform(target, source, "the cloud's stamp is before 1970, where tf2 has no times")
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


def listen(stream: Stream) -> Transforms:
    """The best installed buffer, which hears all transforms."""
    found: Transforms
    try:
        found = Tf2Transforms()
    except ImportError:
        found = OwnTransforms()
    hear(found.take, stream.subscribe)
    return found
