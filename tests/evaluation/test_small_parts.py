"""What a second look gains: the same views once with it and once without, by the size of the part."""

from __future__ import annotations

from dataclasses import replace

from part_perception.cli.main import main
from part_perception.evaluation.small_parts import SIZES, evaluate_small_parts
from part_perception.segmenter import PartSegmenter


def test_without_a_rule_for_it_both_looks_are_one():
    segmenter = PartSegmenter.load()
    rule = segmenter.manifest.confidence
    segmenter.manifest = replace(segmenter.manifest, confidence=replace(rule, closer_weights=()))
    report = evaluate_small_parts(segmenter, 4)
    assert report["one look"] == report["two looks"]
    assert 0 < report["one look"]["closed set, mIoU"] < 1
    named = {name.rpartition(",")[0] for name in report["one look"]} - {"closed set", "handles"}
    assert named <= set(SIZES)


def test_the_command_compares_one_look_and_two(capsys):
    assert main(["eval", "--small", "4"]) == 0
    head, _, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["IoU", "one", "look", "two", "looks"]
    assert any(row.startswith("closed set, mIoU") for row in rows)


def test_it_brings_its_own_views(tmp_path, capsys):
    assert main(["eval", str(tmp_path), "--small"]) == 2
    assert "generate their own objects: give no folder" in capsys.readouterr().err
