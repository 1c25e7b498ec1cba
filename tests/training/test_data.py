"""The user's own shapes: both layouts give views with ground truth, and faults in a folder are named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from part_perception.files.cloud import NamedMasks
from part_perception.files.labelled_shapes import LabelledShape, save_shape
from part_perception.geometry import AXES
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import NameTable, cleaned, collect_names
from part_perception.simulation.worlds import UNKNOWN, make_world
from part_perception.training.batches import Recipe, ask, make_batch
from part_perception.training.data import load, load_catalogue, names_in, own_data
from part_perception.training.learner import Learner, to_tensors
from part_perception.training.own_files import names_of_folders, scan
from part_perception.training.run import Run
from tests.training.conftest import vector_of
from tests.training.released import network_points, write_shape


def gadget(count: int = 3000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A box with a knob on top, z up: points, and which of the two each belongs to."""
    rng = np.random.default_rng(seed)
    box = rng.uniform(-1, 1, (count, 3))
    face = rng.integers(3, size=count)
    box[np.arange(count), face] = rng.choice([-1, 1], count)
    knob = rng.normal(size=(count // 4, 3))
    knob = knob / np.linalg.norm(knob, axis=1, keepdims=True) * 0.4 + (0, 0, 1.4)
    return np.concatenate([box, knob]), np.repeat([0, 1], [len(box), len(knob)])


def write_file(folder: Path, name: str, category: str, names: list[str], up: str = "z") -> None:
    points, labels = gadget()
    labels = np.where(np.arange(len(labels)) % 10 == 0, -1, labels)
    turned = {"z": points, "y": points[:, [1, 2, 0]]}[up]
    np.savez(folder / f"{name}.npz", points=turned, labels=labels, label_names=np.array(names),
             category=np.array(category), up_axis=np.array(up))  # fmt: skip


def write_released(top: Path, name: str, uid: str, teacher: int = 0) -> None:
    """One shape in the released layout: a mask for the knob, and an overlapping one for the whole."""
    points, labels = gadget()
    overlapping = np.stack([np.ones(len(labels), bool), labels == 1])
    overlapping[0, :100] = False
    of_points = np.eye(teacher)[labels] if teacher else None
    write_shape(top, name, uid, points, overlapping, ["Jewel-box", "knob"], of_points, patches=64)


def test_labelled_files_become_shapes_with_z_up(tmp_path):
    write_file(tmp_path, "a", "Jewel_Box", ["box body", "knob"])
    write_file(tmp_path, "b", "jewel box", ["box body", "knob"], up="y")
    write_file(tmp_path, "c", "lamp", ["shade", "Pole", "box"])
    entries = scan(tmp_path)
    assert [e.category for e in entries] == ["jewel box", "jewel box", "lamp"]
    assert entries[2].names == ("shade", "pole", "box")
    for entry in entries[:2]:
        shape = load(entry, frozenset({"shade"}))
        assert [c.names for c in shape.concepts] == [("knob",), ("box body",)]
        knob = shape.points[shape.part == 0]
        assert knob[:, 2].min() > 0.95 and (shape.part == -1).mean() == pytest.approx(0.1, abs=0.01)
        assert shape.concepts[0].untrue == {"box body", "shade"}
        world = shape.world(np.random.default_rng(0))
        assert (
            0.08 <= np.ptp(world.body.points, axis=0).max() < 1.0 and (world.joints.motion == UNKNOWN).all()
        )
        assert world.body.points[:, 2].min() == pytest.approx(0, abs=1e-9)
    data = own_data([tmp_path], 0.5, tmp_path / "data.json")
    assert data.teacher == 0
    assert set(names_in(data.catalogue)) == {"box body", "knob", "jewel box", "shade", "pole", "box", "lamp"}
    boxes = (
        s
        for s in map(data.pick, map(np.random.default_rng, range(20)))
        if s.concepts[0].kind == ("jewel box",)
    )
    # the lamp's "box" shares a word with the jewel box, so it is unknown
    assert {s.concepts[0].untrue for s in boxes} == {frozenset({"shade", "pole", "box body"})}


def test_the_released_layout(tmp_path):
    write_released(tmp_path, "jewel_box", "u1", teacher=4)
    write_released(tmp_path, "jewel_box", "u2")
    write_released(tmp_path, "jewel_box", "u3")
    (tmp_path / "labeled" / "split").mkdir()
    (tmp_path / "labeled" / "split" / "train.txt").write_text("u1\njewel_box_u2\n")
    entries = scan(tmp_path)
    assert [Path(e.points).parent.name for e in entries] == ["u1", "u2"]
    assert entries[0].names == ("jewel box", "knob") and [e.teacher for e in entries] == [4, 0]
    shape = load(entries[0], frozenset())
    by_name = {c.names[0]: i for i, c in enumerate(shape.concepts)}
    assert shape.concepts[by_name["knob"]].above == ("jewel box",), "granularities are positives together"
    assert shape.points[shape.part == by_name["knob"], 2].min() > 0.95
    assert (shape.part == -1).sum() == 100
    box, knob = shape.patch[np.abs(shape.points[:, 2]).argmin()], shape.patch[shape.points[:, 2].argmax()]
    at = shape.teacher_at(np.array([-1, box, knob]), 4)
    assert at.tolist() == [[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]]


@pytest.mark.parametrize("scaled", [False, True])
def test_released_features_belong_to_the_points_around_their_centres(tmp_path, scaled):
    """For all kinds of object: the file exchanges y and z of the centres, and no shape hides that."""
    kinds = sorted(KINDS)[:: len(KINDS) // 16][:16]
    for number, kind in enumerate(kinds):
        _, world = make_world(KINDS[kind], np.random.default_rng(number))
        points = world.surface.points[:2000] * 3 + (0.0, 0.2, 0.4)
        place = np.concatenate([points, np.ones((2000, 1))], axis=1)
        stored = write_shape(
            tmp_path, kind, f"u{number}", points, np.ones((1, 2000), bool), ["it"], place, scaled=scaled
        )
        shape = load(next(e for e in scan(tmp_path) if f"/u{number}/" in e.points), frozenset())
        np.testing.assert_allclose(shape.points, points, atol=1e-5)
        held = torch.load(Path(next(tmp_path.rglob(f"{kind}_u{number}/**/patch_features.pt"))))
        seen = network_points(stored) if scaled else stored[:, [0, 2, 1]]
        gap = np.linalg.norm(seen[:, None] - held["centers_xyz"].numpy()[None], axis=2)
        chosen = gap[np.arange(2000), shape.patch]
        assert (chosen <= gap.min(axis=1) + 1e-4).all(), kind
        # A patch's feature is here the mean place of its points: theirs is near.
        mean = shape.features[:, :3] / shape.features[:, 3:]
        away = np.linalg.norm(mean[shape.patch] - points, axis=1)
        assert np.median(away) < 0.2 * np.linalg.norm(np.ptp(points, axis=0)), kind


def test_batches_mix_own_and_generated_views(tmp_path, spec):
    write_released(tmp_path, "jewel_box", "u1", teacher=4)
    data = own_data([tmp_path], 0.5, tmp_path / "data.json")
    batch = make_batch(Recipe(0, 12, spec, 64, data), 0)
    own = [c[0].kind == ("jewel box",) for c in batch.concepts]
    assert 2 <= sum(own) <= 10
    assert batch.teacher.shape == (12, 24, 4)
    given = np.abs(batch.teacher).max(axis=(1, 2)) > 0
    assert given.tolist() == own
    only = make_batch(Recipe(0, 4, spec, 64, replace(data, share=1.0)), 0)
    assert all(c[0].kind == ("jewel box",) for c in only.concepts)
    again = make_batch(Recipe(0, 12, spec, 64, data), 0)
    assert np.array_equal(batch.samples, again.samples)


def test_a_run_learns_from_own_data_with_a_teacher(tmp_path, tiny):
    write_released(tmp_path, "jewel_box", "u1", teacher=4)
    data = own_data([tmp_path], 1.0, tmp_path / "data.json")
    names = cleaned(tuple(names_in(data.catalogue)))
    table = NameTable(names, np.eye(256, dtype=np.float32)[: len(names)], ())
    told = []
    run = Run(tmp_path / "run", replace(tiny, steps=40, rate=3e-3), table, data=data, say=told.append)
    asked = ask(make_batch(Recipe(0, 2, tiny.patches, 64, data), 0), table, np.random.default_rng(0))
    assert asked.truth.max() == 1
    run.train(until=1)
    first = told[-1]["teacher"]
    run.train(until=2)
    run.train()
    assert told[-1]["teacher"] < 0.6 * first
    assert run.learner.to_teacher.out_features == 4


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda p: (p / "a.npz").write_bytes(b"no file"), "a.npz is not a labelled shape"),
        (lambda p: np.savez(p / "a.npz", points=np.zeros((40, 3))), "a.npz is not a labelled shape"),
        (lambda p: np.savez(p / "a.npz", points=np.zeros((40, 2)), labels=np.zeros(40, int), label_names=["x"]),
         "a.npz is not a labelled shape"),
        (lambda p: np.savez(p / "a.npz", points=np.ones((40, 3)), labels=np.full(40, 3), label_names=["x"]),
         "label_names does not name"),
        (lambda p: None, "no labelled shapes"),
    ],
)  # fmt: skip
def test_a_folder_with_anything_wrong_is_refused_by_name(tmp_path, spoil, message):
    spoil(tmp_path)
    with pytest.raises(ValueError, match=message):
        own_data([tmp_path], 0.5, tmp_path / "data.json")


