"""The node: a lifecycle around the server, which can start itself."""

from __future__ import annotations

import gc
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from lifecycle_msgs.srv import GetAvailableStates, GetAvailableTransitions, GetState
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup, ReentrantCallbackGroup
from rclpy.clock import Clock, ClockType, JumpThreshold
from rclpy.duration import Duration
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from part_perception.config import Config, ModelConfig, parameters_yaml
from part_perception.errors import InputError
from part_perception.heap import RELEASE_EVERY, release, settle
from part_perception.ros import transforms
from part_perception.ros.bond import ManagerBond
from part_perception.ros.diagnostics import Diagnostics, Health
from part_perception.ros.distributions import LOGGER_SERVICES
from part_perception.ros.input import Input
from part_perception.ros.logs import NodeLogHandler, Recurring
from part_perception.ros.outputs.optional import optional_outputs
from part_perception.ros.outputs.publisher import Outputs
from part_perception.ros.parameters import Parameters
from part_perception.ros.perceived import PendingCloud, PerceivedFrame
from part_perception.ros.processes import run_node
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.find_part import FindPartAction
from part_perception.ros.requests.gate import LOADING, NOT_ACTIVE, RequestGate
from part_perception.ros.requests.kinematics import PublishedReach, arm_kinematics
from part_perception.ros.requests.plan_grasps import planner_interfaces
from part_perception.ros.requests.services import Services
from part_perception.ros.self_filter import SelfFilter
from part_perception.ros.server import Server
from part_perception.ros.stream import Stream
from part_perception.ros.taught_words import TaughtWordStore, place_of
from part_perception.ros.worker import FrameWorker

if TYPE_CHECKING:
    from part_perception.segmenter import PartSegmenter

SUCCESS, FAILURE = TransitionCallbackReturn.SUCCESS, TransitionCallbackReturn.FAILURE
TICK = 0.1
FRAME_PATIENCE = 5.0


def load_segmenter(model: ModelConfig) -> PartSegmenter:
    """The configured model on the configured runtime."""
    from part_perception.segmenter import PartSegmenter

    return PartSegmenter.load(model.path or None, model.runtime, model.cores)


