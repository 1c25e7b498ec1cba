"""MoveIt grasps: for the link that planners move, with finger positions, approach and retreat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from geometry_msgs.msg import PoseStamped, Vector3Stamped

from part_perception.config import HandConfig
from part_perception.ros.messages.poses import matrix_of_pose, pose_message, vector_message
from part_perception_interfaces import msg

MIN_SHARE = 0.5  # of the approach or retreat that must be possible
TURNED = np.array(((0.0, 1.0, 0.0, 0.0), (-1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0)))


@dataclass(frozen=True)
class Hand:
    """A gripper for planners: its settings, and the pose of the moved link in the frame of the fingertips."""

    config: HandConfig
    link_in_tip: np.ndarray

    def link_pose(self, grasp: np.ndarray) -> np.ndarray:
        """The link's pose when the fingertips are at a grasp (z is the approach, x the closing direction)."""
        tip = grasp if self.config.closing_axis == "x" else grasp @ TURNED
        return tip @ self.link_in_tip


def moveit_grasps(part: msg.Part, up: np.ndarray, hand: Hand, target: str) -> list:
    """All grasps of a part, best first. `up`: in the part's frame; `target`: the object that may be touched."""
    from moveit_msgs.msg import Grasp

    grasps = []
    for k, grasp in enumerate(part.grasps):
        at, start = matrix_of_pose(grasp.pose), matrix_of_pose(grasp.pre_grasp)
        approach = at[:3, 2]
        back = float(np.linalg.norm(at[:3, 3] - start[:3, 3]))
        pose = hand.link_pose(at)
        grasps.append(
            Grasp(
                id=f"{part.query} {part.object_id}.{part.instance}.{k}",
                pre_grasp_posture=posture(hand.config, grasp.opening_width),
                grasp_posture=posture(hand.config, 0.0),
                grasp_pose=PoseStamped(header=part.header, pose=pose_message(pose[:3, 3], pose[:3, :3])),
                grasp_quality=float(grasp.quality),
                pre_grasp_approach=translation(part.header, approach, back),
                post_grasp_retreat=translation(part.header, up, hand.config.retreat),
                post_place_retreat=translation(part.header, -approach, back),
                allowed_touch_objects=[target] if target else [],
            )
        )
    return grasps


def posture(config: HandConfig, opening: float):
    """The positions of finger joints that share an opening."""
    from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

    joints = list(config.finger_joints)
    positions = [float(opening) / len(joints)] * len(joints) if joints else []
    return JointTrajectory(
        joint_names=joints, points=[JointTrajectoryPoint(positions=positions)] if joints else []
    )


def translation(header, direction: np.ndarray, distance: float):
    """A straight motion of the gripper."""
    from moveit_msgs.msg import GripperTranslation

    return GripperTranslation(
        direction=Vector3Stamped(header=header, vector=vector_message(direction)),
        desired_distance=float(distance),
        min_distance=MIN_SHARE * float(distance),
    )
