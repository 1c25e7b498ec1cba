"""What a second look gains: the same views once with it and once without, by the size of the part."""

from __future__ import annotations

from part_perception.cli.main import main
from part_perception.evaluation.small_parts import SIZES, evaluate_small_parts
from part_perception.segmenter import PartSegmenter


def test_parts_are_sorted_by_size_and_both_looks_score_the_same_ones():
    report = evaluate_small_parts(PartSegmenter.load(), 4)
    one, two = report["one look"], report["two looks"]
    assert one.keys() == two.keys() and one != two
    assert set(one) - {"mean of a view", "handles and knobs"} <= set(SIZES)
    assert all(0 <= value <= 1 for look in report.values() for value in look.values())


def test_the_command_compares_one_look_and_two(capsys):
    assert main(["eval", "--small", "4"]) == 0
    head, _, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["IoU", "one", "look", "two", "looks"]
    assert any(row.startswith("mean of a view") for row in rows)


def test_it_brings_its_own_views(tmp_path, capsys):
    assert main(["eval", str(tmp_path), "--small"]) == 2
    assert "generate their own objects: give no folder" in capsys.readouterr().err
