"""The published recipe: the content of its batches, that each stage learns, and what the second stage keeps."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from part_perception import PartSegmenter
from part_perception.cli.main import main
from part_perception.encoder.manifest import EncoderConfig
from part_perception.encoder.patches import PatchSpec
from part_perception.language import TextBank, shipped_bank_path
from part_perception.metrics import part_ious
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import NameTable
from part_perception.simulation.worlds import make_world
from part_perception.training import patchalign3d
from part_perception.training.command import SIZES, epochs, plan, publish, train
from part_perception.training.config import TrainConfig, load_config
from part_perception.training.data import own_data
from part_perception.training.patchalign3d import FIRST, SECOND, PatchRecipe, make_patch_batch
from part_perception.training.run import Run
from part_perception.training.vocabulary import save_names
from tests.training.released import write_shape

KINDS_TAUGHT = ("mug", "hammer", "table lamp")
FEATURES = 16
SMALL = EncoderConfig(
    dim=32, depth=2, heads=2, patch_widths=(16, 32, 32, 32), position_width=16, language=384, field=0, decoder=False
)  # fmt: skip
SPEC = PatchSpec(512, 32, 16, blend=1, style="patchalign3d")


def direction(name: str) -> np.ndarray:
    """The 2-D model's feature of a part with this name."""
    vector = np.random.default_rng(list(name.encode())).normal(size=FEATURES)
    return vector / np.linalg.norm(vector)


def generated(kind: str, seed: int, count: int = 1200):
    """Points of an object, a mask of each name of its parts, and these names."""
    shape, world = make_world(KINDS[kind], np.random.default_rng(seed))
    surface = world.surface
    some = np.random.default_rng(seed).permutation(len(surface.points))[:count]
    firsts = [part.names[0].lower() for part in shape.parts]
    names = list(dict.fromkeys(firsts))
    number = np.array([names.index(first) for first in firsts])[surface.part[some]]
    return surface.points[some], number == np.arange(len(names))[:, None], names


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    """Two objects of each kind in the released layout."""
    top = tmp_path_factory.mktemp("released")
    for kind in KINDS_TAUGHT:
        for seed in (1, 2):
            points, masks, names = generated(kind, seed)
            seen = np.stack([direction(n) for n in names])[masks.argmax(axis=0)]
            write_shape(top, kind.replace(" ", "_"), f"{kind[0]}{seed}", points, masks, names, seen)
    return top


@pytest.fixture(scope="module")
def config(released) -> TrainConfig:
    return TrainConfig(
        steps=60, batch=6, rate=3e-3, warmup=0, average=0.9, workers=0, validate=0, data=(str(released),),
        share=1.0, recipe=FIRST, encoder=SMALL, patches=SPEC,
    )  # fmt: skip


@pytest.fixture
def data(released, tmp_path):
    return own_data([released], 1.0, tmp_path / "data.json")


@pytest.fixture(scope="module")
def words() -> NameTable:
    names = sorted({n for kind in KINDS_TAUGHT for seed in (1, 2) for n in generated(kind, seed)[2]})
    bank = TextBank.load(shipped_bank_path())
    return NameTable(tuple(names), bank.vectors[[bank.index[n] for n in names]], ())


@pytest.fixture(scope="module")
def first(config, released, tmp_path_factory) -> tuple[Path, list[dict]]:
    """A run of the first stage, and its log records."""
    folder, told = tmp_path_factory.mktemp("first"), []
    data = own_data([released], 1.0, folder / "data.json")
    run = Run(folder, config, None, data=data, say=told.append)
    run.train(until=1)
    run.train()
    return folder, told


@pytest.fixture(scope="module")
def second(config, words, first, released, tmp_path_factory) -> tuple[Run, Run]:
    """A run of the second stage at its beginning, and at its end."""
    folder = tmp_path_factory.mktemp("second")
    data = own_data([released], 1.0, folder / "data.json")
    config = replace(config, recipe=SECOND, start=str(first[0]), steps=120)
    before = Run(folder / "before", config, words, data=data, say=lambda record: None)
    told = []
    after = Run(folder / "after", config, words, data=data, say=told.append)
    after.train(until=1)
    after.train()
    after.told = told
    return before, after


