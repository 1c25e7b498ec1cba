"""Imports run one way: down this list of packages and modules, and never in a circle."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import part_perception

ROOT = Path(part_perception.__file__).parent
LAYERS = [  # a module imports from its own package and from those after it
    "cli", "fleet", "ros", "view",
    "evaluation", "model_zoo", "training", "pictures",
    "config", "scene", "segmenter", "parts", "grasping",
    "simulation", "shapes", "recordings", "launching",
    "model_folders", "encoder", "language", "files", "types", "geometry",
    "graphs", "terminal", "command_lines",
    "metrics", "jit", "settings", "inputs", "storage", "paths", "timing", "heap", "errors",
]  # fmt: skip


def modules() -> dict[str, ast.Module]:
    """Every module by its dotted name within the package."""
    found = {}
    for file in ROOT.rglob("*.py"):
        parts = file.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = ast.parse(file.read_text())
    return found


def imports(tree: ast.Module, known: dict[str, ast.Module]) -> set[str]:
    """The modules of ours that a module imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name.partition("part_perception.")[2] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("part_perception."):
            home = node.module.partition("part_perception.")[2]
            for name in node.names:
                whole = f"{home}.{name.name}".lstrip(".")
                public = part_perception._HOMES.get(name.name, "") if not home else ""
                found.add(whole if whole in known else public.partition("part_perception.")[2] or home)
    return found & known.keys() - {""}


MODULES = modules()
GRAPH = {name: imports(tree, MODULES) - {name} for name, tree in MODULES.items() if name}


def layer(module: str) -> int:
    return LAYERS.index(module.partition(".")[0])


def test_every_package_has_its_place():
    assert {name.partition(".")[0] for name in GRAPH} <= set(LAYERS)


def test_no_module_imports_from_a_layer_above_it():
    assert len(GRAPH) > 200 and sum(map(len, GRAPH.values())) > 800, "the imports were read"
    back = [f"{a} imports {b}" for a, found in GRAPH.items() for b in found if layer(b) < layer(a)]
    assert back == []


def test_no_modules_import_each_other_in_a_circle():
    order = list(TopologicalSorter(GRAPH).static_order())  # a circle is an error that names it
    assert set(GRAPH) <= set(order)
