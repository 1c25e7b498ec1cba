"""Bad input through real processes: exit code 2 and one line on stderr that says what is wrong. Never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from part_perception.cli import ask
from part_perception.cli.main import main
from part_perception.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
XYZ = b"property float x\nproperty float y\nproperty float z\n"
PLY = b"ply\nformat binary_little_endian 1.0\nelement vertex 100\n" + XYZ
PCD = b"FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 100\nHEIGHT 1\nPOINTS 100\nDATA binary\n"


def command(*arguments: str, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess:
    """The command as a user's shell runs it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    line = [sys.executable, "-m", "part_perception.cli.main", *arguments]
    return subprocess.run(line, capture_output=True, text=True, timeout=100, cwd=cwd, env=environment)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("clouds")
    points = np.random.default_rng(0).normal(size=(64, 3))
    (folder / "empty.ply").write_bytes(b"")
    (folder / "empty.pcd").write_bytes(b"")
    (folder / "cut.ply").write_bytes(PLY + b"end_header\n" + bytes(500))
    (folder / "cut.pcd").write_bytes(PCD + bytes(500))
    (folder / "folder.ply").mkdir()
    np.savez(folder / "nothing.npz", other=points)
    np.savez(folder / "objects.npz", points=np.array([{}], object))
    np.save(folder / "few.npy", points[:5])
    np.save(folder / "nan.npy", points * np.nan)
    np.save(folder / "flat.npy", points[:, :2])
    np.save(folder / "good.npy", points)
    (folder / "depth.png").write_bytes(b"")
    (folder / "words.xyz").write_text("where is the handle\n")
    return folder


BAD = {
    "missing file": (["ask", "missing.ply", "-q", "handle"], "does not exist"),
    "directory": (["ask", "folder.ply", "-q", "handle"], "is a directory"),
    "empty ply": (["ask", "empty.ply", "-q", "handle"], "is empty"),
    "empty pcd": (["ask", "empty.pcd", "-q", "handle"], "is empty"),
    "truncated ply": (["ask", "cut.ply", "-q", "handle"], "ends before its 100 vertex rows do"),
    "truncated pcd": (["ask", "cut.pcd", "-q", "handle"], "ends before its 100 points do"),
    "npz without points": (["ask", "nothing.npz", "-q", "handle"], "has no array called 'points'"),
    "npz with a pickle": (["ask", "objects.npz", "-q", "handle"], "holds Python objects"),
    "flat array": (["ask", "flat.npy", "-q", "handle"], "not numbers (N, 3)"),
    "only NaN": (["ask", "nan.npy", "-q", "handle"], "no point with finite coordinates"),
    "words": (["ask", "words.xyz", "-q", "handle"], "not a number in line 1"),
    "five points": (["ask", "few.npy", "-q", "handle"], "at least 32"),
    "other format": (["ask", "good.obj", "-q", "handle"], "does not exist"),
    "long text": (["ask", "good.npy", "-q", "x" * 10_000], "at most 200 characters"),
    "empty text": (["ask", "good.npy", "-q", " "], "at least one letter or digit"),
    "no query": (["ask", "good.npy"], "required: -q/--query"),
    "unknown option": (["ask", "good.npy", "-q", "lid", "--colour"], "unrecognized arguments: --colour"),
    "unknown command": (["lift", "good.npy"], "invalid choice: 'lift'"),
    "no command": ([], "required: COMMAND"),
    "bad up": (["ask", "good.npy", "-q", "lid", "--up", "1,2"], "three numbers"),
    "no direction": (["ask", "good.npy", "-q", "lid", "--up", "0,0,0"], "up must be a direction"),
    "bad output": (["ask", "good.npy", "-q", "lid", "--out", "a.stl"], "must end in .ply or .npz"),
    "no output folder": (
        ["ask", "good.npy", "-q", "lid", "--out", "no/a.ply"],
        "the folder 'no' does not exist",
    ),
    "unknown model": (["ask", "good.npy", "-q", "lid", "--model", "none"], "model"),
    "no parts": (["decompose", "good.npy", "--parts", "0"], "from 1 to 10000"),
    "unlabelled example": (["teach", "lid", "good.npy", "--save", "w.safetensors"], "has no labels"),
    "eval without folder": (["eval", "missing"], "is not a folder"),
    "eval with a negative seed": (["eval", "--scenes", "1", "--seed", "-1"], "a whole number, 0 or more"),
    "unknown kind": (["train", "preview", "no such kind", "--out", "a.png"], "there is no kind"),
    "no action": (["models"], "required: ACTION"),
    "model info": (["models", "info", "none"], "model"),
    "view": (["view", "cut.ply"], "ends before"),
    "view of no port": (["view", "good.npy", "--port", "99999"], "a whole number from 1 to 65535"),
    "picture without up": (
        ["view", "good.npy", "--picture", "p.png", "--up", "0,0,0"],
        "up must be a direction",
    ),
    "picture of answers": (
        ["view", "good.npy", "--picture", "p.png", "-q", "lid"],
        "asks nothing: leave out -q",
    ),
    "picture of a node": (["view", "good.npy", "--picture", "p.png", "--live"], "leave out --live"),
    "image for decompose": (["decompose", "depth.png"], "only `part-perception ask` reads depth images"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_exit_code_2_and_one_line(name, files):
    arguments, reason = BAD[name]
    done = command(*arguments, cwd=files)
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("part-perception")
    assert reason in done.stderr
    assert len(done.stderr) < 700
    assert "Traceback" not in done.stderr


def test_a_defect_does_not_look_like_bad_input_and_has_a_traceback_on_demand(files):
    """A cache that is a file breaks unforeseen things; a numpy that cannot be imported certainly does."""
    (files / "broken").mkdir(exist_ok=True)
    (files / "broken" / "numpy.py").write_text("raise RuntimeError('numpy\\nis broken')\n")
    variables = {"PYTHONPATH": f"{files / 'broken'}:{ROOT}"}
    done = command("ask", "good.npy", "-q", "lid", cwd=files, **variables)
    assert done.returncode == 3
    assert done.stderr == (
        "part-perception: internal error, RuntimeError: numpy is broken "
        "(set PART_PERCEPTION_DEBUG=1 for a traceback to report)\n"
    )
    told = command("ask", "good.npy", "-q", "lid", cwd=files, PART_PERCEPTION_DEBUG="1", **variables)
    assert told.returncode == 1
    assert "Traceback" in told.stderr


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (InputError("points must be numbers"), 2, "points must be numbers"),
        (ValueError("operands could not be broadcast"), 3, "internal error, ValueError: operands could not"),
        (KeyError("axis"), 3, "internal error, KeyError: 'axis'"),
        (
            OSError(28, "No space left on device"),
            3,
            "the operating system refused: [Errno 28] No space left on device",
        ),
        (ModuleNotFoundError("x", name="rerun"), 3, "the Python module 'rerun', which this needs, is not"),
        (ModuleNotFoundError("x", name="part_perception.gone"), 3, "internal error, ModuleNotFoundError: x"),
    ],
)
def test_only_an_input_error_is_the_callers_fault(error, code, sentence, monkeypatch, capsys):
    def fail(_):
        raise error

    monkeypatch.setattr(ask, "run", fail)
    assert main(["ask", "good.npy", "-q", "lid"]) == code
    assert capsys.readouterr().err.startswith(f"part-perception: {sentence}")


