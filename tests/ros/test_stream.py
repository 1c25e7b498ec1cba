"""A stream takes messages and events in its own thread: the executor sleeps, and nothing is taken after the end."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from types import SimpleNamespace

import pytest

pytest.importorskip("rclpy", reason="these tests need ROS 2")
import rclpy  # noqa: E402
from geometry_msgs.msg import TransformStamped  # noqa: E402
from rclpy.context import Context  # noqa: E402
from rclpy.duration import Duration  # noqa: E402
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor  # noqa: E402
from rclpy.node import Node  # noqa: E402
from rclpy.qos import QoSProfile, ReliabilityPolicy  # noqa: E402
from std_msgs.msg import Header, String  # noqa: E402
from tf2_msgs.msg import TFMessage  # noqa: E402

from part_perception.ros.distributions import SubscriptionEventCallbacks  # noqa: E402
from part_perception.ros.input import arrival  # noqa: E402
from part_perception.ros.messages.parts import time_message  # noqa: E402
from part_perception.ros.stream import Stream  # noqa: E402
from part_perception.ros.transforms import OwnTransforms, hear  # noqa: E402

pytestmark = pytest.mark.ros
SECOND = 1_000_000_000
PATIENCE = 10.0
MANY = 200


class Turns(SingleThreadedExecutor):
    """Counts how often it looks at a node for something to do."""

    turns = 0

    def get_nodes(self):
        self.turns += 1
        return super().get_nodes()


@pytest.fixture
def world(ros_domain_id, ros_env):
    """A node that spins, one that publishes, and a stream whose messages and defects are kept."""
    context = Context()
    rclpy.init(context=context, domain_id=ros_domain_id)
    node, other = Node("listener", context=context), Node("speaker", context=context)
    executor, defects = Turns(context=context), []
    executor.add_node(node)
    spin = threading.Thread(target=spun, args=(executor,), daemon=True)
    spin.start()
    stream = Stream(node, lambda doing, error: defects.append((doing, str(error))))
    one = SimpleNamespace(
        context=context, node=node, other=other, executor=executor, stream=stream, defects=defects
    )
    yield one
    stream.close()
    executor.shutdown(1.0)
    spin.join(PATIENCE)
    for each in (node, other):
        each.destroy_node()
    rclpy.try_shutdown(context=context)


def spun(executor) -> None:
    with suppress(ExternalShutdownException):
        executor.spin()


def soon(condition) -> bool:
    """Whether it comes true in time."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def matched(publisher) -> bool:
    return soon(lambda: publisher.get_subscription_count() > 0)


def test_all_messages_are_taken_while_the_executor_sleeps(world):
    heard = []
    world.stream.subscribe(
        String, "words", lambda message, info: heard.append((message.data, info)), QoSProfile(depth=MANY)
    )
    publisher = world.other.create_publisher(String, "words", MANY)
    assert matched(publisher)
    time.sleep(0.2)  # until the executor has looked at the new subscription
    before = world.executor.turns
    for k in range(MANY):
        publisher.publish(String(data=f"{k}"))
        time.sleep(0.001)
    assert soon(lambda: len(heard) == MANY)
    assert [word for word, _ in heard] == [f"{k}" for k in range(MANY)]
    assert all(info["source_timestamp"] > 0 for _, info in heard)
    assert world.executor.turns - before < 5, "hundreds, if it is woken for messages"


def test_raw_messages_stay_bytes(world):
    heard = []
    world.stream.subscribe(String, "words", lambda raw, _: heard.append(raw), QoSProfile(depth=1), raw=True)
    publisher = world.other.create_publisher(String, "words", 1)
    assert matched(publisher)
    publisher.publish(String(data="handle"))
    assert soon(lambda: heard)
    assert isinstance(heard[0], bytes) and b"handle" in heard[0]


