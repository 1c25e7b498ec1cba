"""Documentation: every command line and Python block runs as printed, or is at least accepted by its program."""

from __future__ import annotations

import argparse
import functools
import importlib.util
import itertools
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from part_perception import PartSegmenter, ScenePerception
from part_perception.cli.main import COMMANDS as COMMANDS_OF_OURS
from part_perception.cli.main import PASSED_ON, _parser, main
from part_perception.files import write_cloud
from part_perception.shapes.builder import sample_surface
from part_perception.shapes.kinds import KINDS, kind
from part_perception.simulation.capture import capture, look_at
from part_perception.simulation.things import thing

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    ROOT / "README.md",
    *(ROOT / name for name in ("CONTRIBUTING.md", "QUALITY_DECLARATION.md", "SECURITY.md")),
    ROOT / "models" / "MODEL_CARD.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
# Every command line on a page runs here, except those that begin like this; they are parsed, or their files looked up.
NOT_RUN = {
    "part-perception bench": "takes minutes; test_bench.py in tests/encoder/, tests/scene/ and tests/ros/",
    "part-perception eval": "takes minutes; tests/evaluation/",
    "part-perception find": "needs labels; tests/fleet/test_find.py",
    "part-perception label": "takes minutes and needs ROS; tests/fleet/",
    "part-perception models bank": "takes a minute; tests/model_zoo/test_banks.py",
    "part-perception models build-engine": "needs TensorRT; tests/encoder/test_tensorrt.py",
    "part-perception models export": "needs torch; tests/model_zoo/test_model_zoo.py",
    "part-perception models fetch": "needs the internet; tests/model_zoo/test_fetching.py",
    "part-perception models import": "needs torch and a checkpoint; tests/encoder/test_importing.py",
    "part-perception models measure": "takes minutes; tests/model_zoo/test_exporting.py",
    "part-perception node": "serves until it is ended; tests/ros/test_lifecycle.py",
    "part-perception query": "needs a node; tests/ros/test_query.py",
    "part-perception train": "takes minutes to hours; tests/training/",
    "part-perception view captures/": "serves until it is ended; tests/view/",
    "part-perception view mug.ply": "serves until it is ended; tests/view/",
    "part-perception view recording.mcap": "serves until it is ended; tests/view/test_moments.py",
    "part-perception view table.npz": "serves until it is ended; tests/view/test_browser.py",
    "part-perception view --live": "needs a node; tests/ros/test_live_view.py",
    "part-perception ask chair.ply -q seat leg --model patchalign3d": "needs a model of others",
    "part-perception ask mug.pcd -q handle --model models/mine": "needs a model of one's own",
    "colcon": "needs a ROS installation",
    "cp runs/scene/separator.safetensors": "needs a trained network; tests/training/test_separator.py",
    "docker": "needs a container engine",
    "export": "prepares lines that do not run here",
    "make": "sets up and runs whole suites; .ci/run",
    "pip": "changes the environment; tests/test_setup.py installs the package",
    "python -m part_perception.ros.tools.simulated_camera": "serves until it is ended; tests/ros/test_demo.py",
    "python examples/": "needs a node; tests/test_examples.py",
    "python tools/release_layout.py": "writes a ROS release; tests/test_package.py",
    "python3 -m venv": "the first line of an installation; tests/test_setup.py",
    "ray": "needs a cluster; tests/fleet/test_cluster.py",
    "ros2": "needs a ROS installation",
    "rosdep": "needs a ROS installation",
    "source": "prepares lines that do not run here",
    "tools/train_on_gpu.sh": "needs a GPU",
    "torchrun": "needs several GPUs",
}
# What else stands indented like a command, by the beginning of its lines.
NOT_COMMANDS = {
    "labels/": "a listing of files",
    "part = ": "Python; runs below",
    "part.": "Python; runs below",
    "@kind": "Python; runs below",
    "def dumbbell": "Python; runs below",
    "recording →": "a diagram",
    "shapes →": "a diagram",
    "query ": "what a command prints",
    "──": "what a command prints",
    "handle ": "what a command prints",
    "lid ": "what a command prints",
}
FENCES = {"bash", "python", "yaml", ""}  # run, run, read below, and the contents of the site
# Programs that are not ours: their command lines are not checked.
FOREIGN = ("ros2", "rosdep", "colcon", "ray", "source", "cp", "docker")
OPTIONS_OF_MAKE = ("VIEW", "PYTHON", "FUZZ", "SOAK")


