"""The action find_part: look at frame after frame until the part is found for several frames, or time is up."""

from __future__ import annotations

import math
import time
from functools import partial

from geometry_msgs.msg import PoseStamped
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.callback_groups import ReentrantCallbackGroup

from part_perception.errors import InputError
from part_perception.ros.messages.parts import Placement, part_message
from part_perception.ros.perceived import Found, PerceivedFrame
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.gate import RequestGate, Session, check_questions, checked_seconds
from part_perception.ros.requests.intake import REQUESTS
from part_perception.ros.requests.kinematics import ArmKinematics, reachable
from part_perception.ros.requests.regions import core_region
from part_perception.ros.requests.services import check_limits, find, placed
from part_perception.ros.server import Server
from part_perception.scene.next_view import Look, next_view
from part_perception.scene.objects import SceneObject
from part_perception_interfaces.action import FindPart

NEXT_VIEW_EVERY = 0.3  # seconds


class FindPartAction:
    """Each goal has its own coroutine; goals do not wait for each other."""

    def __init__(self, node, gate: RequestGate, arm: ArmKinematics | None):
        self._node, self._gate, self._arm = node, gate, arm
        self._server = ActionServer(
            node,
            FindPart,
            "~/find_part",
            self.execute,
            goal_callback=lambda _: GoalResponse.ACCEPT,  # an invalid goal ends with a reason
            cancel_callback=self._cancel,
            callback_group=ReentrantCallbackGroup(),
            goal_service_qos_profile=REQUESTS,
            result_service_qos_profile=REQUESTS,
            cancel_service_qos_profile=REQUESTS,
        )

    def _cancel(self, _) -> CancelResponse:
        self._gate.changed.set()
        return CancelResponse.ACCEPT

    async def execute(self, goal) -> FindPart.Result:
        search = Search()
        try:
            with self._gate.goals.at_once():
                parts = await self._search(goal, search)
            result = FindPart.Result(frames=search.frames, parts=parts)
            result.status.message = search.why
            goal.succeed()
        except InputError as error:
            status = Refusal(Status.BAD_REQUEST, f"{error}".rstrip(".") + ".").status
            result = FindPart.Result(status=status, frames=search.frames)
            goal.abort()
        except Refusal as refusal:
            result = FindPart.Result(status=refusal.status, frames=search.frames, next_view=search.next_view)
            goal.canceled() if refusal.code == Status.CANCELLED else goal.abort()
        except Exception as error:  # a bug of ours must not keep the client waiting forever
            status = self._node.defect("searching for a part", error).status
            result = FindPart.Result(status=status, frames=search.frames)
            goal.abort()
        return result

    async def _search(self, goal, search: Search) -> list:
        gate, request = self._gate, goal.request
        session = gate.opened()
        server, config = session.server, session.config
        check_questions([request.query], "query", server, least=1)
        check_questions(request.object_words, "object word", server)
        check_limits(request, server)
        deadline = time.monotonic() + checked_seconds("timeout", request.timeout, config.find_part.timeout)
        cost = 1 + len(request.object_words)
        stable = request.stable_frames or config.find_part.stable_frames
        with session.worker:
            while True:
                if goal.is_cancel_requested:
                    raise Refusal(Status.CANCELLED, f"Cancelled after {search.frames} frames.")
                if time.monotonic() >= deadline:
                    raise self._time_is_over(session, search, request.query)
                seen = await gate.after(session, search.number)
                if seen is None:
                    continue
                if gate.age(seen.cloud.stamp_ns, seen.arrived) > config.max_cloud_age:
                    search.number = seen.number  # it will not get younger: wait for the next one
                    continue
                try:
                    messages = await gate.pool.run(
                        partial(self._one_frame, server, seen, request, search), cost, deadline
                    )
                except Refusal as refusal:  # too many wait, or time is up: the next frame will do
                    if refusal.code == Status.BAD_REQUEST:  # no frame will do
                        raise
                    search.number, search.why = seen.number, str(refusal).rstrip(".")
                    continue
                goal.publish_feedback(search.feedback())
                if messages and search.streak >= stable:
                    reason = await reachable(self._arm, gate, session, seen, messages, deadline)
                    search.why = "; ".join(filter(None, (search.why, reason)))
                    for part in messages:  # the solver takes its time
                        part.age = max(gate.age(seen.cloud.stamp_ns, seen.arrived), 0.0)
                    return messages

    def _one_frame(self, server, seen: PerceivedFrame, request, search: Search) -> list:
        """The part's instances as messages, best first; none if it is not in this frame."""
        search.number = seen.number
        search.frames += 1
        try:
            where = placed(server, seen, request, None)
            if not seen.frame.objects:
                search.look_for_more(seen, [], server, where)
            found = find(server, seen, request, [request.query], 0, server.config.tf_timeout)
        except Refusal as refusal:
            if refusal.code == Status.BAD_REQUEST:
                raise
            search.miss(refusal)
            return []
        age = self._gate.age(seen.cloud.stamp_ns, seen.arrived)
        cloud = seen.cloud if request.with_points else None
        messages = [
            part_message(p, where, age, o, cloud, request.with_indices, request.with_open_path)
            for p, o in zip(found.parts, found.owners, strict=True)
        ]
        search.hit(found, messages)
        if not messages:
            region = core_region(request.region, seen, server, server.config.tf_timeout)
            chances = seen.frame.chances(request.query, list(request.object_words), region)
            search.look_for_more(seen, chances, server, where)
        return messages

    def _time_is_over(self, session: Session, search: Search, query: str) -> Refusal:
        if search.frames == 0:
            of_any_stamp = (-math.inf, search.began)
            why = self._gate.why_nothing(session, of_any_stamp, session.config.max_cloud_age)
            return (
                why
                if why.code != Status.TIMED_OUT
                else Refusal(Status.TIMED_OUT, "No cloud arrived in time.")
            )
        sentence = (
            f"{query!r} was not found in {search.frames} frames; the best confidence was {search.best:.2f}"
        )
        if search.longest:
            sentence = (
                f"{query!r} was found, but in at most {search.longest} of {search.frames} frames in a row"
            )
        reason = f" ({search.why})" if search.why and not search.longest else ""
        return Refusal(Status.TIMED_OUT, f"{sentence}{reason}.")