def test_an_event_reaches_its_callback_and_messages_still_come(world):
    events, heard = [], []
    qos = QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE)
    told = SubscriptionEventCallbacks(incompatible_qos=events.append)
    world.stream.subscribe(
        String, "words", lambda message, _: heard.append(message.data), qos, event_callbacks=told
    )
    best_effort = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
    world.other.create_publisher(String, "words", best_effort)
    assert soon(lambda: events)
    assert events[0].total_count == 1
    publisher = world.other.create_publisher(String, "words", qos)
    assert matched(publisher)
    publisher.publish(String(data="lid"))
    assert soon(lambda: heard == ["lid"])


def test_after_a_callback_that_fails_the_next_message_is_taken(world):
    heard = []

    def take(message, _) -> None:
        heard.append(message.data)
        raise ValueError(message.data)

    world.stream.subscribe(String, "words", take, QoSProfile(depth=10))
    publisher = world.other.create_publisher(String, "words", 10)
    assert matched(publisher)
    for word in ("handle", "lid"):
        publisher.publish(String(data=word))
    assert soon(lambda: len(heard) == 2)
    assert soon(lambda: world.defects == [("taking a message", "handle"), ("taking a message", "lid")])


def test_nothing_is_taken_once_a_subscription_has_ended(world):
    """Ended and made again beside a publisher that never stops."""
    publisher = world.other.create_publisher(String, "words", 10)
    stop = threading.Event()

    def speak() -> None:
        while not stop.wait(0.0005):
            publisher.publish(String(data="handle"))

    speaker = threading.Thread(target=speak)
    speaker.start()
    try:
        for _ in range(20):
            heard = []
            subscription = world.stream.subscribe(
                String, "words", lambda message, _, kept=heard: kept.append(message), QoSProfile(depth=10)
            )
            assert soon(lambda kept=heard: kept)
            world.stream.unsubscribe(subscription)
            after = len(heard)
            time.sleep(0.01)
            assert len(heard) == after
    finally:
        stop.set()
        speaker.join()
    assert world.defects == []
    assert list(world.node.subscriptions) == []


def test_what_is_put_off_is_replaced_in_the_middleware_and_only_the_newest_is_taken(world):
    heard, busy = [], [True]
    world.stream.subscribe(
        String,
        "words",
        lambda message, info: heard.append((message.data, arrival(info))),
        QoSProfile(depth=1),
        later=lambda: busy[0],
    )
    publisher = world.other.create_publisher(String, "words", 1)
    assert matched(publisher)
    for word in ("handle", "lid", "rim"):
        publisher.publish(String(data=word))
    published = time.monotonic()
    assert publisher.wait_for_all_acked(Duration(seconds=10))
    time.sleep(0.1)
    assert heard == []
    busy[0] = False
    world.stream.wake()
    assert soon(lambda: heard)
    ((word, arrived),) = heard
    assert word == "rim" and abs(arrived - published) < 0.05, "it arrived before it was taken"


def test_it_ends_with_its_context(world):
    thread = world.stream._thread
    rclpy.try_shutdown(context=world.context)
    thread.join(PATIENCE)
    assert not thread.is_alive() and world.defects == []


def test_no_transform_is_lost_in_a_burst(world):
    tf = OwnTransforms()
    hear(tf.take, world.stream.subscribe)
    publisher = world.other.create_publisher(TFMessage, "/tf", QoSProfile(depth=100))
    assert matched(publisher)
    for k in range(50):
        header = Header(frame_id="base", stamp=time_message((k + 1) * SECOND))
        transform = TransformStamped(header=header, child_frame_id="camera")
        transform.transform.translation.x = float(k)
        publisher.publish(TFMessage(transforms=[transform]))
    assert publisher.wait_for_all_acked(Duration(seconds=10))
    assert tf.lookup("base", "camera", 50 * SECOND, PATIENCE)[0, 3] == 49.0
    assert tf.lookup("base", "camera", 45 * SECOND, 0.0)[0, 3] == 44.0
