"""Help: that of every command fits a screen, and its examples are command lines that are taken."""

from __future__ import annotations

import re
import shlex

import pytest

from part_perception.cli.main import COMMANDS, PASSED_ON, _parser, main

SCREEN = (120, 45)  # columns and lines of a terminal window


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
def test_help_fits_a_screen_and_has_examples_that_are_taken(name, capsys, tmp_path, monkeypatch):
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


def test_examples_of_passed_on_commands_are_taken():
    pytest.importorskip("rclpy")
    from part_perception.ros.tools import bag, demo

    for module in (bag, demo):
        for line in re.findall(r"part-perception \w+ (.*)", module.EXAMPLES):
            assert module._arguments(shlex.split(re.split(r" {2,}", line)[0]))