def test_released_data_with_anything_wrong_is_refused_by_name(tmp_path):
    write_released(tmp_path, "jewel_box", "u1")
    labels = next(tmp_path.rglob("mask_labels.txt"))
    labels.write_text("one label too few\n")
    with pytest.raises(ValueError, match="do not match"):
        load(scan(tmp_path)[0], frozenset())
    labels.write_bytes(b"fine\n\xff\n")
    with pytest.raises(ValueError, match=r"mask_labels.txt cannot be used"):
        scan(tmp_path)
    (tmp_path / "labeled" / "points" / "u1" / "points.pt").unlink()
    with pytest.raises(ValueError, match="lacks"):
        scan(tmp_path)
    with pytest.raises(ValueError, match="no folder"):
        names_of_folders([tmp_path / "missing"])


def test_a_name_seen_in_many_views_is_one_part(tmp_path):
    """The released masks are those of single views; the knob is seen in some, in each of them not quite whole."""
    points, labels = gadget()
    rng = np.random.default_rng(0)
    middle = points - (0, 0, 1.4) * (labels[:, None] == 1)
    masks, names = [], []
    for way in rng.normal(size=(10, 3)):
        seen = (middle @ way > 0) & (rng.random(len(points)) > 0.05)
        masks += [seen & (labels == 0), seen & (labels == 1)]
        names += ["box body", "Knob"]
    write_shape(tmp_path, "jewel_box", "u1", points, np.array(masks), names)
    (entry,) = scan(tmp_path)
    shape = load(entry, frozenset())
    assert entry.names == ("box body", "knob")
    assert {c.names for c in shape.concepts} == {("box body",), ("knob",)}
    knob = [c.names for c in shape.concepts].index(("knob",))
    seen = np.any(masks, axis=0)
    assert ((shape.part == -1) == ~seen).all() and ((shape.part == knob) == (seen & (labels == 1))).all()


