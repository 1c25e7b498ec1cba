"""The one typed configuration: every setting, with its meaning and its limits.

ROS parameters, the YAML file, the README's table and the command line are all generated from here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from part_perception.errors import InputError
from part_perception.grasping.gripper import Gripper, Reach
from part_perception.language.english import MAX_TEXT, clean
from part_perception.scene.config import SceneConfig
from part_perception.settings import About, setting, settings

_JOINT_NAME = re.compile(r"\w[\w./-]{0,99}")


@dataclass(frozen=True)
class ModelConfig:
    """The model and the runtime that answer."""

    path: str = setting("", "Model: a shipped name or a folder; empty = the shipped default", read_only=True)
    runtime: str = setting(
        "auto",
        "Runtime of the model: auto = the fastest one that works here, or a name such as onnx:fp32",
        read_only=True,
    )
    cores: int = setting(
        0,
        "Cores that encode objects at the same time; 0 = half of all cores, at most 2",
        0,
        64,
        read_only=True,
    )


@dataclass(frozen=True)
class SelfFilterConfig:
    """Whether the robot's own links are left out of the cloud."""

    enabled: bool = setting(
        False,
        "Leave out points on the robot itself, whose links are known from /robot_description and TF",
        read_only=True,
    )
    padding: float = setting(0.02, "Points this near to a link are left out as well, metres", 0.0, 0.5)


@dataclass(frozen=True)
class FindConfig:
    """Defaults of the action find_part, for goal fields that are 0."""

    timeout: float = setting(10.0, "Seconds that find_part keeps looking", 0.1, 3600.0)
    stable_frames: int = setting(3, "Frames in a row in which the part must be found", 1, 100)


@dataclass(frozen=True)
class HandConfig:
    """How planners are told to move the hand, in ~/plan_grasps."""

    link: str = setting(
        "", "Link that planners move, for ~/plan_grasps; empty = poses between the fingertips"
    )
    tip_frame: str = setting("", "Frame between the fingertips, z along the fingers; needed with hand.link")
    closing_axis: str = setting(
        "x", "Axis of hand.tip_frame along which the fingers close", choices=("x", "y")
    )
    finger_joints: tuple[str, ...] = setting(
        (), "Joints of the fingers; each moves by its share of the opening"
    )
    retreat: float = setting(0.1, "How far to lift a part after a grasp, metres", 0.0, 1.0)

    def __post_init__(self) -> None:
        if self.link and not self.tip_frame:
            raise InputError("hand.link needs hand.tip_frame: TF gives the transform between them")
        names = set(self.finger_joints)
        if len(names) != len(self.finger_joints) or not all(_JOINT_NAME.fullmatch(name) for name in names):
            raise InputError("hand.finger_joints must be distinct names of joints in the robot's description")


@dataclass(frozen=True)
class DiagnosticsConfig:
    """The thresholds at which /diagnostics turns to WARN or ERROR."""

    no_cloud_after: float = setting(
        2.0, "WARN if no cloud has arrived for this many seconds, ERROR after 5 times it", 0.1, 600.0
    )
    slow_frame: float = setting(0.25, "WARN if a frame takes longer than this many seconds", 0.001, 60.0)
    slow_for: float = setting(5.0, "ERROR if frames stay slow for this many seconds", 0.0, 600.0)


