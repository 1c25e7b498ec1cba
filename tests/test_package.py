"""The package as a whole: what it imports and declares, and how it installs."""

from __future__ import annotations

import ast
import importlib
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import part_perception

ROOT = Path(__file__).resolve().parent.parent
INTERFACES = ROOT / "ros2_ws" / "src" / "part_perception_interfaces"
ROS_MODULES = {
    "rclpy",
    "launch",
    "launch_ros",
    "tf2_ros",
    "sensor_msgs_py",
    "ament_index_python",
}
OPTIONAL_ROS = {
    "vision_msgs",
    "nav_msgs",
    "moveit_msgs",
    "grasping_msgs",
    "trajectory_msgs",
    "point_cloud_interfaces",
    "ament_index_python",
}


def run_python(code: str, python: Path | str = sys.executable, **kwargs) -> str:
    return subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=True, timeout=100, **kwargs
    ).stdout.strip()


def imports_of(file: Path) -> set[str]:
    """Top-level names of everything that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def is_ros(module: str) -> bool:
    return module in ROS_MODULES or module.endswith(("_msgs", "_srvs", "_interfaces"))


def depends(package: Path) -> set[str]:
    tags = ("depend", "exec_depend", "buildtool_depend", "test_depend")
    return {item.text for item in ElementTree.parse(package).getroot() if item.tag in tags}


def requirements(name: str) -> list[Requirement]:
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    return [Requirement(text) for line in lines if (text := line.split("#")[0].strip())]


# The cost of importing


@pytest.mark.timed
def test_importing_is_quick_and_brings_neither_ros_nor_torch():
    code = (
        "import sys, time; start = time.perf_counter(); import part_perception; "
        "print(time.perf_counter() - start, *sorted({n.split('.')[0] for n in sys.modules}))"
    )
    seconds, *modules = min((run_python(code).split() for _ in range(3)), key=lambda words: float(words[0]))
    assert float(seconds) <= 0.3
    assert not {"rclpy", "torch", "numpy", "matplotlib"} & set(modules)


def test_the_public_classes_need_neither_ros_nor_torch_nor_matplotlib():
    code = (
        "import sys; from part_perception import PartSegmenter, ScenePerception; "
        "print(*sorted({n.split('.')[0] for n in sys.modules}))"
    )
    modules = set(run_python(code).split())
    assert "part_perception" in modules
    assert not {"rclpy", "torch", "matplotlib", "open3d"} & modules
    assert not {name for name in modules if is_ros(name)}


def test_every_public_name_is_where_its_module_defines_it():
    assert sorted(part_perception._HOMES) == part_perception.__all__
    for name, home in part_perception._HOMES.items():
        assert getattr(part_perception, name) is getattr(importlib.import_module(home), name)


def test_the_package_is_marked_as_typed(declared: dict):
    assert (ROOT / "part_perception" / "py.typed").is_file()
    assert declared["package_data"]["part_perception"] == ["py.typed"]


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'PartSegmentor'"):
        part_perception.PartSegmentor  # noqa: B018


def test_only_the_ros_folder_imports_ros():
    core = [f for f in (ROOT / "part_perception").rglob("*.py") if "ros" not in f.relative_to(ROOT).parts]
    assert len(core) > 10
    guilty = {str(f.relative_to(ROOT)): found for f in core if (found := set(filter(is_ros, imports_of(f))))}
    assert guilty == {}


# Declarations


def test_ros_imports_are_declared_in_package_xml():
    files = [*(ROOT / "part_perception" / "ros").rglob("*.py"), *(ROOT / "launch").rglob("*.py")]
    used = {
        "tf2_ros_py" if name == "tf2_ros" else name for f in files for name in imports_of(f) if is_ros(name)
    }
    assert "rclpy" in used
    assert used - OPTIONAL_ROS <= depends(ROOT / "package.xml")


def test_the_release_has_both_packages_where_bloom_finds_them(tmp_path: Path):
    catkin_pkg = pytest.importorskip("catkin_pkg.packages")
    assert list(catkin_pkg.find_packages(ROOT)) == ["."], "here the interfaces are hidden"
    layout = runpy.run_path(str(ROOT / "tools" / "release_layout.py"))
    for file in filter(None, map(layout["place"], layout["tracked"]())):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    for name, manifest in (("part_perception", ROOT), ("part_perception_interfaces", INTERFACES)):
        shutil.copy(manifest / "package.xml", tmp_path / name)
        shutil.copy(manifest / "rosdoc2.yaml", tmp_path / name)
        for beside in ("LICENSE", "CHANGELOG.rst"):
            assert (tmp_path / name / beside).is_file()
    found = catkin_pkg.find_packages(tmp_path)
    assert sorted(found) == ["part_perception", "part_perception_interfaces"]
    for name, package in found.items():
        package.validate()
        exported = {each.tagname: each.content for each in package.exports}
        attic, config = yaml.safe_load_all((tmp_path / name / exported["rosdoc2"]).read_text())
        assert attic == {"type": "rosdoc2 config", "version": 1}
        (builder,) = config["builders"]
        assert (tmp_path / name / (builder["sphinx"].get("user_doc_dir") or ".")).is_dir()
    assert (tmp_path / "part_perception" / "setup.py").is_file()
    assert (tmp_path / "part_perception_interfaces" / "msg" / "Part.msg").is_file()
    assert not list(tmp_path.rglob("ros2_ws"))


def test_versions_agree():
    manifests = [ROOT / "package.xml", INTERFACES / "package.xml"]
    versions = [ElementTree.parse(manifest).getroot().findtext("version") for manifest in manifests]
    assert versions == [part_perception.__version__] * 2
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == part_perception.__version__
    for package in (ROOT, INTERFACES):
        newest = re.search(r"^(\S+) \((\S+)\)$", (package / "CHANGELOG.rst").read_text(), re.M)
        assert newest.groups() == (part_perception.__version__, str(citation["date-released"]))


@pytest.mark.parametrize("name", sorted(p.name for p in (ROOT / "requirements").glob("*.txt")))
def test_every_requirement_is_pinned(name: str):
    assert requirements(name)
    for requirement in requirements(name):
        assert [s.operator for s in requirement.specifier] == ["=="], requirement


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> dict:
    """The arguments that setup.py passes to setuptools."""
    told: dict = {}
    monkeypatch.setattr("setuptools.setup", lambda **arguments: told.update(arguments))
    runpy.run_path(str(ROOT / "setup.py"))
    return told


def test_every_declared_dependency_is_imported(declared: dict):
    modules = {"pillow": "PIL", "scikit-learn": "sklearn"}
    used = {name for f in (ROOT / "part_perception").rglob("*.py") for name in imports_of(f)}
    names = [Requirement(text).name for text in declared["install_requires"]]
    assert "numpy" in names
    assert [name for name in names if modules.get(name, name) not in used] == []


def test_every_package_that_an_error_tells_to_install_is_in_an_extra(declared: dict):
    source = "\n".join(f.read_text() for f in (ROOT / "part_perception").rglob("*.py"))
    told = set(re.findall(r"needs a package: pip install ([\w-]+)", source))
    assert {"huggingface_hub", "open-clip-torch"} <= told
    extras = {Requirement(text).name for texts in declared["extras_require"].values() for text in texts}
    assert told <= extras


def test_pins_satisfy_the_bounds_of_the_package(declared: dict):
    bounds = {r.name: r.specifier for r in map(Requirement, declared["install_requires"])}
    pins = requirements("run.txt")
    assert {pin.name for pin in pins} == set(bounds)
    for pin in pins:
        version = next(iter(pin.specifier)).version
        assert bounds[pin.name].contains(version), f"{pin} is outside {bounds[pin.name]}"


@pytest.fixture
def recipe() -> list[list[str]]:
    """The README's commands that build and start the node beside an installed ROS 2."""
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (block,) = [block for block in blocks if "colcon build" in block]
    lines = [part for line in block.splitlines() for part in line.split(" && ")]
    return [shlex.split(line, comments=True) for line in lines]