def test_masks_without_a_usable_name_are_left_out(tmp_path):
    points, labels = gadget()
    masks = np.stack([labels == 0, labels == 1, labels >= 0])
    for uid, names in {"u1": ["...", "knob", "i cannot find it " * 20], "u2": ["", "", "?"]}.items():
        write_shape(tmp_path, "jewel_box", uid, points, masks, names)
    entries = scan(tmp_path)
    assert [e.names for e in entries] == [("knob",), ()]
    named, nameless = (load(entry, frozenset()) for entry in entries)
    assert [c.names for c in named.concepts] == [("knob",)] and ((named.part == 0) == (labels == 1)).all()
    assert nameless.concepts == [] and (nameless.part == -1).all()
    assert names_of_folders([tmp_path]) == ["knob", "jewel box"]


def test_own_shares_and_features_must_make_sense(tmp_path):
    write_released(tmp_path / "a", "box", "u1", teacher=4)
    write_released(tmp_path / "b", "box", "u2", teacher=6)
    with pytest.raises(ValueError, match="different sizes"):
        own_data([tmp_path / "a", tmp_path / "b"], 0.5, tmp_path / "data.json")
    with pytest.raises(ValueError, match="share"):
        own_data([tmp_path / "a"], 0.0, tmp_path / "data.json")
    assert own_data([], 0.5, tmp_path / "data.json") is None
    features = next((tmp_path / "a").rglob("patch_features.pt"))
    torch.save({"centers_xyz": torch.full((4, 3), 900.0), "patch_feats": torch.ones(4, 4)}, features)
    with pytest.raises(ValueError, match="nowhere near"):
        load(scan(tmp_path / "a")[0], frozenset())


