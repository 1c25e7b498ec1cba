"""Help: every command's help fits on a screen, and its examples are valid command lines."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from part_perception.cli.main import COMMANDS, PASSED_ON, _parser, main

SCREEN = (100, 40)  # columns and lines of a terminal window


def levels(parser: argparse.ArgumentParser, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A command and all actions below it."""
    yield words
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from levels(below, (*words, name))


def all_levels() -> list[str]:
    every = []
    for name in COMMANDS:
        (commands,) = (a for a in _parser(name)._actions if isinstance(a, argparse._SubParsersAction))
        every += [" ".join(words) for words in levels(commands.choices[name], (name,))]
    return every


def help_of(words: str, capsys) -> str:
    """What `part-perception WORDS --help` prints."""
    if words in PASSED_ON:
        pytest.importorskip("rclpy")
    try:
        main([*words.split(), "--help"])
    except SystemExit as end:
        assert end.code == 0
    return capsys.readouterr().out


def test_all_levels_are_known():
    assert set(COMMANDS) | {"models fetch", "train run", "train label"} <= set(all_levels())


@pytest.mark.parametrize("words", all_levels())
def test_help_fits_a_screen_and_its_examples_are_accepted(words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("parts", "models", "shapes"):
        (tmp_path / folder).mkdir()
    lines = help_of(words, capsys).splitlines()
    assert len(lines) <= SCREEN[1], len(lines)
    assert max(map(len, lines)) <= SCREEN[0], max(lines, key=len)
    shown = [line.strip() for line in lines if line.startswith("  part-perception ")]
    assert any(f"{line} ".startswith(f"part-perception {words} ") for line in shown), "no example of its own"
    for line in shown:
        command = re.split(r" {2,}| && | > ", line)[0]
        given = shlex.split(command)[1:]
        if words not in PASSED_ON:
            assert callable(_parser(given[0]).parse_args(given).run), command


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("part-perception dec", {"decompose"}),
        ("part-perception models me", {"measure"}),
        ("part-perception ask mug.ply --pic", {"--picture"}),
        ("part-perception label bags --sl", {"--slice"}),
    ],
)
def test_the_shell_completes_commands_and_options(line, offered, tmp_path):
    """The way bash asks for it, through argcomplete."""
    pytest.importorskip("argcomplete", reason="this test needs the extra [completion]")
    answer = tmp_path / "answer"
    asked = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "_ARGCOMPLETE_STDOUT_FILENAME": str(answer)}
    typed = {"COMP_LINE": line, "COMP_POINT": str(len(line)), "COMP_TYPE": "9"}
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **asked, **typed}
    subprocess.run([sys.executable, "-m", "part_perception.cli.main"], env=env, timeout=60, check=False)
    assert {word.strip() for word in answer.read_text().split("\n")} == offered


def test_examples_of_passed_on_commands_are_accepted():
    pytest.importorskip("rclpy")
    from part_perception.ros.tools import bag, demo

    for module in (bag, demo):
        for line in re.findall(r"part-perception \w+ (.*)", module.EXAMPLES):
            assert module._arguments(shlex.split(re.split(r" {2,}", line)[0]))
