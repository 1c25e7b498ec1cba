"""Labelling: a real HTTP server plays the model that names masks; its names reach the points and training."""

from __future__ import annotations

import base64
import io
import json
import re
import socket
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from PIL import Image

from part_perception.cli.main import main
from part_perception.files.cloud import NamedMasks
from part_perception.files.labelled_shapes import LabelledShape, load_shape, save_shape
from part_perception.geometry import AXES
from part_perception.metrics import iou
from part_perception.recordings.shots import Camera, Shot
from part_perception.segmenter import PartSegmenter
from part_perception.training.labelling.endpoint import Costs, Endpoint, VisionModel, names_in
from part_perception.training.labelling.namers import faded, namer_named, names_of
from part_perception.training.labelling.run import Request, label, named_points, shape_of
from part_perception.training.labelling.views import (
    PartTree,
    Thing,
    proposals,
    recorded_view,
    rendered_views,
)
from tests.open_clip_real import small_model

HANDLE, HEAD = (0, 220, 0), (0, 0, 220)


class Model(BaseHTTPRequestHandler):
    """Names the region under the red tint by its colour: a hammer's handle is green, its head blue."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers.get("Authorization"), asked))
        fault = self.server.faults.pop(0) if self.server.faults else None
        if fault == "late":
            self.server.over.wait(10)
            return
        if fault == "cut off":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b'400\r\n{"choices": ')
            self.close_connection = True
            return
        if refused := self.server.refused & asked.keys():
            (name, *_) = sorted(refused)
            said = f"Unsupported parameter: '{name}' is not supported with this model."
            self.answer(400, {"error": {"message": said, "param": name, "code": "unsupported_parameter"}})
            return
        if isinstance(fault, int):
            self.answer(fault, {"error": {"message": "no more for today"}}, {"Retry-After": "0"})
            return
        said = fault or json.dumps({"names": self.seen(asked)})
        usage = {"prompt_tokens": 1000, "completion_tokens": 20}
        self.answer(200, {"choices": [{"message": {"content": said}}], "usage": usage})

    def seen(self, asked) -> list[dict]:
        url = asked["messages"][0]["content"][1]["image_url"]["url"]
        picture = Image.open(io.BytesIO(base64.b64decode(url.removeprefix("data:image/png;base64,"))))
        red, green, blue = np.asarray(picture, float).transpose(2, 0, 1)
        tinted = (red > 100) & (green < 200) & (blue < 200) & (np.abs(green - blue) > 30)
        share = float((green > blue)[tinted].mean()) if tinted.any() else 0.5
        if 0.1 < share < 0.9:
            return [{"name": "Hammer", "score": 0.8}]
        return [{"name": "handle" if share > 0.5 else "hammer-head", "score": 0.9}]

    def answer(self, code: int, content: dict, headers: dict | None = None):
        body = json.dumps(content).encode()
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def server(monkeypatch):
    made = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    made.asked, made.faults, made.refused, made.over = [], [], set(), threading.Event()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{made.server_port}/v1/")
    monkeypatch.setenv("OPENAI_API_KEY", "a-key")
    yield made
    made.over.set()
    made.shutdown()
    made.server_close()
    thread.join(5)


@pytest.fixture(scope="module")
def segmenter() -> PartSegmenter:
    return PartSegmenter.load(runtime="onnx:fp32")


def hammer(count: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    """A rod with a block across its end, z up: points and 0 for the handle, 1 for the head."""
    rng = np.random.default_rng(0)
    turn, length = rng.uniform(0, 2 * np.pi, 2 * count // 3), rng.uniform(0, 0.25, 2 * count // 3)
    rod = np.stack([length, 0.012 * np.cos(turn), 0.012 * np.sin(turn)], axis=1)
    box = rng.uniform(-1, 1, (count // 3, 3))
    side = rng.integers(3, size=len(box))
    box[np.arange(len(box)), side] = rng.choice([-1, 1], len(box))
    head = box * (0.02, 0.055, 0.02) + (0.27, 0, 0)
    return np.concatenate([rod, head]), np.repeat([0, 1], [len(rod), len(head)])


def thing() -> tuple[Thing, np.ndarray]:
    points, labels = hammer()
    colours = np.where(labels[:, None] == 0, HANDLE, HEAD).astype(np.uint8)
    return Thing("hammer", points, np.array(AXES["z"]), "hammer", colours), labels


@pytest.fixture
def hammer_file(tmp_path):
    """The hammer as a coloured cloud without labels."""
    it, _ = thing()
    file = tmp_path / "my hammer.npz"
    np.savez(file, points=it.points, colours=it.colours, category="hammer")
    return file


def endpoint(server, **more) -> Endpoint:
    costs = more.pop("costs", Costs())
    return Endpoint(f"http://127.0.0.1:{server.server_port}/v1", "a-key", costs, wait=0.0, **more)


def test_a_rendered_view_knows_the_points_behind_its_pixels():
    it, labels = thing()
    for view in rendered_views(it, 3):
        assert view.image.shape == (384, 384, 3)
        head = view.shows(labels == 1)
        assert view.image[head][:, 2].mean() > view.image[head][:, 1].mean() + 40, "the head is blue"
        covered = view.covered(head)
        assert (labels[covered] == 1).mean() > 0.95
        assert 0.1 < view.visible.mean() < 0.95, "its own back is hidden"


def test_the_part_tree_proposes_the_head_at_some_level_and_the_whole(segmenter):
    it, labels = thing()
    view = rendered_views(it, 1)[0]
    found = [mask for mask, _ in proposals(view, PartTree(segmenter))]
    assert max(iou(mask, view.shows(labels == 1)) for mask in found) > 0.7
    assert max(iou(mask, view.owner >= 0) for mask in found) == 1


def test_names_come_from_the_server_to_the_points(segmenter, server, tmp_path):
    it, labels = thing()
    costs = Costs(price=(1.0, 10.0))
    model = VisionModel("a-model", endpoint(server, costs=costs), tmp_path / "answers")
    named = named_points(rendered_views(it, 3), PartTree(segmenter), model)
    masks = dict(zip(named.names, named.masks, strict=True))
    assert set(masks) == {"handle", "hammer head", "hammer"}
    assert masks["hammer"].mean() > 0.7 and iou(masks["handle"], labels == 0) > 0.6
    assert masks["hammer head"][labels == 0].mean() < 0.05 and masks["hammer head"][labels == 1].mean() > 0.5
    assert all(0.3 < score <= 0.9 for score in named.scores)
    path, key, asked = server.asked[0]
    assert (path, key, asked["model"]) == ("/v1/chat/completions", "Bearer a-key", "a-model")
    assert "picture of a hammer" in asked["messages"][0]["content"][0]["text"]
    assert costs.requests == len(server.asked) and costs.unclear == 0
    assert costs.spent == pytest.approx(len(server.asked) * (1000 * 1.0 + 20 * 10.0) / 1e6)


def test_the_command_writes_files_that_eval_and_training_take(server, hammer_file, tmp_path, capsys):
    out = tmp_path / "labelled"
    given = [
        "train",
        "label",
        str(hammer_file),
        "--out",
        str(out),
        "--namer",
        "openai:a-model",
        "--views",
        "2",
    ]
    assert main([*given, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["written"] == 1 and told["costs"]["requests"] == len(server.asked) > 0
    shape = load_shape(out / "my_hammer.npz")
    assert shape.category == "hammer" and "handle" in shape.named.names
    assert shape.named.masks.shape == (len(shape.named.names), len(shape.points))
    assert shape.names == shape.named.names and len(np.unique(shape.labels)) > 1
    before = len(server.asked)
    assert main([*given, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["written"], told["before"], len(server.asked)) == (0, 1, before)
    assert main([*given[:-1], "3"]) == 2
    assert "holds what another request labelled" in capsys.readouterr().err


def test_temporary_errors_are_retried_and_others_refused_in_one_sentence(server, tmp_path):
    it, labels = thing()
    view = rendered_views(it, 1)[0]
    masks = [view.shows(labels == 1)]
    server.faults = [503, 429, 'It is {"names": [{"name": "Hammer_Head", "score": 7}]}, I think.']
    model = VisionModel("m", endpoint(server), tmp_path / "a")
    assert names_of(view, masks, model) == [[("hammer head", 1.0)]]
    assert model.costs.requests == 3
    assert names_of(view, masks, model) == [[("hammer head", 1.0)]]
    assert (model.costs.requests, model.costs.kept) == (3, 1)
    server.faults = ["I cannot see anything."]
    model = VisionModel("m", endpoint(server), tmp_path / "b")
    assert names_of(view, masks, model) == [[]] and model.costs.unclear == 1
    server.faults = [401]
    with pytest.raises(ValueError, match="answers 401.*no more for today"):
        names_of(view, masks, VisionModel("m", endpoint(server), tmp_path / "c"))
    server.faults = ["late"] * 5
    with pytest.raises(ValueError, match="gives no answer.*tried 5 times. The same command continues"):
        names_of(view, masks, VisionModel("m", endpoint(server, timeout=0.1), tmp_path / "d"))
    spent = VisionModel("m", endpoint(server, costs=Costs((0.0, 1000.0), budget=0.03)), tmp_path / "e")
    assert names_of(view, masks, spent) == [[("hammer head", 0.9)]]
    assert names_of(view, [view.shows(labels == 0)], spent) == [[("handle", 0.9)]]
    with pytest.raises(ValueError, match="the budget is used up: 0.04 of 0.03"):
        names_of(view, [view.owner >= 0], spent)


def test_options_that_a_server_refuses_are_left_out(server, tmp_path):
    """As OpenAI's newer models do; four requests at once may all learn it at the same time."""
    it, labels = thing()
    view = rendered_views(it, 1)[0]
    masks = [view.shows(labels == k) for k in (0, 1)] * 4
    server.refused = {"max_tokens", "temperature"}
    model = VisionModel("m", endpoint(server), tmp_path)
    assert [names[0][0] for names in names_of(view, masks, model)] == ["handle", "hammer head"] * 4
    assert len(server.asked) <= 8 + 2 * 4
    before = len(server.asked)
    assert names_of(view, [view.owner >= 0], model) == [[("hammer", 0.8)]] and len(server.asked) == before + 1
    server.refused = {"messages"}
    with pytest.raises(ValueError, match="answers 400.*'messages' is not supported"):
        names_of(view, [view.owner >= 0], VisionModel("m", endpoint(server), tmp_path / "b"))


