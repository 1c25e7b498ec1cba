"""Benchmarks: tiny folders in the data sets' own layouts are read, and figures follow the papers' rules."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from part_perception.cli.eval import BENCHMARKS as NAMES
from part_perception.cli.main import main
from part_perception.evaluation import benchmark_layouts as layouts
from part_perception.evaluation.benchmark_layouts import Sample
from part_perception.evaluation.benchmark_protocols import (
    BENCHMARKS,
    Scored,
    asked_instances,
    benchmark_summary,
    best_of_cuts,
    closed_set,
    open_answers,
    partnet_precision,
    summary,
)
from part_perception.evaluation.instances import Asked
from part_perception.files import write_cloud
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.files.pickled_arrays import read_pickled_dict
from part_perception.types import Answer, KnownAnswer, Part


def mug(count: int = 1200, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A cylinder with half a ring at its side, y up; labels 0 for the handle, 1 for the cup."""
    rng = np.random.default_rng(seed)
    turn, height = rng.uniform(0, 2 * np.pi, count), rng.uniform(0, 1, count)
    cup = np.stack([0.45 * np.cos(turn), height, 0.45 * np.sin(turn)], axis=1)
    along, around = rng.uniform(-np.pi / 2, np.pi / 2, count // 4), rng.uniform(0, 2 * np.pi, count // 4)
    ring = 0.3 + 0.05 * np.cos(around)
    handle = np.stack(
        [0.45 + ring * np.cos(along), 0.5 + ring * np.sin(along), 0.05 * np.sin(around)], axis=1
    )
    return np.concatenate([handle, cup]), np.repeat([0, 1], [len(handle), len(cup)])


def write_shapenetpart(top: Path) -> None:
    points, labels = mug()
    (top / "train_test_split").mkdir(parents=True)
    (top / "03797390").mkdir()
    (top / "synsetoffset2category.txt").write_text("Airplane\t02691156\nMug\t03797390\n")
    (top / "train_test_split" / "shuffled_test_file_list.json").write_text('["shape_data/03797390/m1"]')
    table = np.column_stack([points, np.zeros_like(points), labels + 36.0])
    np.savetxt(top / "03797390" / "m1.txt", table, fmt="%.6f")


def write_partnete(top: Path) -> None:
    points, labels = mug()
    place = top / "data" / "test" / "Mug" / "100"
    place.mkdir(parents=True)
    (top / "PartNetE_meta.json").write_text(json.dumps({"Mug": ["handle"]}))
    write_cloud(place / "pc.ply", points, np.full((len(points), 3), 90, np.uint8))
    semantic = np.where(labels == 0, 0, -1)
    np.save(place / "label.npy", {"semantic_seg": semantic, "instance_seg": np.where(labels == 0, 3, -1)})


def write_partnet_mobility(top: Path) -> None:
    points, labels = mug()
    sampled = top / "8645" / "point_sample"
    sampled.mkdir(parents=True)
    (top / "8645" / "meta.json").write_text('{"model_cat": "Mug"}')
    leaves = [
        {"id": 4, "name": "handle", "text": "Handle"},
        {"id": 5, "name": "container", "objs": ["new-0"]},
    ]
    tree = [{"id": 0, "name": "mug", "children": [{"id": 1, "name": "body", "children": leaves}]}]
    (top / "8645" / "result.json").write_text(json.dumps(tree))
    seen = np.column_stack([points, np.zeros((len(points), 7))])
    np.savetxt(sampled / "sample-points-all-pts-nor-rgba-10000.txt", seen)
    np.savetxt(sampled / "sample-points-all-label-10000.txt", labels + 4, fmt="%d")


def write_partobjaverse_tiny(top: Path) -> None:
    trimesh = pytest.importorskip("trimesh")
    cup = trimesh.creation.cylinder(radius=0.4, height=1.0)
    handle = trimesh.creation.torus(0.25, 0.05)
    handle.apply_transform(trimesh.transformations.rotation_matrix(np.pi / 2, (1, 0, 0)))
    handle.apply_translation((0.5, 0, 0))
    mesh = trimesh.util.concatenate([cup, handle])
    mesh.apply_transform(trimesh.transformations.rotation_matrix(-np.pi / 2, (1, 0, 0)))
    labels = np.repeat([1, 0], [len(cup.faces), len(handle.faces)])
    for kind in ("mesh", "semantic_gt", "instance_gt"):
        (top / f"PartObjaverse-Tiny_{kind}").mkdir(parents=True)
    (top / "PartObjaverse-Tiny_semantic.json").write_text('{"Daily-Used": {"u1": ["handle", "cup"]}}')
    mesh.export(top / "PartObjaverse-Tiny_mesh" / "u1.glb")
    for kind in ("semantic", "instance"):
        np.save(top / f"PartObjaverse-Tiny_{kind}_gt" / "u1.npy", labels)


def write_scanobjectnn(top: Path) -> None:
    points, labels = mug()
    folder = top / "object_dataset_complete_with_parts_"
    (folder / "bin").mkdir(parents=True)
    (folder / "split_new.txt").write_text("scene1_00001.bin\t1\tt\nscene2_00002.bin\t1\n")
    rows = np.column_stack([points, np.zeros((len(points), 8))]).astype("<f4")
    raw = np.where(labels == 0, 4, 1)
    raw[:5], raw[5:7] = 0, 3
    said = np.column_stack([np.zeros(len(raw)), raw]).astype("<f4")
    for name, table in (("scene1_00001", rows), ("scene1_00001_part", said)):
        count = np.array([len(table)], "<f4")
        (folder / "bin" / f"{name}.bin").write_bytes(count.tobytes() + table.tobytes())


def write_faust(top: Path) -> None:
    points, labels = mug()
    (top / "scans").mkdir(parents=True)
    (top / "meshes.txt").write_text("tr_scan_000.obj\n")
    lines = [f"v {x:.5f} {y:.5f} {z:.5f}" for x, y, z in points]
    (top / "scans" / "tr_scan_000.obj").write_text("\n".join([*lines, "f 1 2 3"]))
    names = np.where(labels == 0, "arm", "torso").tolist()
    (top / "coarse_gt.json").write_text(json.dumps({"tr_scan_000": names}))


WRITERS = {
    "shapenetpart": write_shapenetpart, "partnete": write_partnete, "partnet-mobility": write_partnet_mobility,
    "partobjaverse-tiny": write_partobjaverse_tiny, "scanobjectnn": write_scanobjectnn, "faust": write_faust,
}  # fmt: skip


def only(name: str, folder: Path) -> Sample:
    WRITERS[name](folder)
    (it,) = BENCHMARKS[name].read(folder)
    return it


def test_the_command_offers_all_benchmarks():
    assert tuple(BENCHMARKS) == NAMES == tuple(WRITERS)


@pytest.mark.parametrize(
    ("name", "category", "names", "up"),
    [
        ("shapenetpart", "Mug", ("handle", "cup"), (0, 1, 0)),
        ("partnete", "Mug", ("handle",), (0, 1, 0)),  # PartSLIP's cameras have y up
        ("partnet-mobility", "Mug", ("container", "handle"), (0, 1, 0)),
        ("partobjaverse-tiny", "Daily-Used", ("handle", "cup"), (0, 1, 0)),
        ("scanobjectnn", "bin", ("background", "container", "outside frame", "cover"), (0, 1, 0)),
        ("faust", "human", ("arm", "torso"), (0, 1, 0)),
    ],
)
def test_layouts_are_read(tmp_path, name, category, names, up):
    it = only(name, tmp_path)
    assert (it.shape.category, it.shape.names, it.shape.up) == (category, names, up)
    if it.mesh is None:
        assert len(it.shape.labels) == len(it.shape.points) == len(mug()[0])
        heights = it.shape.points @ np.array(up)
        assert heights.min() == pytest.approx(0, abs=0.01) and heights.max() == pytest.approx(1, abs=0.01)


def test_labels_and_instances_are_those_of_the_files(tmp_path):
    _, labels = mug()
    for name, expected in {
        "shapenetpart": labels, "partnete": np.where(labels == 0, 0, -1), "partnet-mobility": 1 - labels,
        "faust": labels,
    }.items():  # fmt: skip
        np.testing.assert_array_equal(only(name, tmp_path / name).shape.labels, expected, name)
    scanned = only("scanobjectnn", tmp_path / "s").shape.labels
    assert scanned[:8].tolist() == [0] * 5 + [-1, -1, 3] and (scanned[labels == 1] == 1).all()
    assert np.unique(only("partnete", tmp_path / "e").instances).tolist() == [-1, 3]
    assert np.unique(only("partnet-mobility", tmp_path / "m").instances).tolist() == [4, 5]
    tiny = only("partobjaverse-tiny", tmp_path / "t")
    assert len(tiny.shape.labels) == len(tiny.mesh.faces)


def test_partnete_is_found_where_its_authors_or_its_users_put_it(tmp_path):
    write_partnete(tmp_path)
    (authors,) = layouts.partnete(tmp_path)
    (tmp_path / "data" / "test").rename(tmp_path / "test")
    (users,) = layouts.partnete(tmp_path)
    assert authors.shape.name == users.shape.name == "100"
    assert (authors.shape.points == users.shape.points).all()


class Evil:
    def __reduce__(self):
        return os.mkdir, ("made-by-a-pickle",)


def test_pickled_labels_are_read_without_unpickling(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    held = {
        "a": np.arange(6, dtype=np.int32).reshape(2, 3),
        "b": np.arange(3.0),
        "c": 7,
        "d": "text",
        "e": np.float64(2),
    }
    held["f"] = np.asfortranarray(held["a"])
    for protocol in (2, 3, 4):
        np.save("it.npy", held)
        head = Path("it.npy").read_bytes()[:128]  # older versions of numpy wrote older protocols
        Path("it.npy").write_bytes(head + pickle.dumps(np.array(held), protocol))
        read = read_pickled_dict(Path("it.npy"))
        assert read.keys() == held.keys()
        for key, value in held.items():
            np.testing.assert_array_equal(read[key], value)
    for bad in ({"a": Evil()}, {"a": Path("x")}):
        np.save("bad.npy", bad)
        with pytest.raises(ValueError, match="bad.npy .*not read"):
            read_pickled_dict(Path("bad.npy"))
    assert not Path("made-by-a-pickle").exists()
    data = Path("it.npy").read_bytes()
    Path("cut.npy").write_bytes(data[: len(data) // 2])
    with pytest.raises(ValueError, match="cut.npy is damaged"):
        read_pickled_dict(Path("cut.npy"))
    np.save("plain.npy", np.arange(3))
    with pytest.raises(ValueError, match="holds an array, not a dictionary"):
        read_pickled_dict(Path("plain.npy"))


def shape(labels: list[int], names: tuple[str, ...] = ("a", "b")) -> LabelledShape:
    return LabelledShape("it", np.zeros((len(labels), 3)), np.array(labels), names, "kind", (0.0, 0.0, 1.0))


def test_closed_set_counts_labelled_points_and_present_parts():
    it = Sample(shape([0, 0, 1, 1, -1], ("a", "b", "c")))
    assert closed_set(it, np.array([0, 1, 1, 1, 0])) == {"a": 0.5, "b": pytest.approx(2 / 3)}


def answer(parts: dict[str, list[tuple[list[int], float]]], count: int) -> Answer:
    """Instances of each word as rows and confidence."""
    masks, instances, found = np.zeros((len(parts), count), bool), [], []
    for row, (word, those) in enumerate(parts.items()):
        made = [Part(word, True, sure, np.array(rows), np.zeros(3), None) for rows, sure in those]
        instances.append(tuple(made) or (Part(word, False, 0.1, np.zeros(0, int), np.zeros(3), None),))
        found.append(bool(made))
        for rows, _ in those:
            masks[row, rows] = True
    sure = np.array([each[0].confidence for each in instances])
    return Answer(list(parts), sure, np.array(found), KnownAnswer(masks, masks * 0.9, instances), 0)


def test_open_answers_count_misses_and_points_on_unlabelled_surfaces():
    said = answer({"a": [([0, 1, 4], 0.9)], "b": []}, 5)
    assert open_answers(shape([0, 0, 1, 1, -1]), said) == {"a": pytest.approx(2 / 3), "b": 0.0}


def test_instances_are_asked_for_by_category_and_part():
    said = answer({"a": [([0, 1], 0.9), ([2], 0.8)], "b": [([4], 0.5)]}, 6)
    it = Sample(shape([0, 0, 0, 1, -1, -1]), np.array([7, 7, 8, 9, -1, -1]))
    a, b = asked_instances(it, said)
    assert (a.word, b.word) == ("kind: a", "kind: b")
    assert a.hits() == [(0.9, True), (0.8, True)] and b.hits() == [(0.5, False)]


def test_the_best_number_of_pieces_counts():
    truth = np.array([0, 0, 1, 1, -1])
    half, fine = np.array([0, 0, 1, 1, 1]), np.array([0, 1, 2, 2, 3])
    assert best_of_cuts([half], truth) == pytest.approx((1 + 2 / 3) / 2)
    assert best_of_cuts([half, fine], truth) == pytest.approx((1 + 2 / 3) / 2)
    assert best_of_cuts([np.zeros(5, int)], truth) == pytest.approx(0.4)


def test_figures_are_means_over_shapes_categories_and_parts():
    nothing = Asked("y: b", np.zeros((0, 2), bool), np.ones((1, 2), bool), np.array([0.9]))
    one = Asked("x: a", np.ones((1, 2), bool), np.ones((1, 2), bool), np.array([0.9]))
    absent = Asked("x: a", np.zeros((0, 2), bool), np.ones((1, 2), bool), np.array([0.95]))
    scored = [
        Scored("x", {"a": 1.0}, {"a": 1.0, "b": 0.0}, 0.5, [one]),
        Scored("x", {"a": 0.5, "b": 0.5}, {"a": 0.5}, 0.7, [absent]),
        Scored("y", {"a": 0.0}, {"a": 0.25}, 0.9, [nothing]),
    ]
    found = summary(scored, ("miou", "ciou", "part_miou", "best_of_k", "map50"))
    assert found == pytest.approx(
        {"miou": 0.5, "ciou": 0.375, "part_miou": (0.375 + 0.25) / 2, "best_of_k": 0.7, "map50": 51 / 101}
    )


@pytest.mark.parametrize(
    ("hits", "there", "expected"),
    [
        ([(0.9, True)], 2, 51 / 101),  # recalls from 0 to 0.5
        ([(0.9, False), (0.8, True)], 1, (1 + 100 * 0.5) / 101),
        ([(0.9, False)], 1, 1 / 101),
        ([(0.4, True), (0.9, True), (0.6, True)], 3, 1.0),
        ([(0.9, True), (0.8, False), (0.7, True)], 10, (11 + 10 * 2 / 3) / 101),
        ([], 3, 0.0),
    ],
)
def test_precision_is_averaged_over_101_recalls_as_partnet_does(hits, there, expected):
    assert partnet_precision(hits, there) == pytest.approx(expected)


def test_published_means_are_over_all_categories():
    """The 10 categories of PartSTAD's table are examples: their own mean is not the one in its first column."""
    few_shot = [p for p in BENCHMARKS["partnete"].published if p.method.startswith(("PartSTAD", "PartSLIP"))]
    assert [p.figures["part_miou"] for p in few_shot] == [0.650, 0.580]
    assert all(p.method.endswith("(8 labelled shapes of each category)") for p in few_shot)


def test_the_command_measures_and_shows_what_is_published(tmp_path, capsys):
    write_partnete(tmp_path / "data")
    out = tmp_path / "report.json"
    assert main(["eval", "--benchmark", "partnete", str(tmp_path / "data"), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    report = json.loads(out.read_text())
    assert report["figures"]["miou"] == 1.0, "with a single name, all labelled points have it"
    assert report["figures"]["part_miou"] > 0.5 and report["figures"]["map50"] == 1.0
    assert 0.5 < report["figures"]["best_of_k"] <= 1 and report["shapes"] == 1
    assert "PartSTAD" in told and "0.650" in told and "arXiv 2401.05906" in told and "1 shapes of 1" in told


def test_meshes_are_judged_on_their_faces(tmp_path, capsys):
    write_partobjaverse_tiny(tmp_path)
    assert main(["eval", "--benchmark", "partobjaverse-tiny", str(tmp_path), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert figures["best_of_k"] > 0.7 and 0.3 < figures["miou"] <= 1


def test_omitted_shapes_are_reported():
    report = {
        "model": "m",
        "figures": {"miou": 0.5},
        "folder": "f",
        "shapes": 1,
        "categories": 1,
        "left_out": 4,
    }
    assert "4 were left out" in benchmark_summary(report | {"published": []})


def test_wrong_folders_are_refused_in_one_sentence(tmp_path, capsys):
    def refused(name: str) -> str:
        assert main(["eval", "--benchmark", name, str(tmp_path)]) == 2
        (line,) = capsys.readouterr().err.strip().splitlines()
        return line

    for name in ("shapenetpart", "partnete", "scanobjectnn", "faust", "partobjaverse-tiny"):
        assert "does not exist" in refused(name), name
    assert "holds no labelled shape in the layout of partnet-mobility" in refused("partnet-mobility")
    write_faust(tmp_path)
    (tmp_path / "coarse_gt.json").write_text('{"tr_scan_000": ["arm"]}')
    assert "not 1500 whole numbers" in refused("faust")
    write_shapenetpart(tmp_path)
    (tmp_path / "03797390" / "m1.txt").write_text("1 2 3\n")
    assert "m1.txt does not hold 7 numbers in each line" in refused("shapenetpart")
    assert main(["eval", str(tmp_path), "--most", "3"]) == 2


def test_all_names_of_shapenetpart_are_numbered_consecutively():
    assert sum(map(len, layouts.SHAPENETPART.values())) == 50
    assert list(layouts.SHAPENETPART).index("Mug") == 11
