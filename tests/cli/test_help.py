"""Help: every command's help fits on a screen, and its examples are valid command lines."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from part_perception.cli.main import COMMANDS, PASSED_ON, _parser, main

SCREEN = (100, 40)  # columns and lines of a terminal window


def help_of(name: str, capsys) -> str:
    """What `part-perception NAME --help` prints."""
    if name in PASSED_ON:
        pytest.importorskip("rclpy")
    try:
        main([name, "--help"])
    except SystemExit as end:
        assert end.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_a_screen_and_its_examples_are_accepted(name, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("parts", "models", "shapes"):
        (tmp_path / folder).mkdir()
    lines = help_of(name, capsys).splitlines()
    assert len(lines) <= SCREEN[1], len(lines)
    assert max(map(len, lines)) <= SCREEN[0], max(lines, key=len)
    shown = [line.strip() for line in lines if line.startswith("  part-perception ")]
    assert shown, "no example"
    for line in shown:
        command = re.split(r" {2,}| && | > ", line)[0]
        words = shlex.split(command)[1:]
        if name not in PASSED_ON:
            assert callable(_parser(words[0]).parse_args(words).run), command


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