def test_the_recipe_beside_ros_installs_everything_needed_to_run(recipe: list[list[str]], declared: dict):
    files = {line[-1] for line in recipe if line[:2] == ["pip", "install"]}
    assert files == {"requirements/ros.txt", "requirements/text_model.txt"}
    by_apt = {"scikit-learn": "python3-sklearn", "pillow": "python3-pil"}
    keys = depends(ROOT / "package.xml")
    by_pip = {requirement.name for requirement in requirements("ros.txt")}
    needed = {Requirement(text).name for text in declared["install_requires"]}
    assert {name for name in needed if by_apt.get(name, f"python3-{name}") not in keys} <= by_pip
    assert {str(r) for r in requirements("ros.txt") if r.name in needed} <= {
        str(r) for r in requirements("run.txt")
    }
    assert any(line[:2] == ["rosdep", "install"] for line in recipe)


def test_the_recipe_beside_ros_builds_and_starts_existing_targets(recipe: list[list[str]], declared: dict):
    (build,) = [line for line in recipe if line[:2] == ["colcon", "build"]]
    for folder in build[build.index("--base-paths") + 1 :]:
        assert list((ROOT / folder).glob("package.xml")) or list((ROOT / folder).glob("*/package.xml"))
    programs = {text.split(" = ")[0] for text in declared["entry_points"]["console_scripts"]}
    started = {tuple(line[1:4]) for line in recipe if line[:2] in (["ros2", "run"], ["ros2", "launch"])}
    assert started == {
        ("run", "part_perception", "part-perception"),
        ("launch", "part_perception", "part_perception.launch.py"),
    }
    assert "part-perception" in programs
    assert (ROOT / "launch" / "part_perception.launch.py").is_file()