def test_nothing_received_is_ever_unpickled(tmp_path):
    write_released(tmp_path, "jewel_box", "u1")
    entry = scan(tmp_path)[0]
    torch.save({"points": Path("anything")}, entry.points)
    with pytest.raises(ValueError, match="cannot be read"):
        load(entry, frozenset())


def test_the_catalogue_is_kept_for_the_workers(tmp_path):
    write_file(tmp_path, "a", "box", ["box body", "knob"])
    data = own_data([tmp_path], 0.5, tmp_path / "data.json")
    load_catalogue.cache_clear()
    assert load_catalogue(data.catalogue) == scan(tmp_path)


def test_scores_of_named_masks_weigh_what_is_learned(tmp_path, tiny):
    points, labels = gadget()
    masks = np.stack([labels == 1, labels == 0, np.ones(len(labels), bool)])
    named = NamedMasks(masks, ("knob", "body", "gadget"), np.array([0.25, 0.5, 1.0], np.float32))
    for name in ("a", "b"):
        save_shape(
            tmp_path / f"{name}.npz",
            LabelledShape(name, points, labels, ("x", "y"), "tool", AXES["z"], named),
        )
    data = own_data([tmp_path], 0.5, tmp_path / "data.json")
    assert names_in(data.catalogue) == ["knob", "body", "gadget", "tool"]
    shape = data.shape(0)
    assert {(c.names, c.above, c.scores) for c in shape.concepts} == {
        (("knob",), ("gadget",), (0.25, 1.0)),
        (("body",), ("gadget",), (0.5, 1.0)),
    }
    names = tuple(collect_names(["knob", "body", "gadget", "tool"]))
    table = NameTable(names, np.stack([vector_of(n) for n in names]))
    batch = make_batch(Recipe(0, 8, tiny.patches, 64, data), 0)
    asked = ask(batch, table, np.random.default_rng(0))
    own = int(np.flatnonzero(asked.own)[0])
    assert 0 < asked.own.sum() < 8, "own views and generated ones"
    row = next(i for i, c in enumerate(batch.concepts[own]) if c.names == ("knob",))
    weights = dict(zip([names[n] for n in asked.names], asked.weight[own, row], strict=True))
    assert (weights["knob"], weights["gadget"]) == (0.25, 1.0)
    assert (asked.weight[~asked.own] == 1).all()
    losses = Learner(tiny.encoder).losses(*to_tensors(batch, asked, table.vectors, "cpu"))
    assert 0 < losses["pooled"].item() < 20
