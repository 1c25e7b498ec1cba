"""ROS parameters: declared from the configuration, checked by it, and handed back to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor, SetParametersResult
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import HistoryPolicy, ReliabilityPolicy

from part_perception.config import DEFAULTS, Config, settings
from part_perception.errors import InputError
from part_perception.ros.distributions import after_parameters
from part_perception.settings import Setting, refuse_unknown, with_values

TYPES = {
    "bool": Parameter.Type.BOOL,
    "int": Parameter.Type.INTEGER,
    "float": Parameter.Type.DOUBLE,
    "str": Parameter.Type.STRING,
    "strings": Parameter.Type.STRING_ARRAY,
    "floats": Parameter.Type.DOUBLE_ARRAY,
}
QOS_OVERRIDES = "qos_overrides."
QOS_CHOICES = {
    policy: [each.name.lower() for each in kind if each.name != "UNKNOWN"]
    for policy, kind in (("history", HistoryPolicy), ("reliability", ReliabilityPolicy))
}
MAX_DEPTH = 2**31 - 1  # of DDS


class Parameters:
    """The node's parameters as one Config; `changed` is called with the new one after a change.

    `check` may refuse it before, by an InputError.
    """

    def __init__(self, node: Node, check: Callable[[Config], None], changed: Callable[[Config], None]):
        self._node, self._check_config, self._changed = node, check, changed
        self._settings = settings(DEFAULTS)
        for each in self._settings.values():
            self._declare(each)
        # rclpy silently drops undeclared parameters, so a mistyped name would have no effect
        given = [name for name in node._parameter_overrides if not name.startswith(QOS_OVERRIDES)]
        refuse_unknown((name for name in given if not node.has_parameter(name)), self._settings)
        check_qos_overrides(node)
        node.add_on_set_parameters_callback(self._check)
        self._told_afterwards = after_parameters(node, self._apply)

    def config(self) -> Config:
        """The current configuration; an InputError if its values contradict each other."""
        values = {name: self._node.get_parameter(name).value for name in self._settings}
        return with_values(DEFAULTS, values)

    def warn_of_overrides_without_effect(self) -> None:
        """Name the QoS overrides for which there is no topic or policy, once all topics are there."""
        known = [name for name in self._node._parameters if name.startswith(QOS_OVERRIDES)]
        for name in self._node._parameter_overrides:
            if name.startswith(QOS_OVERRIDES) and name not in known:
                near = get_close_matches(name, known, 1)
                meant = f"did you mean {near[0]}?" if near else "the node has no such topic or policy"
                self._node.get_logger().warning(f"{name} has no effect; {meant}")

    def _declare(self, each: Setting) -> None:
        # We convert numbers and lists ourselves: 1 is a valid float, and [] from a command line has no type.
        listed = each.type in ("strings", "floats")
        descriptor = ParameterDescriptor(
            description=each.about.text,
            read_only=each.about.read_only,
            dynamic_typing=listed or each.type == "float",
            additional_constraints=f"one of {', '.join(each.about.choices)}" if each.about.choices else "",
        )
        if each.about.low is not None and each.type == "float":
            descriptor.floating_point_range = [
                FloatingPointRange(from_value=each.about.low, to_value=each.about.high)
            ]
        elif each.about.low is not None:
            descriptor.integer_range = [IntegerRange(from_value=each.about.low, to_value=each.about.high)]
        value = list(each.value or ()) if listed else each.value
        given = self._node.declare_parameter(each.name, value, descriptor)
        if listed and not given.value:
            self._node.set_parameters([Parameter(each.name, TYPES[each.type], [])])

    def _check(self, parameters: Sequence[Parameter]) -> SetParametersResult:
        ours = {p.name: p.value for p in parameters if p.name in self._settings}
        if ours and self._node.get_parameter("lock_parameters").value:
            return SetParametersResult(
                successful=False, reason="lock_parameters is true: parameters cannot be changed"
            )
        deleted = [p.name for p in parameters if p.name in ours and p.type_ == Parameter.Type.NOT_SET]
        if deleted:  # rclpy would delete it, and no later change could be checked
            return SetParametersResult(
                successful=False, reason=f"{deleted[0]} cannot be deleted, only set to another value"
            )
        try:
            now = {name: self._node.get_parameter(name).value for name in self._settings}
            config = with_values(DEFAULTS, now | ours)
            self._check_config(config)
            if ours and not self._told_afterwards:
                self._changed(config)
        except InputError as error:
            return SetParametersResult(successful=False, reason=shortened(f"{error}"))
        except Exception as error:  # a bug of ours must not keep the caller waiting forever
            reason = f"it could not be checked: {type(error).__name__}: {error}"
            return SetParametersResult(successful=False, reason=shortened(reason))
        return SetParametersResult(successful=True)

    def _apply(self, parameters: Sequence[Parameter]) -> None:
        if any(p.name in self._settings for p in parameters):
            self._changed(self.config())


def check_qos_overrides(node: Node) -> None:
    """Raise an InputError for an override that rclpy or DDS would refuse without naming it."""
    for name, given in node._parameter_overrides.items():
        policy, value = name.rpartition(".")[2], given.value
        if not name.startswith(QOS_OVERRIDES):
            continue
        if policy in QOS_CHOICES and f"{value}".lower() not in QOS_CHOICES[policy]:
            raise InputError(f"{name} must be one of {', '.join(QOS_CHOICES[policy])}, not {value!r}")
        if policy == "depth" and not (type(value) is int and 0 <= value <= MAX_DEPTH):
            raise InputError(f"{name} must be a whole number from 0 to {MAX_DEPTH}, not {value!r}")


def shortened(text: str, most: int = 300) -> str:
    """Shorten a reason, which may quote a long input."""
    return text if len(text) <= most else f"{text[:most]} ..."