class PartPerceptionNode(LifecycleNode):
    """Callbacks are short or are coroutines: perception and answers have threads of their own."""

    def __init__(self, load: Callable = load_segmenter):
        super().__init__("part_perception", **LOGGER_SERVICES)
        self._load = load
        self._server: Server | None = None
        self._outputs: Outputs | None = None
        self._worker: FrameWorker | None = None
        self._input: Input | None = None
        self._recurring = Recurring()
        self._library_log = NodeLogHandler(self.get_logger())
        self._ending = False
        self._bond: ManagerBond | None = None
        # not in the default group: the state can be read during a transition
        told = ReentrantCallbackGroup()
        for service in self.services:
            if service.srv_type in (GetState, GetAvailableStates, GetAvailableTransitions):
                service.callback_group = told
                told.add_entity(service)
        self.parameters = Parameters(self, self._check, self._changed)
        self.health = Health()
        self._stream = Stream(self, self.defect)
        self.gate = RequestGate(self, self.why_silent)
        self._arm = arm = arm_kinematics(self, self.gate)
        self.answering = (
            Services(self, self.gate, arm),
            FindPartAction(self, self.gate, arm),
            *planner_interfaces(self, self.gate, arm),
        )
        self.diagnostics = Diagnostics(self, self.gate, self.health)
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        # not in the default group: it is received during a transition
        self.create_timer(TICK, self.gate.tick, MutuallyExclusiveCallbackGroup(), clock=steady)
        self.create_timer(TICK, self._take_back, MutuallyExclusiveCallbackGroup(), clock=steady)
        self.create_timer(RELEASE_EVERY, release, MutuallyExclusiveCallbackGroup(), clock=steady)
        back = JumpThreshold(min_forward=None, min_backward=Duration(nanoseconds=-1), on_clock_change=True)
        self._jump = self.get_clock().create_jump_callback(back, post_callback=self._jumped)
        if self.get_parameter("autostart").value:
            group = MutuallyExclusiveCallbackGroup()
            self._start = self.create_timer(0.0, self._autostart, group, clock=steady)

    def why_silent(self) -> str:
        return self._input.why_silent() if self._input else "nothing is subscribed yet"

    def missed(self) -> dict[str, int]:
        """The numbers of messages since activation that never became a cloud, by reason."""
        return self._input.missed() if self._input else {}

    # --- lifecycle --------------------------------------------------------------------------------------------
    def _autostart(self) -> None:
        self._start.cancel()
        if self.trigger_configure() == SUCCESS and not self._ending:
            self.trigger_activate()

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        try:
            self._configure()
        except Exception as error:  # whatever it is, the node reports it and stays unconfigured
            self._release()
            sentence = f"The node could not be configured: {f'{error}'.rstrip('.')}."
            self.gate.close(Refusal(Status.MODEL_NOT_READY, sentence))
            self.get_logger().error(sentence)
            if not isinstance(error, InputError):
                self.defect("configuring the node", error)
            return FAILURE
        return super().on_configure(state)

    def _configure(self) -> None:
        start = time.monotonic()
        self.get_logger().info("Loading the model ...")
        segmenter = self._load(self.parameters.config().model)
        loaded = time.monotonic()
        heard = transforms.listen(self._stream)
        path = place_of(self.get_parameter("taught_words").value, self.get_fully_qualified_name())
        book = TaughtWordStore(segmenter, path, self.get_logger().warning)
        if words := book.open():
            self.get_logger().info(f"Taught words loaded: {', '.join(words)}")
        config = self.parameters.config()  # as of now: loading takes seconds
        self._server = server = Server(config, segmenter, heard, book, SelfFilter.of(config, self._stream))
        server.warm_up()
        reach = None if self._arm is None else PublishedReach(self._arm, server)
        self._outputs = Outputs(self, optional_outputs(self, lambda: server.config), reach)
        self._input = Input(self, lambda: server.config, heard, self._stream, self._arrived)
        self._bond = ManagerBond(self) if config.bond else None
        self.gate.trouble = Refusal(Status.INACTIVE, NOT_ACTIVE)
        settle()
        warm = time.monotonic()
        self.get_logger().info(f"Model loaded in {loaded - start:.1f} s, warmed up in {warm - loaded:.1f} s")

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        server, outputs, source = self._server, self._outputs, self._input
        # The lifecycle activates only configured nodes.
        assert server is not None and outputs is not None and source is not None
        seen, wanted = partial(self._seen, server, outputs), partial(self._wanted, server, outputs)
        look, free = partial(self._look, server), self._stream.wake
        self._worker = worker = FrameWorker(look, seen, self._refused, wanted, self.defect, free)
        try:
            source.open(worker)
        except Exception as error:  # such as a missing package
            source.close()
            self._worker.close(FRAME_PATIENCE)
            self.get_logger().error(f"The node could not be activated: {error}")
            if not isinstance(error, InputError):
                self.defect("activating the node", error)
            return FAILURE
        self.diagnostics.opened = time.monotonic()
        self.gate.open(server, worker)
        if self._bond is not None:
            self._bond.form()
        self.parameters.warn_of_overrides_without_effect()
        self.get_logger().info(f"Active: waiting for clouds on {source.topic}")
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        self._stop(Refusal(Status.INACTIVE, NOT_ACTIVE))
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        self._stop(Refusal(Status.MODEL_NOT_READY, LOADING))
        self._release()
        return SUCCESS

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        self._stop(Refusal(Status.INACTIVE, "The node was shut down."))
        self._release()
        return SUCCESS

    def _stop(self, trouble: Refusal, patience: float = FRAME_PATIENCE) -> None:
        """Unsubscribe, and end the perception thread, which may be processing a frame."""
        self.gate.close(trouble)
        if self._bond is not None:
            self._bond.end()
        if self._input is not None:
            self._input.close()
        if self._worker is not None:
            self._worker.close(patience)
            if self._outputs is not None:
                self._outputs.withdraw()
        self._worker = None

    def _release(self) -> None:
        """Release the model and everything else that configure made."""
        if self._outputs is not None:
            self._outputs.close()
        self._stream.clear()
        if self._bond is not None:
            self._bond.close()
        self._bond = None
        self._server = self._outputs = self._input = None
        gc.unfreeze()

    def close(self, timeout: float) -> None:
        """Before the process ends: callers are answered, and threads have this long to finish their work."""
        self._ending = True
        self._stop(Refusal(Status.INACTIVE, "The node was shut down."), timeout)
        self._stream.close()
        self.gate.pool.close()
        self._library_log.close()

    # --- frames -----------------------------------------------------------------------------------------------
    def _arrived(self, arrival: PendingCloud) -> None:
        worker = self._worker
        if worker is not None and self.gate.enabled:
            worker.take(arrival)
        elif worker is not None:
            worker.pass_over(arrival, "while disabled")

    def _look(self, server: Server, arrival: PendingCloud) -> PerceivedFrame:
        self.gate.check_stamp(arrival.stamp_ns, server.config.max_stamp_ahead)
        return server.look(arrival)

    def _wanted(self, server: Server, outputs: Outputs) -> bool:
        """Whether frames are processed without being requested."""
        return self.gate.enabled and (bool(server.config.standing_queries) or outputs.wanted())

    def _seen(self, server: Server, outputs: Outputs, seen: PerceivedFrame) -> None:
        self.gate.seen()  # first: what is published of unseen frames is taken back
        age, where = self.gate.age(seen.cloud.stamp_ns, seen.arrived), server.place(seen.cloud)
        self.health.seen(seen, server.config.diagnostics)
        outputs.publish(seen, where, age, server.config.labeled_cloud_step)
        if seen.remark and self._recurring.due(seen.remark.partition(":")[0]):
            self.get_logger().warning(seen.remark)

    def _take_back(self) -> None:
        """Withdraw what was published when it is no longer watched: disabled, or without frames for too long."""
        server, outputs, took = self._server, self._outputs, self.health.last_took
        if server is None or outputs is None:
            return
        limit = max(server.config.scene.remember, server.config.diagnostics.no_cloud_after, 3 * took)
        if not self.gate.enabled or self.gate.unseen_for() > limit:
            outputs.withdraw()

    def _refused(self, refusal: Refusal) -> None:
        self.health.refused(refusal)
        self.gate.refused(refusal)
        if self._recurring.due(refusal.name):
            self.get_logger().warning(f"{refusal} ({self.health.refusals[refusal.name]} so far)")

    def defect(self, doing: str, error: Exception) -> Refusal:
        """Turn an unexpected exception into a refusal; it is logged with its traceback and counted."""
        self.health.internal_errors += 1
        what = f"{type(error).__name__}: {error}"
        if self._recurring.due(f"{type(error).__name__} while {doing}"):
            trace = "".join(traceback.format_exception(error)).rstrip()
            self.get_logger().error(f"Internal error while {doing} (please report it):\n{trace}")
        return Refusal(
            Status.INTERNAL_ERROR, f"Internal error while {doing}: {what}; the log has the traceback."
        )

    # --- changes ----------------------------------------------------------------------------------------------
    def _check(self, config: Config) -> None:
        """Refuse words that cannot be asked, once a model is loaded to read them."""
        if self._server is not None:
            self._server.check_words(config)

    def _changed(self, config: Config) -> None:
        if self._server is not None:
            self._server.reconfigure(config)

    def _jumped(self, _) -> None:
        """The clock jumped back: everything received so far is from the future."""
        self.get_logger().warning("The clock jumped back: transforms and scene are forgotten")
        if self._server is not None:
            self._server.transforms.clear()
            self._server.forget()
        if self._input is not None:
            self._input.forget()
        if self._worker is not None:
            self._worker.forget()
            self.diagnostics.opened = time.monotonic()  # no cloud is known, so the silence begins now


def main(argv: Sequence[str] | None = None, load: Callable = load_segmenter) -> int:
    """Run the node; `--dump-params` prints its parameter file instead."""
    argv = list(sys.argv[1:] if argv is None else argv)
    if "--dump-params" in argv:
        print(parameters_yaml(), end="")
        return 0
    return run_node(lambda: PartPerceptionNode(load), argv)
