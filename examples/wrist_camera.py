"""A camera on a wrist finds handles on the far side: the action find_part says where to look from next.

part-perception node --ros-args -p gravity_frame:=world -p tf_timeout:=1.0 -p max_cloud_age:=5.0 &
python examples/wrist_camera.py --scenes 10

Wrist and camera are simulated here; on a robot, `Wrist.go` moves the arm, and the rest stays as it is.
"""

import argparse
import itertools
import sys
import threading

import numpy as np
from rclpy.action import ActionClient
from rclpy.qos import QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import PointCloud2
from tf2_msgs.msg import TFMessage

from part_perception.ros.messages.poses import matrix_of_pose
from part_perception.ros.tools.asker import Connection
from part_perception.ros.tools.simulated_camera import WORLD, frame_messages
from part_perception.simulation.capture import capture, look_at
from part_perception.simulation.things import block, thing
from part_perception_interfaces.action import FindPart

KINDS = "mug", "beer mug", "pitcher", "milk jug"
AZIMUTH, ELEVATION, DISTANCE = 0.3, 0.4, 0.75  # of the first look
HIDDEN = 20  # pixels of the handle that may show at first
RATE, SETTLED = 5.0, 1.0  # clouds a second, seconds in which the node sees that the table has changed
NEAR = 0.03  # metres from the handle that a part and a grasp may be
ENOUGH = 0.8  # of the scenes


class Wrist(Connection):
    """A camera that sees the same things from wherever it is told to go, and a search for their parts."""

    def listen(self) -> None:
        newest = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
        self._points = self._node.create_publisher(PointCloud2, "points", newest)
        self._tf = self._node.create_publisher(TFMessage, "/tf", 100)
        self._search = ActionClient(self._node, FindPart, f"{self._asked}/find_part")
        self._messages, self._changed = None, threading.Condition()
        self._node.create_timer(1 / RATE, self._publish)

    def _publish(self) -> None:
        if self._messages is not None:
            cloud, transform = self._messages
            stamp = self._node.get_clock().now().to_msg()
            cloud.header.stamp = transform.transforms[0].header.stamp = stamp
            self._tf.publish(transform)
            self._points.publish(cloud)

    def go(self, things, pose: np.ndarray):
        """Look at the things from a pose; the time from which on clouds are from there."""
        self._messages = frame_messages(capture(things, pose, np.random.default_rng(0)))
        return self._node.get_clock().now()

    def search(self, things, pose: np.ndarray, word: str) -> tuple[FindPart.Result, int]:
        """Go where find_part says until the part is found; its result, and how often the camera moved."""
        here, moves = self.go(things, pose), 0
        threading.Event().wait(SETTLED)
        told = None
        done = threading.Event()

        def take(message) -> None:
            nonlocal told
            told = message.feedback.next_view

        goal = FindPart.Goal(query=word, target_frame=WORLD, timeout=60.0, with_indices=False)
        if not self._search.wait_for_server(10.0):
            raise TimeoutError(f"nobody offers {self._asked}/find_part")
        accepted = threading.Event()
        sent = self._search.send_goal_async(goal, take)
        sent.add_done_callback(lambda _: accepted.set())
        if not accepted.wait(10.0):
            raise TimeoutError("the node did not take the goal")
        future = sent.result().get_result_async()
        future.add_done_callback(lambda _: done.set())
        while not done.wait(0.05):
            view = told
            stamp = (view.header.stamp.sec, view.header.stamp.nanosec) if view else (0, 0)
            if view and view.header.frame_id and stamp > here.seconds_nanoseconds():
                here, moves = self.go(things, matrix_of_pose(view.pose)), moves + 1
        return future.result().result, moves


def scenes():
    """Tables with one thing whose handle is behind it, as seen from the first pose, and a box beside it."""
    first = look_at(AZIMUTH, ELEVATION, DISTANCE)
    for seed in itertools.count():
        rng = np.random.default_rng(seed)
        one = thing(KINDS[seed % len(KINDS)], seed)
        (number,) = (k for k, names in enumerate(one.parts) if "handle" in names)
        side = one.quads[one.part == number].mean(axis=(0, 1)) - one.quads.mean(axis=(0, 1))
        away = AZIMUTH + np.pi + rng.uniform(-0.3, 0.3)
        one = one.moved((0.0, 0.0, 0.0), away - np.arctan2(side[1], side[0]))
        box = block(rng.uniform((0.05, 0.05, 0.04), (0.1, 0.1, 0.08))).moved(
            (0.1, 0.25, 0.0), rng.uniform(0, 3)
        )
        seen = capture((one, box), first)
        if np.count_nonzero((seen.label == 0) & (seen.part == number)) <= HIDDEN:
            yield seed, (one, box), one.surface.points[one.surface.part == number]


def far(point, handle: np.ndarray) -> float:
    """Metres from a point of a message to a handle."""
    return float(np.linalg.norm(handle - (point.x, point.y, point.z), axis=1).min())


def main() -> int:
    parser = argparse.ArgumentParser(description="Look for handles on the far side.")
    parser.add_argument("--scenes", type=int, default=10)
    count = parser.parse_args().scenes
    wrist, right = Wrist("wrist_camera"), 0
    first = look_at(AZIMUTH, ELEVATION, DISTANCE)
    try:
        wrist.wait_for_node(60.0)
        for seed, things, handle in itertools.islice(scenes(), count):
            wrist.go((), first)
            threading.Event().wait(SETTLED)
            found, moves = wrist.search(things, first, "handle")
            told = found.status.message
            if found.parts:
                part = found.parts[0]
                aside = [far(part.centroid, handle), *(far(g.pose.position, handle) for g in part.grasps[:1])]
                good = len(aside) == 2 and max(aside) < NEAR
                right += good
                told = f"confidence {part.confidence:.2f}, {aside[0] * 1e3:.0f} mm from the handle"
                told += "" if good else ": WRONG"
            print(f"{things[0].kind} {seed}: after {moves} moves, {told}", flush=True)
    finally:
        wrist.close()
    print(f"the handle was found and can be gripped in {right} of {count} scenes")
    return 0 if right >= ENOUGH * count else 1


if __name__ == "__main__":
    sys.exit(main())
