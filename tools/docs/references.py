"""References that the code writes of itself: every command with its options, every ROS interface with its fields."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from part_perception.cli.main import COMMANDS, PASSED_ON, _parser

KINDS = {"msg": "Messages", "srv": "Services", "action": "Actions"}


def commands_page() -> str:
    """What `part-perception COMMAND --help` prints, for all commands."""
    pages = ["# Commands", "What `part-perception COMMAND --help` prints."]
    for name, text in COMMANDS.items():
        pages += [f"## {name}", f"{text[:1].upper()}{text[1:]}"]
        if name not in PASSED_ON:  # those need ROS 2 to say what they take
            pages += [f"```text\n{help_of(name).strip()}\n```"]
    return "\n\n".join(pages) + "\n"


def help_of(name: str) -> str:
    """The help of one command."""
    (commands,) = (a for a in _parser(name)._actions if isinstance(a, argparse._SubParsersAction))
    return commands.choices[name].format_help()


def interfaces_page(root: Path) -> str:
    """All messages, services and actions: what each is for, and its file as it stands."""
    package = root / "ros2_ws" / "src" / "part_perception_interfaces"
    pages = [
        "# ROS interfaces",
        "The files of the package part_perception_interfaces. "
        "A line `---` stands between request and answer, and between goal, result and feedback.",
    ]
    for kind, title in KINDS.items():
        pages.append(f"## {title}")
        for file in sorted((package / kind).glob(f"*.{kind}")):
            said, body = described(file.read_text())
            pages += [f"### {file.stem}", said, f"```text\n{body}\n```"]
    return "\n\n".join(pages) + "\n"


def described(text: str) -> tuple[str, str]:
    """The comment at the top of an interface file as a sentence, and the rest."""
    top = re.match(r"(?:#.*\n)+", text)
    if top is None:
        return "", text.strip()
    said = " ".join(line.lstrip("# ").strip() for line in top.group().splitlines())
    return said, text[top.end() :].strip()
