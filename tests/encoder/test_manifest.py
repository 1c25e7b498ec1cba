"""Manifest: it is read strictly; anything that does not fit is an error that names it."""

import json

import pytest

from part_perception.encoder.manifest import Confidence, Manifest
from part_perception.encoder.patches import PatchSpec
from tests.encoder.conftest import CONFIG


def saved(tmp_path, **changes):
    path = tmp_path / "manifest.json"
    Manifest("m", CONFIG, PatchSpec(patches=7), Confidence(scale=3.0)).save(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return path


def test_a_saved_manifest_loads_unchanged(tmp_path):
    manifest = Manifest(
        "m", CONFIG, PatchSpec(patches=7), Confidence(scale=3.0), lost={"int8": 0.2}, about={"a": "b"}
    )
    manifest.save(tmp_path / "m.json")
    assert Manifest.load(tmp_path / "m.json") == manifest


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 2}, "not of format 1"),
        ({"colour": "red"}, "colour"),
        ({"encoder": {"dim": 3, "wings": 2}}, "wings"),
        ({"patches": {"style": "odd"}}, "unknown style"),
        ({"confidence": 5}, "does not fit"),
        ({"confidence": {"sample_weights": [1.0, 2.0]}}, "sample_weights must be 9 numbers"),
        ({"confidence": {"taught_odds": [1.0]}}, "taught_odds must be 4 numbers"),
    ],
)
def test_a_value_that_does_not_fit_is_named(tmp_path, changes, said):
    with pytest.raises(ValueError, match=said):
        Manifest.load(saved(tmp_path, **changes))


def test_a_manifest_older_than_fitted_masks_loads(tmp_path):
    before = {"scale": 3.0, "mask_share": 0.7, "found_at": 0.4, "weights": [0.0, 1.0, 0.0, 0.0]}
    rule = Manifest.load(saved(tmp_path, confidence=before)).confidence
    assert (rule.scale, rule.mask_share, rule.found_at) == (3.0, 0.7, 0.4)
    assert rule.weights == (0.0, 1.0, 0.0, 0.0) and rule.sample_weights == ()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[1, 2]"])
def test_damaged_manifests_are_refused(tmp_path, content):
    (tmp_path / "m.json").write_bytes(content)
    with pytest.raises(ValueError, match="m.json"):
        Manifest.load(tmp_path / "m.json")


def test_a_missing_manifest_is_refused(tmp_path):
    with pytest.raises(ValueError, match="there is no model manifest"):
        Manifest.load(tmp_path / "m.json")


def test_a_precision_is_offered_when_it_was_measured_and_loses_little():
    manifest = Manifest("m", lost={"int8": 0.5, "bf16": 0.51, "fp16": -0.1})
    assert [manifest.offers(p) for p in ("fp32", "int8", "bf16", "fp16", "other")] == [
        True,
        True,
        False,
        True,
        False,
    ]
