"""Live view: the clouds and answers of a running node, for the view in a browser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from rcl_interfaces.srv import GetParameters, SetParameters
from rclpy.client import Client
from rclpy.parameter import Parameter
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Header

from part_perception.errors import InputError
from part_perception.ros.messages.clouds import (
    GREY,
    LABELLED,
    NO_OBJECT,
    XYZ,
    index_array,
    nanoseconds,
    read_cloud,
    read_raw_cloud,
    write_cloud,
)
from part_perception.ros.messages.parts import read_part
from part_perception.ros.messages.poses import box_of
from part_perception.ros.refusal import Refusal
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
KEPT = 4  # clouds that wait for the parts of their stamp
MIN_PERIOD = 0.1


class LiveSource(Connection):
    """A node's labelled clouds with the parts of the same stamp; newest wins, nothing queues."""

    names: Sequence[str] = ()

    def __init__(self, node: str, load: Callable[[], PartSegmenter]):
        self._clouds: dict[int, bytes] = {}
        self._newest: tuple[bytes, PartArray] | None = None
        self._come, self._ended = threading.Condition(), threading.Event()
        self._sent: set[int] = set()
        self._header: Header | None = None
        self.segmenter = cache(load)
        name = node if node.startswith("/") else f"/{node}"
        self._name = name
        super().__init__("part_perception_view", name)
        self._set: Client[SetParameters.Request, SetParameters.Response] = self._node.create_client(
            SetParameters, f"{name}/set_parameters"
        )
        self._get: Client[GetParameters.Request, GetParameters.Response] = self._node.create_client(
            GetParameters, f"{name}/get_parameters"
        )
        self._teach: Client[Teach.Request, Teach.Response] = self._node.create_client(Teach, f"{name}/teach")

    def listen(self) -> None:
        self._node.create_subscription(
            PointCloud2, f"{self._name}/labeled_cloud", self._take_cloud, 1, raw=True
        )
        self._node.create_subscription(PartArray, f"{self._name}/parts", self._take_parts, 1)

    def _take_cloud(self, raw: bytes) -> None:
        with self._come:
            try:
                self._clouds[nanoseconds(read_raw_cloud(raw).header.stamp)] = raw
            except Refusal:
                return
            for old in sorted(self._clouds)[:-KEPT]:
                del self._clouds[old]

    def _take_parts(self, message: PartArray) -> None:
        """Match the parts to their cloud, which the node publishes first."""
        with self._come:
            raw = self._clouds.get(nanoseconds(message.header.stamp))
            if raw is not None:
                self._newest = (raw, message)
                self._come.notify_all()

    def show_in(self, session: Session, watched: Callable[[], bool]) -> None:
        """Give the session each newest moment, until the end; nothing is computed without viewers."""
        while not self._ended.wait(MIN_PERIOD):
            with self._come:
                self._come.wait_for(lambda: self._newest or self._ended.is_set(), 1.0)
                newest, self._newest = self._newest, None
            if newest is not None and watched():
                raw, parts = newest
                self._header = parts.header
                shown = moment(raw, parts, self._own_frame)
                session.follow(list(parts.queries))
                session.take(shown)

    # --- what the session asks for ----------------------------------------------------------------------------
    def look(self, index: int, queries: Sequence[str]) -> Shown:
        raise InputError("the moments of a running node arrive by themselves")

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
        messages = [self._example(example) for example in fresh]
        request = Teach.Request(command=Teach.Request.LEARN, word=word, examples=messages)
        status = self._call(self._teach, request).status
        if status.code != Status.OK:
            raise InputError(status.message)
        self._sent |= {id(example) for example in fresh}

    def _example(self, example: Example) -> ExampleMessage:
        rows = example.marked.rows[example.mask]
        return ExampleMessage(
            cloud=write_cloud(example.marked.cloud, self._header, XYZ), indices=index_array(rows)
        )

    def _call(self, client, request):
        done = threading.Event()
        if not client.wait_for_service(WAIT):
            raise InputError(f"the node {self._name} is gone")
        future = client.call_async(request)
        future.add_done_callback(lambda _: done.set())
        if not done.wait(WAIT):
            raise InputError(f"the node {self._name} did not answer within {WAIT:.0f} s")
        return future.result()

    def close(self) -> None:
        self._ended.set()
        super().close()


def moment(raw: bytes, message: PartArray, own_frame: bool) -> Shown:
    """A labelled cloud and its parts; own_frame: both are in the camera's frame."""
    received = read_raw_cloud(raw).with_own_data()
    cloud = read_cloud(received)
    colours = None if cloud.colours is None else cloud.colours.reshape(-1, 3)
    if colours is not None and (colours[::97] == GREY).all(axis=1).mean() > 0.5:
        colours = None  # the cloud had none
    object_id = np.frombuffer(received.data, LABELLED)["object_id"]
    rows = np.flatnonzero(object_id != NO_OBJECT)
    owner = object_id[rows]
    things = [
        ShownObject(thing.object_id, rows[owner == thing.object_id], thing.object_name,
                    thing.object_confidence)
        for thing in message.objects
    ]  # fmt: skip
    parts = [read_part(part) for part in message.parts]
    for query, found, confidence in zip(message.queries, message.found, message.confidence, strict=True):
        if not found:
            parts.append(Part(query, False, confidence))
    up = box_of(message.objects[0].box).rotation[:, 2] if message.objects else np.array((0.0, 0.0, 1.0))
    age = max((part.age for part in message.parts), default=0.0)
    return Shown(
        message.header.frame_id, cloud.points.reshape(-1, 3).astype(np.float32, copy=False), colours, tuple(things),
        tuple(parts), up, np.zeros(3) if own_frame else None, cloud.stamp, 1e3 * age,
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