def test_an_answer_that_is_cut_off_is_asked_for_again(server, tmp_path):
    it, labels = thing()
    view = rendered_views(it, 1)[0]
    server.faults = ["cut off"]
    model = VisionModel("m", endpoint(server), tmp_path)
    assert names_of(view, [view.shows(labels == 1)], model) == [[("hammer head", 0.9)]]
    assert model.costs.requests == 2


def test_a_server_on_this_machine_is_asked_without_a_proxy(server, monkeypatch):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", proxy)
    server.faults = ["an answer"]
    given = endpoint(server).post("chat/completions", {})
    assert given["choices"] == [{"message": {"content": "an answer"}}]


def test_an_interrupted_object_asks_only_for_what_is_not_known_yet(segmenter, server, hammer_file, tmp_path):
    request = Request((str(hammer_file),), namer="n", views=2)
    reach = endpoint(server)
    server.faults = [None] * 5 + [403]
    out = tmp_path / "out"
    with pytest.raises(ValueError, match="answers 403"):
        label(request, out, segmenter, PartTree(segmenter), VisionModel("m", reach, out / "answers"), print)
    assert not list(out.glob("*.npz"))
    first = len(server.asked)
    known = len(list((out / "answers").iterdir()))
    model = VisionModel("m", endpoint(server), out / "answers")
    done = label(request, out, segmenter, PartTree(segmenter), model, print)
    assert done.written == 1 and known >= 4
    asked = [json.dumps(body) for _, _, body in server.asked]
    assert len(set(asked[first:])) == len(asked[first:]), "nothing is asked twice"
    assert model.costs.kept >= known


