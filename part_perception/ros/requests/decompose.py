"""Requests without words: ~/decompose and ~/cosegment split objects, ~/transfer carries a place to another object."""

from __future__ import annotations

import numpy as np

from part_perception.geometry.boxes import level_axes
from part_perception.geometry.poses import inverse
from part_perception.inputs import pose_of
from part_perception.ros.messages.clouds import float_array, index_array, read_cloud
from part_perception.ros.messages.parts import part_message
from part_perception.ros.messages.poses import matrix_of_pose
from part_perception.ros.perceived import PerceivedFrame
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.regions import check_apart, core_region, object_with, one_object
from part_perception.ros.server import Server
from part_perception.types import Part
from part_perception_interfaces.msg import MergeTree

MAX_PARTS = 256


def decompose(server: Server, seen: PerceivedFrame, request, response, timeout: float) -> None:
    """Fill the answer of Decompose from a frame."""
    where = server.place(seen.cloud, request.target_frame, timeout)
    response.header = where.header
    if not 0 <= request.granularity <= 1:
        raise Refusal(Status.BAD_REQUEST, f"granularity must be from 0 to 1, not {request.granularity:g}.")
    thing = one_object(seen, core_region(request.region, seen, server, timeout))
    tree = server.segmenter.hierarchy(thing.points, up=seen.frame.up)
    count = request.parts or parts_at(tree, request.granularity)
    if count > min(MAX_PARTS, tree.leaves):
        most = min(MAX_PARTS, tree.leaves)
        raise Refusal(Status.BAD_REQUEST, f"This object can be cut into at most {most} parts, not {count}.")
    labels = tree.cut(count)
    cloud = seen.cloud if request.with_points else None
    response.object_id, response.indices, response.labels = (
        thing.id,
        index_array(thing.indices),
        index_array(labels),
    )
    response.parts = [
        part_message(_part(seen, thing, labels, k), where, 0.0, thing.belief, cloud) for k in range(count)
    ]
    left, right = tree.merges.T
    response.tree = MergeTree(
        leaf=index_array(tree.member),
        left=index_array(left),
        right=index_array(right),
        height=float_array(tree.heights),
    )


def parts_at(tree, granularity: float) -> int:
    """The number of parts at a granularity: merges below this share of the height are done; 0 = natural."""
    if granularity == 0:
        return tree.natural_parts()
    above = np.count_nonzero(tree.heights > (1 - granularity) * tree.heights.max())
    return int(np.clip(1 + above, 1, min(MAX_PARTS, tree.leaves)))


def _part(seen: PerceivedFrame, thing, labels: np.ndarray, k: int) -> Part:
    mine = labels == k
    return Part.located(
        "",
        1.0,
        lambda: (thing.indices[mine], thing.points[mine]),
        lambda points: seen.frame.plan(points, thing),
        object_id=thing.id,
        instance=k,
    )


def transfer(server: Server, newest: PerceivedFrame, request, response, timeout: float) -> None:
    """Fill the answer of Transfer from the newest frame and the one in which the place was taught."""
    where = server.place(newest.cloud, request.target_frame, timeout)
    response.header = where.header
    taught = newest
    if request.cloud.data:
        check_apart(request.source)
        taught = server.look_apart(read_cloud(request.cloud))
    place = _place(server, taught, request.place, timeout)
    source = _source(server, taught, request.source, place, timeout)
    target = one_object(newest, core_region(request.target, newest, server, timeout))
    upright_a, upright_b = _upright(taught.frame.up), _upright(newest.frame.up)
    moved, sure = server.segmenter.transfer(
        upright_a @ place, source.points @ upright_a[:3, :3].T, target.points @ upright_b[:3, :3].T
    )
    pose = inverse(upright_b) @ moved
    response.object_id, response.confidence = target.id, float(sure)
    response.place = where.pose_message(pose[:3, 3], pose[:3, :3])


def cosegment(server: Server, seen: PerceivedFrame, request, response) -> None:
    """Fill the answer of Cosegment from a frame."""
    if not seen.frame.objects:
        raise Refusal(Status.NO_OBJECT, f"There is no object: {seen.frame.reason}.")
    ids = list(dict.fromkeys(request.object_ids))
    things = [object_with(seen, each) for each in ids] if ids else seen.frame.objects
    if len(things) < 2:
        raise Refusal(Status.BAD_REQUEST, "Co-segmentation needs at least two objects.")
    if request.parts > MAX_PARTS:
        raise Refusal(Status.BAD_REQUEST, f"parts must be at most {MAX_PARTS}, not {request.parts}.")
    first, *others = (thing.points for thing in things)
    labels = server.segmenter.cosegment(first, others, request.parts or None, up=seen.frame.up)
    response.header = server.place(seen.cloud, seen.cloud.frame_id).header
    response.indices = index_array(np.concatenate([thing.indices for thing in things]))
    owners = np.concatenate([np.full(len(thing.indices), thing.id) for thing in things])
    response.object_ids, response.labels = index_array(owners), index_array(np.concatenate(labels))


def _place(server: Server, taught: PerceivedFrame, place, timeout: float) -> np.ndarray:
    """The taught pose in its cloud's frame."""
    turn, cloud = place.pose.orientation, taught.cloud
    if not any((turn.x, turn.y, turn.z, turn.w)):
        turn.w = 1.0
    frame = place.header.frame_id or cloud.frame_id
    pose = server.transforms.lookup(cloud.frame_id, frame, cloud.stamp_ns, timeout)
    return pose_of(pose @ matrix_of_pose(place.pose))


def _source(server: Server, taught: PerceivedFrame, region, place: np.ndarray, timeout: float):
    """The object of the place: the region's object, or the nearest one."""
    if region.kind:
        return one_object(taught, core_region(region, taught, server, timeout))
    if not taught.frame.objects:
        raise Refusal(Status.NO_OBJECT, f"There is no object: {taught.frame.reason}.")

    def away(thing) -> float:
        return float(np.linalg.norm(thing.points - place[:3, 3], axis=1).min())

    return min(taught.frame.objects, key=away)


def _upright(up: np.ndarray) -> np.ndarray:
    """(4, 4) from a cloud's frame to one whose z is up, so that objects of different clouds can be compared."""
    pose = np.eye(4)
    pose[:3, :3] = level_axes(up).T
    return pose
