"""Commands with a stand-in for the model: what they print, write and draw, and their exit codes."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from part_perception.cli import query as query_command
from part_perception.cli import view
from part_perception.cli.main import main
from part_perception.cli.reports import plain
from part_perception.cli.usage import direction
from part_perception.files import read_cloud, write_cloud
from part_perception.terminal import table
from part_perception.types import Answer, KnownAnswer, OrientedBox, Part


class StandIn:
    """Knows one word: the half with x > 0 is the handle. Remembers what it was asked."""

    taught: dict = {}
    runtime = SimpleNamespace(name="stand-in")

    def ask(self, points, queries, up=(0, 0, 1)) -> Answer:
        self.up = up
        finite = np.isfinite(points).all(axis=1)
        handle = finite & (points[:, 0] > 0)
        parts = []
        for query in queries:
            known = query == "handle" or query in self.taught
            indices = np.flatnonzero(handle) if known else np.zeros(0, int)
            centre = points[indices].mean(axis=0) if known else np.full(3, np.nan)
            box = OrientedBox(centre, np.eye(3), np.ptp(points[indices], axis=0)) if known else None
            parts.append(Part(query, known, 0.9 if known else 0.1, indices, centre, box))
        masks = np.stack([handle if p.found else np.zeros(len(points), bool) for p in parts])
        confidence = np.array([p.confidence for p in parts])
        found = np.array([p.found for p in parts])
        known = KnownAnswer(masks, masks * 0.9, [(p,) for p in parts])
        return Answer(queries, confidence, found, known, int((~finite).sum()))

    def decompose(self, points, parts=None, up=(0, 0, 1)) -> np.ndarray:
        return (points[:, 0] > 0).astype(int) if parts != 1 else np.zeros(len(points), int)

    def teach(self, word, examples, up=(0, 0, 1)) -> None:
        self.taught = {word: examples}

    def save_taught(self, path) -> None:
        path.write_text(json.dumps(sorted(self.taught)))

    def load_taught(self, path) -> None:
        self.taught = dict.fromkeys(json.loads(Path(path).read_text()))


@pytest.fixture
def segmenter(monkeypatch) -> StandIn:
    stand_in = StandIn()
    monkeypatch.setattr("part_perception.segmenter.PartSegmenter.load", lambda *_, **__: stand_in)
    return stand_in


def test_a_sample_says_how_to_ask_it_in_a_shell(tmp_path, capsys):
    path = tmp_path / "my mug.ply"
    assert main(["sample", "mug", "--out", str(path)]) == 0
    words = shlex.split(capsys.readouterr().out.partition("now try: ")[2])
    assert words == ["part-perception", "ask", str(path), "-q", "handle"]


@pytest.fixture
def cloud(tmp_path):
    points = np.random.default_rng(0).uniform(-1, 1, (400, 3))
    points[:3] = np.nan
    labels = np.where(points[:, 0] > 0, 0, -1)
    np.savez(tmp_path / "c.npz", points=points, labels=labels, label_names=["grip"], up_axis="y")
    return tmp_path / "c.npz"


def test_ask_prints_a_table_and_exits_with_0(segmenter, cloud, capsys):
    assert main(["ask", str(cloud), "-q", "handle", "-q", "lid"]) == 0
    header, _, handle, lid, note = capsys.readouterr().out.splitlines()
    assert header.split()[:3] == ["query", "found", "confidence"]
    assert handle.split()[:3] == ["handle", "yes", "0.90"]
    assert lid.split()[:3] == ["lid", "no", "0.10"]
    assert note.startswith("3 points were not finite; answered in")


def test_a_query_of_two_lines_is_one_row(segmenter, cloud, capsys):
    assert main(["ask", str(cloud), "-q", "handle", "lid\n of the pot"]) == 0
    assert capsys.readouterr().out.splitlines()[3].startswith("lid of the pot  no")


def test_ask_exits_with_1_when_nothing_is_found(segmenter, cloud):
    assert main(["ask", str(cloud), "-q", "lid", "spout"]) == 1


def test_ask_reports_what_is_not_understood_and_what_was_corrected(segmenter, cloud, capsys):
    def put_right(points, queries, up):
        asked = plain(points, queries, up)
        parts = [Part(q, False, 0.0, understood=False, remark=f'not understood: "{q}"') for q in queries]
        parts = [p if p.query == "handle" else strange for p, strange in zip(asked.parts, parts, strict=True)]
        known = KnownAnswer(asked.masks, asked.scores, [(part,) for part in parts])
        return Answer(asked.queries, asked.confidence, asked.found, known)

    plain, segmenter.ask = segmenter.ask, put_right
    assert main(["ask", str(cloud), "-q", "handle", "griff"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[3].split()[:3] == ["griff", "not", "understood"] and lines[4] == 'not understood: "griff"'
    assert main(["ask", str(cloud), "-q", "griff", "--json"]) == 2
    out, error = capsys.readouterr()
    assert (out, error) == ("", 'part-perception: not understood: "griff"\n')


def test_ask_json_agrees_with_the_answer(segmenter, cloud, capsys):
    points = read_cloud(cloud).points
    half = points[points[:, 0] > 0]
    assert main(["ask", str(cloud), "-q", "handle", "lid", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    handle, lid = told["parts"]
    assert handle["points"] == len(half)
    np.testing.assert_allclose(handle["centroid"], half.mean(axis=0), atol=1e-6)
    assert (handle["found"], lid["found"], lid["confidence"]) == (True, False, 0.1)
    assert set(lid) == {"query", "understood", "found", "confidence", "remark"}


@pytest.mark.parametrize("ending", [".ply", ".npz"])
def test_ask_writes_the_labelled_cloud_and_a_picture(segmenter, cloud, tmp_path, ending):
    out, picture = tmp_path / f"out{ending}", tmp_path / "p.png"
    assert main(["ask", str(cloud), "-q", "lid", "handle", "--out", str(out), "--picture", str(picture)]) == 0
    points, answer = read_cloud(cloud).points, read_cloud(out)
    np.testing.assert_array_equal(answer.points, points)
    np.testing.assert_array_equal(answer.labels, np.where(points[:, 0] > 0, 1, -1))
    np.testing.assert_allclose(answer.scores, np.where(points[:, 0] > 0, 0.9, 0))
    assert answer.label_names == ("lid", "handle") and answer.up_axis == "y"
    assert np.asarray(Image.open(picture)).shape == (720, 1200, 3)


def test_the_view_tells_programs_its_address_as_json(monkeypatch, capsys):
    def interrupt(event) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("threading.Event.wait", interrupt)
    view.wait_for_ctrl_c("http://localhost:8080", as_json=True)
    assert json.loads(capsys.readouterr().out) == {"address": "http://localhost:8080"}
    view.wait_for_ctrl_c("http://localhost:8080", as_json=False)
    assert capsys.readouterr().out == "Open http://localhost:8080 in a browser; Ctrl-C ends the view.\n\n"


def test_a_watch_goes_on_when_the_node_is_started_again(monkeypatch, capsys):
    answers = iter([0, TimeoutError("no node /part_perception answers"), 0, KeyboardInterrupt()])

    def ask_once(asker, args, newer) -> int:
        answer = next(answers)
        if isinstance(answer, BaseException):
            raise answer
        print("an answer")
        return answer

    monkeypatch.setattr(query_command, "ask_once", ask_once)
    monkeypatch.setattr(query_command, "WATCH_EVERY", 0.0)
    with pytest.raises(KeyboardInterrupt):
        query_command.watch(None, None)
    out, error = capsys.readouterr()
    assert out.splitlines() == ["an answer"] * 2
    assert error == "part-perception: no node /part_perception answers\n"


def test_up_is_the_given_axis_else_the_files_else_z(segmenter, cloud, tmp_path):
    write_cloud(tmp_path / "plain.ply", read_cloud(cloud).points)
    main(["ask", str(cloud), "-q", "handle"])
    assert segmenter.up == (0, 1, 0)
    main(["ask", str(cloud), "-q", "handle", "--up=-x"])
    assert segmenter.up == (-1, 0, 0)
    main(["ask", str(tmp_path / "plain.ply"), "-q", "handle"])
    assert segmenter.up == (0, 0, 1)


def test_zeros_of_a_camera_image_are_holes(segmenter, tmp_path, capsys):
    grid = np.random.default_rng(0).uniform(0.5, 1, (10, 10, 3))
    grid[0] = 0
    np.save(tmp_path / "g.npy", grid)
    main(["ask", str(tmp_path / "g.npy"), "-q", "handle", "--json"])
    assert json.loads(capsys.readouterr().out)["note"] == "10 points were not finite"


def test_decompose(segmenter, cloud, tmp_path, capsys):
    out, picture = tmp_path / "parts.npz", tmp_path / "p.png"
    assert main(["decompose", str(cloud), "--json", "--out", str(out), "--picture", str(picture)]) == 0
    parts = json.loads(capsys.readouterr().out)["parts"]
    labels = read_cloud(out).labels
    assert [p["points"] for p in parts] == [int((labels == k).sum()) for k in (0, 1)]
    assert picture.exists()
    assert main(["decompose", str(cloud), "--parts", "1"]) == 0
    assert "100%" in capsys.readouterr().out


def test_teach_then_ask(segmenter, cloud, tmp_path, capsys):
    words = tmp_path / "words.json"
    assert (
        main(["teach", "squeezer", str(cloud), str(cloud), "--label", "grip", "--save", str(words), "--json"])
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert told["fit"] == [1.0, 1.0]
    assert len(segmenter.taught["squeezer"]) == 2
    segmenter.taught = {}
    assert main(["ask", str(cloud), "-q", "squeezer"]) == 1
    assert main(["ask", str(cloud), "-q", "squeezer", "--taught", str(words)]) == 0


def test_teach_refuses_a_missing_label(segmenter, cloud, tmp_path, capsys):
    assert main(["teach", "lid", str(cloud), "--save", str(tmp_path / "w")]) == 2
    assert capsys.readouterr().err.strip().endswith("has no label 'lid'; its labels are: grip")
    assert main(["teach", "lid", str(cloud), "--label", "7", "--save", str(tmp_path / "w")]) == 2
    assert not (tmp_path / "w").exists()


def test_view_draws_labels(cloud, tmp_path, capsys):
    picture = tmp_path / "v.png"
    assert main(["view", str(cloud), "--picture", str(picture), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["points"], told["finite"], told["labels"]) == (400, 397, ["grip"])
    assert np.asarray(Image.open(picture)).std() > 5


def test_eval_makes_table_json_and_picture(monkeypatch, tmp_path, capsys):
    scores = {"closed": {"shapes": 2, "miou": 0.5, "ciou": 0.25, "by_category": {"mug": 0.5}},
              "open": {"queries": 4, "auroc": 0.9, "found_when_present": 1.0, "found_when_absent": float("nan"),
                       "mask_iou": 0.7, "calibration_error": 0.1}}  # fmt: skip
    report = {"model": "m", "runtime": "r", "whole": scores, "views": scores}
    monkeypatch.setattr("part_perception.evaluation.evaluate.evaluate", lambda *_: report)
    monkeypatch.setattr("part_perception.segmenter.PartSegmenter.load", lambda *_: None)
    out, picture = tmp_path / "r.json", tmp_path / "r.png"
    assert main(["eval", str(tmp_path), "--out", str(out), "--picture", str(picture)]) == 0
    text = capsys.readouterr().out
    assert "mIoU                  0.500  0.500" in text
    saved = json.loads(out.read_text())
    assert saved["whole"]["open"]["found_when_absent"] is None
    assert picture.exists()


def test_models_list_reports_a_damaged_file(monkeypatch, tmp_path, capsys):
    from part_perception.encoder.manifest import Manifest
    from part_perception.storage import file_hash

    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "weights.safetensors").write_bytes(b"weights")
    manifest = Manifest("mine", files={"weights.safetensors": file_hash(folder / "weights.safetensors")})
    manifest.save(folder / "manifest.json")
    monkeypatch.setattr("part_perception.model_folders.models_dir", lambda: tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "nothing"))
    assert main(["models", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["state"] == "good"
    (folder / "weights.safetensors").write_bytes(b"another")
    assert main(["models", "list", "--json"]) == 0
    assert "damaged" in json.loads(capsys.readouterr().out)[0]["state"]


def test_preview_draws_the_kinds_asked_for(tmp_path, capsys):
    picture = tmp_path / "kinds.png"
    assert main(["train", "preview", "mug", "--out", str(picture), "--variants", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kinds"] == ["mug"]
    assert Image.open(picture).width > 400


def test_models_list_shows_the_others_when_one_cannot_be_read(monkeypatch, tmp_path, capsys):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{")
    monkeypatch.setattr("part_perception.model_folders.own_models_dir", lambda: tmp_path)
    assert main(["models", "list", "--json"]) == 0
    shipped, *_, broken = json.loads(capsys.readouterr().out)
    assert (shipped["name"], shipped["state"]) == ("part_perception_small", "good")
    assert broken["name"] == "broken" and "is damaged" in broken["state"] and broken["licence"] is None
    assert main(["models", "list"]) == 0
    assert "broken" in capsys.readouterr().out.splitlines()[-1]


def test_nothing_from_models_is_found_in_an_empty_folder(monkeypatch, tmp_path):
    monkeypatch.setattr("part_perception.model_folders.models_dir", lambda: tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "nothing"))
    assert main(["models", "list"]) == 1


@pytest.mark.parametrize(
    ("text", "wanted"), [("z", (0, 0, 1)), ("-y", (0, -1, 0)), ("0,0.5,-2", (0, 0.5, -2))]
)
def test_directions(text, wanted):
    assert direction(text) == wanted


def test_table_aligns_words_left_and_numbers_right():
    lines = table(["name", "n"], [["a", "5"], ["longer", "10"]]).splitlines()
    assert lines == ["name     n", "──────  ──", "a        5", "longer  10"]


def test_json_has_no_nan():
    assert plain({"a": float("nan"), "b": np.float32(0.5), "c": (np.int64(1), None)}) == {
        "a": None,
        "b": 0.5,
        "c": [1, None],
    }


def test_bench_prints_what_was_measured(monkeypatch, segmenter, capsys):
    row = {
        "size": "640x480",
        "objects": 1,
        "state": "new",
        "stages": {"encode": 5.0},
        "total": 6.0,
        "ask_20_words": 1.0,
    }
    measured = {"rows": [row], "memory_mb": 300.0}
    monkeypatch.setattr(
        "part_perception.evaluation.bench_scene.bench_scene", lambda _, runs: measured | {"runs": runs}
    )
    assert main(["bench", "--runs", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["runs"], told["runtime"], told["rows"]) == (3, "stand-in", [row])
    assert main(["bench"]) == 0
    assert "640x480" in capsys.readouterr().out


def test_eval_of_captures_has_its_own_table(monkeypatch, tmp_path, capsys):
    rates = ("hit_rate", "strict_rate", "mask_iou")
    figures = {f"{sort}_{rate}": 0.5 for sort in ("part", "object", "owned") for rate in rates}
    figures |= {"questions": 4, "all_hit_rate": 0.75, "absent_found_rate": 0.02, "answers": []}
    report = {"object_given": figures, "raw_scene": figures}
    monkeypatch.setattr("part_perception.evaluation.captures.evaluate_captures", lambda *_: report)
    monkeypatch.setattr("part_perception.segmenter.PartSegmenter.load", lambda *_: None)
    assert main(["eval", str(tmp_path), "--captures"]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()[2:4]] == [
        ["questions", "4", "4"],
        ["part:", "hits", "0.5", "0.5"],
    ]
    assert main(["eval", str(tmp_path), "--captures", "--picture", str(tmp_path / "p.png")]) == 2


def test_models_has_every_action_of_the_zoo_and_info_names_the_runtime(monkeypatch, capsys):
    with pytest.raises(SystemExit) as end:
        main(["models", "--help"])
    assert end.value.code == 0
    told = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    assert {"list", "info", "fetch", "import", "export", "measure", "build-engine", "bank"} <= set(told)
    details = {
        "name": "mine", "runtime": "onnx:fp32", "encoder": {"dim": 192, "scale": 86.47081044352},
        "files": {"motion_names.safetensors": "a85"},
    }  # fmt: skip
    monkeypatch.setattr("part_perception.cli.models.find_model", lambda name: Path(name))
    monkeypatch.setattr("part_perception.cli.models.model_details", lambda folder: details)
    assert main(["models", "info", "mine"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["name", "mine"], ["runtime", "onnx:fp32"], ["encoder"], ["dim", "192"], ["scale", "86.47081"],
        ["files"], ["motion_names.safetensors", "a85"],
    ]  # fmt: skip


def test_bench_of_the_encoder_and_of_the_node(monkeypatch, capsys):
    row = {"network": "shipped", "runtime": "onnx:fp32", "ms": 30.0, "floor_ms": 20.0, "over_floor": 1.5,
           "of_eager": None}  # fmt: skip
    figures = {"processor": "P", "default": "onnx:fp32", "method": "M", "gflops": {}, "gflop": {}, "rows": [row],
               "parts_ms": {}, "targets": [], "notes": []}  # fmt: skip
    monkeypatch.setattr("part_perception.model_folders.find_model", lambda name: Path("folder") / str(name))
    monkeypatch.setattr(
        "part_perception.evaluation.bench_encoder.bench_encoder",
        lambda folder, rounds: figures | {"given": [folder.name, rounds]},
    )
    assert main(["bench", "--encoder", "--runs", "2", "--model", "mine", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["given"] == ["mine", 2]
    assert main(["bench", "--encoder"]) == 0
    assert ["shipped", "onnx:fp32", "30.0", "20.0", "1.50"] in [
        line.split() for line in capsys.readouterr().out.splitlines()
    ]
    monkeypatch.setattr("part_perception.cli.bench.node_figures", lambda seconds: {"ran_s": seconds})
    assert main(["bench", "--ros", "--seconds", "3"]) == 0
    assert capsys.readouterr().out.split() == ["ran", "s", "3"]
    monkeypatch.setattr(
        "part_perception.cli.bench.by_transport", lambda args: ({}, f"{args.transport} {args.seconds}")
    )
    assert main(["bench", "--ros", "--transport", "compressedDepth"]) == 0
    assert capsys.readouterr().out == "compressedDepth 30\n"
    assert main(["bench", "--transport", "compressedDepth"]) == 2
    assert "only with --ros and without --load" in capsys.readouterr().err
    monkeypatch.setattr("part_perception.training.views.shapes_per_second", lambda: 151.7)
    monkeypatch.setattr("part_perception.training.views.views_per_second", lambda: 140.2)
    assert main(["bench", "--training"]) == 0
    assert capsys.readouterr().out == "152 shapes/s, 140 views/s on one core\n"
    assert main(["bench", "--training", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"shapes_per_second": 151.7, "views_per_second": 140.2}


@pytest.mark.parametrize("mode", ["--encoder", "--ros", "--training"])
def test_bench_refuses_options_that_would_change_nothing(mode, tmp_path, capsys):
    assert main(["bench", mode, "--picture", str(tmp_path / "p.png")]) == 2
    assert main(["bench", mode, "--runtime", "onnx"]) == 2
    picture, runtime = capsys.readouterr().err.splitlines()
    assert "draws the stages of a scene" in picture
    assert "leave out" in runtime


def test_eval_of_decomposition(monkeypatch, tmp_path, capsys):
    report = {"shapes": 3, "oracle": 0.8, "automatic": 0.7, "four_parts": 0.6, "pooled_recall": 0.5,
              "pooled_best_node": 0.4, "median_seconds": 0.3, "by_shape": {}}  # fmt: skip
    asked = []
    monkeypatch.setattr("part_perception.segmenter.PartSegmenter.load", lambda *_: None)
    monkeypatch.setattr("part_perception.evaluation.decomposition.fresh_shapes", lambda count: ["fresh"])
    monkeypatch.setattr("part_perception.files.labelled_shapes.load_shapes", lambda folder: ["mine"])
    monkeypatch.setattr(
        "part_perception.evaluation.decomposition.evaluate_decomposition",
        lambda _, shapes: asked.append(shapes) or report,
    )
    assert main(["eval", "--decompose"]) == 0
    assert ["mIoU", "at", "the", "best", "k", "0.8"] in [
        line.split() for line in capsys.readouterr().out.splitlines()
    ]
    assert main(["eval", str(tmp_path), "--decompose", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == report
    assert asked == [["fresh"], ["mine"]]
    assert main(["eval"]) == 2
    assert "needs a folder" in capsys.readouterr().err


def test_eval_of_clicks(monkeypatch, tmp_path, capsys):
    asked = []
    report = {"parts": 6, "iou": {1: 0.5, 2: 0.625, 3: 0.75}}
    monkeypatch.setattr("part_perception.segmenter.PartSegmenter.load", lambda *_: "model")
    monkeypatch.setattr("part_perception.evaluation.decomposition.fresh_shapes", lambda count: [count])
    monkeypatch.setattr("part_perception.files.labelled_shapes.load_shapes", lambda folder: [folder])
    monkeypatch.setattr(
        "part_perception.evaluation.decomposition.evaluate_growing",
        lambda *given: asked.append(given) or report,
    )
    assert main(["eval", "--clicks"]) == 0
    assert ["IoU", "after", "clicks:", "2", "0.625"] in [
        line.split() for line in capsys.readouterr().out.splitlines()
    ]
    assert main(["eval", str(tmp_path), "--clicks", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"parts": 6, "iou": {"1": 0.5, "2": 0.625, "3": 0.75}}
    assert asked == [("model", [80]), ("model", [tmp_path])]
    assert main(["eval", "--clicks", "--picture", str(tmp_path / "p.png")]) == 2
    assert "leave out --captures, --decompose, --teach, --clicks" in capsys.readouterr().err


def test_eval_of_teaching_groups_shapes_by_category(monkeypatch, tmp_path, capsys):
    figures = {"words": 2, "iou": {1: 0.5, 4: 0.75}, "zero_shot": 0.25, "longest_seconds": 0.1}
    shapes = [SimpleNamespace(category=c, number=n) for n, c in enumerate(["mug", "chair", "mug"])]
    groups = []
    monkeypatch.setattr("part_perception.segmenter.PartSegmenter.load", lambda *_: None)
    monkeypatch.setattr("part_perception.files.labelled_shapes.load_shapes", lambda folder: shapes)
    monkeypatch.setattr(
        "part_perception.evaluation.teaching.evaluate_teaching",
        lambda _, given: groups.append(given) or {"overlap": figures},
    )
    assert main(["eval", str(tmp_path), "--teach"]) == 0
    _, _, row = capsys.readouterr().out.splitlines()
    assert row.split() == ["overlap", "2", "0.25", "0.5", "0.75", "0.1"]
    assert groups == [{"mug": [shapes[0], shapes[2]], "chair": [shapes[1]]}]
    figures["words"] = 0
    assert main(["eval", str(tmp_path), "--teach"]) == 2
    assert "8 to teach by" in capsys.readouterr().err


def test_distillation_is_reported_as_a_table(monkeypatch, capsys):
    pytest.importorskip("torch")
    row = {"teacher": 0.25, "both": 0.5}
    given = []
    monkeypatch.setattr("part_perception.segmenter.PartSegmenter.load", lambda *_: None)
    monkeypatch.setattr(
        "part_perception.evaluation.distillation.evaluate_distillation",
        lambda *told: given.append(told[1:]) or {"kinds": {"mug": row}, "mean": row, "gains": {}},
    )
    assert main(["train", "distill", "--kinds", "mug", "--objects", "3", "--views", "2"]) == 0
    assert given == [(["mug"], 3, 2)]
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["mIoU", "teacher", "both"]
    assert lines[2:] == [["mug", "0.250", "0.500"], ["mean", "0.250", "0.500"]]
    assert main(["train", "distill", "--kinds", "no such kind"]) == 2
    assert "there is no kind" in capsys.readouterr().err