class Search:
    """The progress of a search."""

    def __init__(self):
        self.number, self.began = -1, time.monotonic()
        self.frames = self.streak = self.longest = 0
        self.best, self.why = 0.0, ""
        self._streaks: dict[int, int] = {}  # by the object that has the part
        self._best_part: list = []
        self.next_view = PoseStamped()
        self._looks: list[Look] = []
        self._looked_for_more = 0.0

    def miss(self, refusal: Refusal) -> None:
        self._shown_on(set())
        self.why = str(refusal).rstrip(".")

    def hit(self, found: Found, messages: list) -> None:
        self._shown_on({message.object_id for message in messages})
        self.why = found.remarks[0]
        if messages:
            self.next_view = PoseStamped()
            if not self._best_part or messages[0].confidence >= self._best_part[0].confidence:
                self._best_part = messages[:1]
        self.longest = max(self.longest, self.streak)
        self.best = max(self.best, found.confidence[0])

    def _shown_on(self, objects: set[int]) -> None:
        """A frame shows the part on these objects. Which of them is the surest may change from frame to frame."""
        self._streaks = {number: self._streaks.get(number, 0) + 1 for number in objects}
        self.streak = max(self._streaks.values(), default=0)

    def feedback(self) -> FindPart.Feedback:
        return FindPart.Feedback(
            frames=self.frames,
            stable_frames=self.streak,
            best_confidence=self.best,
            best=self._best_part,
            next_view=self.next_view,
        )

    def look_for_more(
        self, seen: PerceivedFrame, chances: list[tuple[SceneObject, float]], server: Server, where: Placement
    ) -> None:
        """Work out where a movable camera should look from next; too slow for every frame."""
        now = time.monotonic()
        if now - self._looked_for_more < NEXT_VIEW_EVERY:
            return
        self._looked_for_more = now
        _, still = server.gravity(seen.cloud)  # None: the camera's motion is unknown
        view = next_view(seen.frame, chances, self._looks, still)
        self.next_view = PoseStamped()
        self.next_view.header.stamp = where.header.stamp
        if view is not None:
            pose = where.pose_message(view[:3, 3], view[:3, :3])
            self.next_view = PoseStamped(header=where.header, pose=pose)
        if still is not None:
            self._looks = Look(seen.frame, still).kept_with(self._looks)