@pytest.mark.parametrize(
    ("url", "key", "reason"),
    [
        ("", "", "set OPENAI_BASE_URL to the address"),
        ("localhost:8000", "", "must be an address such as"),
        ("http://203.0.113.7/v1", "k", "is not sent to 203.0.113.7 unencrypted"),
    ],
)
def test_addresses_that_cannot_be_used_are_refused(url, key, reason):
    with pytest.raises(ValueError, match=reason):
        Endpoint.from_environment(Costs(), {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": key})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('<think>Is it {red}? {"names": []}? No.</think>{"names": [{"name": "grip", "score": 0.9}]}', [("grip", 0.9)]),
        ('```json\n{"names": [{"name": "grip", "score": 2}]}\n```\nThe {red} region.', [("grip", 1.0)]),
        ('{"names": ["grip", {"name": "handle", "score": null}]}', [("grip", 0.5), ("handle", 0.5)]),
        ('{"names": []}', []),
        ('{"names": [{"name": "grip", "score": "high"}]}', None),
        ('{"names": null}', None),
        ('{"a": ' * 100_000, None),
    ],
)  # fmt: skip
def test_names_are_found_among_what_models_say_besides(text, names):
    assert names_in({"choices": [{"message": {"content": text}}]}) == names


@pytest.mark.parametrize(
    "answer", [{}, {"choices": []}, {"choices": [{"message": {"content": None}}]}, {"choices": 3}]
)
def test_answers_without_names_are_unclear(answer):
    assert names_in(answer) is None