def test_a_patchs_target_is_the_share_of_its_points_with_the_name(data):
    recipe = PatchRecipe(0, 6, SPEC, data, followed=False)
    batch = make_patch_batch(recipe, 0)
    assert (
        batch.groups.shape == (6, 32, 16, 3) and batch.centres.shape == (6, 32, 3) and batch.teacher is None
    )
    numbers = [data.shape(i) for i in patchalign3d._order(0, 0, 6)]
    for shape, names, share, centres in zip(numbers, batch.names, batch.share, batch.centres, strict=True):
        assert set(names) == {c.names[0] for c in shape.concepts} and share.shape == (32, len(names))
        assert share.min() >= 0 and share.max() <= 1 and share.sum(axis=1).max() <= 1 + 1e-6
        assert {round(float(v) * 16) / 16 for v in share.ravel()} == {float(v) for v in share.ravel()}
        # The names of the points nearest to a centre: undo the axes, and the scale and place of the unit sphere.
        middle = shape.points.mean(axis=0)
        radius = np.linalg.norm(shape.points - middle, axis=1).max()
        placed = centres * (1, -1, 1) * radius + middle
        near = np.linalg.norm(placed[:, None] - shape.points[None], axis=2).argsort(axis=1)[:, :40]
        truth = np.stack([[c.names[0] == n for n in names] for c in shape.concepts])
        expected = truth[shape.part[near]].mean(axis=1)
        assert np.corrcoef(expected.ravel(), share.ravel())[0, 1] > 0.7  # turned by up to 20 degrees


def test_what_the_whole_shape_is_called_is_no_name_of_its_patches(tmp_path):
    points, masks, names = generated("mug", 1)
    every = np.concatenate([masks, np.ones((1, len(points)), bool)])
    write_shape(tmp_path, "coffee_mug", "u1", points, every, [*names, "Coffee Mug"])
    write_shape(tmp_path, "vase", "u2", points, every[-1:], ["vase"])
    data = own_data([tmp_path], 1.0, tmp_path / "data.json")
    batch = make_patch_batch(PatchRecipe(0, 2, SPEC, data, followed=False), 0)
    assert sorted(map(set, batch.names), key=len) == [set(), set(names)]
    assert sorted(share.shape[1] for share in batch.share) == [0, len(names)]


def test_every_shape_comes_once_an_epoch_and_batches_never_change(data):
    recipe = PatchRecipe(3, 2, SPEC, data, followed=True)
    epoch = [make_patch_batch(recipe, number) for number in range(3)]
    assert sorted(names for batch in epoch for names in batch.names) == sorted(
        patchalign3d._names_of(data.shape(i)) for i in range(6)
    )
    again = make_patch_batch(recipe, 1)
    assert np.array_equal(again.groups, epoch[1].groups) and np.array_equal(again.teacher, epoch[1].teacher)
    assert not np.array_equal(patchalign3d._order(3, 0, 6), patchalign3d._order(3, 1, 6))


def test_a_patch_follows_the_features_of_its_own_part(data):
    """Where all points of a patch have one name, the 2-D features are nearly that name's."""
    batch = make_patch_batch(PatchRecipe(0, 6, SPEC, data, followed=True), 0)
    alike = []
    for names, share, teacher in zip(batch.names, batch.share, batch.teacher.astype(float), strict=True):
        pure = share.max(axis=1) == 1
        wanted = np.stack([direction(n) for n in names])[share[pure].argmax(axis=1)]
        alike += ((teacher[pure] * wanted).sum(axis=1) / np.linalg.norm(teacher[pure], axis=1)).tolist()
    assert len(alike) > 60 and np.mean(alike) > 0.85


def test_shapes_are_seen_a_little_larger_smaller_and_beside_their_place(data):
    batch = make_patch_batch(PatchRecipe(0, 30, SPEC, data, followed=False), 0)
    reach = np.linalg.norm(batch.centres, axis=2).max(axis=1)
    assert reach.min() > 0.8 and reach.max() < 1.1 + 0.02 * 3**0.5 and np.ptp(reach) > 0.05


@pytest.mark.slow
def test_the_first_stage_learns_to_follow(first):
    """Measured: from 0.89 to 0.18."""
    folder, told = first
    assert told[0]["teacher"] > 0.8 and told[-1]["teacher"] < 0.4
    assert set(told[-1]) == {"step", "rate", "loss", "teacher", "views_per_s"}
    saved = torch.load(folder / "checkpoint.pt", weights_only=True)
    untouched = Run(folder / "new", replace(load_config(folder), start=""), None,
                    data=own_data([Path(load_config(folder).data[0])], 1.0, folder / "d.json"))  # fmt: skip
    for key, value in untouched.learner.state_dict().items():
        if "language_head" in key or key in ("log_scale", "bias"):
            assert torch.equal(value, saved["learner"][key]), key


