"""`transfer` and `cosegment` with the shipped model on generated mugs."""

from __future__ import annotations

import json

import numpy as np
import pytest

from part_perception.cli.main import main
from part_perception.evaluation.taught_shapes import generated
from part_perception.files import read_cloud, write_cloud


@pytest.fixture(scope="module")
def mugs(tmp_path_factory):
    """Two mugs as files, and the points of their handles."""
    folder, found = tmp_path_factory.mktemp("mugs"), []
    for number in (0, 2):
        shape = generated("mug", 91, number, False)
        write_cloud(folder / f"mug{number}.ply", shape.points)
        found.append((folder / f"mug{number}.ply", shape.points[shape.labels == shape.names.index("handle")]))
    return found


def test_a_place_on_a_handle_lands_on_the_other_handle(mugs, capsys):
    (a, here), (b, there) = mugs
    middle = here.mean(axis=0)
    argv = ["transfer", str(a), str(b), "--place", *map(str, middle), "--turn", "0", "0", "0", "1", "--json"]
    assert main(argv) == 0
    told = json.loads(capsys.readouterr().out)
    size = np.ptp(there, axis=0).max()
    assert np.linalg.norm(np.array(told["place"]) - there.mean(axis=0)) < 0.5 * size
    assert 0 < told["confidence"] < 1
    assert np.linalg.norm(told["turn"]) == pytest.approx(1, abs=1e-5)


def test_a_place_may_be_written_as_json_writes_it(mugs, capsys):
    """A coordinate near 0 has an exponent there, and argparse took -1.2e-05 for an option."""
    (a, here), (b, _) = mugs
    x, _, z = here.mean(axis=0)
    assert main(["transfer", str(a), str(b), "--place", str(x), "-1.2e-05", str(z), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["confidence"] > 0


def test_mugs_are_taken_apart_alike(mugs, tmp_path, capsys):
    files = [str(path) for path, _ in mugs]
    assert main(["cosegment", *files, "--parts", "2", "--out", str(tmp_path / "parts"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["parts"] == 2
    for path, _ in mugs:
        labelled = read_cloud(tmp_path / "parts" / path.name)
        assert np.bincount(labelled.labels).tolist() == told["files"][str(path)]
        assert labelled.label_names == ("part 0", "part 1")


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (["cosegment", "{0}"], "at least two files"),
        (["cosegment", "{0}", "{0}", "--out", "{0}.d"], "the same name"),
        (["transfer", "{0}", "{0}", "--place", "0", "0", "0", "--turn", "0", "0", "0", "0"], "no rotation"),
        (["cosegment", "{0}", "{1}", "--out", "{0}"], "is not a folder"),
        (["transfer", "{0}", "{0}", "--place", "nan", "0", "0"], "three finite numbers"),
        (["transfer", "{0}", "{0}", "--place", "5", "0", "0"], "m from its object, which is only 0."),
        (["eval", "--match", "."], "give no folder"),
    ],
)
def test_bad_input_is_one_sentence(mugs, capsys, argv, reason):
    assert main([word.format(mugs[0][0], mugs[1][0]) for word in argv]) == 2
    error = capsys.readouterr().err
    assert reason in error
    assert error.count("\n") == 1
