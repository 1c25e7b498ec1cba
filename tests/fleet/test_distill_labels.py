"""Distillation from a folder of labels: a student learns from the answers on its recordings."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from small_bags import JOB, Silence, load_stand_in, write_bag

from part_perception.cli.main import main
from part_perception.encoder.manifest import EncoderConfig, Manifest
from part_perception.encoder.patches import PatchSpec
from part_perception.encoder.store import load_manifest, save_model
from part_perception.fleet.answered import answered_recordings
from part_perception.fleet.labelling import in_this_process, label
from part_perception.fleet.recordings import find_recordings
from part_perception.scene.perception import ScenePerception
from part_perception.segmenter import PartSegmenter

torch = pytest.importorskip("torch", reason="a student learns with torch")
WORDS = ("handle", "top")
ASKED = replace(JOB, config=replace(JOB.config, standing_queries=WORDS))
TINY = EncoderConfig(
    dim=48, depth=1, heads=2, patch_widths=(8, 16, 16, 16), position_width=16, language=384, field=8
)


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    """Labels of a recording of three frames and of one of one frame, three mugs in each."""
    folder = tmp_path_factory.mktemp("labelled")
    write_bag(folder / "bags" / "a", frames=3)
    write_bag(folder / "bags" / "b", frames=1, start=200)
    out = folder / "labels"
    label(find_recordings([str(folder / "bags")], out), out, ASKED, in_this_process(load_stand_in), Silence())
    return out


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """An untrained model."""
    from part_perception.encoder.architecture import Encoder

    torch.manual_seed(0)
    weights = {k: v.numpy() for k, v in Encoder(TINY).state_dict().items() if v.dtype.is_floating_point}
    folder = tmp_path_factory.mktemp("models") / "tiny"
    save_model(folder, Manifest("tiny", TINY, PatchSpec(samples=256, patches=24, neighbours=12)), weights)
    return folder


def test_the_masks_of_the_tables_are_the_lessons(labels, model):
    segmenter = PartSegmenter.load(model, "onnx:fp32")
    long, short = answered_recordings(labels, WORDS, frames=2)
    heard = long.lessons(segmenter, WORDS, print)
    assert (heard.shots, heard.objects, len(heard.each)) == (2, 6, 6), "two of the three frames"
    assert heard.said == {"handle": 6, "top": 6}
    assert short.lessons(segmenter, ("top",), print).said == {"top": 3}
    stand_in = load_stand_in(None)
    for lesson in heard.each:
        assert [k.label for k in lesson.knowledge] == [0, 1]
        encoded = stand_in.encode([lesson.encoded.points], lesson.encoded.up)[0]
        for word, known in zip(WORDS, lesson.knowledge, strict=True):
            agree = known.points == stand_in.mask(encoded, word)
            assert agree.mean() > 0.98 and known.score == pytest.approx(0.9)


@pytest.mark.slow
def test_a_student_answers_as_the_labels_do(labels, model, tmp_path, capsys):
    out = tmp_path / "taught"
    given = ["train", "distill", str(labels), "--model", str(model), "--words", *WORDS, "--out", str(out)]
    assert main([*given, "--steps", "100", "--rounds", "0", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["frames"], told["lessons"], told["masks"]) == (4, 12, {"handle": 12, "top": 12})
    assert load_manifest(out).about["distilled_words"] == "handle, top"
    (_, short), right = answered_recordings(labels, WORDS, frames=1), {}
    (answered,) = short._clouds(WORDS)
    for name, folder in (("before", model), ("after", out)):
        scene = ScenePerception(PartSegmenter.load(folder, "onnx:fp32"))
        things = scene.process(answered.cloud, 0.0, answered.up).objects
        shares = []
        for thing in things:
            both = [
                np.isin(thing.indices, np.concatenate([s.indices for s in answered.said if s.word == w]))
                for w in WORDS
            ]
            rows = both[0] ^ both[1]
            labelled = scene.segmenter.label(thing.points, WORDS, up=answered.up)
            shares.append((labelled[rows] == np.where(both[0], 0, 1)[rows]).mean())
        right[name] = np.mean(shares)
    assert right["before"] < 0.95 < 0.99 < right["after"], right


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["handle", "spout"], "was not asked for 'spout', but for 'handle', 'top'"),
        (["handle"], "at least two different words"),
    ],
)
def test_what_cannot_be_learned_is_refused_in_one_sentence(labels, model, tmp_path, capsys, words, reason):
    given = ["train", "distill", str(labels), "--model", str(model), "--words", *words]
    assert main([*given, "--out", str(tmp_path / "taught")]) == 2
    told = capsys.readouterr().err
    assert reason in told and told.count("\n") == 1 and not (tmp_path / "taught").exists()