@pytest.mark.slow
def test_the_second_stage_learns_names_at_the_ends_of_the_network(second):
    before, after = second
    assert after.told[-1]["patch_words"] < 0.5 * after.told[0]["patch_words"]
    start, end = before.learner.state_dict(), after.learner.state_dict()
    changed = {k for k, v in start.items() if not torch.equal(v, end[k])}
    free = ("encoder.blocks.1.", "encoder.norm.", "encoder.patch_net.reduce.", "encoder.class_token",
            "encoder.class_position", "encoder.language_head.", "log_scale")  # fmt: skip
    assert {k for k in start if k.startswith(free)} == changed
    assert after.learner.bias == 0


@pytest.mark.slow
def test_the_model_of_both_stages_labels_what_it_learned(second, tmp_path):
    """Like every model, it is published, loaded and asked. mIoU 0.12 before the second stage, 0.80 after it."""
    mious = []
    for run in second:
        run.save()
        publish(run.folder, tmp_path / run.folder.name)
        segmenter = PartSegmenter.load(tmp_path / run.folder.name, "onnx:fp32")
        of_run = []
        for kind in KINDS_TAUGHT:
            points, masks, names = generated(kind, 1)
            labels = segmenter.label(points, names)
            of_run.append(np.nanmean(part_ious(labels, masks.argmax(axis=0), len(names))))
        mious.append(np.mean(of_run))
    assert mious[0] < 0.3 and mious[1] > 0.5
    assert not segmenter.manifest.confidence.calibrated and not segmenter.manifest.confidence.smooth
    assert segmenter.manifest.patches == SPEC and not segmenter.ask(points, names).found.any()


@pytest.mark.slow
def test_each_stage_resumes_to_the_bit(config, words, first, released, tmp_path):
    for recipe, table in ((FIRST, None), (SECOND, words)):
        start = "" if recipe == FIRST else str(first[0])
        short = replace(config, recipe=recipe, steps=6, start=start)
        data = own_data([released], 1.0, tmp_path / "data.json")
        straight = Run(tmp_path / recipe / "a", short, table, data=data, say=lambda record: None)
        straight.train()
        Run(tmp_path / recipe / "b", short, table, data=data, say=lambda record: None).train(until=3)
        resumed = Run(tmp_path / recipe / "b", short, table, data=data, say=lambda record: None)
        resumed.train()
        for key, value in straight.learner.state_dict().items():
            assert torch.equal(value, resumed.learner.state_dict()[key]), key


def command(*words, capsys) -> tuple[int, dict | str]:
    code = main(["train", "run", *map(str, words), "--workers", "0", "--device", "cpu", "--json"])
    said = capsys.readouterr()
    return code, said.err if code else json.loads(said.out)


@pytest.mark.slow
def test_both_stages_by_the_command(released, tmp_path, capsys):
    recipe = ("--recipe", "patchalign3d", "--data", released, "--batch", 2)
    code, told = command(tmp_path / "1", *recipe, "--stage", 1, "--size", "ours", "--steps", 2, capsys=capsys)
    assert (code, told["step"]) == (0, 2)
    first = load_config(tmp_path / "1")
    assert (first.recipe, first.rate, first.share, first.validate) == (FIRST, 5e-4, 1.0, 0)
    assert not first.encoder.decoder and first.encoder.field == 0 and first.patches.blend == 1
    code, told = command(
        tmp_path / "2", *recipe, "--stage", 2, "--start", tmp_path / "1", "--steps", 2, capsys=capsys
    )
    assert (code, told["step"]) == (0, 2)
    assert load_config(tmp_path / "2").encoder == first.encoder  # the size is that of the first stage
    assert main(["train", "publish", str(tmp_path / "1"), str(tmp_path / "model")]) == 2
    assert "has learned no words" in capsys.readouterr().err
    assert main(["train", "publish", str(tmp_path / "2"), str(tmp_path / "model")]) == 0
    capsys.readouterr()
    # Without options it resumes with the same ones; with others it is refused.
    code, told = command(tmp_path / "2", "--steps", 3, capsys=capsys)
    assert (code, told["step"]) == (0, 3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--recipe", "patchalign3d", "--data", "DATA"), "has two stages: give --stage 1, or --stage 2 --start RUN"),
        (("--stage", "1", "--data", "DATA"), "--stage 1 belongs to the recipe patchalign3d"),
        (("--recipe", "patchalign3d", "--stage", "parts", "--data", "DATA"), "has two stages"),
        (("--recipe", "patchalign3d", "--stage", "1"), "learns from labelled shapes: give --data DIR"),
        (("--recipe", "patchalign3d", "--stage", "2", "--data", "DATA"), "give --start RUN"),
        (("--recipe", "patchalign3d", "--stage", "1", "--data", "DATA", "--share", "0.5"), "--share mixes in"),
        (("--recipe", "patchalign3d", "--stage", "1", "--data", "BARE"), "no shape of the data has a patch_features"),
        (("--recipe", "patchalign3d", "--stage", "2", "--data", "DATA", "--start", "nowhere"),
         "there is no model 'nowhere'"),
        (("--start", "part_perception_small", "--size", "vit-s", "--names", "NAMES"), "has different sizes from"),
        (("--text", "open_clip:ViT-B-32/x", "--names", "NAMES"), "encoded by minilm, not by open_clip"),
    ],
)  # fmt: skip
def test_invalid_combinations_are_refused_in_a_sentence(released, words, tmp_path, capsys, request, said):
    bare = tmp_path / "bare"
    points, masks, names = generated("mug", 1)
    write_shape(bare, "mug", "u1", points, masks, names)
    save_names(request.getfixturevalue("words_table"), tmp_path / "names.safetensors")
    places = {"DATA": released, "BARE": bare, "NAMES": tmp_path / "names.safetensors"}
    code, error = command(tmp_path / "run", *(places.get(w, w) for w in words), capsys=capsys)
    assert code == 2 and said in error and error.count("\n") == 1
    assert not (tmp_path / "run" / "checkpoint.pt").exists()