def indented_lines(text: str) -> list[str]:
    """The lines of indented blocks, outside of fences."""
    lines = []
    for block in re.findall(
        r"(?:^\n|\A)((?:^    .*\n)+)", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M
    ):
        lines += [line[4:] for line in block.splitlines()]
    return lines


def commands_of(page: Path) -> list[list[str]]:
    """The command lines of a page, in its bash blocks and indented blocks."""
    text = page.read_text().replace("\\\n", " ")
    lines = [
        line for block in re.findall(r"```bash\n(.*?)```", text, re.DOTALL) for line in block.splitlines()
    ]
    lines += [line for line in indented_lines(text) if not line.startswith((" ", *NOT_COMMANDS))]
    cut = [line.split(" && ") for line in lines]
    return [words for pieces in cut for piece in pieces if (words := shlex.split(piece, comments=True))]


NAMES = {page: page.relative_to(ROOT).as_posix() for page in PAGES}
COMMANDS = [(NAMES[page], words) for page in PAGES for words in commands_of(page)]
OURS = [(page, words[1:]) for page, words in COMMANDS if words[0] == "part-perception"]


def begins(words: list[str], start: str) -> bool:
    return f"{' '.join(words)} ".startswith(start if start.endswith("/") else f"{start} ")


def why_not_run(words: list[str]) -> str | None:
    """Why a command line does not run here; None: it runs."""
    return next((why for start, why in NOT_RUN.items() if begins(words, start)), None)


def runs(words: list[str]) -> bool:
    """Whether a command of ours, without the program's name, runs here."""
    return why_not_run(["part-perception", *words]) is None


def test_every_line_runs_or_says_why_not():
    unknown = [
        (page, words) for page, words in COMMANDS if words[0] != "part-perception" and not why_not_run(words)
    ]
    assert unknown == [], "name them in NOT_RUN, or let them run"
    idle = [start for start in NOT_RUN if not any(begins(words, start) for _, words in COMMANDS)]
    assert idle == [], "no page has these any more"
    texts = [page.read_text() for page in PAGES]
    fences = {name for text in texts for name in re.findall(r"^```(\S*)\n.*?^```", text, re.M | re.S)}
    assert {name for name in fences if not name.startswith("{")} <= FENCES
    lines = [line for text in texts for line in indented_lines(text)]
    idle = [start for start in NOT_COMMANDS if not any(line.startswith(start) for line in lines)]
    assert idle == [], "no page has these any more"


def test_every_test_named_on_a_page_exists():
    named = {path for page in PAGES for path in re.findall(r"tests/[\w/]+\.py", page.read_text())}
    assert len(named) > 20
    assert [path for path in sorted(named) if not (ROOT / path).is_file()] == []


def test_every_link_of_a_page_leads_to_a_file_and_its_heading():
    """As a code host shows the pages; docs/index.md is only for the site, which leads to pages that it writes."""
    lost = []
    for page in PAGES:
        links = re.findall(r"\]\(([^)\s]+)\)", page.read_text()) if page.name != "index.md" else []
        for path, _, anchor in (link.partition("#") for link in links if "://" not in link):
            target = page.parent / path if path else page
            if not target.exists() or (anchor and anchor not in anchors(target)):
                lost.append((NAMES[page], path, anchor))
    assert lost == []


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_was_read():
    assert len(OURS) > 80 and {page for page, _ in OURS} >= {
        "README.md",
        "docs/tutorial.md",
        "models/MODEL_CARD.md",
    }


