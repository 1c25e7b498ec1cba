"""A camera that measures in millimetres gets all answers in metres."""

import numpy as np
import table
from builtin_interfaces.msg import Time
from robot import CAMERA
from stand_in import StandIn
from std_msgs.msg import Header

from part_perception.config import DEFAULTS
from part_perception.ros.messages.clouds import XYZ, read_cloud, write_cloud
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
