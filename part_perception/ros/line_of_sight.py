"""Line of sight: the camera's position in a cloud's frame, which the approach of a gripper depends on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.config import Config
from part_perception.ros.messages.clouds import Cloud
from part_perception.ros.refusal import Refusal
from part_perception.ros.transforms import Transforms
from part_perception.scene.sightlines import SAME_PLACE, Rays, rays_of

ORIGIN = np.zeros(3)
UNKNOWN = (
    "no grasps are given: the camera's position in {frame} is unknown; set viewpoint_frame to the camera's "
    "optical frame"
)
CONTRADICTED = (
    "no grasps are given: the cloud was not seen from {named}, but from {seen} in {frame}; set viewpoint_frame "
    "to the optical frame of the camera that took it"
)


@dataclass(frozen=True)
class LineOfSight:
    """The camera's position in the cloud's frame, or None and the reason why it is unknown."""

    viewpoint: np.ndarray | None
    remark: str = ""


def line_of_sight(cloud: Cloud, config: Config, transforms: Transforms) -> LineOfSight:
    """By the parameter, the frame's name, the rays of an organised cloud, or the one camera that TF knows."""
    rays = rays_of(cloud.points[..., :3])
    if rays is not None and config.scene.units == "millimetres":
        rays = Rays(rays.points * 1e-3, rays.pixels, rays.size)
    if config.viewpoint_frame:
        pose = transforms.lookup(cloud.frame_id, config.viewpoint_frame, cloud.stamp_ns, config.tf_timeout)
        return _checked(pose[:3, 3], config.viewpoint_frame, rays, cloud)
    if is_optical(cloud.frame_id):
        return _checked(ORIGIN, cloud.frame_id, rays, cloud)
    if rays is not None and rays.meet_in(ORIGIN):
        return LineOfSight(ORIGIN)
    if rays is not None and rays.meeting_point is not None:
        return LineOfSight(rays.meeting_point)
    camera = _only_camera(cloud, transforms)
    return LineOfSight(camera, "" if camera is not None else UNKNOWN.format(frame=cloud.frame_id))


def is_optical(frame_id: str) -> bool:
    """Whether a frame is a camera's own, by REP 103's naming."""
    return "optical" in frame_id.rsplit("/", 1)[-1].lower()


def _checked(named: np.ndarray, name: str, rays: Rays | None, cloud: Cloud) -> LineOfSight:
    """The stated position, unless the cloud contradicts it."""
    if rays is None or rays.meeting_point is None or rays.meet_in(named) is not False:
        return LineOfSight(named)
    seen = "({:.2f}, {:.2f}, {:.2f})".format(*rays.meeting_point)
    return LineOfSight(None, CONTRADICTED.format(named=name, seen=seen, frame=cloud.frame_id))


def _only_camera(cloud: Cloud, transforms: Transforms) -> np.ndarray | None:
    """The position of the optical frames in TF, if they belong to one camera."""
    places = []
    for frame in filter(is_optical, transforms.frames()):
        try:
            places.append(transforms.lookup(cloud.frame_id, frame, cloud.stamp_ns, 0.0)[:3, 3])
        except Refusal:
            continue
    if not places or np.ptp(places, axis=0).max() > 2 * SAME_PLACE:
        return None
    return np.mean(places, axis=0)
