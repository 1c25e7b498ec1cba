"""From a part to MoveIt: the goal and the start of the approach, as poses of the tool in the robot's frame.

The node does the same over ROS (Grasp.pose, Grasp.pre_grasp, collision objects); this is the arithmetic of it.
"""

import numpy as np

from part_perception import Gripper, ScenePerception
from part_perception.simulation.capture import capture, orbit
from part_perception.simulation.things import thing

BACK = 0.10  # metres that the gripper starts before the grasp
TOOL_TO_FINGERTIPS = np.eye(4)  # of your gripper: from MoveIt's end-effector link to between the fingertips

camera_in_base = orbit(1)[0]  # in real life from TF: base_link <- camera optical frame
table = [thing("mug", 1).moved((0.0, 0.0, 0.0), 3.9)]
cloud = capture(table, camera_in_base, np.random.default_rng(1)).points

frame = ScenePerception(gripper=Gripper(max_opening=0.10)).process(cloud, 0.0, camera_pose=camera_in_base)
handle = frame.ask("handle")[0]
if not handle.found or handle.grasp is None:
    raise SystemExit("no handle that this gripper can hold")

grasp = np.eye(4)  # in the camera's frame: z along the approach, x along the closing direction
grasp[:3, :3], grasp[:3, 3] = handle.grasp.rotation, handle.grasp.position
goal = camera_in_base @ grasp @ np.linalg.inv(TOOL_TO_FINGERTIPS)
start = goal.copy()
start[:3, 3] -= BACK * goal[:3, 2]  # back along the approach

print("open the fingers", round(handle.grasp.width + 0.01, 3), "m")
print("move_group.set_pose_target: position", *start[:3, 3].round(3))
print("then in a straight line (compute_cartesian_path) to", *goal[:3, 3].round(3))
