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
from part_perception.ros.distributions import SERIALIZED, SubscriptionEventCallbacks, with_message_info
from part_perception.ros.messages.clouds import Cloud, RawCloud, nanoseconds, read_cloud, read_raw_cloud
from part_perception.ros.messages.compressed import decompressed
from part_perception.ros.messages.images import ImageCamera, depth_cloud, image_regions
from part_perception.ros.pairing import Pairing, SequenceGaps
from part_perception.ros.perceived import PendingCloud
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.stream import Stream
from part_perception.ros.transforms import Transforms

CAMERA, COLOUR_CAMERA = "camera_info", "color/camera_info"


class Input:
    """Subscribed while the node is active."""

    def __init__(
        self, node: Node, config: Config, transforms: Transforms, arrived: Callable[[PendingCloud], None]
    ):
        self._node, self._config, self._transforms, self._arrived = node, config, transforms, arrived
        self._group = Stream()
        self._subscriptions: list = []
        self._cameras: dict[str, ImageCamera] = {}  # by the topic of the CameraInfo
        self._gaps = SequenceGaps()
        self._pairing: Pairing | None = None
        self.topic = ""
        self.mismatch = ""
        self._lost = self._taken = self._handed_on = 0
        self._heard: dict[str, float] = {}  # by topic, when

    def open(self) -> None:
        """Subscribe to the configured topics."""
        self.mismatch, self._gaps, self._cameras = "", SequenceGaps(), {}
        self._lost = self._taken = self._handed_on = 0
        config, topics = self._config, [cloud_by_transport(self._node, self._config.cloud_transport)]
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
            take = self._noted(name, partial(self._pairing.take, k))
            self._subscribe(kind, topic, self._counted(take) if k == 0 else take)

    def close(self) -> None:
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
        self._subscriptions = []

    def forget(self) -> None:
        """The clock jumped back: messages that wait for a partner are from the future."""
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

    def _subscribe(self, kind, topic: str, take: Callable) -> None:
        qos = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
        subscription = self._node.create_subscription(
            kind,
            topic,
            take,
            qos,
            raw=SERIALIZED and kind is PointCloud2,
            callback_group=self._group,
            event_callbacks=SubscriptionEventCallbacks(
                incompatible_qos=lambda event: self._incompatible(topic, event)
            ),
            qos_overriding_options=QoSOverridingOptions.with_default_policies(),
        )
        self._subscriptions.append(subscription)

    def _noted(self, topic: str, take: Callable) -> Callable:
        """When a topic's last message arrived."""

        def taken(message) -> None:
            self._heard[topic] = time.monotonic()
            take(message)

        return taken

    def _counted(self, take: Callable) -> Callable:
        """Count missed messages of the topic that sets the pace."""

        def publishers() -> int:
            return self._node.count_publishers(self.topic)

        def taken(message, info) -> None:
            self._lost += self._gaps.gap(info, publishers)
            self._taken += 1
            if not isinstance(message, bytes):
                take(message)
                return
            try:
                cloud = read_raw_cloud(message)
            except Refusal as refusal:
                self._handed_on += 1
                now_ns = self._node.get_clock().now().nanoseconds
                self._arrived(UnreadableCloud(refusal, now_ns, time.monotonic()))
                return
            take(cloud)

        return with_message_info(taken)

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

        def take(info: CameraInfo) -> None:
            self._cameras[topic] = replace(self._cameras[topic], info=info)

        self._subscribe(CameraInfo, topic, take)

    def _locate(self, target: str, source: str, stamp_ns: int) -> np.ndarray:
        if target == source:
            return np.eye(4)
        return self._transforms.lookup(target, source, stamp_ns, self._config.tf_timeout)

    def _together(self, *messages) -> None:
        """Take one message of each topic; they are read later, in the perception thread."""
        self._handed_on += 1
        self._arrived(HeldMessages(messages, self._config, dict(self._cameras), time.monotonic()))


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
        self.stamp_ns, self.arrived = nanoseconds(self._first.header.stamp), arrived

    def read(self) -> Cloud:
        """The cloud, or a Refusal that says why there is none."""
        return self._cloud

    def regions(self) -> list | None:
        """One region for each box or mask value; None if no regions are configured."""
        return None if self._marks is None else image_regions(self._marks, self._cloud, self._cameras[CAMERA])

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
