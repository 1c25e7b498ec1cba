"""Teachers, and moments in files: their masks, and how bad ones are refused."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch

from part_perception.recordings.reading import find_recordings, load_moment
from part_perception.training.distill.lessons import lift
from part_perception.training.distill.teachers import OpenClipTeacher, answers, teacher_named
from tests.open_clip_real import real_open_clip, small_model

K = np.array([[100.0, 0, 20], [0, 100.0, 10], [0, 0, 1]])


def moment(**changes) -> dict:
    mask = np.zeros((1, 20, 40), bool)
    mask[0, 10, 20] = True
    given = {
        "points": [[0, 0, 1.0], [0.103, 0.053, 1.0]],
        "K": K,
        "masks": mask,
        "words": ["lid"],
        "scores": [0.7],
    }
    return {k: v for k, v in {**given, **changes}.items() if v is not None}


def test_a_moment_is_read_and_lifted(tmp_path):
    np.savez(tmp_path / "a.npz", **moment())
    shot = load_moment(tmp_path / "a.npz")
    known, _ = lift(answers(shot, None, ["lid"]), shot.camera, shot.cloud, ["lid"])
    assert [(k.label, round(k.score, 6), k.points.tolist()) for k in known] == [(0, 0.7, [True, False])]


def test_boxes_of_a_moment_are_lifted(tmp_path):
    np.savez(tmp_path / "a.npz", **moment(masks=None, boxes=[[25, 12, 35, 18]], image_size=[40, 20]))
    shot = load_moment(tmp_path / "a.npz")
    assert lift(shot.masks, shot.camera, shot.cloud, ["lid"])[0][0].points.tolist() == [False, True]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"K": None}, "no camera model"),
        ({"K": np.eye(2)}, "camera model must be a 3 × 3 matrix"),
        ({"words": None}, "needs points, and image or words"),
        ({"points": None}, "needs points, and image or words"),
        ({"masks": None}, "needs masks, or boxes with image_size"),
        ({"scores": [0.1, 0.2]}, "1 masks, 1 words and 2 scores"),
        ({"masks": np.zeros((20, 40))}, r"must be \(M, H, W\)"),
        ({"image": np.zeros((20, 40), np.uint8)}, r"image in .* must be \(H, W, 3\) uint8"),
    ],
)
def test_moments_that_lack_something_are_refused(tmp_path, changes, reason):
    np.savez(tmp_path / "a.npz", **moment(**changes))
    with pytest.raises(ValueError, match=reason):
        load_moment(tmp_path / "a.npz")


def test_masks_of_another_size_than_the_image_are_refused(tmp_path):
    np.savez(tmp_path / "a.npz", **moment(image=np.zeros((20, 30, 3), np.uint8)))
    with pytest.raises(ValueError, match=r"the mask of 'lid' has the shape \(20, 40\), the image \(20, 30\)"):
        answers(load_moment(tmp_path / "a.npz"), None, ["lid"])


def test_files_that_are_not_recordings_are_refused(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="is not a recording"):
        load_moment(tmp_path / "a.npz")
    with pytest.raises(ValueError, match="there is no recording"):
        find_recordings([tmp_path / "b.npz"])


def test_a_teacher_that_needs_an_image_refuses_a_moment_without_one(tmp_path):
    np.savez(tmp_path / "a.npz", **moment())
    with pytest.raises(ValueError, match="has no image for the teacher to look at"):
        answers(load_moment(tmp_path / "a.npz"), lambda image, words: [], ["lid"])
    np.savez(tmp_path / "b.npz", **moment(image=np.zeros((20, 40, 3), np.uint8), masks=None, words=None))
    with pytest.raises(ValueError, match="holds no masks or boxes"):
        answers(load_moment(tmp_path / "b.npz"), None, ["lid"])


def test_open_clip_is_asked_for_in_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "open_clip", None)
    with pytest.raises(ValueError, match="needs a package: pip install open-clip-torch"):
        teacher_named("open_clip:ViT-B-16/laion2b_s34b_b88k")
    with pytest.raises(ValueError, match="names no teacher: a model and its weights"):
        teacher_named("open_clip:ViT-B-16")


def test_missing_weights_are_reported_in_a_sentence():
    real_open_clip()
    with pytest.raises(ValueError, match="the teacher .* cannot be loaded: .*not"):
        teacher_named("open_clip:ViT-B-16/nowhere")


class PlainBlock(torch.nn.Module):
    """A block as open_clip builds it."""

    def __init__(self, width: int):
        super().__init__()
        self.ln_1, self.attn = (
            torch.nn.LayerNorm(width),
            torch.nn.MultiheadAttention(width, 2, batch_first=True),
        )

    def attention(self, q_x, **_):
        return self.attn(q_x, q_x, q_x)[0]

    def forward(self, x):
        return x + self.attention(self.ln_1(x))


class PlainVisual(torch.nn.Module):
    """A vision transformer of one block with patches of 8 × 8 pixels."""

    def __init__(self, width: int = 8):
        super().__init__()
        self.image_size = (32, 32)
        self.conv = torch.nn.Conv2d(3, width, 8, 8)
        self.transformer = torch.nn.Module()
        self.transformer = torch.nn.Sequential()
        self.transformer.resblocks = torch.nn.ModuleList([PlainBlock(width)])
        self.transformer.forward = lambda x: self.transformer.resblocks[0](x)
        self.ln_post = torch.nn.LayerNorm(width)
        self.proj = torch.nn.Parameter(torch.randn(width, width))

    def forward(self, x):
        places = self.conv(x).flatten(2).transpose(1, 2)
        tokens = torch.cat([places.mean(1, keepdim=True), places], dim=1)
        return self.transformer(tokens)[:, 0]


class PlainClip(torch.nn.Module):
    """A random image side and a random text side; a text that names a colour has that colour's vector."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.visual = PlainVisual()
        self.logit_scale = torch.nn.Parameter(torch.tensor(3.0))
        self.colours: dict[str, torch.Tensor] = {}

    def encode_text(self, texts, normalize):
        known = [next((v for c, v in self.colours.items() if c in text), None) for text in texts]
        return torch.stack([torch.zeros(8) if v is None else v for v in known])


