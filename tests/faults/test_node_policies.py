"""The SROS2 policies name what the node has, and a client's policy lets nothing be changed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "launch" / "config" / "security"


def names(policy: str, kind: str) -> set[str]:
    return {each.text for each in ElementTree.parse(FOLDER / f"{policy}.policy.xml").iter(kind)}


def test_the_node_may_serve_what_it_offers():
    source = "".join(file.read_text() for file in (ROOT / "part_perception" / "ros").rglob("*.py"))
    services = set(
        re.findall(r'(?:Intake\(node|create_service\(\s*\w+|SetBool), (?:\w+, )?"(~/\w+)"', source)
    )
    assert len(services) >= 4 and services <= names("node", "service")
    assert names("node", "action") == {"~/find_part", "~/plan_grasps"}
    from_code = re.search(r"TOPICS(?:: [^=\n]+)? = \{(.*?)\n\}", source, re.DOTALL).group(1)
    topics = {f"~/{name}" for name in re.findall(r'"([\w/]+)":', from_code)}
    assert "~/parts" in topics and topics <= names("node", "topic")


@pytest.mark.parametrize("changing", ["teach", "enable", "set_parameters", "change_state"])
def test_a_client_may_change_nothing(changing):
    assert not any(changing in name for name in names("client", "service"))


def test_a_client_is_allowed_only_what_the_node_has():
    served = {name.replace("~", "/part_perception") for name in names("node", "service")}
    assert names("client", "service") <= served