@pytest.mark.parametrize(
    "file",
    sorted(f for kind in ("msg", "srv", "action") for f in (INTERFACES / kind).iterdir()),
    ids=lambda f: f.name,
)
def test_every_field_of_an_interface_is_explained(file: Path):
    lines = [line for line in file.read_text().splitlines() if line.strip() and line.strip() != "---"]
    assert lines[0].startswith("# ")
    fields = [line for line in lines if not line.startswith("#")]
    assert fields
    assert [line for line in fields if not line.partition("#")[2].strip()] == []


def test_every_interface_is_built():
    listed = set(re.findall(r'"(\w+/\w+\.\w+)"', (INTERFACES / "CMakeLists.txt").read_text()))
    present = {f"{kind}/{f.name}" for kind in ("msg", "srv", "action") for f in (INTERFACES / kind).iterdir()}
    assert listed == present


@pytest.mark.ros
def test_the_interfaces_installed_are_those_of_the_sources():
    from part_perception_interfaces.msg import Part, Status

    fields = re.findall(r"^[\w/\[\]]+ +(\w+) +#", (INTERFACES / "msg" / "Part.msg").read_text(), re.M)
    assert list(Part.get_fields_and_field_types()) == fields
    assert (Status.OK, Status.NO_CLOUD, Status.PART_NOT_FOUND) == (0, 1, 6)


# Containers


def test_the_compose_file_starts_programs_that_exist():
    services = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())["services"]
    assert set(services) == {"camera", "node"}
    for service in services.values():
        assert (service["network_mode"], service["ipc"]) == ("host", "host")
    dockerfile = services["camera"]["build"]["dockerfile"]
    assert (ROOT / dockerfile).is_file()
    module = services["camera"]["command"][-1]
    assert (ROOT / (module.replace(".", "/") + ".py")).is_file()
    assert f"{services['node']['command'][-1]} =" in (ROOT / "setup.py").read_text()


@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile.cpu", "Dockerfile.jetson"])
def test_a_container_copies_only_what_exists_and_says_that_it_was_not_built(name: str):
    text = (ROOT / "docker" / name).read_text()
    assert "not built" in text
    mentioned = set(re.findall(r"(?:docker|launch|requirements)/[\w./-]+", text))
    assert mentioned
    assert {path for path in mentioned if not (ROOT / path.rstrip(".")).exists()} == set()


# Installing


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_pip_install_brings_package_models_and_commands(tmp_path: Path):
    source, venv = tmp_path / "source", tmp_path / "venv"
    source.mkdir()
    for name in ("part_perception", "models", "launch", "resource"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.py", "setup.cfg", "pyproject.toml", "package.xml", "LICENSE"):
        shutil.copy(ROOT / name, source)
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    pip = [venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps", source]
    subprocess.run(pip, check=True)

    code = (
        "import part_perception, part_perception.storage as p; print(part_perception.__file__); "
        "print(*sorted(str(f.relative_to(d)) for d in (p.models_dir(), p.launch_dir()) for f in d.rglob('*.*')))"
    )
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    module, files = run_python(code, venv / "bin" / "python", cwd=tmp_path, env=alone).splitlines()
    assert Path(module).is_relative_to(venv)
    shipped = {
        str(f.relative_to(source / d)) for d in ("models", "launch") for f in (source / d).rglob("*.*")
    }
    assert {f for f in files.split() if "__pycache__" not in f} == shipped
    assert {"part-perception", "part_perception_node"} <= {f.name for f in (venv / "bin").iterdir()}
    assert (venv / "share" / "ament_index" / "resource_index" / "packages" / "part_perception").is_file()