def painted() -> np.ndarray:
    """Red on the left, blue on the right."""
    image = np.zeros((32, 48, 3), np.uint8)
    image[:, :24, 0] = image[:, 24:, 2] = 255
    return image


def clip_that_knows_colours() -> OpenClipTeacher:
    clip = PlainClip()
    teacher = OpenClipTeacher(clip, lambda texts: texts, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    for name, channel in (("red", 0), ("blue", 2)):
        tile = np.zeros((32, 32, 3), np.uint8)
        tile[..., channel] = 255
        clip.colours[name] = teacher._places(tile)[0, 0].detach()
    return teacher


def test_each_place_is_compared_with_the_words():
    image, teacher = painted(), clip_that_knows_colours()
    found = {word: (mask, score) for word, mask, score in teacher(image, ["red", "blue"])}
    assert set(found) == {"red", "blue"}
    assert found["red"][0][:, :16].all()
    assert not found["red"][0][:, 32:].any()
    assert found["blue"][0][:, 32:].all()
    assert all(0.5 < score <= 1 for _, score in found.values())
    np.testing.assert_allclose(teacher.chances(image, ["red", "blue"]).sum(axis=0), 1, atol=1e-5)


def test_each_place_is_scored_independently():
    teacher = clip_that_knows_colours()
    tile = painted()[:, :32]
    other = tile.copy()
    other[:, 24:] = 90
    np.testing.assert_array_equal(
        teacher._places(tile).detach()[:, :3].numpy(), teacher._places(other).detach()[:, :3].numpy()
    )


def test_a_real_open_clip_model_is_a_teacher(tmp_path):
    """With random weights, this tests that it is called correctly, not that it is right."""
    teacher = teacher_named(small_model(tmp_path, 16))
    assert teacher.mean[0] == pytest.approx(0.48145466) and teacher.spread[2] == pytest.approx(0.27577711)
    chances = teacher.chances(painted(), ["handle", "lid"])
    assert chances.shape == (3, 32, 48)
    np.testing.assert_allclose(chances.sum(axis=0), 1, atol=1e-5)
    assert np.ptp(chances, axis=(1, 2)).max() > 0
    for word, mask, score in teacher(painted(), ["handle", "lid"]):
        assert word in ("handle", "lid")
        assert mask.shape == (32, 48)
        assert 0 < score <= 1