@dataclass(frozen=True)
class Config:
    """All settings."""

    input: str = setting(
        "cloud",
        "What is subscribed to: a point cloud, or a depth image and camera_info",
        choices=("cloud", "rgbd"),
        read_only=True,
    )
    colour: bool = setting(False, "With input rgbd: subscribe to the colour image too", read_only=True)
    cloud_transport: str = setting(
        "raw",
        "Transport of the clouds; with any but raw, the topic is points/NAME, as in point_cloud_transport",
        choices=("raw", "draco", "zlib", "zstd"),
        read_only=True,
    )
    depth_transport: str = setting(
        "raw",
        "Transport of the depth images; with any but raw, the topic is depth/image/NAME, as in image_transport",
        choices=("raw", "compressedDepth", "compressed"),
        read_only=True,
    )
    colour_transport: str = setting(
        "raw", "The same for color/image", choices=("raw", "compressed"), read_only=True
    )
    pair_within: float = setting(
        0.02,
        "Depth, colour and regions belong to one frame if their stamps differ by less than this, seconds",
        0.0,
        1.0,
        read_only=True,
    )
    regions: str = setting(
        "none",
        "Look only in regions of interest: the boxes on the topic detections, or the nonzero pixels of the image mask",
        choices=("none", "detections", "mask"),
        read_only=True,
    )
    autostart: bool = setting(
        True, "Configure and activate at start; false = wait for lifecycle transitions", read_only=True
    )
    bond: bool = setting(
        False, "Form a bond with nav2_lifecycle_manager while active; needs the package bond", read_only=True
    )
    standing_queries: tuple[str, ...] = setting(
        (), "Asked on every frame; empty = frames are processed only for subscribers and requests"
    )
    object_words: tuple[str, ...] = setting(
        (), "Standing queries look only at objects recognised as one of these; empty = all objects"
    )
    target_frame: str = setting("", "Frame of everything that is published; empty = the cloud's own")
    gravity_frame: str = setting(
        "", "Fixed frame whose z axis points up; empty = find the up direction in the cloud"
    )
    viewpoint_frame: str = setting(
        "", "Frame of the camera that took the cloud; empty = the cloud's own, or found by TF or by its rays"
    )
    pre_grasp_offset: float = setting(
        0.1,
        "Grasp.pre_grasp lies this far back along the approach, metres, unless a request says otherwise",
        0.0,
        2.0,
    )
    labeled_cloud_step: int = setting(
        1,
        "~/labeled_cloud keeps every n-th row and column of the cloud, or every n-th point if it is "
        "unorganised; for viewers on slow links",
        1,
        64,
    )
    tf_timeout: float = setting(0.1, "Seconds to wait for a transform at the cloud's stamp", 0.0, 10.0)
    max_cloud_age: float = setting(
        1.0, "Older clouds are refused, seconds; requests can set another limit", 0.01, 3600.0
    )
    max_stamp_ahead: float = setting(
        1.0, "How far a cloud's stamp may be ahead of the node's clock, seconds", 0.0, 3600.0
    )
    request_timeout: float = setting(
        5.0, "Seconds a request waits for a cloud and its transform, unless it says otherwise", 0.05, 600.0
    )
    max_text_length: int = setting(200, "Maximum length of a query or word, characters", 1, MAX_TEXT)
    max_queries: int = setting(64, "Maximum number of queries in a request", 1, 1000)
    taught_words: str = setting(
        "",
        "File that keeps taught words across restarts; empty = this node's own in the user's data folder, "
        "none = nothing is kept",
        read_only=True,
    )
    allow_teach: bool = setting(True, "Words can be taught and forgotten; false = refused", read_only=True)
    allow_enable: bool = setting(True, "~/enable can pause the node; false = refused", read_only=True)
    lock_parameters: bool = setting(False, "No parameter can be changed while the node runs", read_only=True)
    collision_objects: bool = setting(
        False,
        "Publish MoveIt collision objects with one subframe per part, where moveit_msgs is installed",
        read_only=True,
    )
    find_part: FindConfig = FindConfig()
    diagnostics: DiagnosticsConfig = DiagnosticsConfig()
    model: ModelConfig = ModelConfig()
    scene: SceneConfig = SceneConfig(max_encode_ms=500.0)
    self_filter: SelfFilterConfig = SelfFilterConfig()
    gripper: Gripper = Gripper()
    reach: Reach = Reach()
    hand: HandConfig = HandConfig()

    def __post_init__(self) -> None:
        for name, texts in (("standing_queries", self.standing_queries), ("object_words", self.object_words)):
            if len(texts) > self.max_queries:
                raise InputError(
                    f"{name}: {len(texts)} texts are too many; the maximum (max_queries) is {self.max_queries}"
                )
            for text in texts:
                if len(text) > self.max_text_length:
                    raise InputError(
                        f"{name}: a text of {len(text)} characters is too long; "
                        f"the maximum (max_text_length) is {self.max_text_length}"
                    )
                try:
                    clean(text)
                except InputError as error:
                    raise InputError(f"{name}: {error}") from None


DEFAULTS = Config()


def unhurried(config: Config) -> Config:
    """For recordings and files: every object is encoded, so that results do not depend on the machine's speed."""
    return replace(config, scene=replace(config.scene, max_encode_ms=0.0))


def parameters_yaml(config: Config = DEFAULTS) -> str:
    """The configuration as a ROS parameter file for nodes of any name and namespace, with explanations."""
    lines = ["/**:", "  ros__parameters:"]
    for s in settings(config).values():
        unset = "# " if s.value in ((), None) else ""  # an empty list has no type in a ROS parameter file
        lines += [f"    # {described_limits(s.about)}", f"    {unset}{s.name}: {yaml_value(s.value)}"]
    return "\n".join(lines) + "\n"


def parameters_table(config: Config = DEFAULTS) -> str:
    """The configuration as a Markdown table."""
    lines = ["| parameter | default | meaning |", "|---|---|---|"]
    for s in settings(config).values():
        lines.append(f"| `{s.name}` | `{yaml_value(s.value)}` | {described_limits(s.about)} |")
    return "\n".join(lines) + "\n"


def described_limits(about: About) -> str:
    """The meaning of a setting and its limits."""
    parts = [about.text]
    if about.choices:
        parts.append(f"one of {', '.join(about.choices)}")
    if about.low is not None:
        parts.append(f"from {about.low:g} to {about.high:g}")
    if about.read_only:
        parts.append("fixed at start")
    return "; ".join(parts)


def yaml_value(value) -> str:
    """A value as YAML, which is also JSON here; None is an empty list."""
    return json.dumps([] if value is None else value)
