"""A camera that measures in millimetres gets all answers in metres; a thinned labelled cloud keeps its labels."""

import numpy as np
import pytest
import table
from builtin_interfaces.msg import Time
from robot import CAMERA
from stand_in import StandIn
from std_msgs.msg import Header

from part_perception.config import DEFAULTS
from part_perception.pictures.thinning import MOST
from part_perception.ros.messages.clouds import LABELLED, NO_OBJECT, XYZ, read_cloud, write_cloud
from part_perception.ros.outputs.publisher import FrameMessages
from part_perception.ros.perceived import PendingMessage
from part_perception.ros.server import Server
from part_perception.ros.transforms import OwnTransforms
from part_perception.settings import with_values


def test_a_cloud_in_millimetres_is_answered_in_metres():
    points = table.view(1).points
    config = with_values(DEFAULTS, {"scene.units": "millimetres", "standing_queries": ["handle"]})
    server = Server(config, StandIn(), OwnTransforms())
    header = Header(stamp=Time(nanosec=1), frame_id=CAMERA)
    message = write_cloud((points * 1000).astype(np.float32), header, XYZ)
    seen = server.look(PendingMessage(message, 0.0))
    sight = FrameMessages(seen, server.place(seen.cloud), 0.0)
    np.testing.assert_allclose(read_cloud(sight.labeled_cloud()).points, points, rtol=1e-5)
    (part,) = sight.parts
    inside = points.reshape(-1, 3)[np.array(part.indices)].mean(axis=0)
    np.testing.assert_allclose((part.centroid.x, part.centroid.y, part.centroid.z), inside, atol=1e-4)


@pytest.mark.parametrize("ordered", [True, False])
def test_a_thinned_labelled_cloud_is_every_third_row_and_column(ordered):
    points = table.view(1).points.astype(np.float32)
    if not ordered:
        points = points.reshape(-1, 3)
    server = Server(with_values(DEFAULTS, {"standing_queries": ["handle"]}), StandIn(), OwnTransforms())
    message = write_cloud(points, Header(stamp=Time(nanosec=1), frame_id=CAMERA), XYZ)
    seen = server.look(PendingMessage(message, 0.0))
    every, third = (
        FrameMessages(seen, server.place(seen.cloud), 0.0, step=s).labeled_cloud() for s in (1, 3)
    )
    shape = (every.height, every.width) if ordered else (every.width,)
    some = (slice(None, None, 3),) * len(shape)
    records = np.frombuffer(every.data, LABELLED).reshape(shape)[some]
    assert (third.height, third.width) == (records.shape if ordered else (1, len(records)))
    thinned = np.frombuffer(third.data, LABELLED).reshape(records.shape)
    for name in ("x", "label", "score", "object_id"):
        np.testing.assert_array_equal(thinned[name], records[name])
    assert (thinned["label"] == 0).sum() > 3


def test_a_preview_has_the_parts_and_objects_and_some_of_the_rest():
    points = table.view(1).points.astype(np.float32)
    server = Server(with_values(DEFAULTS, {"standing_queries": ["handle"]}), StandIn(), OwnTransforms())
    message = write_cloud(points, Header(stamp=Time(nanosec=1), frame_id=CAMERA), XYZ)
    seen = server.look(PendingMessage(message, 0.0))
    sight = FrameMessages(seen, server.place(seen.cloud), 0.0)
    whole, preview = (
        np.frombuffer(cloud.data, LABELLED) for cloud in (sight.labeled_cloud(), sight.preview_cloud())
    )
    assert len(preview) == MOST < len(whole)
    assert np.isfinite(preview["z"]).all() and (preview["z"] != 0).all()
    for of in (lambda cloud: cloud["label"] == 0, lambda cloud: cloud["object_id"] != NO_OBJECT):
        assert (
            np.array_equal(np.sort(preview[of(preview)]), np.sort(whole[of(whole)]))
            and of(preview).sum() > 30
        )
    assert set(preview.tolist()) <= set(whole.tolist())
