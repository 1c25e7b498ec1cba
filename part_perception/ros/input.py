"""Input: the subscriptions of the node, from the first message to a PendingCloud."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
from rclpy.node import Node
from rclpy.qos import QoSPolicyKind, QoSProfile, ReliabilityPolicy
from rclpy.qos_overriding_options import QoSOverridingOptions
from sensor_msgs.msg import CameraInfo, CompressedImage, Image, PointCloud2

from part_perception.config import Config
from part_perception.errors import InputError
from part_perception.recordings.lenses import is_rectified
from part_perception.ros.distributions import SERIALIZED, SubscriptionEventCallbacks
from part_perception.ros.messages.clouds import Cloud, RawCloud, nanoseconds, read_cloud, read_raw_cloud
from part_perception.ros.messages.compressed import decompressed
from part_perception.ros.messages.images import ImageCamera, depth_cloud, image_regions
from part_perception.ros.pairing import Pairing, SequenceGaps
from part_perception.ros.perceived import PendingCloud
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.stream import Stream
from part_perception.ros.transforms import Transforms
from part_perception.ros.worker import SOON, FrameWorker

CAMERA, COLOUR_CAMERA = "camera_info", "color/camera_info"


class Input:
    """Subscribed while the node is active."""

    def __init__(
        self,
        node: Node,
        config: Callable[[], Config],
        transforms: Transforms,
        stream: Stream,
        arrived: Callable[[PendingCloud], None],
    ):
        self._node, self._newest_config, self._transforms = node, config, transforms
        self._stream, self._arrived = stream, arrived
        self._subscriptions: list = []
        self._cameras: dict[str, ImageCamera] = {}  # by the topic of the CameraInfo
        self._gaps = SequenceGaps()
        self._pairing: Pairing | None = None
        self.topic = ""
        self.mismatch = ""
        self._lost = self._taken = self._handed_on = 0
        self._heard: dict[str, float] = {}  # by topic, when
        self._worker: FrameWorker | None = None
        self._put_off, self._put_off_until = False, -np.inf

    @property
    def _config(self) -> Config:
        """The current configuration, some of which changes while subscribed."""
        return self._newest_config()

    def open(self, worker: FrameWorker) -> None:
        """Subscribe to the configured topics."""
        self.mismatch, self._gaps, self._cameras = "", SequenceGaps(), {}
        self._lost = self._taken = self._handed_on = 0
        self._worker, self._put_off_until = worker, -np.inf
        config = self._config
        topics = [cloud_by_transport(self._node, config.cloud_transport)]
        if config.input == "rgbd":
            depth = self._node.resolve_topic_name("depth/image")
            topics = [by_transport(depth, config.depth_transport)]
            self._watch_camera(CAMERA, depth)
            if config.colour:
                colour = self._node.resolve_topic_name("color/image")
                topics.append(by_transport(colour, config.colour_transport))
                self._watch_camera(COLOUR_CAMERA, colour)
        elif config.regions != "none":
            # for clouds with a single row, it tells where the image shows their points
            self._watch_camera(CAMERA, self._node.resolve_topic_name(CAMERA))
        topics += _regions_topic(config)
        self._pairing = Pairing(len(topics), config.pair_within, self._together)
        names = [self._node.resolve_topic_name(topic) for _, topic in topics]
        self.topic, self._heard = names[0], dict.fromkeys(names, -np.inf)
        for k, ((kind, topic), name) in enumerate(zip(topics, names, strict=True)):
            pair = partial(self._pairing.take, k)
            if len(topics) == 1:  # a partner may need the very cloud that is put off
                self._subscribe(kind, topic, partial(self._counted, name, pair), later=self._later)
            else:
                self._subscribe(kind, topic, partial(self._counted if k == 0 else self._noted, name, pair))

    def close(self) -> None:
        for subscription in self._subscriptions:
            self._stream.unsubscribe(subscription)
        self._subscriptions = []

    def forget(self) -> None:
        """The clock jumped back: messages that wait for a partner are from the future, and none has come since."""
        self._heard = dict.fromkeys(self._heard, -np.inf)
        if self._pairing is not None:
            self._pairing.clear()

    def missed(self) -> dict[str, int]:
        """The numbers of messages that never became a cloud, by reason; the newest may still find their partners."""
        return {"lost": self._lost, "without partner": self._taken - self._handed_on}

    def why_silent(self) -> str:
        """Why no cloud arrives."""
        if self.mismatch:
            return self.mismatch
        if not self.topic:
            return "nothing is subscribed yet"
        since = time.monotonic() - self._config.diagnostics.no_cloud_after
        for topic, heard in self._heard.items():
            if heard < since:
                return self._why_quiet(topic)
        if self._config.input == "rgbd" and self._cameras[CAMERA].info is None:
            return "no camera_info has arrived"
        topics, within = " and ".join(self._heard), self._config.pair_within
        return f"{topics} arrive, but no stamps are within pair_within, {within:g} s"

    def _why_quiet(self, topic: str) -> str:
        """Why nothing arrives on a topic. The first topic sets the pace."""
        publishers = self._node.count_publishers(topic)
        reason = (
            f"{topic} has {publishers} publisher(s), but nothing arrives"
            if publishers
            else f"nobody publishes {topic}"
        )
        return reason if topic == self.topic else f"{self.topic} arrives, but {reason}; each needs the other"

    def _subscribe(self, kind, topic: str, take: Callable, **options) -> None:
        qos = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
        subscription = self._stream.subscribe(
            kind,
            topic,
            take,
            qos,
            raw=SERIALIZED and kind is PointCloud2,
            event_callbacks=SubscriptionEventCallbacks(
                incompatible_qos=lambda event: self._incompatible(topic, event)
            ),
            qos_overriding_options=QoSOverridingOptions.with_default_policies(),
            **options,
        )
        self._subscriptions.append(subscription)

    def _later(self) -> bool:
        """Whether a cloud is put off, and notes until when it was."""
        later = self._worker is not None and self._worker.soon_free()
        if later or self._put_off:
            self._put_off_until = time.monotonic()
        self._put_off = later
        return later

    def _noted(self, topic: str, pair: Callable, message, info: dict) -> None:
        """Note when a topic's last message arrived, and look for its partners."""
        self._heard[topic] = arrival(info)
        pair(message)

    def _counted(self, topic: str, pair: Callable, message, info: dict) -> None:
        """The same on the topic that sets the pace, where missed messages are counted, too."""
        missed = self._gaps.gap(info, lambda: self._node.count_publishers(self.topic))
        if self._worker is not None and arrival(info) < self._put_off_until:
            self._worker.leave("replaced", missed)
        else:
            self._lost += missed
        self._taken += 1
        if isinstance(message, bytes):
            try:
                message = read_raw_cloud(message)
            except Refusal as refusal:
                self._handed_on += 1
                now_ns = self._node.get_clock().now().nanoseconds
                self._arrived(UnreadableCloud(refusal, now_ns, arrival(info)))
                return
        self._noted(topic, pair, message, info)

    def _incompatible(self, topic: str, event) -> None:
        policy = QoSPolicyKind(event.last_policy_kind).name.lower()
        name = self._node.resolve_topic_name(topic)
        self.mismatch = (
            f"a publisher of {name} offers less {policy} than qos_overrides.{name}.subscription.{policy} asks for; "
            "remove that setting to match every publisher"
        )
        self._node.get_logger().error(self.mismatch)

    def _watch_camera(self, topic: str, images: str) -> None:
        """Keep the newest CameraInfo of an image topic."""
        self._cameras[topic] = ImageCamera(None, is_rectified(images), self._locate)

        def take(info: CameraInfo, _: dict) -> None:
            self._cameras[topic] = replace(self._cameras[topic], info=info)

        self._subscribe(CameraInfo, topic, take)

    def _locate(self, target: str, source: str, stamp_ns: int) -> np.ndarray:
        if target == source:
            return np.eye(4)
        return self._transforms.lookup(target, source, stamp_ns, self._config.tf_timeout)

    def _together(self, *messages) -> None:
        """Take one message of each topic; they are read later, in the perception thread."""
        self._handed_on += 1
        self._arrived(HeldMessages(messages, self._config, dict(self._cameras), self._heard[self.topic]))


