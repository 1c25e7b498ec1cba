"""Kept graphs: each is built once, and rebuilt only if it is damaged or its source changes."""

import hashlib
import os
import sys
from pathlib import Path

import onnx
import pytest

from part_perception import graphs
from part_perception.graphs import GraphNodes, kept_graph


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "graphs"


def doubling() -> bytes:
    """A graph that doubles its input."""
    from onnx import TensorProto, helper

    node = GraphNodes()
    node.name_output(node("Mul", "x", node.constant(2.0)), "y")
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "xy"]
    return node.model("double", values[:1], values[1:])


def never() -> bytes:
    pytest.fail("the graph was built again")


def test_a_graph_is_built_once(folder):
    path = kept_graph("double", "a", doubling, doubling)
    assert path.parent == folder and [*folder.iterdir()] == [path]
    assert path.read_bytes() == doubling()
    assert path.stem.endswith(hashlib.sha256(doubling()).hexdigest())
    assert kept_graph("double", "a", doubling, never) == path


@pytest.mark.parametrize("damage", [lambda b: b"", lambda b: b[:-1], lambda b: bytes(len(b))])
def test_a_damaged_graph_is_built_again(damage):
    path = kept_graph("double", "a", doubling, doubling)
    path.write_bytes(damage(path.read_bytes()))
    assert kept_graph("double", "a", doubling, doubling) == path
    assert path.read_bytes() == doubling()


def test_other_weights_and_other_code_make_another_graph(folder, tmp_path, monkeypatch):
    first = kept_graph("double", ["weights", {"dim": 1}], doubling, doubling)
    assert kept_graph("double", ["weights", {"dim": 2}], doubling, doubling) != first
    assert kept_graph("double", ["weights", {"dim": 1}], onnx.load, doubling) != first
    changed = tmp_path / "graphs.py"
    changed.write_text(Path(graphs.__file__).read_text() + "# a change\n")
    monkeypatch.setattr(graphs, "__file__", str(changed))
    assert kept_graph("double", ["weights", {"dim": 1}], doubling, doubling) != first
    assert len([*folder.iterdir()]) == 4


def test_an_unwritable_cache_is_reported_and_handled(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(tmp_path / "file"))
    assert kept_graph("double", "a", doubling, doubling) == doubling()
    (line,) = caplog.messages
    assert line.startswith("the graph of double cannot be stored in ")
    assert line.endswith("it is built at every start")


def test_onnx_is_needed_only_to_build(monkeypatch):
    path = kept_graph("double", "a", doubling, doubling)
    monkeypatch.setitem(sys.modules, "onnx", None)
    assert kept_graph("double", "a", doubling, doubling) == path
    with pytest.raises(ValueError, match="the graph of double must be written once.*: pip install onnx"):
        kept_graph("double", "b", doubling, doubling)


def test_the_graphs_unused_for_longest_are_removed(folder, monkeypatch):
    monkeypatch.setattr(graphs, "MAX_KEPT", 3)
    paths = [kept_graph("double", i, doubling, doubling) for i in range(3)]
    for age, path in enumerate(reversed(paths), start=1):
        os.utime(path, (1e9 - age, 1e9 - age))
    kept_graph("double", 0, doubling, never)
    newest = kept_graph("double", 3, doubling, doubling)
    assert {*folder.iterdir()} == {paths[0], paths[2], newest}
