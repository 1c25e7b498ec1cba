"""Live view: the clouds and answers of a running node, for the view in a browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache

import numpy as np
from rcl_interfaces.srv import GetParameters, SetParameters
from rclpy.client import Client
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.serialization import deserialize_message
from rclpy.subscription import Subscription
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Header

from part_perception.errors import InputError
from part_perception.ros.distributions import SERIALIZED
from part_perception.ros.messages.clouds import (
    GREY,
    LABELLED,
    NO_LABEL,
    NO_OBJECT,
    XYZ,
    RawCloud,
    index_array,
    is_labelled,
    nanoseconds,
    read_raw_cloud,
    stamp_of,
    write_cloud,
)
from part_perception.ros.messages.parts import read_part
from part_perception.ros.messages.poses import box_of
from part_perception.ros.outputs.publisher import PREVIEW
from part_perception.ros.processes import prepare
from part_perception.ros.refusal import Refusal
from part_perception.ros.stream import Untouched, take_from
from part_perception.ros.tools.asker import Connection
from part_perception.segmenter import PartSegmenter
from part_perception.types import Part
from part_perception.view.page import Page
from part_perception.view.session import Example, Session
from part_perception.view.shown import Shown, ShownObject
from part_perception_interfaces.msg import Example as ExampleMessage
from part_perception_interfaces.msg import PartArray, Status
from part_perception_interfaces.srv import Teach

WAIT, START_WITHIN = 5.0, 40.0  # seconds; a node started with the view first loads its model
KEPT = 4  # answers that wait for the cloud of their stamp
MIN_PERIOD, LOOK = 0.08, 0.02  # seconds: from one moment to the next, and between two looks for it
IDLE = 0.3  # seconds between two looks whether somebody watches
SAMPLED = 97  # every so-many-th point tells whether there are colours
BLUE = 12  # where the colour is in a point of LABELLED, as the bytes blue, green, red


class Receiver:
    """A node's clouds of a topic, with the parts of the same stamp; newest wins, nothing queues.

    Messages are taken only when the next moment is due, as bytes: waking an executor for each of them and reading
    those that are never shown would take more time than all the rest.
    """

    def __init__(self, node: Node, name: str, topic: str):
        self._node, self._name, self._topic = node, name, topic
        self._group = Untouched()
        self._clouds: Subscription[PointCloud2] | None = None
        self._parts: Subscription[PartArray] | None = None
        self._cloud: RawCloud | None = None
        self._waiting: dict[int, bytes] = {}

    def listen(self, wanted: bool) -> None:
        """Receive clouds and parts only while somebody watches."""
        if wanted and self._parts is None:
            self._clouds = self._subscribe(PointCloud2, self._topic, 1)
            self._parts = self._subscribe(PartArray, "parts", KEPT)
        elif not wanted and self._parts is not None:
            for subscription in (self._clouds, self._parts):
                if subscription is not None:
                    self._node.destroy_subscription(subscription)
            self._clouds = self._parts = self._cloud = None
            self._waiting.clear()

    def _subscribe(self, message, topic: str, depth: int) -> Subscription:
        return self._node.create_subscription(
            message,
            f"{self._name}/{topic}",
            lambda _: None,
            depth,
            callback_group=self._group,
            raw=SERIALIZED,
        )

    def newest(self) -> tuple[RawCloud, bytes] | None:
        """The newest cloud and its parts, which the node publishes after it."""
        if self._clouds is None or self._parts is None:
            return None
        with suppress(Refusal):
            while raw := take_from(self._parts):
                self._waiting[stamp_of(raw)] = raw
            for old in sorted(self._waiting)[:-KEPT]:
                del self._waiting[old]
            if self._waiting and (raw := take_from(self._clouds)):
                cloud = read_raw_cloud(raw)
                self._cloud = cloud if is_labelled(cloud) else None
        if self._cloud is None or (parts := self._waiting.get(nanoseconds(self._cloud.header.stamp))) is None:
            return None
        cloud, self._cloud = self._cloud, None
        shown = nanoseconds(cloud.header.stamp)
        self._waiting = {stamp: raw for stamp, raw in self._waiting.items() if stamp > shown}
        return cloud, parts


class LiveSource(Connection):
    """A running node, as a source of moments."""

    names: Sequence[str] = ()

    def __init__(self, node: str, load: Callable[[], PartSegmenter]):
        self._ended = threading.Event()
        self._sent: set[int] = set()
        self._header: Header | None = None
        self.segmenter = cache(load)
        name = node if node.startswith("/") else f"/{node}"
        self._name = name
        super().__init__("part_perception_view", name)
        self._receiver = Receiver(self._node, name, PREVIEW)
        self._closer = Receiver(self._node, name, "labeled_cloud")
        self._set: Client[SetParameters.Request, SetParameters.Response] = self._node.create_client(
            SetParameters, f"{name}/set_parameters"
        )
        self._get: Client[GetParameters.Request, GetParameters.Response] = self._node.create_client(
            GetParameters, f"{name}/get_parameters"
        )
        self._teach: Client[Teach.Request, Teach.Response] = self._node.create_client(Teach, f"{name}/teach")

    def show_in(self, session: Session, watched: Callable[[], bool]) -> None:
        """Give the session each newest moment, until the end; nothing is received without viewers."""
        pause = LOOK
        while not self._ended.wait(pause):
            self._receiver.listen(someone := watched())
            newest = self._receiver.newest()
            pause = MIN_PERIOD if newest else LOOK if someone else IDLE
            if newest is not None:
                shown, queries = self._moment(*newest)
                session.follow(queries)
                session.take(replace(shown, thinned=True))

    def _moment(self, cloud: RawCloud, raw: bytes) -> tuple[Shown, list[str]]:
        parts = deserialize_message(raw, PartArray)
        self._header = parts.header
        return moment(cloud, parts, self._own_frame), list(parts.queries)

    # --- what the session asks for ----------------------------------------------------------------------------
    def look(self, index: int, queries: Sequence[str]) -> Shown:
        raise InputError("a running node sends its moments by itself")

    def closer(self) -> Shown:
        """The node's next moment with all its points."""
        self._closer.listen(True)
        try:
            deadline = time.monotonic() + WAIT
            while (newest := self._closer.newest()) is None:
                if self._ended.wait(LOOK) or time.monotonic() > deadline:
                    raise InputError(f"the node {self._name} sends no clouds any more")
            return self._moment(*newest)[0]
        finally:
            self._closer.listen(False)

    def start(self) -> list[str]:
        """Wait for the node; returns its standing queries."""
        self.wait_for_node(START_WITHIN)
        names = ["standing_queries", "target_frame"]
        queries, target = self._call(self._get, GetParameters.Request(names=names)).values
        self._own_frame = not target.string_value
        return list(queries.string_array_value)

    def ask(self, queries: Sequence[str]) -> None:
        """Set the node's standing queries; passes on its refusal."""
        value = Parameter("standing_queries", Parameter.Type.STRING_ARRAY, list(queries))
        request = SetParameters.Request(parameters=[value.to_parameter_msg()])
        (result,) = self._call(self._set, request).results
        if not result.successful:
            raise InputError(result.reason)

    def teach(self, word: str, examples: Sequence[Example]) -> None:
        """Teach the node the examples that were not sent yet."""
        fresh = [example for example in examples if id(example) not in self._sent]
        (units,) = self._call(self._get, GetParameters.Request(names=["scene.units"])).values
        scale = 1000.0 if units.string_value == "millimetres" else 1.0
        messages = [self._example(example, scale) for example in fresh]
        request = Teach.Request(command=Teach.Request.LEARN, word=word, examples=messages)
        status = self._call(self._teach, request).status
        if status.code != Status.OK:
            raise InputError(status.message)
        self._sent |= {id(example) for example in fresh}

    def _example(self, example: Example, scale: float) -> ExampleMessage:
        """`scale`: from metres to the unit of the node's own clouds, in which it expects all clouds."""
        rows, cloud = example.marked.rows[example.mask], scale * example.marked.cloud
        return ExampleMessage(cloud=write_cloud(cloud, self._header, XYZ), indices=index_array(rows))

    def _call(self, client, request):
        done = threading.Event()
        if not client.wait_for_service(WAIT):
            raise InputError(f"the node {self._name} has stopped")
        future = client.call_async(request)
        future.add_done_callback(lambda _: done.set())
        if not done.wait(WAIT):
            raise InputError(f"the node {self._name} did not answer within {WAIT:.0f} s")
        return future.result()

    def close(self) -> None:
        self._ended.set()
        super().close()