def arrival(info: dict) -> float:
    """When a message arrived, by the monotonic clock: it may have been put off since."""
    received = info.get("received_timestamp") or time.time_ns()
    return time.monotonic() - min(max((time.time_ns() - received) * 1e-9, 0.0), SOON)


@dataclass(frozen=True)
class UnreadableCloud:
    """Refuse bytes that are not a cloud."""

    refusal: Refusal
    stamp_ns: int
    arrived: float

    def read(self) -> Cloud:
        raise self.refusal

    def regions(self) -> None:
        return None


class HeldMessages:
    """The unread messages of one frame: cloud or depth image, then colour, then regions, as configured."""

    def __init__(self, messages: tuple, config: Config, cameras: dict[str, ImageCamera], arrived: float):
        self._first, *others = messages
        self._rgbd, self._cameras = config.input == "rgbd", cameras
        self._colour = others[0] if self._rgbd and config.colour else None
        self._marks = others[-1] if config.regions != "none" else None
        self._unit = 1e-3 if config.scene.units == "millimetres" else 1.0
        self.stamp_ns, self.arrived = nanoseconds(self._first.header.stamp), arrived

    def read(self) -> Cloud:
        """The cloud, or a Refusal that says why there is none."""
        return self._cloud

    def regions(self) -> list | None:
        """One region for each box or mask value; None if no regions are configured."""
        if self._marks is None:
            return None
        cloud = self._cloud
        if cloud.points.ndim == 2:  # TF tells in metres where the camera is that shows its points
            cloud = replace(cloud, points=self._unit * cloud.points)
        return image_regions(self._marks, cloud, self._cameras[CAMERA])

    @cached_property
    def _cloud(self) -> Cloud:
        if not self._rgbd:
            first = self._first
            if hasattr(first, "compressed_data"):
                first = decompressed(first)
            return read_cloud(first.with_own_data() if isinstance(first, RawCloud) else first)
        camera = self._cameras[CAMERA]
        if camera.info is None:
            raise Refusal(Status.BAD_CLOUD, "The depth image cannot be used: no camera_info has arrived.")
        colours = self._cameras.get(COLOUR_CAMERA)
        return depth_cloud(self._first, camera.info, self._colour, camera.rectified, colours)


def cloud_by_transport(node: Node, transport: str) -> tuple:
    """The type and topic of clouds, by point_cloud_transport's names."""
    if transport == "raw":
        return PointCloud2, "points"
    try:
        from point_cloud_interfaces.msg import CompressedPointCloud2
    except ImportError:
        raise InputError(
            f"cloud_transport: {transport} needs point_cloud_interfaces, which is not installed"
        ) from None
    return CompressedPointCloud2, f"{node.resolve_topic_name('points')}/{transport}"


def by_transport(topic: str, transport: str) -> tuple:
    """The type and topic of images, by image_transport's names."""
    return (Image, topic) if transport == "raw" else (CompressedImage, f"{topic}/{transport}")


def _regions_topic(config: Config) -> list[tuple]:
    if config.regions == "mask":
        return [(Image, "mask")]
    if config.regions == "detections":
        try:
            from vision_msgs.msg import Detection2DArray
        except ImportError:
            raise InputError("regions: detections needs vision_msgs; install it, or use a mask") from None
        return [(Detection2DArray, "detections")]
    return []
