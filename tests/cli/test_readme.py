"""README: it describes what exists. `python tests/cli/test_readme.py` rewrites its table and badges."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import numpy as np
import yaml

from part_perception.cli.main import COMMANDS
from part_perception.config import parameters_table
from part_perception.files import write_cloud
from part_perception.language.bank import TextBank
from part_perception.shapes.builder import sample_surface
from part_perception.shapes.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
BEGIN = "<!-- parameters: written by `python tests/cli/test_readme.py` -->\n"
END = "<!-- end of parameters -->"


def with_parameters(text: str) -> str:
    """The text with the table inserted between its markers."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{parameters_table()}\n{END}{rest.split(END)[1]}"


def test_the_parameter_table_is_that_of_the_code():
    text = README.read_text()
    assert text == with_parameters(text), "run: python tests/cli/test_readme.py"


def badges() -> dict[str, tuple[str, str]]:
    """The text of each badge, taken from where it is decided."""
    checks = (ROOT / "tools" / "setup" / "checks.py").read_text()
    (pythons,) = re.findall(r"^TESTED = \((.*)\)", checks, re.M)
    (first_distro,) = re.findall(r'^WHEEL_DISTROS = \("(\w+)"', checks, re.M)
    (licence,) = re.findall(r'license="(.*?)"', (ROOT / "setup.py").read_text())
    return {
        "license": ("license", licence),
        "python": ("python", " | ".join(sorted(re.findall(r"3\.\d+", pythons)))),
        "ros": ("ROS 2", first_distro.capitalize()),
    }


def badge(name: str, value: str) -> str:
    """A small picture with a name and a value."""
    left, right = 7 * len(name) + 14, 7 * len(value) + 14
    style = 'fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img">'
        f'<title>{name}: {value}</title><rect width="{left}" height="20" rx="3" fill="#555"/>'
        f'<rect x="{left}" width="{right}" height="20" rx="3" fill="#2f6fab"/>'
        f'<text x="{left / 2}" y="14" {style}>{name}</text>'
        f'<text x="{left + right / 2}" y="14" {style}>{value}</text></svg>\n'
    )


def test_the_number_of_shipped_words_is_that_of_the_bank():
    count = len(TextBank.load(ROOT / "models" / "text_bank.safetensors").words)
    told = [
        text
        for page in (README, ROOT / "docs" / "tutorial.md")
        for text in re.findall(r"(?:know|beyond the) ([\d,]+) (?:words|that)", page.read_text())
    ]
    assert told == [f"{round(count, -2):,}"] * 3


def test_badges_are_true():
    text = README.read_text()
    for name, (title, value) in badges().items():
        assert f"![{title}: {value}](docs/badges/{name}.svg)" in text
        assert (ROOT / "docs" / "badges" / f"{name}.svg").read_text() == badge(title, value)


def test_every_command_exists_and_every_option_too():
    told = set(re.findall(r"part-perception ([a-z]+)", README.read_text()))
    assert (
        {"ask", "decompose", "doctor", "eval", "bench", "bag", "teach", "train", "node", "models"}
        <= told
        <= set(COMMANDS)
    )


def test_every_make_target_exists():
    targets = set(re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", README.read_text(), re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text()
    assert targets
    for first, second in targets:
        assert re.search(rf"^{first or second}:", makefile, re.MULTILINE), first or second


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", README.read_text())
    assert "docs/demo.png" in links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_ros_name_belongs_to_the_node():
    table = README.read_text().split("## ROS interface")[1].split("## Parameters")[0]
    told = set(re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE))
    names = {name for cell in told for name in re.findall(r"`([^`]+)`", cell)}
    assert {"points", "~/parts", "~/query_parts", "~/find_part"} <= names
    source = "\n".join(p.read_text() for p in sorted((ROOT / "part_perception" / "ros").rglob("*.py")))
    assert [
        n for n in sorted(names) if f'"{n}"' not in source and f'"{n.removeprefix("~/")}"' not in source
    ] == []


def test_cameras_are_those_of_the_launch_file():
    cameras = yaml.safe_load((ROOT / "launch" / "config" / "cameras.yaml").read_text())
    table = README.read_text().split("## On a real camera")[1].split("## ROS interface")[0]
    told = {row[0]: row[1] for row in re.findall(r"^\| [^|]+ \| `(\w+)` \| ([^|]+) \|", table, re.MULTILINE)}
    assert set(told) == set(cameras)
    for name, camera in cameras.items():
        if "points" in camera["topics"]:
            assert told[name] == f"`{camera['topics']['points']}`"


def test_launch_arguments_exist():
    source = (ROOT / "launch" / "part_perception.launch.py").read_text()
    told = set(
        re.findall(r"`?(\w+):=", README.read_text().split("## On a real camera")[1].split("| camera |")[0])
    )
    assert {"points", "camera"} <= told
    assert [name for name in told if f'"{name}":' not in source] == []


def test_the_python_example_runs(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    write_cloud(tmp_path / "mug.ply", sample_surface(KINDS["mug"].make(rng), 4000, rng).points)
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    names: dict = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(example, "README.md", "exec"), names)
    assert [line.split()[0] for line in printed.getvalue().splitlines()] == ["handle", "lid"]
    assert names["labels"].shape == (4000,)
    assert len(names["handle"]) == names["answer"].masks[0].sum()


if __name__ == "__main__":
    README.write_text(with_parameters(README.read_text()))
    for each, (said, value) in badges().items():
        (ROOT / "docs" / "badges" / f"{each}.svg").write_text(badge(said, value))
