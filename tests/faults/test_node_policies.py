"""The SROS2 policies name everything that the node offers, and a client's policy does not allow changes.

`python tests/faults/test_node_policies.py` adds the topics that the node's policy lacks.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "launch" / "config" / "security"


SOURCE = "".join(file.read_text() for file in sorted((ROOT / "part_perception" / "ros").rglob("*.py")))
PUBLISHED = '<topics publish="ALLOW">\n'


def names(policy: str, kind: str) -> set[str]:
    return {each.text for each in ElementTree.parse(FOLDER / f"{policy}.policy.xml").iter(kind)}


def frame_topics() -> list[str]:
    """The topics of every frame, as the table TOPICS in the code lists them; read without ROS."""
    table = re.search(r"TOPICS(?:: [^=\n]+)? = \{(.*?)\n\}", SOURCE, re.DOTALL).group(1)
    return [f"~/{name}" for name in re.findall(r'"([\w/]+)":', table)]


def with_topics(policy: str, topics: list[str]) -> str:
    """A policy that also allows the node to publish these topics."""
    start = policy.index(PUBLISHED) + len(PUBLISHED)
    allowed = policy[start : policy.index("</topics>", start)]
    indent = " " * (len(allowed) - len(allowed.lstrip()))
    lines = [f"<topic>{topic}</topic>" for topic in topics]
    return policy[:start] + "".join(f"{indent}{x}\n" for x in lines if x not in allowed) + policy[start:]


def test_the_node_may_serve_what_it_offers():
    services = set(
        re.findall(r'(?:Intake\(node|create_service\(\s*\w+|SetBool), (?:\w+, )?"(~/\w+)"', SOURCE)
    )
    assert len(services) >= 4 and services <= names("node", "service")
    assert names("node", "action") == {"~/find_part", "~/plan_grasps"}
    topics = frame_topics()
    assert "~/parts" in topics and set(topics) <= names("node", "topic")
    heard = set(re.findall(r'^TOPIC = "(\w+)"', SOURCE, re.M))
    assert "robot_description" in heard <= names("node", "topic")


def test_a_new_topic_is_added_to_the_policy_once():
    policy = (FOLDER / "node.policy.xml").read_text()
    assert with_topics(policy, frame_topics()) == policy
    longer = with_topics(policy, ["~/parts", "~/new"])
    assert (
        longer.splitlines()[len(longer.split("~/new")[0].splitlines()) - 1].strip() == "<topic>~/new</topic>"
    )
    assert len(longer.splitlines()) == len(policy.splitlines()) + 1
    assert with_topics(longer, ["~/new"]) == longer


@pytest.mark.parametrize("changing", ["teach", "enable", "set_parameters", "change_state"])
def test_a_client_may_change_nothing(changing):
    assert not any(changing in name for name in names("client", "service"))


def test_a_client_is_allowed_only_what_the_node_has():
    served = {name.replace("~", "/part_perception") for name in names("node", "service")}
    assert names("client", "service") <= served


@pytest.mark.ros
def test_a_running_node_offers_only_what_its_policy_names(start_node, robot):
    """On a secured domain, whatever the policy lacks cannot be created, and the node would not start."""
    start_node({"input": "rgbd", "colour": True, "regions": "mask", "standing_queries": ["handle"]})
    name = "part_perception"

    def has(of_node) -> set[str]:
        return {each for each, _ in of_node(name, "/")}

    def offered() -> dict[str, set[str]]:
        """Everything that the node offers, once it has been discovered."""
        node = robot.node
        if name not in node.get_node_names():  # its services answered, but its name has not arrived here yet
            return {}
        known = {
            "service": has(node.get_service_names_and_types_by_node),
            "publish": has(node.get_publisher_names_and_types_by_node),
            "subscribe": has(node.get_subscriber_names_and_types_by_node),
        }
        counts = [len(names) for names in known.values()]
        return known if counts[0] > 15 and counts[1] > 10 and counts[2] > 5 else {}

    known = robot.wait("all of it to be known", offered)
    assert "/part_perception/query_parts" in known["service"]
    allowed = {kind: allowed_names(kind) for kind in known}
    for kind, names_of_kind in known.items():
        plain = {each for each in names_of_kind if "/_action/" not in each}
        assert plain <= allowed[kind], f"{kind}: {sorted(plain - allowed[kind])}"


def allowed_names(kind: str) -> set[str]:
    """Full names of everything that the node's policy lets it serve, publish or subscribe to."""
    root = ElementTree.parse(FOLDER / "node.policy.xml")
    if kind == "service":
        found = [each.text for group in root.iter("services") if group.get("reply") for each in group]
    else:
        found = [each.text for group in root.iter("topics") if group.get(kind) for each in group]
    return {each.replace("~", "/part_perception") if each[0] in "~/" else f"/{each}" for each in found}


if __name__ == "__main__":
    path = FOLDER / "node.policy.xml"
    path.write_text(with_topics(path.read_text(), frame_topics()))