def moment(cloud: RawCloud, message: PartArray, own_frame: bool) -> Shown:
    """A labelled cloud, which is looked at in place, and its parts; own_frame: both are in the camera's frame."""
    records = cloud.data.view(LABELLED)
    rows = cloud.data.reshape(-1, LABELLED.itemsize)
    points = rows[:, : XYZ.itemsize].view("<f4")
    colours = rows[:, BLUE : BLUE + 3][:, ::-1]
    some = colours[::SAMPLED][records["label"][::SAMPLED] == NO_LABEL]
    coloured = len(some) > 0 and (some == GREY).all(axis=1).mean() < 0.5
    object_id = records["object_id"]
    on_objects = np.flatnonzero(object_id != NO_OBJECT)
    owner = object_id[on_objects]
    things = [
        ShownObject(thing.object_id, on_objects[owner == thing.object_id], thing.object_name,
                    thing.object_confidence)
        for thing in message.objects
    ]  # fmt: skip
    for part in message.parts:
        del part.grasps[1:]  # the best one is shown
    label, queries = records["label"][on_objects], list(message.queries)
    parts = []
    for part in map(read_part, message.parts):  # whose indices are those of the cloud that the node received
        own = (owner == part.object_id) & (label == queries.index(part.query))
        part.indices = on_objects[own]
        parts.append(part)
    for query, found, confidence in zip(message.queries, message.found, message.confidence, strict=True):
        if not found:
            parts.append(Part(query, False, confidence))
    up = box_of(message.objects[0].box).rotation[:, 2] if message.objects else np.array((0.0, 0.0, 1.0))
    age = max((part.age for part in message.parts), default=0.0)
    return Shown(
        message.header.frame_id, points, colours if coloured else None, tuple(things), tuple(parts), up,
        np.zeros(3) if own_frame else None, 1e-9 * nanoseconds(message.header.stamp), 1e3 * age,
    )  # fmt: skip


def show(
    node: str,
    queries: Sequence[str],
    load: Callable[[], PartSegmenter],
    host: str,
    port: int,
    wait: Callable[[str], None],
) -> int:
    """Show the view beside a running node, until `wait` returns."""
    prepare()
    source = LiveSource(node, load)
    try:
        try:
            standing = source.start()
        except TimeoutError as error:
            raise InputError(str(error)) from None
        session = Session(source, standing)
        for query in queries:
            session.ask(query)
        page = Page(session, host, port)
        thread = threading.Thread(target=source.show_in, args=(session, page.watched), daemon=True)
        thread.start()
        try:
            wait(page.address)
        finally:
            page.close()
    finally:
        source.close()
    return 0
