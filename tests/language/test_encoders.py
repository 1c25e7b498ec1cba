"""Text encoders: their input, its averaging, and OpenCLIP with the real package and random weights."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest

from part_perception.language import TEMPLATES, Language, encode_words, text_encoder
from part_perception.language.encoders import load_open_clip
from tests.open_clip_real import real_open_clip, small_model

NAME = "open_clip:ViT-bigG-14/laion2b_s39b_b160k"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_model(tmp_path_factory.mktemp("open_clip"), 24)


def test_texts_have_the_vectors_of_the_package(small):
    """The vectors that the package's own calls give for each text alone."""
    import torch

    open_clip, encoder = real_open_clip(), text_encoder(small)
    model, weights = small.removeprefix("open_clip:").split("/", 1)
    own = open_clip.create_model(model, pretrained=weights).eval()
    texts = ["handle", "the lid of the jar", "spout"]
    vectors = encoder.encode(texts)
    with torch.no_grad():
        truth = [own.encode_text(open_clip.get_tokenizer(model)([text]), normalize=True)[0] for text in texts]
    np.testing.assert_allclose(vectors, np.stack([t.numpy() for t in truth]), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors.dtype, encoder.dim, encoder.name) == (np.float32, 24, small)
    assert np.abs(vectors[0] - vectors[2]).max() > 1e-3


def test_words_of_a_language_are_the_mean_of_their_templates(small, tmp_path, monkeypatch):
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(tmp_path / "cache"))
    said = text_encoder(small).encode(["gas tank", "a gas tank", "gas tank part"]).mean(axis=0)
    vector = Language(encoder=small).embed(["Gas_tank"])[0]
    np.testing.assert_allclose(vector, said / np.linalg.norm(said), atol=1e-5)


def test_only_the_text_side_is_kept(small):
    encoder = text_encoder(small)
    encoder.encode(["lid"])
    assert encoder._parts[0].visual is None and not encoder._parts[0].training


@pytest.mark.parametrize("said", ["small-vit-24//nowhere.pt", "no-such-model/tag"])
def test_missing_models_or_weights_are_refused_in_one_sentence(small, said):
    with pytest.raises(ValueError, match=f"text encoder open_clip:{said} cannot be loaded: .*not") as refused:
        text_encoder(f"open_clip:{said}").encode(["lid"])
    assert len(str(refused.value)) < 400


def test_a_pickle_in_place_of_weights_is_refused_and_not_executed(small, tmp_path):
    import torch

    class Trap:
        def __reduce__(self):
            return (tmp_path / "sprung").touch, ()

    torch.save({"state_dict": Trap()}, tmp_path / "trap.pt")
    with pytest.raises(ValueError, match="cannot be loaded"):
        text_encoder(f"open_clip:small-vit-24/{tmp_path / 'trap.pt'}").encode(["lid"])
    assert not (tmp_path / "sprung").exists()


# --- where the package is missing, or not as it should be ---------------------------------------------------
def test_a_missing_package_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "open_clip", None)
    with pytest.raises(ValueError, match="needs a package: pip install open-clip-torch"):
        _ = text_encoder(NAME).dim


def test_constructing_imports_nothing(monkeypatch):
    monkeypatch.setitem(sys.modules, "open_clip", None)
    assert text_encoder(NAME).name == NAME


@pytest.mark.parametrize(
    "name", ["open_clip:", "open_clip:ViT-B-32", "open_clip:/tag", "open_clip:ViT-B-32/"]
)
def test_a_name_without_weights_is_refused_at_once(name):
    with pytest.raises(
        ValueError, match="names no text encoder: a model and its weights, as open_clip:ViT-bigG"
    ):
        text_encoder(name)


def test_missing_dependencies_of_the_package_are_named(monkeypatch, tmp_path):
    """As if torchvision were missing, or built for another torch."""
    monkeypatch.delitem(sys.modules, "open_clip", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "open_clip.py").write_text("import no_such_torchvision")
    with pytest.raises(ValueError, match="lacks the module 'no_such_torchvision' here: pip install"):
        load_open_clip(NAME, "text encoder")
    (tmp_path / "open_clip.py").write_text("raise RuntimeError('operator torchvision::nms does not exist')")
    with pytest.raises(
        ValueError, match="cannot be imported here .*nms.*torch and torchvision of one release"
    ):
        load_open_clip(NAME, "text encoder")
    monkeypatch.delitem(sys.modules, "open_clip", raising=False)


def test_a_version_that_might_unpickle_is_refused(monkeypatch):
    old = types.SimpleNamespace(create_model=lambda model, pretrained, require_pretrained: None)
    monkeypatch.setitem(sys.modules, "open_clip", old)
    with pytest.raises(ValueError, match=r"needs open-clip-torch 2\.30 or newer"):
        text_encoder(NAME).encode(["lid"])


@pytest.mark.parametrize("flag", ["weights_only", "load_weights_only"])
def test_both_names_of_the_safe_flag_are_supported(monkeypatch, flag):
    """The name before 3.0 and the one since. The package installed here has one of them."""
    asked = []
    made = types.SimpleNamespace(eval=lambda: "model")
    scope = {"asked": asked, "made": made}
    exec(
        f"def create_model(model, pretrained, require_pretrained, {flag}=False):\n"
        f"    asked.append((model, pretrained, require_pretrained, {flag}))\n    return made",
        scope,
    )
    package = types.SimpleNamespace(
        create_model=scope["create_model"],
        get_tokenizer=lambda model: "tokenizer",
        get_model_config=lambda model: {"embed_dim": 7},
    )
    monkeypatch.setitem(sys.modules, "open_clip", package)
    assert load_open_clip(NAME, "teacher") == ("model", "tokenizer", 7)
    assert asked == [("ViT-bigG-14", "laion2b_s39b_b160k", True, True)]


class Said:
    """An encoder that records what it is asked, and answers with given vectors."""

    name, dim = "said", 2

    def __init__(self, vectors):
        self.vectors, self.texts = vectors, []

    def encode(self, texts):
        self.texts = list(texts)
        return np.array([self.vectors[text] for text in texts])


def test_each_word_is_averaged_over_all_templates():
    encoder = Said({"lid": [2, 0], "a lid": [0, 5], "lid part": [3, 4]})
    vectors = encode_words(["lid"], encoder)
    assert TEMPLATES == ("{}", "a {}", "{} part")
    assert encoder.texts == ["lid", "a lid", "lid part"]
    mean = np.array([1 + 0 + 0.6, 0 + 1 + 0.8])
    np.testing.assert_allclose(vectors, [mean / np.linalg.norm(mean)], atol=1e-6)
    assert vectors.dtype == np.float32


def test_other_templates_and_several_words():
    encoder = Said({"the lid": [0, 1], "the cup": [1, 0]})
    np.testing.assert_allclose(encode_words(["lid", "cup"], encoder, ["the {}"]), [[0, 1], [1, 0]])


def test_no_words_give_no_vectors():
    assert encode_words([], Said({})).shape == (0, 2)


@pytest.mark.parametrize("templates", ["{}", [], ["a"], ["{} {}"], [3]])
def test_bad_templates_are_refused(templates):
    with pytest.raises(ValueError, match="template"):
        encode_words(["lid"], Said({}), templates)