@pytest.fixture
def words_table() -> NameTable:
    bank = TextBank.load(shipped_bank_path())
    return NameTable(bank.words[:50], bank.vectors[:50], ())


def test_a_started_run_keeps_its_settings(config, tmp_path):
    from part_perception.training.config import save_config

    save_config(tmp_path, config)
    with pytest.raises(ValueError, match="has the recipe patchalign3d-1: start another run in a new folder"):
        plan(tmp_path, recipe="patchalign3d", stage="2")
    with pytest.raises(ValueError, match="has another size"):
        plan(tmp_path, size="published")
    with pytest.raises(ValueError, match="has the text minilm"):
        plan(tmp_path, text="open_clip:a/b")
    assert plan(tmp_path, steps=70, recipe="patchalign3d", stage="1") == replace(config, steps=70)


def test_sizes_and_steps_are_the_published_ones(tmp_path, released):
    published = plan(tmp_path, recipe="patchalign3d", stage="1", size="published", data=(str(released),))
    assert (published.encoder, published.patches) == SIZES["published"]
    assert epochs(published, 6) == 19 and epochs(replace(published, batch=1), 6) == 600
    vit = plan(tmp_path, size="vit-s")
    assert (vit.encoder.dim, vit.encoder.depth, vit.encoder.decoder) == (384, 12, True)


def test_an_imported_model_trains_on_with_our_objectives(tmp_path, capsys):
    """No decoder, no part field, words of another width: its sizes, axes and words are taken over."""
    from part_perception.encoder.importing import import_checkpoint
    from part_perception.encoder.store import save_model

    checkpoint = Path(__file__).parent.parent / "encoder" / "golden" / "patchalign3d_small.pt"
    manifest, weights = import_checkpoint(checkpoint, "small", 3, text="open_clip:a/b")
    save_model(tmp_path / "small", replace(manifest, patches=SPEC), weights)
    start = {
        "start": str(tmp_path / "small"),
        "steps": 2,
        "batch": 2,
        "workers": 0,
        "validate": 1,
        "validation_views": 4,
    }
    with pytest.raises(ValueError, match="train vectors F --text open_clip:a/b"):
        train(tmp_path / "run", "cpu", say=lambda text: None, **start)
    rng = np.random.default_rng(0)
    names = ("handle", "body", "rim", "base", "shade", "leg", "seat", "back", "head", "lid")
    vectors = rng.normal(size=(len(names), 24)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    save_names(NameTable(names, vectors, (), "open_clip:a/b"), tmp_path / "names.safetensors")
    told = []
    run = train(tmp_path / "run", "cpu", names=tmp_path / "names.safetensors", say=told.append, **start)
    assert run.step == 2 and run.config.text == "open_clip:a/b" and run.config.encoder == manifest.encoder
    assert any("miou" in line for line in told)
    moved = {k.removeprefix("encoder."): v for k, v in run.learner.state_dict().items()}
    gaps = [np.abs(moved[k].numpy() - v).max() for k, v in weights.items() if "running" not in k]
    assert 0 < max(gaps) < 0.1  # it began with them
    made = publish(tmp_path / "run", tmp_path / "model")
    assert made.text_encoder == "open_clip:a/b" and made.patches.style == "patchalign3d"
