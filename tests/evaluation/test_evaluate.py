"""Evaluation of a stand-in model with known answers: figures, tables, pictures, refusals."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from part_perception.cli.main import main
from part_perception.evaluation.evaluate import (
    OpenScore,
    ShapeScore,
    absent_names,
    closed_summary,
    evaluate,
    open_summary,
    single_view,
)
from part_perception.evaluation.report import picture_of, text_of
from part_perception.files.labelled_shapes import LabelledShape, load_shapes
from part_perception.terminal import table


class LowAndHigh:
    """A model that labels the lower half with the first name; when asked, it finds the upper half, which it knows."""

    manifest = SimpleNamespace(name="stand-in")
    runtime = SimpleNamespace(name="none")

    def label(self, points, names, up):
        return self._upper(points, up).astype(int)

    def ask(self, points, queries, up):
        upper = self._upper(points, up)
        known = np.array([q in ("lid", "cap") for q in queries])
        return SimpleNamespace(
            masks=np.stack([upper if k else ~upper for k in known]),
            confidence=np.where(known, 0.95, 0.15),
            found=known,
        )

    def _upper(self, points, up):
        height = points @ np.asarray(up)
        return height > (height.max() + height.min()) / 2


def write(folder, name, category, names, up="z", count=4000) -> None:
    """A closed column whose upper quarter is the second part, so an even split is wrong by a known amount."""
    rng = np.random.default_rng(0)
    angle, z = rng.uniform(-np.pi, np.pi, count), rng.uniform(0, 1, count)
    points = np.column_stack([0.3 * np.cos(angle), 0.3 * np.sin(angle), z])
    labels = (z > 0.75).astype(int)
    turned = {"z": points, "y": points[:, [1, 2, 0]], "x": points[:, [2, 0, 1]]}[up]
    np.savez(folder / f"{name}.npz", points=turned, labels=labels, label_names=np.array(names),
             category=np.array(category), up_axis=np.array(up))  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, "jar", "jar", ["glass", "lid"])
    write(tmp_path, "pot", "jar", ["glass", "lid"], up="y")
    write(tmp_path, "pen", "pen", ["barrel", "cap"], up="x")
    return tmp_path


def test_figures_of_whole_shapes_are_exact(folder):
    report = evaluate(LowAndHigh(), folder, views=0)
    closed, asked = report["whole"]["closed"], report["whole"]["open"]
    z = np.random.default_rng(0)
    z.uniform(-np.pi, np.pi, 4000)
    z = z.uniform(0, 1, 4000)
    middle = (z.max() + z.min()) / 2
    lower = (z <= middle).sum() / (z <= 0.75).sum()
    upper = (z > 0.75).sum() / (z > middle).sum()
    assert closed["shapes"] == 3
    assert closed["miou"] == closed["ciou"] == pytest.approx((lower + upper) / 2)
    assert closed["by_part"]["lid"] == pytest.approx(upper) == closed["by_part"]["cap"]
    assert closed["by_category"] == {
        "jar": pytest.approx(closed["miou"]),
        "pen": pytest.approx(closed["miou"]),
    }
    # Absent: barrel and cap for the jars, glass and lid for the pen; "cap" and "lid" are found wherever they are asked.
    assert asked["queries"] == 12
    assert asked["found_when_present"] == asked["found_when_absent"] == 0.5
    assert asked["auroc"] == 0.5
    assert "views" not in report


def test_categories_have_equal_weight_in_ciou():
    scores = [
        ShapeScore(str(i), c, {"a": v}) for i, (c, v) in enumerate([("x", 1.0), ("x", 1.0), ("y", 0.0)])
    ]
    summary = closed_summary(scores)
    assert summary["miou"] == pytest.approx(2 / 3) and summary["ciou"] == 0.5


def test_parts_that_a_view_does_not_see_do_not_count():
    score = ShapeScore("s", "c", {"a": 0.5, "b": float("nan")})
    assert score.miou == 0.5
    assert ShapeScore("s", "c", {"a": float("nan")}).miou == 0.0


def test_absent_names_share_no_word_with_the_shape():
    def shape(category, *names):
        return LabelledShape("s", np.zeros((5, 3)), np.zeros(5, int), names, category, (0, 0, 1))

    shapes = [
        shape("table lamp", "lamp shade", "pole"),
        shape("mug", "handle"),
        shape("lamp", "base", "bulb", "wall lamp"),
    ]
    # not "base", which most things have
    assert set(absent_names(shapes, shapes[0], 9, 0)) == {"handle", "bulb"}
    assert len(absent_names(shapes, shapes[0], 1, 0)) == 1


def test_an_open_query_is_right_when_it_is_there_with_half_its_mask():
    def score(present, found, confidence, overlap):
        return OpenScore("s", "q", present, confidence, found, overlap)

    summary = open_summary(
        [score(True, True, 0.95, 0.8), score(True, False, 0.25, 0.2), score(False, False, 0.05, 0.0)]
    )
    assert (summary["auroc"], summary["found_when_present"], summary["found_when_absent"]) == (1, 0.5, 0)
    assert summary["mask_iou"] == pytest.approx(0.5)
    assert summary["calibration_error"] == pytest.approx((0.05 + 0.25 + 0.05) / 3)


def test_every_shape_is_seen_from_another_side(folder):
    shape = load_shapes(folder)[0]
    one, other = (single_view(replace(shape, name=name), 0) for name in ("one", "other"))
    assert one.points.shape != other.points.shape or not np.allclose(one.points, other.points)


def test_a_single_view_shows_one_side_upright_and_repeats(folder):
    shape = next(s for s in load_shapes(folder) if s.name == "pot")
    view, same, other = (single_view(shape, seed) for seed in (1, 1, 2))
    assert np.array_equal(view.points, same.points) and view.points.shape != other.points.shape
    assert view.up == (0.0, 0.0, 1.0) and view.names == shape.names
    assert 0.12 < np.ptp(view.points[:, 2]) < 0.4, "the column stands, a quarter of a metre high"
    assert view.points[view.labels == 1, 2].mean() > view.points[view.labels == 0, 2].mean() + 0.05
    assert set(np.unique(view.labels)) <= {-1, 0, 1}


def test_views_are_scored_too_and_every_shape_counts(folder):
    report = evaluate(LowAndHigh(), folder, views=2)
    assert report["views"]["closed"]["shapes"] == 6
    assert {s["name"] for s in report["whole"]["shapes"]} == {"jar", "pot", "pen"}
    assert evaluate(LowAndHigh(), folder, views=2) == report


def test_report_and_picture(folder):
    report = evaluate(LowAndHigh(), folder, views=1)
    text = text_of(report, table)
    for line in ("mIoU by category", "mIoU by part", "confidence, whole", "AUROC", "calibration error"):
        assert line in text
    closed = report["whole"]["closed"]
    assert f"{closed['by_part']['lid']:.3f}" in text
    assert "0.9–1.0" in text
    image = picture_of(report)
    assert image.shape[1] == 1500 and image.dtype == np.uint8 and image.std() > 10


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: (f / "bad.npz").write_bytes(b"no archive"), "bad.npz"),
        (lambda f: np.savez(f / "bad.npz", points=np.zeros((50, 3))), "bad.npz is not a labelled shape"),
        (lambda f: np.savez(f / "bad.npz", points=np.zeros((5, 3)), labels=np.full(5, 2), label_names=["x"]),
         "bad.npz"),
        (lambda f: [p.unlink() for p in f.glob("*.npz")], "no .npz file"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_a_shape_is_named_in_the_error(folder, spoil, message, monkeypatch, capsys):
    spoil(folder)
    with pytest.raises(ValueError, match=message):
        load_shapes(folder)
    monkeypatch.setattr("part_perception.segmenter.PartSegmenter.load", lambda *_: LowAndHigh())
    assert main(["eval", str(folder)]) == 2
    assert message.split()[0] in capsys.readouterr().err


def test_the_command_prints_writes_and_draws(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("part_perception.segmenter.PartSegmenter.load", lambda *_: LowAndHigh())
    picture, out = tmp_path / "p.png", tmp_path / "r.json"
    assert (
        main(["eval", str(folder), "--views", "1", "--json", "--picture", str(picture), "--out", str(out)])
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert told["whole"]["closed"]["shapes"] == 3 and told == json.loads(out.read_text())
    assert picture.stat().st_size > 10_000
