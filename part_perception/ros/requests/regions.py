"""Region messages → regions of the core: a box, or a mask over the cloud's points."""

from __future__ import annotations

import numpy as np

from part_perception.geometry.poses import moved_box
from part_perception.ros.messages.poses import box_of
from part_perception.ros.perceived import PerceivedFrame
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.server import Server
from part_perception.types import OrientedBox
from part_perception_interfaces.msg import Region


def core_region(
    message: Region, seen: PerceivedFrame, server: Server, timeout: float
) -> OrientedBox | np.ndarray | None:
    """None stands for everything."""
    if message.kind == Region.EVERYTHING:
        return None
    if message.kind == Region.BOX:
        return _box(message, seen, server, timeout)
    if message.kind == Region.IMAGE:
        return pixels(message.roi, seen.cloud.points.shape)
    if message.kind == Region.OBJECT:
        mask = np.zeros(seen.cloud.points.size // 3, bool)
        mask[object_with(seen, message.object_id).indices] = True
        return mask
    raise Refusal(Status.BAD_REQUEST, f"region.kind must be from 0 to 3, not {message.kind}.")


def _box(message: Region, seen: PerceivedFrame, server: Server, timeout: float) -> OrientedBox:
    size, place, turn = message.box.size, message.box.center.position, message.box.center.orientation
    numbers = (size.x, size.y, size.z, place.x, place.y, place.z, turn.x, turn.y, turn.z, turn.w)
    if not np.isfinite(numbers).all():
        raise Refusal(Status.BAD_REQUEST, "region.box must be finite.")
    if min(size.x, size.y, size.z) <= 0:
        raise Refusal(Status.BAD_REQUEST, "region.box.size must be more than 0 in x, y and z.")
    if not any((turn.x, turn.y, turn.z, turn.w)):
        raise Refusal(
            Status.BAD_REQUEST, "region.box.center.orientation is not a rotation; for no rotation, set w = 1."
        )
    frame, cloud = message.frame_id or seen.cloud.frame_id, seen.cloud
    return moved_box(
        box_of(message.box), server.transforms.lookup(cloud.frame_id, frame, cloud.stamp_ns, timeout)
    )


def pixels(roi, shape: tuple[int, ...]) -> np.ndarray:
    """A mask (H × W,) of the pixels in a rectangle of an organised cloud."""
    if len(shape) != 3:
        raise Refusal(
            Status.BAD_REQUEST, "An image region needs an organised cloud; this one has a single row."
        )
    mask = np.zeros(shape[:2], bool)
    mask[roi.y_offset : roi.y_offset + roi.height, roi.x_offset : roi.x_offset + roi.width] = True
    if not mask.any():
        raise Refusal(Status.BAD_REQUEST, f"region.roi holds no pixel of the {shape[1]} × {shape[0]} cloud.")
    return mask.ravel()


def check_apart(message: Region) -> None:
    """Refuse the number of an object where a request brings its own cloud, in which nothing was tracked."""
    if message.kind == Region.OBJECT:
        raise Refusal(
            Status.BAD_REQUEST,
            "region.object_id is the number of an object in the newest cloud, and tells nothing about the cloud of "
            "the request; give a box or a rectangle of the image.",
        )


def object_with(seen: PerceivedFrame, object_id: int):
    for thing in seen.frame.objects:
        if thing.id == object_id:
            return thing
    raise Refusal(Status.NO_OBJECT, f"There is no object {object_id} in the newest cloud.")


def one_object(seen: PerceivedFrame, region: OrientedBox | np.ndarray | None):
    """The object with the most points in a region; without a region, the one nearest to the camera."""
    if not seen.frame.objects:
        raise Refusal(Status.NO_OBJECT, f"There is no object: {seen.frame.reason}.")
    things = seen.frame.objects if region is None else seen.frame.objects_in(region)
    if not things:
        raise Refusal(Status.NO_OBJECT, "There is no object in the region.")
    if region is None:
        return min(things, key=lambda thing: np.linalg.norm(thing.centroid - seen.frame.view.viewpoint))
    return max(things, key=lambda thing: len(thing.indices))
