"""A camera that measures in millimetres is answered in metres, everywhere."""

import numpy as np
import table
from robot import CAMERA
from stand_in import StandIn

from part_perception.config import DEFAULTS
from part_perception.ros.messages.clouds import Cloud, read_cloud
from part_perception.ros.outputs.publisher import FrameMessages
from part_perception.ros.server import PendingCloud, Server
from part_perception.ros.transforms import OwnTransforms
from part_perception.settings import with_values


def test_a_cloud_in_millimetres_goes_out_in_metres():
    points = table.view(1).points
    config = with_values(DEFAULTS, {"scene.units": "millimetres", "standing_queries": ["handle"]})
    server = Server(config, StandIn(), OwnTransforms())
    seen = server.look(PendingCloud(lambda: Cloud(points * 1000, None, CAMERA, 1), 1, 0.0))
    sight = FrameMessages(seen, server.place(seen.cloud), 0.0)
    np.testing.assert_allclose(read_cloud(sight.labeled_cloud()).points, points, rtol=1e-5)
    (part,) = sight.parts
    inside = points.reshape(-1, 3)[np.array(part.indices)].mean(axis=0)
    np.testing.assert_allclose((part.centroid.x, part.centroid.y, part.centroid.z), inside, atol=1e-4)