@pytest.mark.parametrize(("page", "words"), OURS, ids=lambda value: " ".join(value)[:60])
def test_a_command_line_is_accepted(page, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("models", "parts", "THEIRS"):
        (tmp_path / folder).mkdir()
    if words[0] == "node":
        assert words[1:] == [] or words[1] in ("--dump-params", "--ros-args")
    elif words[0] in PASSED_ON:
        pytest.importorskip("rclpy")
        tools = importlib.import_module(f"part_perception.ros.tools.{words[0]}")
        assert tools._arguments(words[1:])
    else:
        assert callable(_parser(words[0]).parse_args(words).run)


INLINE = [  # what a sentence names with its options; "…" and COMMAND stand for anything
    (NAMES[page], words[1:])
    for page in PAGES
    for quoted in re.findall(r"`(part-perception [a-z]+ [^`\n…]+)`", page.read_text())
    if (words := shlex.split(quoted)) and words[1] not in PASSED_ON
]


@pytest.mark.parametrize(("page", "words"), INLINE, ids=lambda value: " ".join(value)[:60])
def test_a_command_in_a_sentence_is_accepted(page, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    try:
        assert callable(_parser(words[0]).parse_args(words).run)
    except SystemExit as end:
        assert end.code == 0 and "--help" in words or words in SUBJECTS, (page, words)


SUBJECTS = [["train", "calibrate"], ["models", "measure"]]  # named as a whole, without what they need


def options_of(parser: argparse.ArgumentParser, words: list[str]) -> set[str]:
    """All options of a command and, if one is named, of its subcommand."""
    found: set[str] = set()
    for action in parser._actions:
        found.update(action.option_strings)
        if isinstance(action, argparse._SubParsersAction) and words and words[0] in action.choices:
            found |= options_of(action.choices[words[0]], words[1:])
    return found


def test_the_table_of_papers_names_existing_commands():
    """Its command lines are abbreviated, so only commands, options and methods are looked up."""
    quoted = re.findall(r"`([^`]+)`", (ROOT / "docs" / "papers.md").read_text())
    commands = [
        words for each in quoted if (words := each.replace("\\|", "|").split())[0] in COMMANDS_OF_OURS
    ]
    methods = [m for each in quoted for m in re.findall(r"^segmenter\.(\w+)", each)]
    assert len(commands) > 20 and len(methods) > 8
    assert [m for m in methods if not hasattr(PartSegmenter, m)] == []
    wrong = []
    for words in commands:
        own = options_of(_parser(words[0]), words)
        wrong += [f"{words[0]} {w}" for w in words if w.startswith("--") and w not in own]
    assert wrong == []


def test_other_command_lines_call_existing_programs():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    extras = re.search(r"extras_require=\{(.*?)\n    \}", (ROOT / "setup.py").read_text(), re.DOTALL).group(1)
    for page, words in COMMANDS:
        program, rest = words[0], words[1:]
        if program == "make":
            names = [word for word in rest if word.partition("=")[0] not in OPTIONS_OF_MAKE]
            assert set(names) <= set(targets), (page, words)
        elif program == "pip":
            for each in re.findall(r"-r (\S+)", " ".join(rest)):
                assert (ROOT / each).is_file(), (page, words)
            for names in re.findall(r"\[(.*?)\]", " ".join(rest)):
                assert all(f'"{name}"' in extras for name in names.split(",")), (page, words)
        elif "-m" in rest:
            module = rest[rest.index("-m") + 1]
            assert importlib.util.find_spec(module) is not None, (page, words)
            if module == "part_perception.cli.main":
                words = rest[rest.index("-m") + 2 :]
                assert callable(_parser(words[0]).parse_args(words).run)
        elif program.startswith("tools/"):
            assert (ROOT / program).is_file(), (page, words)
        elif program == "python":
            assert (ROOT / rest[0]).is_file(), (page, words)
        else:
            assert program in ("part-perception", "export", *FOREIGN), (page, words)


@pytest.fixture(scope="module")
def one_model():
    """The shipped model is loaded once for all commands."""
    patch = pytest.MonkeyPatch()
    load = functools.cache(PartSegmenter.load)
    patch.setattr(PartSegmenter, "load", lambda *args, **kwargs: load(*args, **kwargs))
    yield
    patch.undo()


@pytest.fixture
def own_files(tmp_path, monkeypatch):
    """A folder with spaces and umlauts in its name, and the files that readers are assumed to have."""
    folder = tmp_path / "Größe und Maß"
    (folder / "parts").mkdir(parents=True)
    monkeypatch.chdir(folder)
    for name, shape in {
        "drill.npz": "cordless drill", "chair.ply": "chair", "stool.ply": "stool", "cup.ply": "mug",
        "labelled.ply": "mug", "camera1.npz": "mug", "camera2.npz": "mug", "camera3.ply": "mug",
    }.items():  # fmt: skip
        rng = np.random.default_rng(len(name))
        surface = sample_surface(KINDS[shape].make(rng), 3000, rng)
        handle = np.where(surface.part == surface.part.max(), 0, -1)
        write_cloud(folder / name, surface.points, labels=handle, label_names=("bayonet mount",))
    trimesh = pytest.importorskip("trimesh")
    trimesh.creation.capsule(0.3, 0.05).export(folder / "chair.glb")
    depth = np.full((480, 640), 900, np.uint16)
    depth[200:280, 280:360] = 700
    Image.fromarray(depth).save(folder / "d.png")
    return folder


@pytest.mark.slow
def test_the_tutorial_shows_what_is_printed_and_teaches_a_new_word(own_files, capsys):
    assert main(["sample", "mug"]) == 0
    capsys.readouterr()
    assert main(["ask", "mug.ply", "-q", "handle", "lid"]) == 0
    printed = capsys.readouterr().out.splitlines()[:4]
    told = block_of("docs/tutorial.md", "query ").splitlines()
    assert [line.split()[:2] for line in told] == [line.split()[:2] for line in printed]
    points, now = (int(lines[2].split()[4]) for lines in (told, printed))
    assert now == pytest.approx(points, rel=0.1), "runtimes differ by a few points"
    assert f"its {points} points" in (ROOT / "docs" / "tutorial.md").read_text()
    (word,) = re.findall(r"part-perception teach (\w+) mug.ply", (ROOT / "docs" / "tutorial.md").read_text())
    # the pages that run below share a model, which is taught the word
    assert main(["ask", "mug.ply", "-q", word]) == 2, "it is not understood untaught"


RUN = sorted({page for page, words in OURS if runs(words)})


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN)
def test_a_page_runs_from_top_to_bottom(page, own_files, one_model, capsys):
    if page != "docs/tutorial.md":  # which makes its own
        assert main(["sample", "mug"]) == main(["sample", "table"]) == 0
    for name, words in OURS:
        if name == page and runs(words):
            code = main(words)
            told = capsys.readouterr()
            assert code in (0, 1), (words, told.err)
            assert told.out, words
            for output in re.findall(r"--(?:out|picture|save) (\S+)", " ".join(words)):
                assert (own_files / output).exists(), words


BLOCKS = [  # tests/cli/test_readme.py runs that of the README and checks its values
    (NAMES[page], block)
    for page in PAGES[1:]
    for block in re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
]


@pytest.mark.slow
@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[page for page, _ in BLOCKS])
def test_a_python_block_runs(page, block, own_files, one_model, capsys):
    assert main(["sample", "mug"]) == 0
    capsys.readouterr()
    names: dict = {}
    exec(compile(block, page, "exec"), names)
    assert capsys.readouterr().out
    assert names["answer"].found[0]


