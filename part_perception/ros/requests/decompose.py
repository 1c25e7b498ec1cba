"""~/decompose: an object of a frame taken apart without words."""

from __future__ import annotations

import numpy as np

from part_perception.ros.messages.clouds import float_array, index_array
from part_perception.ros.messages.parts import part_message
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.regions import core_region, one_object
from part_perception.ros.server import PerceivedFrame, Server
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
        part_message(_part(seen, thing, labels, k), where, 0.0, cloud=cloud) for k in range(count)
    ]
    left, right = tree.merges.T
    response.tree = MergeTree(
        leaf=index_array(tree.member),
        left=index_array(left),
        right=index_array(right),
        height=float_array(tree.heights),
    )


def parts_at(tree, granularity: float) -> int:
    """How many parts there are at a granularity: merges below its share of the height are done; 0 = natural."""
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
