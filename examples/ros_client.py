"""A ROS 2 client: asks the node where the handle is, and prints where the gripper has to go.

part-perception node --ros-args -r points:=/camera/points &
python examples/ros_client.py handle
"""

import sys

import rclpy

from part_perception_interfaces.msg import Status
from part_perception_interfaces.srv import QueryParts

rclpy.init()
node = rclpy.create_node("asks_for_parts")
client = node.create_client(QueryParts, "/part_perception/query_parts")
if not client.wait_for_service(10.0):
    sys.exit("the node part_perception is not running")

request = QueryParts.Request(queries=sys.argv[1:] or ["handle"], timeout=10.0)
request.target_frame = ""  # "base_link": answers are then in the robot's frame, by TF
future = client.call_async(request)
rclpy.spin_until_future_complete(node, future, timeout_sec=15.0)
answer = future.result()

if answer is None:
    sys.exit("the node did not answer")
if answer.status.code not in (Status.OK, Status.PART_NOT_FOUND):
    sys.exit(answer.status.message)  # a sentence: no cloud yet, too old, no transform ...
for query, found, confidence in zip(request.queries, answer.found, answer.confidence, strict=True):
    print(f"{query}: {'found' if found else 'not there'} ({confidence:.2f})")
for part in answer.parts:
    for grasp in part.grasps[:1]:
        p = grasp.pose.position  # z of the pose is the approach, x the closing direction
        print(
            f"  grip at {p.x:.3f} {p.y:.3f} {p.z:.3f} in {part.header.frame_id}, {grasp.opening_width:.3f} m open"
        )
rclpy.shutdown()