def block_of(page: str, start: str) -> str:
    """The indented block that begins with a line."""
    lines = indented_lines((ROOT / page).read_text())
    first = next(number for number, line in enumerate(lines) if line.startswith(start))
    same = itertools.takewhile(lambda line: line.startswith((" ", *NOT_COMMANDS)), lines[first:])
    return "\n".join(same)


@pytest.mark.slow
def test_the_lines_on_motions_run():
    seen = capture([thing("drawer front", 1)], look_at(0.3, 0.5, 1.4, (0, 0, 0.3)), np.random.default_rng(0))
    names = {"frame": ScenePerception(PartSegmenter.load()).process(seen.points, 0.0)}
    exec(block_of("docs/motion.md", "part = "), names)
    assert names["part"].found and names["part"].motion.kind == "slides" and len(names["part"].open_path) > 3


def test_the_kind_on_the_training_page_can_be_made():
    ours = dict(KINDS)
    try:
        del KINDS["dumbbell"]  # ours has more
        exec(block_of("docs/training.md", "@kind"), {"kind": kind})
        dumbbell = KINDS["dumbbell"].make(np.random.default_rng(0))
    finally:  # in their order, too, which decides what a seed draws in later tests
        KINDS.clear()
        KINDS.update(ours)
    assert [part.names[0] for part in dumbbell.parts] == ["handle", "weight", "weight"]