def test_plug_ins_propose_and_name(tmp_path, monkeypatch, hammer_file, capsys):
    (tmp_path / "mine_to_name.py").write_text(
        "import numpy as np\n"
        "def halves(view):\n"
        "    left = view.owner >= 0\n    left[:, 192:] = False\n"
        "    return [(left, 0.5), (view.owner >= 0, 1.0)]\n"
        "def said(view, masks):\n"
        "    return [[('half', 0.6)] if k else [('all of it', 1.0)] for k in range(len(masks))]\n"
        "def wrong(view, masks):\n    return []\n"
        "def fails(view, masks):\n    raise KeyError('no such mask')\n"
        "def number(view, masks):\n    return 42\n"
    )
    monkeypatch.chdir(tmp_path)
    given = ["train", "label", str(hammer_file), "--views", "1", "--proposer", "mine_to_name:halves"]
    assert main([*given, "--out", "out", "--namer", "mine_to_name:said"]) == 0
    named = load_shape(tmp_path / "out" / "my_hammer.npz").named
    assert named.names == ("all of it", "half")
    assert named.scores == pytest.approx([1.0, 0.3])
    capsys.readouterr()
    assert main([*given, "--out", "other", "--namer", "mine_to_name:wrong"]) == 2
    assert "a namer must give a list of names for each mask, not 0 for 2 masks" in capsys.readouterr().err
    for function, error in (
        ("fails", "KeyError: 'no such mask'"),
        ("number", "TypeError: 'int' object is not"),
    ):
        assert main([*given, "--out", "other", "--namer", f"mine_to_name:{function}"]) == 2
        told = capsys.readouterr().err
        assert told.startswith(f"part-perception: the namer mine_to_name:{function} failed: {error}"), told
    assert main([*given, "--out", "other", "--namer", "nobody"]) == 2
    assert re.search("a namer must be 'openai:MODEL', .* or 'module:function'", capsys.readouterr().err)


def written(folder, name: str, category: str, names: tuple[str, ...], scores) -> LabelledShape:
    points, labels = hammer()
    masks = np.stack([labels == 0, labels == 1, labels >= 0])
    named = NamedMasks(masks, names, np.array(scores, np.float32))
    shape = LabelledShape(name, points, labels, names, category, AXES["z"], named)
    save_shape(folder / f"{name}.npz", shape)
    return shape


def test_named_masks_are_kept_in_files_and_bad_ones_are_refused(tmp_path):
    shape = written(tmp_path, "a", "hammer", ("handle", "head", "hammer"), (0.5, 0.25, 1.0))
    read = load_shape(tmp_path / "a.npz")
    assert read.named.names == shape.named.names and (read.named.masks == shape.named.masks).all()
    assert read.named.scores.tolist() == [0.5, 0.25, 1.0]
    bad = replace(shape.named, scores=np.array([0.5, 2.0, 1.0], np.float32))
    save_shape(tmp_path / "b.npz", replace(shape, named=bad))
    with pytest.raises(ValueError, match="part_scores that are not from 0 to 1"):
        load_shape(tmp_path / "b.npz")
    short = replace(shape.named, masks=shape.named.masks[:2])
    save_shape(tmp_path / "b.npz", replace(shape, named=short))
    with pytest.raises(ValueError, match="part_masks of shape .* for 3 part_names"):
        load_shape(tmp_path / "b.npz")


