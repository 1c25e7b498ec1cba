"""Doctor: finds what is wrong, says what to do, and its exit code tells a script."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from part_perception.cli import checks, checks_ros, doctor
from part_perception.cli.checks import ERROR, OK, WARN, Finding
from part_perception.cli.main import main


def test_every_line_has_a_state_and_advice_where_something_is_wrong(capsys):
    main(["doctor", "--json"])
    findings = json.loads(capsys.readouterr().out)
    topics = [f["topic"] for f in findings]
    assert {"Python", "packages", "ROS 2", "GPU", "runtimes", "model", "words", "memory", "cache"} <= set(
        topics
    )
    (chosen,) = (f["found"] for f in findings if f["topic"] == "chosen")
    assert re.fullmatch(r"part_perception_small runs on \w+:\w+: .*ms an object.*", chosen)
    assert {f["state"] for f in findings} <= {OK, WARN, ERROR}
    assert all(f["advice"] for f in findings if f["state"] != OK)


def test_exit_code_and_text(monkeypatch, capsys):
    def fails() -> Finding:
        raise KeyError("odd")

    monkeypatch.setattr(
        doctor, "CHECKS", (lambda: Finding("a", OK, "fine"), lambda: [Finding("b", WARN, "so", "do")])
    )
    assert main(["doctor"]) == 0
    assert (
        capsys.readouterr().out
        == "OK     a              fine\nWARN   b              so\n" + " " * 22 + "→ do\n"
    )
    monkeypatch.setattr(doctor, "CHECKS", (fails,))
    assert main(["doctor"]) == 1
    assert "ERROR  fails          KeyError: 'odd'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("no_color", "terminal", "coloured"), [("", True, True), ("1", True, False), ("", False, False)]
)
def test_colours_are_for_terminals_and_for_those_who_want_them(
    monkeypatch, capsys, no_color, terminal, coloured
):
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(doctor, "CHECKS", (lambda: Finding("a", OK, "fine"),))
    assert main(["doctor"]) == 0
    assert ("\x1b[" in capsys.readouterr().out) == coloured


def test_cache_that_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(tmp_path / "file"))
    assert checks.cache().state == WARN
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(tmp_path / "folder"))
    assert checks.cache().state == OK
    assert list((tmp_path / "folder").iterdir()) == []


def test_missing_package_is_named(monkeypatch):
    declared = ["numpy>=1.22", "no-such-thing>=1", "x; extra == 'y'"]
    monkeypatch.setattr(checks.importlib.metadata, "requires", lambda _: declared)
    finding = checks.packages()
    assert (finding.state, finding.found) == (ERROR, "missing: no-such-thing")


@pytest.mark.parametrize(("text", "code", "state"), [("H200, 139 GiB\n", 0, OK), ("", 9, WARN)])
def test_gpu(monkeypatch, text, code, state):
    monkeypatch.setattr(checks.shutil, "which", lambda _: "/usr/bin/nvidia-smi")
    monkeypatch.setattr(
        checks.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], code, text, "")
    )
    assert checks.gpu().state == state


def test_fast_dds_profile(monkeypatch, tmp_path):
    for name in ("FASTDDS_DEFAULT_PROFILES_FILE", "FASTRTPS_DEFAULT_PROFILES_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert checks_ros.fast_dds("rmw_cyclonedds_cpp") == []
    assert checks_ros.fast_dds("rmw_fastrtps_cpp")[0].state == WARN
    monkeypatch.setenv("ROS_DISTRO", "jazzy")
    monkeypatch.setenv("FASTDDS_DEFAULT_PROFILES_FILE", str(tmp_path / "none.xml"))
    (unset, *_) = checks_ros.fast_dds("rmw_fastrtps_cpp")
    assert unset.state == WARN and "export FASTRTPS_DEFAULT_PROFILES_FILE=" in unset.advice, (
        "as Jazzy reads it"
    )
    monkeypatch.setenv("ROS_DISTRO", "kilted")
    assert checks_ros.fast_dds("rmw_fastrtps_cpp")[0].state == ERROR
    (tmp_path / "none.xml").write_text("<dds/>")
    assert checks_ros.fast_dds("rmw_fastrtps_cpp")[0].state == OK


def test_domain(monkeypatch):
    monkeypatch.setenv("ROS_DOMAIN_ID", "seven")
    assert checks_ros.domain().state == ERROR
    monkeypatch.setenv("ROS_DOMAIN_ID", "")
    assert checks_ros.domain().found.startswith("ROS_DOMAIN_ID 0,"), "as ROS 2 takes it"
    monkeypatch.setenv("ROS_DOMAIN_ID", "7")
    assert checks_ros.domain().state == OK


def test_messages_of_another_version_are_an_error(monkeypatch):
    assert checks_ros.messages().state == OK
    monkeypatch.setattr(checks_ros, "__version__", "9.9")
    finding = checks_ros.messages()
    assert (finding.state, "the program 9.9" in finding.found) == (ERROR, True)
    monkeypatch.setattr(checks_ros, "installed", lambda name: False)
    assert "is not built" in checks_ros.messages().found


@pytest.mark.parametrize(
    ("ahead", "state", "words"),
    [(0.1, OK, "agrees"), (3.2, WARN, "3.2 s ahead of"), (-60.0, WARN, "60.0 s behind")],
)
def test_a_nodes_clock_is_compared_with_this_one(ahead, state, words):
    finding = checks_ros.clock(ahead)
    assert finding.state == state and words in finding.found


def test_without_ros_files_can_still_be_asked(monkeypatch):
    monkeypatch.setattr(checks_ros, "installed", lambda name: False)
    (finding,) = checks_ros.ros()
    assert finding.state == WARN
    assert "files can be asked" in finding.found