@pytest.mark.timed
def test_help_is_quick_and_loads_nothing(files):
    code = (
        "import sys, time; start = time.perf_counter()\n"
        "from part_perception.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print(time.perf_counter() - start, *sorted({n.split('.')[0] for n in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60, cwd=ROOT
    )
    *_, last = done.stdout.splitlines()
    seconds, *modules = last.split()
    assert float(seconds) < 1.0
    assert not {"numpy", "torch", "rclpy", "onnxruntime"} & set(modules)
    assert "where is the handle" in done.stdout


@pytest.mark.parametrize(
    "name", ["ask", "decompose", "teach", "view", "eval", "train", "models", "doctor", "node", "bench"]
)
def test_every_command_has_help_with_json(name):
    done = command(name, "--help")
    assert done.returncode == 0
    assert done.stderr == ""
    assert f"part-perception {name}" in done.stdout
    assert "--json" in done.stdout or name in ("train", "models", "node")


@pytest.mark.parametrize("line", ["models info", "--help", "ask --help"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_closed_pipe_is_not_an_error(line, unbuffered):
    """The reader ends before anything is written, and Python keeps the output until the end, or does not."""
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m part_perception.cli.main {line} | true; exit ${{PIPESTATUS[0]}}"],
        capture_output=True, text=True, timeout=60, cwd=ROOT, env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )  # fmt: skip
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_told_in_one_line(unbuffered):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "part_perception.cli.main", "models", "list"], stdout=full,
            stderr=subprocess.PIPE, text=True, timeout=60, cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip
    assert done.returncode == 3
    assert (
        done.stderr == "part-perception: the operating system refused: [Errno 28] No space left on device\n"
    )


def test_a_terminal_that_lacks_a_letter_is_no_failure():
    done = command("models", "list", PYTHONIOENCODING="ascii:strict")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1].startswith("????")