def test_two_files_with_the_same_name_give_two_outputs(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        np.savez(tmp_path / folder / "it.npz", points=hammer()[0])
    assert shape_of(tmp_path / "a" / "it.npz", "axe").category == "axe"
    from part_perception.training.labelling.run import things

    request = Request((str(tmp_path / "a"), str(tmp_path / "b")), views=1)
    assert [file.name for file, _ in things(request, tmp_path, None)] == ["it.npz", "it-2.npz"]


def test_recordings_are_named_by_their_own_images(segmenter, tmp_path):
    """A moment with the hammer in front of a camera: its pixels are green and blue, all others grey."""
    points, labels = hammer()
    cloud = points[:, [0, 2, 1]] * (1, -1, 1) + (-0.13, 0, 0.5)
    matrix = np.array([[400.0, 0, 160], [0, 400.0, 120], [0, 0, 1]])
    u, v = np.round(cloud[:, :2] / cloud[:, 2:] * 400 + (160, 120)).astype(int).T
    image = np.full((240, 320, 3), 120, np.uint8)
    for row, column in ((v + a, u + b) for a in range(-2, 3) for b in range(-2, 3)):
        image[row, column] = np.where(labels[:, None] == 0, HANDLE, HEAD)
    np.savez(tmp_path / "seen.npz", points=cloud.astype(np.float32), K=matrix, image=image)

    def by_colour(view, masks):
        pixels = [view.image[mask].astype(float) for mask in masks]
        green = [(p[:, 1] > p[:, 2]).mean() for p in pixels]
        return [[("handle", 0.9)] if g > 0.9 else [("head", 0.9)] if g < 0.1 else [] for g in green]

    done = label(
        Request((str(tmp_path / "seen.npz"),)), tmp_path / "out", segmenter, PartTree(segmenter), by_colour
    )
    assert done.written == 1 and set(done.names) == {"handle", "head"}
    named = load_shape(tmp_path / "out" / "seen-0000-00.npz")
    assert np.ptp(named.points, axis=0)[2] < 0.06, "z is up: the hammer lies"
    masks = dict(zip(named.named.names, named.named.masks, strict=True))
    along = named.points[:, np.argmax(np.ptp(named.points, axis=0))]
    gap = abs(np.median(along[masks["head"]]) - np.median(along[masks["handle"]]))
    assert 0.08 < gap < 0.2, "the head is at the end of the handle"


def test_an_object_beside_the_image_has_no_view():
    """Colour cameras mostly see less to the sides than the depth camera beside them."""
    it, _ = thing()
    aside = replace(it, points=it.points + (2.0, 0.0, 0.5))
    matrix = np.array([[400.0, 0, 160], [0, 400.0, 120], [0, 0, 1]])
    shot = Shot("it", aside.points, Camera(matrix, 320, 240, np.eye(3), np.zeros(3)))
    shot = replace(shot, image=np.zeros((240, 320, 3), np.uint8))
    assert recorded_view(aside, shot) is None
    assert recorded_view(replace(it, points=it.points + (0.0, 0.0, 0.5)), shot) is not None


def test_a_real_open_clip_model_names_masks(tmp_path):
    """With random weights, this tests that it is called correctly, not that it is right."""
    it, labels = thing()
    view = rendered_views(it, 1)[0]
    namer = namer_named(small_model(tmp_path, 16), ["handle"], tmp_path, lambda: None)
    masks = [view.shows(labels == 0), view.shows(labels == 1)]
    assert names_of(view, masks, namer) == [[("handle", pytest.approx(1.0))]] * 2, "the only word there is"
    namer = namer_named(small_model(tmp_path, 16), ["handle", "head", "rim"], tmp_path, lambda: None)
    for names in names_of(view, masks, namer):
        assert {name for name, _ in names} <= {"handle", "head", "rim"} and 0.3 < sum(
            s for _, s in names
        ) <= 1.001
    cut = faded(view.image, masks[1])
    assert cut.shape < view.image.shape and (cut.reshape(-1, 3) == view.image[masks[1]][0]).all(axis=1).any()
