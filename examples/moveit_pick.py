"""Pick a part with MoveIt: grasps from the node, plans and motions from move_group. docs/moveit.md leads here.

python examples/moveit_pick.py mug/handle --frame panda_link0 --arm panda_arm --hand hand --link panda_link8
"""

import argparse

import rclpy
from geometry_msgs.msg import Pose
from rclpy.action import ActionClient
from shape_msgs.msg import SolidPrimitive
from std_msgs.msg import Header

try:
    from moveit_msgs.action import ExecuteTrajectory
    from moveit_msgs.msg import (
        BoundingVolume,
        Constraints,
        JointConstraint,
        MoveItErrorCodes,
        OrientationConstraint,
        PositionConstraint,
    )
    from moveit_msgs.srv import GetCartesianPath, GetMotionPlan, GraspPlanning
except ImportError as missing:
    raise SystemExit(
        f"install moveit_msgs (ros-$ROS_DISTRO-moveit-msgs) for this example: {missing}"
    ) from None

CLOSE, ANGLE = 0.005, 0.02  # metres and radians that the link may miss the start of the approach
# metres between poses of a straight path, and the share of it that has to be possible
STEP, ENOUGH = 0.005, 0.95
SLOW = 0.2  # of the largest speed


class MoveGroup:
    """What move_group offers, one call after the other; a RuntimeError where it cannot."""

    def __init__(self, node, arguments: argparse.Namespace):
        self._node, self._arm, self._hand = node, arguments.arm, arguments.hand
        self._link, self._frame = arguments.link, arguments.frame
        self._grasps = node.create_client(GraspPlanning, "/part_perception/plan_grasps")
        self._plan = node.create_client(GetMotionPlan, "/plan_kinematic_path")
        self._straight = node.create_client(GetCartesianPath, "/compute_cartesian_path")
        self._execute = ActionClient(node, ExecuteTrajectory, "/execute_trajectory")

    def grasps(self, part: str) -> list:
        request = GraspPlanning.Request(group_name=self._arm)
        request.target.id, request.target.header.frame_id = part, self._frame
        return self._checked("grasps", self._call(self._grasps, request)).grasps

    def fingers(self, posture) -> None:
        """Move the fingers as a grasp says."""
        positions = posture.points[0].positions
        self._planned(
            self._hand,
            Constraints(
                joint_constraints=[
                    JointConstraint(
                        joint_name=name, position=at, tolerance_above=0.001, tolerance_below=0.001, weight=1.0
                    )
                    for name, at in zip(posture.joint_names, positions, strict=True)
                ]
            ),
        )

    def to(self, pose: Pose) -> None:
        """Move the link to a pose, round every obstacle that MoveIt knows."""
        header = self._header()
        sphere = SolidPrimitive(type=SolidPrimitive.SPHERE, dimensions=[CLOSE])
        place = PositionConstraint(header=header, link_name=self._link, weight=1.0)
        place.constraint_region = BoundingVolume(primitives=[sphere], primitive_poses=[pose])
        turn = OrientationConstraint(
            header=header, link_name=self._link, orientation=pose.orientation, weight=1.0
        )
        turn.absolute_x_axis_tolerance = turn.absolute_y_axis_tolerance = turn.absolute_z_axis_tolerance = (
            ANGLE
        )
        self._planned(self._arm, Constraints(position_constraints=[place], orientation_constraints=[turn]))

    def straight_to(self, pose: Pose) -> None:
        """Move the link in a straight line; it may touch the object."""
        request = GetCartesianPath.Request(header=self._header(), group_name=self._arm, link_name=self._link)
        request.waypoints, request.max_step = [pose], STEP
        request.max_velocity_scaling_factor = request.max_acceleration_scaling_factor = SLOW
        answer = self._checked("a straight path", self._call(self._straight, request))
        if answer.fraction < ENOUGH:
            raise RuntimeError(f"only {answer.fraction:.0%} of the straight path is possible")
        self._run(answer.solution)

    def _planned(self, group: str, goal: Constraints) -> None:
        request = GetMotionPlan.Request()
        asked = request.motion_plan_request
        asked.group_name, asked.goal_constraints = group, [goal]
        asked.start_state.is_diff = True  # as the robot stands now
        asked.num_planning_attempts, asked.allowed_planning_time = 5, 5.0
        asked.max_velocity_scaling_factor = asked.max_acceleration_scaling_factor = SLOW
        answer = self._call(self._plan, request).motion_plan_response
        self._run(self._checked(f"a plan for {group}", answer).trajectory)

    def _run(self, trajectory) -> None:
        if not self._execute.wait_for_server(5.0):
            raise RuntimeError("/execute_trajectory is not available: start move_group")
        goal = self._wait(self._execute.send_goal_async(ExecuteTrajectory.Goal(trajectory=trajectory)))
        if not goal.accepted:
            raise RuntimeError("the motion was refused")
        self._checked("the motion", self._wait(goal.get_result_async()).result)

    def _call(self, client, request):
        if not client.wait_for_service(5.0):
            raise RuntimeError(f"there is no {client.srv_name}")
        return self._wait(client.call_async(request))

    def _wait(self, future):
        rclpy.spin_until_future_complete(self._node, future, timeout_sec=60.0)
        if future.result() is None:
            raise RuntimeError("no answer came within a minute")
        return future.result()

    def _checked(self, what: str, answer):
        error = answer.error_code
        if error.val != MoveItErrorCodes.SUCCESS:
            raise RuntimeError(f"{what}: error {error.val} {getattr(error, 'message', '')}")
        return answer

    def _header(self):
        return Header(frame_id=self._frame)


def along(pose: Pose, way, distance: float) -> Pose:
    """A pose that is moved along the direction of a GripperTranslation."""
    p, v = pose.position, way.direction.vector
    moved = Pose(orientation=pose.orientation)
    moved.position.x, moved.position.y, moved.position.z = (
        p.x + distance * v.x, p.y + distance * v.y, p.z + distance * v.z
    )  # fmt: skip
    return moved


def pick(group: MoveGroup, part: str) -> None:
    """The first grasp whose approach can be planned; a motion that has begun and fails ends the pick."""
    reasons = []
    for grasp in group.grasps(part):
        pose, approach, retreat = grasp.grasp_pose.pose, grasp.pre_grasp_approach, grasp.post_grasp_retreat
        try:
            group.fingers(grasp.pre_grasp_posture)
            group.to(along(pose, approach, -approach.desired_distance))
        except RuntimeError as reason:
            reasons.append(f"{grasp.id}: {reason}")
            continue
        group.straight_to(pose)
        group.fingers(grasp.grasp_posture)
        group.straight_to(along(pose, retreat, retreat.desired_distance))
        print(f"holding {grasp.id}")
        return
    raise RuntimeError("no grasp can be reached: " + "; ".join(reasons))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", help="such as handle or mug/handle")
    parser.add_argument("--frame", default="panda_link0", help="MoveIt's planning frame")
    parser.add_argument("--arm", default="panda_arm", help="planning group of the arm")
    parser.add_argument("--hand", default="hand", help="planning group of the fingers")
    parser.add_argument("--link", default="panda_link8", help="the link that moves: hand.link of the node")
    arguments = parser.parse_args()
    rclpy.init()
    try:
        pick(MoveGroup(rclpy.create_node("picks_a_part"), arguments), arguments.part)
    except RuntimeError as reason:
        raise SystemExit(str(reason)) from None
    finally:
        rclpy.try_shutdown()


if __name__ == "__main__":
    main()
