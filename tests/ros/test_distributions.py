"""What Humble's rclpy lacks, as far as a newer rclpy can show it."""

import pytest
import rclpy
from rclpy.context import Context
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.subscription import Subscription

from part_perception.ros.distributions import with_message_info
from part_perception.ros.parameters import Parameters


@pytest.fixture
def node(ros_domain_id):
    context = Context()
    rclpy.init(context=context, domain_id=ros_domain_id)
    one = Node("humble", context=context)
    yield one
    one.destroy_node()
    rclpy.try_shutdown(context=context)


@pytest.mark.ros
@pytest.mark.parametrize("old", [False, True])
def test_a_parameter_change_is_reported_once_and_only_if_accepted(node, monkeypatch, old):
    if old:
        monkeypatch.delattr(Node, "add_post_set_parameters_callback")
    told = []
    parameters = Parameters(node, lambda _: None, told.append)
    good, bad = node.set_parameters([Parameter("max_queries", value=7), Parameter("tf_timeout", value=99.0)])
    assert (good.successful, bad.successful) == (True, False)
    assert [config.max_queries for config in told] == [7]
    assert parameters.config().max_queries == 7


def test_where_messages_come_without_information_there_is_none(monkeypatch):
    heard = []

    def take(message, info) -> None:
        heard.append((message, info))

    assert with_message_info(take) is take
    monkeypatch.delattr(Subscription, "CallbackType")
    with_message_info(take)("a cloud")
    assert heard == [("a cloud", {})]
